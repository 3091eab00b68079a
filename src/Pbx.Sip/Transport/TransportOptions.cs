using System.Net;
using Pbx.Sip.Messages;

namespace Pbx.Sip.Transport;

/// <summary>Where and how we listen.</summary>
internal sealed record TransportOptions
{
    /// <summary>Addresses to listen on; the wildcard addresses stand for all of their family.</summary>
    public IReadOnlyList<IPAddress> Bind { get; init; } = [IPAddress.Any];

    /// <summary>Port for UDP and TCP; 0: any free one, the same for both.</summary>
    public int Port { get; init; } = 5060;

    /// <summary>Port for TLS; null: not listened on; 0: any free one.</summary>
    public int? TlsPort { get; init; }

    /// <summary>Address or name by which peers outside of local networks reach us; null: our real address.</summary>
    public string? AdvertisedAddress { get; init; }

    /// <summary>Networks besides the private ranges that reach our real address.</summary>
    public IReadOnlyList<IPNetwork> LocalNetworks { get; init; } = [];

    /// <summary>Most connections at once.</summary>
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>Most connections at once from one address, of IPv6 from one network of 64 bits; a site behind one router shares it.</summary>
    public int MaxConnectionsPerAddress { get; init; } = 1_000;

    /// <summary>A connection without traffic for so long is closed. Longer than a registration, which needs its connection.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(125);

    /// <summary>How long the TLS handshake of a peer may take.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>TLS handshakes computed at the same time; the others wait for their turn.</summary>
    public int HandshakesAtOnce { get; init; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>A connection that has not sent a message by then is closed, and one whose message is not complete by then.</summary>
    public TimeSpan FirstMessageTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long connecting may take: shorter than a caller waits for the next trunk.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes of the receive buffer of a UDP socket, so that a storm of registrations waits instead of being lost.</summary>
    public int UdpReceiveBuffer { get; init; } = 4 << 20;

    /// <summary>Limits of messages.</summary>
    public SipLimits Limits { get; init; } = SipLimits.Default;
}
