using Pbx.Core.CallRecords;
using Pbx.Core.Common;
using Pbx.Sip.Sdp;

namespace Pbx.Sip.Media;

/// <summary>How the media of a leg did so far.</summary>
/// <param name="Codec">Name of the codec it sends; empty before any.</param>
/// <param name="PacketsReceived">RTP packets accepted.</param>
/// <param name="PacketsLost">Packets lost on the way to us (RFC 3550 appendix A.3).</param>
/// <param name="JitterMilliseconds">Interarrival jitter (RFC 3550 section 6.4.1).</param>
/// <param name="RoundTripMilliseconds">Round trip by RTCP; null: not measured.</param>
/// <param name="PacketsSent">RTP packets sent.</param>
/// <param name="RemoteLossPercent">Loss that the far end reports; null: none reported.</param>
/// <param name="RemoteJitterMilliseconds">Jitter that the far end reports; null: none reported.</param>
/// <param name="PacketsRefused">Datagrams dropped: from a wrong source, malformed, or of a kind not expected.</param>
/// <param name="FirstPacketAfter">From the first configuration to the first packet; null: none came, which is one-way audio.</param>
/// <param name="Source">Where the far end's packets really come from; null: none came.</param>
/// <param name="Suite">The suite that its sound is encrypted under; null: clear, or no keys yet.</param>
internal sealed record MediaReport(string Codec, long PacketsReceived, long PacketsLost, double JitterMilliseconds,
    double? RoundTripMilliseconds, long PacketsSent, double? RemoteLossPercent, double? RemoteJitterMilliseconds, long PacketsRefused,
    TimeSpan? FirstPacketAfter, string? Source, SrtpSuite? Suite = null)
{
    /// <summary>That of a leg of which nothing is known.</summary>
    public static MediaReport None { get; } = new("", 0, 0, 0, null, 0, null, null, 0, null, null);

    /// <summary>As it is kept in the call record.</summary>
    public LegQuality ToQuality(int leg, LegProtection? protection) =>
        new(leg, Codec, PacketsReceived, PacketsLost, JitterMilliseconds, RoundTripMilliseconds, PacketsSent, RemoteLossPercent, protection);
}

/// <summary>What media holds and did.</summary>
/// <param name="Legs">Legs open.</param>
/// <param name="Ports">RTP ports in use (pairs).</param>
/// <param name="PacketsReceived">Datagrams received.</param>
/// <param name="PacketsSent">Datagrams sent.</param>
/// <param name="LateTicks">Ticks that came 5 ms late or more.</param>
/// <param name="WorstLatenessMicroseconds">The latest tick since the start.</param>
/// <param name="DroppedCommands">Commands that found the queue full.</param>
/// <param name="Recordings">Recordings being written.</param>
internal sealed record MediaCounters(long Legs, long Ports, long PacketsReceived, long PacketsSent, long LateTicks,
    long WorstLatenessMicroseconds, long DroppedCommands, long Recordings);
