using Pbx.Sip.Network;

namespace Pbx.Sip.Transport;

/// <summary>
/// How many connections each source has, and which of those that have not said anything gives its place when there are too many: who opens many
/// and is silent keeps nobody out. Not safe for threads: its callers hold the table's lock.
/// </summary>
internal sealed class ConnectionShares(TimeProvider time)
{
    /// <summary>So long a new connection is left alone before it may have to give its place to another of its own source.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly Dictionary<Source, Share> shares = [];

    /// <summary>Connections of one source.</summary>
    private sealed class Share
    {
        public int Count { get; set; }

        /// <summary>In the order in which they were opened; those that have spoken or are closed leave when they come to the front.</summary>
        public Queue<IConnection> Silent { get; } = [];
    }

    /// <summary>How many a source has.</summary>
    public int Of(Source source) => shares.TryGetValue(source, out var share) ? share.Count : 0;

    /// <summary>One more of this source, not open yet.</summary>
    public void Reserve(Source source)
    {
        if (!shares.TryGetValue(source, out var share)) shares[source] = share = new Share();
        share.Count++;
    }

    /// <summary>A reserved one is open.</summary>
    public void Add(IConnection connection) => shares[Source.Of(connection.Flow.Remote.Address)].Silent.Enqueue(connection);

    /// <summary>One of this source is gone.</summary>
    public void Release(Source source)
    {
        if (shares.TryGetValue(source, out var share) && --share.Count <= 0) shares.Remove(source);
    }

    /// <summary>The oldest silent one of a source that has its share, unless all are new; null when there is none.</summary>
    public IConnection? OldestSilentOf(Source source) =>
        shares.TryGetValue(source, out var share) && OldestOf(share) is { } oldest && time.GetElapsedTime(oldest.OpenedAt) > Grace ? oldest : null;

    /// <summary>
    /// The oldest one of the source that has most silent ones, however new: where all places are taken, whoever takes most of them without a
    /// word gives one back. Null when all have spoken.
    /// </summary>
    public IConnection? OldestSilentOfTheGreediest()
    {
        while (shares.Values.MaxBy(share => share.Silent.Count) is { Silent.Count: > 0 } greediest)
            if (OldestOf(greediest) is { } oldest) return oldest;
        return null;
    }

    /// <summary>Forgets those that have spoken or are closed.</summary>
    public void Tidy()
    {
        foreach (var share in shares.Values) _ = OldestOf(share);
    }

    private static IConnection? OldestOf(Share share)
    {
        while (share.Silent.TryPeek(out var first))
        {
            if (!first.HasSpoken && first.Reason == CloseReason.None) return first;
            share.Silent.Dequeue();
        }
        return null;
    }
}
