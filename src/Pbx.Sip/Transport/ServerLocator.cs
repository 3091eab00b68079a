using System.Collections.Concurrent;
using System.Net;

namespace Pbx.Sip.Transport;

/// <summary>
/// Finds the servers of a provider (RFC 3263): SRV when no port is given, else or without records its addresses; in the order in which they
/// are to be tried. Answers are kept as long as they hold, and longer when nobody answers any more. From any thread.
/// </summary>
internal sealed class ServerLocator(INameService names, TimeProvider time, Random random)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<(string Host, int? Port, SipTransport Transport), Found> cache = new();

    /// <summary>The addresses of a host in order; empty when there are none. Never throws.</summary>
    public async Task<IReadOnlyList<IPEndPoint>> FindAsync(string host, int? port, SipTransport transport)
    {
        if (IPAddress.TryParse(host, out var address)) return [new IPEndPoint(address, port ?? DefaultPort(transport))];
        var key = (host, port, transport);
        if (cache.TryGetValue(key, out var known) && time.GetElapsedTime(known.At) < known.Lifetime) return known.Servers;
        var found = await LookUpAsync(host, port, transport).ConfigureAwait(false);
        // A name service that fails must not take a provider away whose address is known.
        if (found.Servers.Count == 0 && known is not null) return known.Servers;
        cache[key] = found;
        return found.Servers;
    }

    private async Task<Found> LookUpAsync(string host, int? port, SipTransport transport)
    {
        if (port is null)
        {
            var services = await names.ServicesAsync($"{ServiceOf(transport)}.{host}").ConfigureAwait(false);
            if (services.Items.Count > 0) return await ResolveAsync(services).ConfigureAwait(false);
        }
        var addresses = await names.AddressesAsync(host).ConfigureAwait(false);
        return new([.. addresses.Items.Select(a => new IPEndPoint(a, port ?? DefaultPort(transport)))], time.GetTimestamp(), Bounded(addresses.Lifetime));
    }

    private async Task<Found> ResolveAsync(NameAnswer<ServiceRecord> services)
    {
        var servers = new List<IPEndPoint>();
        var lifetime = services.Lifetime;
        foreach (var record in Order(services.Items))
        {
            // RFC 2782: a single dot says that the service is decidedly not there.
            if (record.Host.Length == 0) continue;
            var addresses = await names.AddressesAsync(record.Host).ConfigureAwait(false);
            servers.AddRange(addresses.Items.Select(a => new IPEndPoint(a, record.Port)));
            lifetime = lifetime < addresses.Lifetime ? lifetime : addresses.Lifetime;
        }
        return new(servers, time.GetTimestamp(), Bounded(lifetime));
    }

    /// <summary>RFC 2782: by priority; within one, at random by weight.</summary>
    private List<ServiceRecord> Order(IReadOnlyList<ServiceRecord> records)
    {
        var ordered = new List<ServiceRecord>(records.Count);
        foreach (var group in records.GroupBy(r => r.Priority).OrderBy(g => g.Key))
        {
            var left = group.OrderBy(r => r.Weight).ToList();
            while (left.Count > 0)
            {
                var at = random.Next(left.Sum(r => r.Weight) + 1);
                var chosen = left.First(r => (at -= r.Weight) <= 0);
                left.Remove(chosen);
                ordered.Add(chosen);
            }
        }
        return ordered;
    }

    private static TimeSpan Bounded(TimeSpan lifetime) => lifetime < Shortest ? Shortest : lifetime > Longest ? Longest : lifetime;

    private static int DefaultPort(SipTransport transport) => transport == SipTransport.Tls ? 5061 : 5060;

    private static string ServiceOf(SipTransport transport) => transport switch
    {
        SipTransport.Tcp => "_sip._tcp",
        SipTransport.Tls => "_sips._tcp",
        _ => "_sip._udp",
    };

    private sealed record Found(IReadOnlyList<IPEndPoint> Servers, long At, TimeSpan Lifetime);
}
