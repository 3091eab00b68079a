using System.Net;
using Pbx.Core.CallFlow;
using Pbx.Sip.Media.Dtls;
using Pbx.Sip.Media.Sounds;
using Pbx.Sip.Sdp;

namespace Pbx.Sip.Media.Apart;

/// <summary>How what commands and events carry is written into a frame and read again.</summary>
internal static class MediaFields
{
    private const byte NoKeys = 0, KeysInSdp = 1, KeysByHandshake = 2;

    private enum SourceKind : byte
    {
        File,
        Recording,
        Message,
        Tone,
        Music,
        Silence,
    }

    /// <summary>Which build of this program it is. One that was replaced while the server runs would start a worker that reads frames otherwise.</summary>
    public static void Program(this FrameBuffer to)
    {
        Span<byte> id = stackalloc byte[16];
        typeof(MediaFields).Module.ModuleVersionId.TryWriteBytes(id);
        to.Bytes(id);
    }

    /// <summary>True when the other end is this build.</summary>
    public static bool IsThisProgram(this ref FrameReader from) => new Guid(from.Bytes()) == typeof(MediaFields).Module.ModuleVersionId;

    public static void Certificate(this FrameBuffer to, DtlsCertificate certificate)
    {
        to.Bytes(certificate.Certificate);
        to.Bytes(certificate.Key);
    }

    public static DtlsCertificate Certificate(this ref FrameReader from) => new(from.Bytes(), from.Bytes());

    public static void Options(this FrameBuffer to, MediaOptions options)
    {
        to.Text(options.Bind.ToString());
        to.Int32(options.Loops);
        to.Int32(options.HandshakeThreads);
        to.Int32(options.CommandCapacity);
        to.Duration(options.LearningWindow);
        to.Duration(options.MediaTimeout);
        to.Duration(options.HandshakeTimeout);
        to.Duration(options.KeysWithin);
        to.Duration(options.ReportInterval);
    }

    public static MediaOptions Options(this ref FrameReader from) => new()
    {
        Bind = IPAddress.Parse(from.Text()),
        Loops = from.Int32(),
        HandshakeThreads = from.Int32(),
        CommandCapacity = from.Int32(),
        LearningWindow = from.Duration(),
        MediaTimeout = from.Duration(),
        HandshakeTimeout = from.Duration(),
        KeysWithin = from.Duration(),
        ReportInterval = from.Duration(),
    };

    public static void Media(this FrameBuffer to, NegotiatedMedia media)
    {
        to.EndPoint(media.Remote);
        to.Boolean(media.RemoteRtcp is not null);
        if (media.RemoteRtcp is { } rtcp) to.EndPoint(rtcp);
        to.Int32(media.Codecs.Count);
        foreach (var codec in media.Codecs)
        {
            to.Text(codec.Name);
            to.Int32(codec.PayloadType);
            to.Int32(codec.ClockRate);
            to.Int32(codec.Channels);
            to.Text(codec.Parameters);
        }
        to.Int32(media.TelephoneEvent ?? -1);
        to.Byte((byte)media.Direction);
        to.Int32(media.PacketMilliseconds);
        to.Boolean(media.RtcpMux);
        to.Keying(media.Keying);
    }

    public static NegotiatedMedia Media(this ref FrameReader from)
    {
        var remote = from.EndPoint();
        var rtcp = from.Boolean() ? from.EndPoint() : null;
        var codecs = new NegotiatedCodec[from.Int32()];
        for (var i = 0; i < codecs.Length; i++) codecs[i] = new NegotiatedCodec(from.Text(), from.Int32(), from.Int32(), from.Int32(), from.Text());
        var events = from.Int32();
        return new NegotiatedMedia
        {
            Remote = remote,
            RemoteRtcp = rtcp,
            Codecs = [.. codecs],
            TelephoneEvent = events < 0 ? null : events,
            Direction = (MediaDirection)from.Byte(),
            PacketMilliseconds = from.Int32(),
            RtcpMux = from.Boolean(),
            Keying = from.Keying(),
        };
    }

    public static void Address(this FrameBuffer to, IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[16];
        var length = 0;
        address?.TryWriteBytes(bytes, out length);
        to.Bytes(bytes[..length]);
        if (length == 16) to.Int64(address!.ScopeId);
    }

    public static IPAddress? Address(this ref FrameReader from)
    {
        var bytes = from.Bytes();
        return bytes.Length switch { 0 => null, 4 => new IPAddress(bytes), _ => new IPAddress(bytes, from.Int64()) };
    }

    private static void Fingerprint(this FrameBuffer to, SdpFingerprint fingerprint)
    {
        to.Text(fingerprint.Hash);
        to.Text(fingerprint.Value);
    }

    private static SdpFingerprint Fingerprint(this ref FrameReader from) => new(from.Text(), from.Text());

    /// <summary>Writes sounds; a message whose file is still looked for gets a number, under which the file is told later.</summary>
    public static void Sounds(this FrameBuffer to, SoundSource[] sources, Func<Task<string?>, int> later)
    {
        to.Int32(sources.Length);
        foreach (var source in sources) Sound(to, source, later);
    }

    /// <summary>Reads sounds; <paramref name="later"/> gives the file of a message, once it is told.</summary>
    public static SoundSource[] Sounds(this ref FrameReader from, Func<int, Task<string?>> later)
    {
        var sources = new SoundSource[from.Int32()];
        for (var i = 0; i < sources.Length; i++)
            sources[i] = (SourceKind)from.Byte() switch
            {
                SourceKind.File => new SoundSource.OfFile(from.Text()),
                SourceKind.Recording => new SoundSource.OfRecording(from.Text()),
                SourceKind.Message => new SoundSource.OfMessage(later(from.Int32())),
                SourceKind.Tone => new SoundSource.OfTone((Tone)from.Int32()),
                SourceKind.Silence => new SoundSource.OfSilence(from.Int32()),
                _ => SoundSource.OfMusic.Only,
            };
        return sources;
    }

    public static void Request(this FrameBuffer to, RecordingRequest request)
    {
        to.Int32(request.Recording);
        to.Text(request.File);
        to.Int32(request.MaxSeconds);
        to.Int32(request.SilenceSeconds);
        to.Text(request.EndKeys);
    }

    public static RecordingRequest Request(this ref FrameReader from) => new(from.Int32(), from.Text(), from.Int32(), from.Int32(), from.Text());

    public static void Result(this FrameBuffer to, RecordingResult result)
    {
        to.Int32(result.Recording);
        to.Int32((int)result.End);
        to.Text(result.File);
        to.Int32(result.Milliseconds);
        to.Boolean(result.HasVoice);
    }

    public static RecordingResult Result(this ref FrameReader from) =>
        new(from.Int32(), (RecordingEnd)from.Int32(), from.Text(), from.Int32(), from.Boolean());

    public static void Report(this FrameBuffer to, MediaReport report)
    {
        to.Text(report.Codec);
        to.Int64(report.PacketsReceived);
        to.Int64(report.PacketsLost);
        to.Double(report.JitterMilliseconds);
        to.OptionalDouble(report.RoundTripMilliseconds);
        to.Int64(report.PacketsSent);
        to.OptionalDouble(report.RemoteLossPercent);
        to.OptionalDouble(report.RemoteJitterMilliseconds);
        to.Int64(report.PacketsRefused);
        to.Int64(report.FirstPacketAfter?.Ticks ?? -1);
        to.OptionalText(report.Source);
        to.Byte(report.Suite is { } suite ? (byte)suite : byte.MaxValue);
    }

    public static MediaReport Report(this ref FrameReader from) => new(from.Text(), from.Int64(), from.Int64(), from.Double(), from.OptionalDouble(),
        from.Int64(), from.OptionalDouble(), from.OptionalDouble(), from.Int64(), from.Int64() is >= 0 and var ticks ? new TimeSpan(ticks) : null,
        from.OptionalText(), from.Byte() is not byte.MaxValue and var suite ? (SrtpSuite)suite : null);

    private static void EndPoint(this FrameBuffer to, IPEndPoint endpoint)
    {
        to.Address(endpoint.Address);
        to.Int32(endpoint.Port);
    }

    private static IPEndPoint EndPoint(this ref FrameReader from) => new(from.Address()!, from.Int32());

    private static void Keying(this FrameBuffer to, MediaKeying? keying)
    {
        switch (keying)
        {
            case MediaKeying.Sdes sdes:
                to.Byte(KeysInSdp);
                to.Key(sdes.Ours);
                to.Key(sdes.Theirs);
                break;
            case MediaKeying.Dtls dtls:
                to.Byte(KeysByHandshake);
                to.Boolean(dtls.Active);
                to.Int32(dtls.Theirs.Count);
                foreach (var fingerprint in dtls.Theirs) to.Fingerprint(fingerprint);
                break;
            default:
                to.Byte(NoKeys);
                break;
        }
    }

    private static MediaKeying? Keying(this ref FrameReader from)
    {
        switch (from.Byte())
        {
            case KeysInSdp: return new MediaKeying.Sdes(from.Key(), from.Key());
            case KeysByHandshake:
                var active = from.Boolean();
                var theirs = new SdpFingerprint[from.Int32()];
                for (var i = 0; i < theirs.Length; i++) theirs[i] = from.Fingerprint();
                return new MediaKeying.Dtls(active, [.. theirs]);
            default: return null;
        }
    }

    private static void Key(this FrameBuffer to, SrtpKey key)
    {
        to.Byte((byte)key.Suite);
        to.Bytes(key.Material);
        to.Bytes(key.Mki);
    }

    private static SrtpKey Key(this ref FrameReader from) => new((SrtpSuite)from.Byte(), from.Bytes(), from.Bytes());

    private static void Sound(FrameBuffer to, SoundSource source, Func<Task<string?>, int> later)
    {
        switch (source)
        {
            case SoundSource.OfFile file:
                to.Byte((byte)SourceKind.File);
                to.Text(file.Path);
                break;
            case SoundSource.OfRecording recording:
                to.Byte((byte)SourceKind.Recording);
                to.Text(recording.Path);
                break;
            case SoundSource.OfMessage message:
                to.Byte((byte)SourceKind.Message);
                to.Int32(later(message.File));
                break;
            case SoundSource.OfTone tone:
                to.Byte((byte)SourceKind.Tone);
                to.Int32((int)tone.Tone);
                break;
            case SoundSource.OfSilence silence:
                to.Byte((byte)SourceKind.Silence);
                to.Int32(silence.Milliseconds);
                break;
            default:
                to.Byte((byte)SourceKind.Music);
                break;
        }
    }
}
