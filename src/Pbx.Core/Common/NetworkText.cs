using System.Net;

namespace Pbx.Core.Common;

/// <summary>Networks and single addresses as people write them.</summary>
public static class NetworkText
{
    /// <summary>The network that <c>203.0.113.0/24</c>, <c>203.0.113.7</c> or <c>2001:db8::/48</c> names; null when it names none.</summary>
    public static IPNetwork? Read(string text)
    {
        if (IPNetwork.TryParse(text, out var network)) return network;
        return IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8) : null;
    }
}
