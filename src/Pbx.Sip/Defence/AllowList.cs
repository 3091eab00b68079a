using System.Net;
using Pbx.Core.Common;
using Pbx.Core.Configuration;

namespace Pbx.Sip.Defence;

/// <summary>The networks that an administrator has said are never banned. From any thread.</summary>
internal sealed class AllowList(ISnapshotSource snapshots)
{
    private Read? last;

    /// <summary>True when the address is in one of them.</summary>
    public bool Contains(IPAddress address)
    {
        var networks = Networks();
        if (networks.Length == 0) return false;
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        foreach (var network in networks)
            if (network.Contains(plain)) return true;
        return false;
    }

    private IPNetwork[] Networks()
    {
        var written = snapshots.Current.Settings.NeverBanned;
        if (last is { } read && ReferenceEquals(read.Written, written)) return read.Networks;
        IPNetwork[] networks = [.. written.Select(NetworkText.Read).OfType<IPNetwork>()];
        last = new Read(written, networks);
        return networks;
    }

    private sealed record Read(ValueList<string> Written, IPNetwork[] Networks);
}
