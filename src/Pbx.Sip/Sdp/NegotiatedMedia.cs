using System.Net;
using Pbx.Core.Common;

namespace Pbx.Sip.Sdp;

/// <summary>Which way sound may go, seen from the server (RFC 3264 section 5.1).</summary>
internal enum MediaDirection
{
    /// <summary>Both ways.</summary>
    SendReceive,
    /// <summary>The server only sends.</summary>
    SendOnly,
    /// <summary>The server only receives: the far end holds.</summary>
    ReceiveOnly,
    /// <summary>Neither.</summary>
    Inactive,
}

/// <summary>A codec that both sides agreed on.</summary>
/// <param name="Name">Its encoding name as registered, such as <c>PCMA</c>; compared without case.</param>
/// <param name="PayloadType">The payload type that the far end wants to receive and that it sends.</param>
/// <param name="ClockRate">The RTP clock in Hz (8000 for G.722, RFC 3551 section 4.5.2).</param>
/// <param name="Channels">Channels.</param>
/// <param name="Parameters">Its <c>fmtp</c>, or empty.</param>
internal sealed record NegotiatedCodec(string Name, int PayloadType, int ClockRate, int Channels = 1, string Parameters = "");

/// <summary>The outcome of an offer and its answer for the one audio stream: all that media needs to know of SDP.</summary>
internal sealed record NegotiatedMedia
{
    /// <summary>Where the far end says it receives RTP.</summary>
    public required IPEndPoint Remote { get; init; }

    /// <summary>Where it receives RTCP when not at the next port (RFC 3605); null: the next port, or the same with <see cref="RtcpMux"/>.</summary>
    public IPEndPoint? RemoteRtcp { get; init; }

    /// <summary>The codecs agreed, the preferred first. Telephone-event and comfort noise are not among them.</summary>
    public required ValueList<NegotiatedCodec> Codecs { get; init; }

    /// <summary>Payload type of telephone-event at 8000 Hz (RFC 4733); null: the far end does not offer it.</summary>
    public int? TelephoneEvent { get; init; }

    /// <summary>Which way sound may go, seen from the server.</summary>
    public MediaDirection Direction { get; init; }

    /// <summary>Length of a packet that the far end asks for, in ms.</summary>
    public int PacketMilliseconds { get; init; } = 20;

    /// <summary>RTP and RTCP share a port (RFC 5761).</summary>
    public bool RtcpMux { get; init; }

    /// <summary>Where the keys come from; null: it is not encrypted.</summary>
    public MediaKeying? Keying { get; init; }
}
