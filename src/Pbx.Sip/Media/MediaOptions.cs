using System.Net;
using System.Net.Sockets;

namespace Pbx.Sip.Media;

/// <summary>How media is set up at start.</summary>
internal sealed record MediaOptions
{
    /// <summary>Address that media ports are bound to; an IPv6 any-address takes IPv4 too.</summary>
    public IPAddress Bind { get; init; } = IPAddress.Any;

    /// <summary>The same on this machine: one without IPv6 has no any-address for both families.</summary>
    public IPAddress BindHere => Bind.Equals(IPAddress.IPv6Any) && !Socket.OSSupportsIPv6 ? IPAddress.Any : Bind;

    /// <summary>First port of the range.</summary>
    public int FirstPort { get; init; } = 10000;

    /// <summary>Last port of the range.</summary>
    public int LastPort { get; init; } = 19999;

    /// <summary>Media loops; 0: one per core.</summary>
    public int Loops { get; init; }

    /// <summary>How long a port pair rests before it is used again, so that late packets of the last call meet nobody.</summary>
    public TimeSpan PortRest { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long after the first packet the address named in SDP may still take over from another source.</summary>
    public TimeSpan LearningWindow { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Silence on the network after which media counts as lost.</summary>
    public TimeSpan MediaTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Threads at most that carry out DTLS handshakes.</summary>
    public int HandshakeThreads { get; init; } = 8;

    /// <summary>How long a DTLS handshake may take.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an encrypted leg may be without keys before that is told.</summary>
    public TimeSpan KeysWithin { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Mean interval of RTCP reports (RFC 3550 section 6.2), each randomised by half either way.</summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Use the portable sockets even where epoll is at hand.</summary>
    public bool Portable { get; init; }

    /// <summary>Commands that may wait for a loop before new legs are refused.</summary>
    public int CommandCapacity { get; init; } = 16384;
}
