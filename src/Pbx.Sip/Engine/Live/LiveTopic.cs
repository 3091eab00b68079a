using Pbx.Core.Live;

namespace Pbx.Sip.Engine.Live;

/// <summary>
/// A topic whose value is built only when somebody asks or listens: writers say that something changed, and a burst of changes becomes
/// one value and one call-back per interval.
/// </summary>
/// <typeparam name="T">An immutable value.</typeparam>
internal sealed class LiveTopic<T> : ILiveTopic<T>, IDisposable
{
    private readonly Lock gate = new();
    private readonly Lock building = new();
    private readonly Func<T> build;
    private readonly TimeSpan interval;
    private readonly bool keeps;
    private readonly ITimer timer;
    private Action[] subscribers = [];
    private int scheduled;
    private volatile bool isStale = true;
    private T? kept;

    /// <summary>Makes a topic.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="interval">The least time between two call-backs.</param>
    /// <param name="build">Makes the value, on any thread.</param>
    /// <param name="keeps">The value stays the same until it is touched, so that all who ask meanwhile get one; else it is made for each.</param>
    public LiveTopic(TimeProvider time, TimeSpan interval, Func<T> build, bool keeps = false)
    {
        (this.build, this.interval, this.keeps) = (build, interval, keeps);
        timer = time.CreateTimer(_ => Publish(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public T Current => keeps ? Kept() : build();

    /// <inheritdoc/>
    public IDisposable Subscribe(Action changed)
    {
        lock (gate) subscribers = [.. subscribers, changed];
        return new Subscription(this, changed);
    }

    /// <summary>Says that the value has changed; cheap, from any thread.</summary>
    public void Touch()
    {
        isStale = true;
        // Without a lock, for every step of every call comes by. The fences here and in Publish: whoever finds it scheduled has changed what will be published.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref scheduled) == 1 || Interlocked.Exchange(ref scheduled, 1) == 1) return;
        timer.Change(interval, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ends the call-backs.</summary>
    public void Dispose() => timer.Dispose();

    private T Kept()
    {
        lock (building)
        {
            if (!isStale) return kept!;
            // First, so that what changes while it is made is not lost.
            isStale = false;
            return kept = build();
        }
    }

    private void Publish()
    {
        Interlocked.Exchange(ref scheduled, 0);
        foreach (var listener in Volatile.Read(ref subscribers)) listener();
    }

    private sealed class Subscription(LiveTopic<T> topic, Action changed) : IDisposable
    {
        private Action? held = changed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref held, null) is not { } mine) return;
            lock (topic.gate)
            {
                var at = Array.IndexOf(topic.subscribers, mine);
                if (at >= 0) topic.subscribers = [.. topic.subscribers[..at], .. topic.subscribers[(at + 1)..]];
            }
        }
    }
}
