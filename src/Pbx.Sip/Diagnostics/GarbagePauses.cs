using Pbx.Core.Live;

namespace Pbx.Sip.Diagnostics;

/// <summary>
/// Every pause that the garbage collector made, as the runtime measured it itself: from the moment at which it began to halt the threads until
/// they could go on. Looked at after each collection and never between, so that it costs nothing while no garbage is collected.
/// </summary>
internal sealed class GarbagePauses : IDisposable
{
    /// <summary>What the process that answers calls is named.</summary>
    public const string Server = "server";

    // The runtime keeps the last collection of each kind. A background collection goes on beside others, so it ends with a lower number than those.
    private static readonly GCKind[] Kinds = [GCKind.Ephemeral, GCKind.FullBlocking, GCKind.Background];

    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private readonly long[] seen = new long[Kinds.Length];
    private readonly PauseLog log = new();
    private readonly string process;
    private readonly Action<GarbagePause>? seenOne;
    private TimeSpan accounted = GC.GetTotalPauseDuration();
    private volatile bool disposed;

    /// <summary>Looks on from now until it is disposed.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="process">What this process is named.</param>
    /// <param name="seenOne">Told of each pause, on any thread.</param>
    public GarbagePauses(TimeProvider time, string process = Server, Action<GarbagePause>? seenOne = null)
    {
        (this.time, this.process, this.seenOne) = (time, process, seenOne);
        for (var i = 0; i < Kinds.Length; i++) seen[i] = GC.GetGCMemoryInfo(Kinds[i]).Index;
        AwaitCollection();
    }

    /// <summary>The last pauses, oldest first.</summary>
    public IReadOnlyList<GarbagePause> Recent
    {
        get
        {
            lock (gate) Look();
            return log.Recent;
        }
    }

    /// <summary>Adds what it knows to the counters.</summary>
    public void Publish(SipCounters counters)
    {
        counters.AddGauge("gc-collections-0", () => GC.CollectionCount(0) - GC.CollectionCount(1));
        counters.AddGauge("gc-collections-1", () => GC.CollectionCount(1) - GC.CollectionCount(2));
        counters.AddGauge("gc-collections-2", () => GC.CollectionCount(2));
        counters.AddGauge("gc-longest-pause-us", () => Read(() => log.LongestMicroseconds));
        counters.AddGauge("gc-pauses-over-2-ms", () => Read(() => log.Over2));
        counters.AddGauge("gc-pauses-over-5-ms", () => Read(() => log.Over5));
        counters.AddGauge("gc-pauses-total-us", () => Microseconds(GC.GetTotalPauseDuration()));
        counters.AddGauge("gc-pauses-unseen-us", () => Read(() => Math.Max(0, Microseconds(GC.GetTotalPauseDuration() - accounted))));
    }

    /// <inheritdoc/>
    public void Dispose() => disposed = true;

    private static long Microseconds(TimeSpan duration) => duration.Ticks / TimeSpan.TicksPerMicrosecond;

    private long Read(Func<long> value)
    {
        lock (gate)
        {
            Look();
            return value();
        }
    }

    /// <summary>Takes what the runtime has noted since the last look. Two collections of one kind in between show as one, and the other as unseen time.</summary>
    private void Look()
    {
        for (var i = 0; i < Kinds.Length; i++)
        {
            var collection = GC.GetGCMemoryInfo(Kinds[i]);
            if (collection.Index == seen[i]) continue;
            seen[i] = collection.Index;
            // A background collection halts the threads twice.
            foreach (var pause in collection.PauseDurations)
                if (pause > TimeSpan.Zero) Add(new GarbagePause(process, collection.Index, time.GetUtcNow(), collection.Generation, collection.Concurrent, Microseconds(pause)), pause);
        }
    }

    private void Add(GarbagePause pause, TimeSpan duration)
    {
        log.Add(pause);
        accounted += duration;
        seenOne?.Invoke(pause);
    }

    private void AwaitCollection() => _ = new Sentinel(this);

    /// <summary>
    /// Garbage from its first moment: the next collection finds it, and its end is what tells that there was one. A new one is made each time,
    /// because one that lives on would wait for collections of older generations only.
    /// </summary>
    private sealed class Sentinel(GarbagePauses owner)
    {
        ~Sentinel()
        {
            if (owner.disposed || Environment.HasShutdownStarted) return;
            lock (owner.gate) owner.Look();
            owner.AwaitCollection();
        }
    }
}
