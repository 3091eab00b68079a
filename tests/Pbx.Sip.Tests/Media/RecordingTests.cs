using Pbx.Core.CallFlow;
using Pbx.Sip.Media;
using Pbx.Sip.Media.Recording;
using Pbx.Sip.Media.Sounds;

namespace Pbx.Sip.Tests.Media;

public class RecordingTests
{
    [Theory]
    [InlineData("PCMA")]
    [InlineData("G722")]
    public async Task Record_ToneThenKey_IsInTheFileAndReported(string codec)
    {
        using var studio = new MediaStudio();
        var (leg, phone, events) = studio.Connect(codec);
        var file = Path.Combine(studio.Directory, "message.wav");
        leg.Record(new RecordingRequest(3, file, 60, 5, "#"));
        await MediaStudio.Settled(leg, events);
        phone.Say(leg.Port, Ear.Tone(620, 800), codec);
        phone.Press(leg.Port, '#');
        var result = (await events.Recordings.AtLeast(1))[0];
        Assert.Equal((3, RecordingEnd.Key, true), (result.Recording, result.End, result.HasVoice));
        Assert.InRange(result.Milliseconds, 760, 1300);
        Assert.Equal("#", new string(events.Digits.Now));
        var (samples, rate) = WavFile.TryRead(file)!.Value;
        Assert.Equal(8000, rate);
        var start = PlayTests.FirstLoud(samples);
        Assert.True(Ear.Share(samples.AsSpan(start + 400, 4000), 620) > 0.95);
        Assert.InRange(Ear.Level(samples.AsSpan(start + 400, 4000)), -16.5, -14);
    }

    [Fact]
    public async Task Record_LossAndReorder_KeepsTheTimeAndFillsTheGap()
    {
        using var studio = new MediaStudio();
        var (leg, phone, events) = studio.Connect();
        var file = Path.Combine(studio.Directory, "message.wav");
        leg.Record(new RecordingRequest(1, file, 60, 0, "#"));
        await MediaStudio.Settled(leg, events);
        phone.Say(leg.Port, Ear.Tone(620, 600), lose: packet => packet is >= 10 and < 15);
        phone.Press(leg.Port, '#');
        await events.Recordings.AtLeast(1);
        var samples = WavFile.TryRead(file)!.Value.Samples;
        var start = PlayTests.FirstLoud(samples);
        Assert.True(Ear.Share(samples.AsSpan(start + 100, 1400), 620) > 0.95);
        Assert.True(Ear.Level(samples.AsSpan(start + 1610, 780)) < -60);
        Assert.True(Ear.Share(samples.AsSpan(start + 2420, 2000), 620) > 0.95);
    }

    [Fact]
    public async Task Record_HangUp_IsCompleteBeforeTheLastReport()
    {
        using var studio = new MediaStudio();
        var (leg, phone, events) = studio.Connect();
        var file = Path.Combine(studio.Directory, "message.wav");
        leg.Record(new RecordingRequest(1, file, 60, 5, "#"));
        await MediaStudio.Settled(leg, events);
        phone.Say(leg.Port, Ear.Tone(620, 400));
        await phone.Packets.Until(_ => WavFile.TryRead(file) is { Samples.Length: > 2400 });
        leg.Close();
        await events.FinalReport();
        Assert.Equal(RecordingEnd.HangUp, Assert.Single(events.Recordings.Now).End);
    }

    [Fact]
    public async Task Record_NothingButSilence_EndsBySilenceWithoutVoice()
    {
        using var studio = new MediaStudio();
        var (leg, phone, events) = studio.Connect();
        leg.Record(new RecordingRequest(1, Path.Combine(studio.Directory, "m.wav"), 60, 1, "#"));
        await MediaStudio.Settled(leg, events);
        phone.Say(leg.Port, new short[800]);
        var result = (await events.Recordings.AtLeast(1))[0];
        Assert.Equal((RecordingEnd.Silence, false, 0), (result.End, result.HasVoice, result.Milliseconds));
    }

    [Fact]
    public async Task Record_NothingSentAtAll_EndsAtTheLimit()
    {
        using var studio = new MediaStudio();
        var (leg, _, events) = studio.Connect();
        leg.Record(new RecordingRequest(1, Path.Combine(studio.Directory, "m.wav"), 1, 0, ""));
        Assert.Equal(RecordingEnd.Limit, (await events.Recordings.AtLeast(1))[0].End);
    }

    [Fact]
    public async Task Record_DirectoryGone_Fails()
    {
        using var studio = new MediaStudio();
        var (leg, _, events) = studio.Connect();
        leg.Record(new RecordingRequest(1, Path.Combine(studio.Directory, "no", "such", "m.wav"), 60, 0, ""));
        Assert.Equal(RecordingEnd.Failed, (await events.Recordings.AtLeast(1))[0].End);
    }

    [Fact]
    public async Task Record_WhileItRuns_TheFileIsAlwaysReadable()
    {
        using var studio = new MediaStudio();
        var (leg, phone, events) = studio.Connect();
        var file = Path.Combine(studio.Directory, "message.wav");
        leg.Record(new RecordingRequest(1, file, 60, 0, ""));
        await MediaStudio.Settled(leg, events);
        phone.Say(leg.Port, Ear.Tone(620, 500));
        await phone.Packets.Until(_ => WavFile.TryRead(file) is { Samples.Length: > 3000 });
        var probed = Ear.Pipe("ffprobe", "-v error -show_entries stream=sample_rate,codec_name -of csv=p=0 -", await ReadShared(file));
        Assert.Equal("pcm_s16le,8000", System.Text.Encoding.ASCII.GetString(probed).Trim());
        leg.StopRecording();
        Assert.Equal(RecordingEnd.Stopped, (await events.Recordings.AtLeast(1))[0].End);
    }

    [Fact]
    public async Task Play_OfTheRecordingJustMade_IsHeard()
    {
        using var studio = new MediaStudio();
        var (leg, phone, events) = studio.Connect();
        leg.Record(new RecordingRequest(7, Path.Combine(studio.Directory, "r.wav"), 60, 0, "#"));
        await MediaStudio.Settled(leg, events);
        phone.Say(leg.Port, Ear.Tone(1500, 400));
        phone.Press(leg.Port, '#');
        await events.Recordings.AtLeast(1);
        leg.Play(1, [new Sound.OfRecording(7)]);
        await events.Plays.Until(all => all.Contains((1, PlayEnd.Completed)));
        var sound = phone.Sound();
        Assert.True(Ear.Share(sound.AsSpan(PlayTests.FirstLoud(sound) + 300, 1600), 1500) > 0.95);
    }

    [Fact]
    public void Recorder_WithPacketsAtPace_IsAsLongAsTheTimeThatPassed()
    {
        var recorder = new Recorder(1, "", 60, 0, "", 0);
        var block = Ear.Tone(440, 20);
        for (var i = 0; i < 500; i++) if (i % 7 != 0) recorder.Take(block, 1, (uint)(i * 160), i * 20_000);
        var samples = new short[100_000];
        Assert.InRange(recorder.Ring.Read(samples), 65536 - 160, 80_000);
    }

    [Fact]
    public void VoiceMeter_SpeechAndNoise_AreToldApart()
    {
        var random = new Random(1);
        var noise = Enumerable.Range(0, 24000).Select(_ => (short)random.Next(-60, 60)).ToArray();
        var meter = new VoiceMeter();
        meter.Take(noise);
        Assert.False(meter.HasVoice);
        meter.Take(Ear.Speech("Bonjour, rappelez-moi demain."));
        var until = meter.VoiceUntil;
        meter.Take(noise);
        Assert.True(meter.HasVoice);
        Assert.Equal(until, meter.VoiceUntil);
    }

    private static async Task<byte[]> ReadShared(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }
}
