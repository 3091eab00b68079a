using System.Net;
using Pbx.Sip.Media.Dtls;
using Pbx.Sip.Media.Net;
using Pbx.Sip.Media.Recording;
using Pbx.Sip.Media.Sounds;
using Pbx.Sip.Sdp;

namespace Pbx.Sip.Media;

/// <summary>What a loop can be asked to do with one of its legs. Data, carried out in order.</summary>
internal abstract record MediaCommand
{
    public sealed record Add : MediaCommand;

    /// <summary>What was agreed; only the host of <paramref name="Signalling"/> counts.</summary>
    public sealed record Configure(LegCodecs Codecs, PeerAddress Remote, PeerAddress? RemoteRtcp, MediaDirection Direction, bool RtcpMux,
        MediaKeying? Keying = null, PeerAddress Signalling = default) : MediaCommand
    {
        public static Configure Of(NegotiatedMedia media, IPAddress? signalling) => new(new LegCodecs(media), PeerAddress.From(media.Remote),
            media.RemoteRtcp is { } rtcp ? PeerAddress.From(rtcp) : null, media.Direction, media.RtcpMux, media.Keying,
            signalling is null ? default : PeerAddress.From(new IPEndPoint(signalling, 0)));
    }

    public sealed record Play(Playback What) : MediaCommand;

    public sealed record StopPlay : MediaCommand;

    public sealed record Bridge(LegStream Other) : MediaCommand;

    public sealed record HearFrom(LegStream Other) : MediaCommand;

    public sealed record Unbridge : MediaCommand;

    public sealed record Hold(Playback Music) : MediaCommand;

    public sealed record Resume : MediaCommand;

    public sealed record Record(RecordingRequest Request) : MediaCommand;

    public sealed record StopRecording : MediaCommand;

    public sealed record RecordingWritten(Recorder Recorder, bool Succeeded) : MediaCommand;

    public sealed record SendDigit(char Key, int Milliseconds) : MediaCommand;

    public sealed record DigitsByInfo(bool On) : MediaCommand;

    /// <summary>A datagram of a handshake that is carried out elsewhere.</summary>
    public sealed record SendHandshake(int Socket, byte[] Datagram, PeerAddress To) : MediaCommand;

    /// <summary>A handshake is over.</summary>
    public sealed record Shaken(DtlsAssociation Association) : MediaCommand;

    public sealed record Close : MediaCommand;

    /// <summary>True for what may never be dropped, however full the queue is.</summary>
    public bool IsVital => this is Add or Play or Close or RecordingWritten or Shaken;
}
