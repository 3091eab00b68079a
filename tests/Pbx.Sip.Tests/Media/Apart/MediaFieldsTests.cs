using System.Net;
using CsCheck;
using Pbx.Core.CallFlow;
using Pbx.Sip.Media;
using Pbx.Sip.Media.Apart;
using Pbx.Sip.Media.Dtls;
using Pbx.Sip.Media.Sounds;
using Pbx.Sip.Sdp;

namespace Pbx.Sip.Tests.Media.Apart;

/// <summary>What is written into a frame is read again as it was.</summary>
public class MediaFieldsTests
{
    private static readonly Gen<string> Text = Gen.String[Gen.Char["aZ09-é/€\0 "], 0, 20];

    private static readonly Gen<IPAddress> Address = Gen.OneOf(Gen.Byte.Array[4].Select(bytes => new IPAddress(bytes)),
        Gen.Select(Gen.Byte.Array[16], Gen.UInt[0, 9]).Select((bytes, scope) => new IPAddress(bytes, scope)));

    private static readonly Gen<IPEndPoint> EndPoint = Gen.Select(Address, Gen.Int[0, 65535]).Select((address, port) => new IPEndPoint(address, port));

    private static readonly Gen<SrtpKey> Key = Gen.Select(Gen.Enum<SrtpSuite>(), Gen.Byte.Array[60], Gen.Int[0, 4])
        .Select((suite, bytes, mki) => new SrtpKey(suite, bytes.AsSpan(0, suite.KeyLength() + suite.SaltLength()), bytes.AsSpan(0, mki)));

    private static readonly Gen<MediaKeying?> Keying = Gen.OneOf(Gen.Const((MediaKeying?)null),
        Gen.Select(Key, Key).Select((ours, theirs) => (MediaKeying?)new MediaKeying.Sdes(ours, theirs)),
        Gen.Select(Gen.Bool, Gen.Select(Text, Text).Select((hash, value) => new SdpFingerprint(hash, value)).Array[0, 3])
            .Select((active, theirs) => (MediaKeying?)new MediaKeying.Dtls(active, [.. theirs])));

    [Fact]
    public void Media_AnyAgreement_IsReadAsItWasWritten()
    {
        var codec = Gen.Select(Text, Gen.Int[0, 127], Gen.Int[8000, 48000], Gen.Int[1, 2], Text)
            .Select((name, type, clock, channels, parameters) => new NegotiatedCodec(name, type, clock, channels, parameters));
        Gen.Select(EndPoint, Gen.OneOf(Gen.Const((IPEndPoint?)null), EndPoint.Select(each => (IPEndPoint?)each)), codec.Array[0, 5], Gen.Int[-1, 127],
            Gen.Enum<MediaDirection>(), Gen.Bool, Keying, Gen.OneOf(Gen.Const((IPAddress?)null), Address.Select(each => (IPAddress?)each)))
            .Sample((remote, rtcp, codecs, events, direction, mux, keying, signalling) =>
        {
            var media = new NegotiatedMedia
            {
                Remote = remote, RemoteRtcp = rtcp, Codecs = [.. codecs], TelephoneEvent = events < 0 ? null : events, Direction = direction, RtcpMux = mux,
                Keying = keying, PacketMilliseconds = 30,
            };
            var read = Read(to => { to.Media(media); to.Address(signalling); }, out var fields);
            Assert.Equal(media, fields.Media());
            Assert.Equal(signalling, fields.Address());
            Assert.Equal(7, read);
        }, iter: 2_000);
    }

    [Fact]
    public void Report_Any_IsReadAsItWasWritten()
    {
        var optional = Gen.OneOf(Gen.Const((double?)null), Gen.Double.Select(each => (double?)each));
        Gen.Select(Text, Gen.Long, Gen.Double, Gen.Select(optional, optional, optional), Gen.OneOf(Gen.Const((TimeSpan?)null), Gen.Long[0, long.MaxValue].Select(ticks => (TimeSpan?)new TimeSpan(ticks))),
            Gen.OneOf(Gen.Const((string?)null), Text.Select(each => (string?)each)), Gen.OneOf(Gen.Const((SrtpSuite?)null), Gen.Enum<SrtpSuite>().Select(each => (SrtpSuite?)each)))
            .Sample((codec, count, jitter, optionals, first, source, suite) =>
        {
            var report = new MediaReport(codec, count, count / 2, jitter, optionals.Item1, count / 3, optionals.Item2, optionals.Item3, count / 5, first, source, suite);
            Read(to => to.Report(report), out var fields);
            Assert.Equal(report, fields.Report());
        }, iter: 2_000);
    }

    [Fact]
    public void Sounds_OfEveryKind_AreReadAsTheyWereWritten()
    {
        SoundSource[] sources =
        [
            new SoundSource.OfFile("/data/prompts/é.wav"), new SoundSource.OfRecording("/data/r.wav"), new SoundSource.OfTone(Tone.Congestion), SoundSource.OfMusic.Only,
            new SoundSource.OfSilence(500), new SoundSource.OfMessage(Task.FromResult<string?>("found")),
        ];
        var promised = new List<Task<string?>>();
        Read(to => to.Sounds(sources, file => { promised.Add(file); return promised.Count; }), out var fields);
        Assert.Equal(sources, fields.Sounds(number => promised[number - 1]));
    }

    [Fact]
    public void Options_AndRecordings_AreReadAsTheyWereWritten()
    {
        var options = new MediaOptions
        {
            Bind = IPAddress.IPv6Any, Loops = 3, HandshakeThreads = 2, CommandCapacity = 77, LearningWindow = TimeSpan.FromSeconds(1),
            MediaTimeout = TimeSpan.FromSeconds(2), HandshakeTimeout = TimeSpan.FromSeconds(3), KeysWithin = TimeSpan.FromSeconds(4), ReportInterval = TimeSpan.FromSeconds(5),
        };
        var request = new RecordingRequest(3, "/é.wav", 60, 5, "#*");
        var result = new RecordingResult(3, RecordingEnd.Silence, "/é.wav", 1234, true);
        var certificate = DtlsCertificate.Create(TimeProvider.System);
        Read(to => { to.Program(); to.Options(options); to.Request(request); to.Result(result); to.Certificate(certificate); }, out var fields);
        Assert.True(fields.IsThisProgram());
        Assert.Equal(options, fields.Options());
        Assert.Equal(request, fields.Request());
        Assert.Equal(result, fields.Result());
        var read = fields.Certificate();
        Assert.Equal(certificate.Fingerprint, read.Fingerprint);
        Assert.True(certificate.Key.SequenceEqual(read.Key));
    }

    /// <summary>Writes a frame for leg 7 and begins to read it.</summary>
    private static int Read(Action<FrameBuffer> write, out FrameReader fields)
    {
        var buffer = new FrameBuffer();
        buffer.Begin(FrameKind.Configure, 7);
        write(buffer);
        buffer.End();
        Assert.Equal(buffer.Length - 4, BitConverter.ToInt32(buffer.Written));
        fields = new FrameReader(buffer.Written[4..].ToArray());
        Assert.Equal(FrameKind.Configure, fields.Kind);
        return fields.Leg;
    }
}
