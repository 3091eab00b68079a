using System.Collections.Concurrent;
using Pbx.Core.Common;
using Pbx.Core.Live;

namespace Pbx.Sip.Engine.Live;

/// <summary>The rows of all calls that go on: each call puts its own row from its shard, pages read the list.</summary>
internal sealed class LiveCalls : IDisposable
{
    private readonly ConcurrentDictionary<Guid, LiveCall> rows = new();
    private readonly LiveTopic<ValueList<LiveCall>> topic;

    /// <summary>Makes an empty list that tells of changes four times a second at most.</summary>
    public LiveCalls(TimeProvider time) =>
        topic = new LiveTopic<ValueList<LiveCall>>(time, TimeSpan.FromMilliseconds(250),
            () => rows.Values.OrderBy(row => row.StartedAt).ThenBy(row => row.Id).ToValueList(), keeps: true);

    /// <summary>What pages subscribe to.</summary>
    public ILiveTopic<ValueList<LiveCall>> Topic => topic;

    /// <summary>How many calls there are.</summary>
    public int Count => rows.Count;

    /// <summary>Puts or replaces a call's row.</summary>
    public void Put(LiveCall row)
    {
        rows[row.Id] = row;
        topic.Touch();
    }

    /// <summary>Takes a call's row out.</summary>
    public void Remove(Guid call)
    {
        if (rows.TryRemove(call, out _)) topic.Touch();
    }

    /// <inheritdoc/>
    public void Dispose() => topic.Dispose();
}
