namespace Pbx.Testing;

/// <summary>A clock that stands still until a test moves it. Its timers fire in the call that moves it.</summary>
public sealed class FakeClock : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<FakeTimer> timers = [];
    private DateTimeOffset now;
    private long ticks = 1_000_000_000;

    /// <summary>A clock at the given instant; by default Tuesday 2026-03-10 10:00 UTC.</summary>
    public FakeClock(DateTimeOffset? start = null) => now = start ?? new DateTimeOffset(2026, 3, 10, 10, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (gate) return ticks;
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate) return now;
    }

    /// <summary>Timestamp at which the next of its timers is due; <see cref="long.MaxValue"/> when none runs.</summary>
    public long NextDue
    {
        get
        {
            lock (gate) return timers.Count == 0 ? long.MaxValue : timers.Min(t => t.Due);
        }
    }

    /// <summary>Sets the time of day, as somebody or NTP would: the timestamp goes on, no timer fires.</summary>
    public void SetWall(TimeSpan by)
    {
        lock (gate) now += by;
    }

    /// <summary>Moves it on, firing its timers in order.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var end = GetTimestamp() + by.Ticks;
        while (true)
        {
            FakeTimer? due;
            lock (gate)
            {
                due = timers.Where(t => t.Due <= end).MinBy(t => t.Due);
                MoveTo(due is null ? end : Math.Max(ticks, due.Due));
            }
            if (due is null) return;
            due.Fire();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private void MoveTo(long timestamp)
    {
        now += TimeSpan.FromTicks(timestamp - ticks);
        ticks = timestamp;
    }

    private sealed class FakeTimer(FakeClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan period;

        public long Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod)
        {
            lock (clock.gate)
            {
                clock.timers.Remove(this);
                period = newPeriod;
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Due = clock.ticks + dueTime.Ticks;
                clock.timers.Add(this);
            }
            return true;
        }

        public void Fire()
        {
            lock (clock.gate)
            {
                if (!clock.timers.Remove(this)) return;
                if (period > TimeSpan.Zero)
                {
                    Due += period.Ticks;
                    clock.timers.Add(this);
                }
            }
            callback(state);
        }

        public void Dispose()
        {
            lock (clock.gate) clock.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
