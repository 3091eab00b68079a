using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Pbx.Sip.Transport;

/// <summary>
/// Which of our addresses a peer is given: in local networks the one from which packets to it leave (asked of the kernel's routing), else the
/// advertised one. The same for Via, Contact and SDP.
/// </summary>
internal sealed class OwnAddresses(TransportOptions options)
{
    private const int MostRemembered = 10_000;

    private static readonly IPNetwork[] Private =
    [
        IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("::1/128"), IPNetwork.Parse("fc00::/7"), IPNetwork.Parse("fe80::/10"),
    ];

    private readonly ConcurrentDictionary<IPAddress, IPAddress> routes = new();

    /// <summary>True for a peer that reaches our real address.</summary>
    public bool IsLocal(IPAddress peer) => Private.Any(network => network.Contains(peer)) || options.LocalNetworks.Any(network => network.Contains(peer));

    /// <summary>The host by which the peer is told to reach us, when packets come to that local address (perhaps the wildcard).</summary>
    public string HostFor(IPAddress peer, IPAddress local) =>
        options.AdvertisedAddress is { Length: > 0 } advertised && !IsLocal(peer) ? advertised : RealFor(peer, local).ToString();

    /// <summary>Our address from which packets to the peer leave.</summary>
    public IPAddress RealFor(IPAddress peer, IPAddress local)
    {
        if (!local.Equals(IPAddress.Any) && !local.Equals(IPAddress.IPv6Any)) return local;
        if (routes.TryGetValue(peer, out var known)) return known;
        // Bounded, and asked anew now and then: an interface may come up with another address.
        if (routes.Count >= MostRemembered) routes.Clear();
        return routes[peer] = Route(peer) ?? (peer.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback);
    }

    /// <summary>Forgets what routing said, after a change of the network.</summary>
    public void Forget() => routes.Clear();

    /// <summary>Connecting a datagram socket sends nothing; it only chooses the route.</summary>
    private static IPAddress? Route(IPAddress peer)
    {
        try
        {
            using var probe = new Socket(peer.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            probe.Connect(peer, 9);
            return ((IPEndPoint)probe.LocalEndPoint!).Address;
        }
        catch (SocketException)
        {
            // No route to it now: whatever we say cannot reach it.
            return null;
        }
    }
}
