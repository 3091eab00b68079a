using System.Net;
using System.Net.Sockets;
using DnsClient;

namespace Pbx.Sip.Transport;

/// <summary>What the locator asks of the domain name system.</summary>
internal interface INameService
{
    /// <summary>The SRV records of a name; empty when there are none.</summary>
    Task<NameAnswer<ServiceRecord>> ServicesAsync(string name);

    /// <summary>The addresses of a host, IPv4 before IPv6; empty when there are none.</summary>
    Task<NameAnswer<IPAddress>> AddressesAsync(string host);
}

/// <summary>An answer and how long it holds.</summary>
internal sealed record NameAnswer<T>(IReadOnlyList<T> Items, TimeSpan Lifetime);

/// <summary>One SRV record (RFC 2782).</summary>
internal sealed record ServiceRecord(int Priority, int Weight, string Host, int Port);

/// <summary>The real one. Never throws: who cannot be asked has no answer.</summary>
/// <param name="servers">Whom it asks; empty: the resolvers of the system.</param>
internal sealed class DnsNameService(IReadOnlyList<IPEndPoint> servers) : INameService
{
    private static readonly TimeSpan Default = TimeSpan.FromSeconds(60);

    private readonly LookupClient client = new(OptionsFor(servers));

    /// <inheritdoc/>
    public async Task<NameAnswer<ServiceRecord>> ServicesAsync(string name)
    {
        try
        {
            var answer = await client.QueryAsync(name, QueryType.SRV).ConfigureAwait(false);
            var records = answer.Answers.SrvRecords().ToList();
            return new([.. records.Select(r => new ServiceRecord(r.Priority, r.Weight, r.Target.Value.TrimEnd('.'), r.Port))],
                records.Count == 0 ? Default : TimeSpan.FromSeconds(records.Min(r => r.InitialTimeToLive)));
        }
        catch (Exception exception) when (exception is DnsResponseException or SocketException or InvalidOperationException or OperationCanceledException)
        {
            return new([], Default);
        }
    }

    /// <inheritdoc/>
    public async Task<NameAnswer<IPAddress>> AddressesAsync(string host)
    {
        try
        {
            // Names without a dot are those of the hosts file and of the local domain, which the resolver of the system knows.
            if (host.Contains('.', StringComparison.Ordinal) && await QueryAsync(host).ConfigureAwait(false) is { Items.Count: > 0 } found) return found;
            var addresses = await Dns.GetHostAddressesAsync(host).ConfigureAwait(false);
            return new([.. addresses.OrderBy(a => a.AddressFamily)], Default);
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            return new([], Default);
        }
    }

    private static LookupClientOptions OptionsFor(IReadOnlyList<IPEndPoint> servers)
    {
        var options = servers.Count > 0 ? new LookupClientOptions([.. servers]) : new LookupClientOptions();
        (options.Timeout, options.Retries, options.UseCache) = (TimeSpan.FromSeconds(2), 1, false);
        return options;
    }

    private async Task<NameAnswer<IPAddress>> QueryAsync(string host)
    {
        try
        {
            var four = client.QueryAsync(host, QueryType.A);
            var six = client.QueryAsync(host, QueryType.AAAA);
            var records = (await four.ConfigureAwait(false)).Answers.AddressRecords().Concat((await six.ConfigureAwait(false)).Answers.AddressRecords()).ToList();
            return new([.. records.Select(r => r.Address)], records.Count == 0 ? Default : TimeSpan.FromSeconds(records.Min(r => r.InitialTimeToLive)));
        }
        catch (Exception exception) when (exception is DnsResponseException or SocketException or InvalidOperationException or OperationCanceledException)
        {
            return new([], Default);
        }
    }
}
