using System.Diagnostics.CodeAnalysis;

namespace Pbx.Sip.Transactions;

/// <summary>The transactions of one shard, found by key only. The counts may be read from any thread.</summary>
internal sealed class TransactionTable
{
    private readonly Dictionary<TransactionKey, ClientTransaction> clients = [];
    private readonly Dictionary<TransactionKey, ServerHusk> servers = [];
    private readonly Dictionary<MergeKey, ServerHusk> merges = [];
    private readonly Dictionary<long, HashSet<ClientTransaction>> byConnection = [];

    /// <summary>All, lingering ones included.</summary>
    public int Count => clients.Count + servers.Count;

    public void Add(ClientTransaction client)
    {
        clients.Add(client.Key, client);
        if (client.Flow.Connection == 0) return;
        if (!byConnection.TryGetValue(client.Flow.Connection, out var sharing)) byConnection[client.Flow.Connection] = sharing = [];
        sharing.Add(client);
    }

    public void Remove(ClientTransaction client)
    {
        clients.Remove(client.Key);
        if (!byConnection.TryGetValue(client.Flow.Connection, out var sharing)) return;
        sharing.Remove(client);
        if (sharing.Count == 0) byConnection.Remove(client.Flow.Connection);
    }

    public void Add(ServerHusk server)
    {
        servers.Add(server.Key, server);
        if (server.MergeKey is { } merge) merges[merge] = server;
    }

    public void Remove(ServerHusk server)
    {
        servers.Remove(server.Key);
        if (server.MergeKey is { } merge && merges.TryGetValue(merge, out var held) && held == server) merges.Remove(merge);
    }

    public bool TryFind(TransactionKey key, [NotNullWhen(true)] out ClientTransaction? client) => clients.TryGetValue(key, out client);

    public bool TryFind(TransactionKey key, [NotNullWhen(true)] out ServerHusk? server) => servers.TryGetValue(key, out server);

    /// <summary>True when the request came already by another way (RFC 3261 section 8.2.2.2).</summary>
    public bool HasMerged(MergeKey key) => merges.ContainsKey(key);

    /// <summary>The requests of ours that wait on a connection.</summary>
    public IReadOnlyList<ClientTransaction> On(long connection) => byConnection.TryGetValue(connection, out var sharing) ? [.. sharing] : [];
}
