using Pbx.Sip.Scheduling;

namespace Pbx.Sip.Endpoint;

/// <summary>All shards of the process, and the one rule by which a message finds its own.</summary>
internal sealed class ShardSet : IDisposable
{
    private readonly Shard[] shards;

    /// <summary>As many shards as asked, none started.</summary>
    public ShardSet(int count, TimeProvider time, ShardLimits limits, Action<Exception> failed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, ShardIds.MaxShards);
        shards = [.. Enumerable.Range(0, count).Select(number => new Shard(number, time, limits, failed))];
    }

    /// <summary>How many.</summary>
    public int Count => shards.Length;

    /// <summary>The shards in order of their numbers.</summary>
    public IReadOnlyList<Shard> All => shards;

    /// <summary>The shard of a number, also one from an identifier of an earlier run that had more shards.</summary>
    public Shard this[int number] => shards[number % shards.Length];

    /// <summary>
    /// The shard of a request: by our own tag in To when it is inside a dialog (also ACK and CANCEL), else by our own Call-ID, else by the
    /// hash of the Call-ID, which an INVITE shares with its CANCEL and its retransmissions.
    /// </summary>
    public Shard ForRequest(ReadOnlySpan<char> callId, ReadOnlySpan<char> toTag)
    {
        var number = ShardIds.ShardOf(toTag);
        if (number < 0) number = ShardIds.ShardOf(callId);
        return number >= 0 ? this[number] : shards[(uint)string.GetHashCode(callId) % (uint)shards.Length];
    }

    /// <summary>The shard of a response, by the branch that we gave its request; null when the branch is not ours.</summary>
    public Shard? ForResponse(ReadOnlySpan<char> branch) => ShardIds.ShardOfBranch(branch) is >= 0 and var number ? this[number] : null;

    /// <summary>Starts all threads.</summary>
    public void Start()
    {
        foreach (var shard in shards) shard.Start();
    }

    /// <summary>Ends all threads after the work that waits.</summary>
    public void Stop()
    {
        foreach (var shard in shards) shard.Stop();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var shard in shards) shard.Dispose();
    }
}
