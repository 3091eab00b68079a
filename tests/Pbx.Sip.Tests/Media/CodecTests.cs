using CsCheck;
using Pbx.Sip.Media.Codecs;

namespace Pbx.Sip.Tests.Media;

public class CodecTests
{
    [Theory]
    [InlineData(true, "alaw")]
    [InlineData(false, "mulaw")]
    public void G711_EveryCode_DecodesAsTheReferenceDoes(bool aLaw, string reference)
    {
        var codes = Enumerable.Range(0, 256).Select(code => (byte)code).ToArray();
        var theirs = Ear.Samples(Ear.Pipe("ffmpeg", $"-loglevel error -f {reference} -ar 8000 -i pipe:0 -f s16le pipe:1", codes));
        var ours = new short[256];
        G711.Decode(aLaw, codes, ours);
        Assert.Equal(theirs, ours);
    }

    [Fact]
    public void G711_AnySample_ComesBackWithinHalfAStep() => Gen.Short.Sample(sample =>
    {
        foreach (var back in new[] { G711.DecodeA(G711.EncodeA(sample)), G711.DecodeMu(G711.EncodeMu(sample)) })
            Assert.True(Math.Abs(back - Math.Clamp((int)sample, -32256, 32256)) <= Math.Max(16, Math.Abs((int)sample) / 24) + 4, $"{sample} {back}");
    });

    [Fact]
    public void G711_EveryCode_SurvivesDecodingAndEncoding()
    {
        for (var code = 0; code < 256; code++)
        {
            Assert.Equal((byte)code, G711.EncodeA(G711.DecodeA((byte)code)));
            if (code != 0x7F) Assert.Equal((byte)code, G711.EncodeMu(G711.DecodeMu((byte)code)));
        }
    }

    [Theory]
    [InlineData(300)]
    [InlineData(1000)]
    [InlineData(3400)]
    [InlineData(6000)]
    public void G722_Tone_KeepsLevelAndFrequency(double frequency)
    {
        var tone = Ear.Tone(frequency, 1000, 16000);
        var codes = new byte[tone.Length / 2];
        var back = new short[tone.Length];
        new G722Encoder().Encode(tone, codes);
        new G722Decoder().Decode(codes, back);
        Assert.InRange(Ear.Level(back.AsSpan(4000)), Ear.Level(tone) - 0.5, Ear.Level(tone) + 0.5);
        Assert.True(Ear.Share(back.AsSpan(4000), frequency, 16000) > 0.98);
    }

    [Fact]
    public void G722_SpeechLikeSound_IsDecodedAsTheReferenceDecodesIt()
    {
        var codes = new byte[16000];
        new G722Encoder().Encode(Sweep(), codes);
        var theirs = Ear.Samples(Ear.Pipe("ffmpeg", "-loglevel error -f g722 -i pipe:0 -f s16le pipe:1", codes));
        var ours = new short[32000];
        new G722Decoder().Decode(codes, ours);
        Assert.True(Similarity(ours, theirs) > 0.999);
    }

    [Fact]
    public void G722_EncodedByTheReference_IsDecodedToWhatWentIn()
    {
        var sweep = Sweep();
        var codes = Ear.Pipe("ffmpeg", "-loglevel error -f s16le -ar 16000 -ac 1 -i pipe:0 -c:a g722 -f g722 pipe:1", Ear.Bytes(sweep));
        var back = new short[codes.Length * 2];
        new G722Decoder().Decode(codes, back);
        Assert.True(Similarity(back, sweep) > 0.98);
    }

    [Theory]
    [InlineData(440)]
    [InlineData(3000)]
    public void Resampling_InBand_KeepsLevelAndFrequencyBothWays(double frequency)
    {
        var wide = Ear.Tone(frequency, 500, 16000);
        var narrow = new short[wide.Length / 2];
        new Downsampler().Process(wide, narrow);
        Assert.InRange(Ear.Level(narrow.AsSpan(200)), Ear.Level(wide) - 0.2, Ear.Level(wide) + 0.2);
        Assert.True(Ear.Share(narrow.AsSpan(200), frequency) > 0.99);
        var again = new short[wide.Length];
        new Upsampler().Process(narrow, again);
        Assert.InRange(Ear.Level(again.AsSpan(400)), Ear.Level(wide) - 0.2, Ear.Level(wide) + 0.2);
        Assert.True(Ear.Share(again.AsSpan(400), frequency, 16000) > 0.99);
    }

    [Theory]
    [InlineData(4500)]
    [InlineData(6000)]
    public void Downsampling_AboveTheBand_LeavesNoAlias(double frequency)
    {
        var wide = Ear.Tone(frequency, 500, 16000);
        var narrow = new short[wide.Length / 2];
        new Downsampler().Process(wide, narrow);
        Assert.True(Ear.Level(narrow.AsSpan(200)) < Ear.Level(wide) - 45);
    }

    [Fact]
    public void Transcoding_BetweenAnyTwo_KeepsTheTone()
    {
        AudioCodec[] all = [AudioCodec.Pcma, AudioCodec.Pcmu, AudioCodec.G722];
        foreach (var from in all)
        foreach (var to in all)
        {
            var transcoder = new Transcoder();
            var decoder = new SpeechDecoder();
            var source = Pbx.Sip.Media.Sounds.FrameEncoder.Encode(Ear.Tone(1000, 1000), 8000, from);
            var heard = new short[source.Length];
            var packet = new byte[160];
            for (var at = 0; at < source.Length; at += 160)
            {
                Assert.Equal(160, transcoder.Convert(from, source.AsSpan(at, 160), to, packet));
                decoder.To8K(to, packet, heard.AsSpan(at));
            }
            Assert.True(Ear.Share(heard.AsSpan(1600), 1000) > 0.97, $"{from} to {to}");
            Assert.InRange(Ear.Level(heard.AsSpan(1600)), Ear.Level(Ear.Tone(1000, 100)) - 1, Ear.Level(Ear.Tone(1000, 100)) + 1);
        }
    }

    private static short[] Sweep()
    {
        var phase = 0.0;
        return [.. Enumerable.Range(0, 32000).Select(i => (short)(6000 * (1 + Math.Sin(i / 900.0)) * Math.Sin(phase += 2 * Math.PI * (200 + (i * 0.09)) / 16000)))];
    }

    // Best correlation over small shifts: codecs may start with different delays.
    private static double Similarity(short[] a, short[] b) => Enumerable.Range(-64, 129).Max(shift =>
    {
        double product = 0, first = 0, second = 0;
        for (var i = 1000; i < Math.Min(a.Length, b.Length) - 1000; i++)
        {
            product += (double)a[i] * b[i + shift];
            first += (double)a[i] * a[i];
            second += (double)b[i + shift] * b[i + shift];
        }
        return product / Math.Sqrt(first * second);
    });
}
