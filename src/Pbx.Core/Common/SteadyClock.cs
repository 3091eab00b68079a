namespace Pbx.Core.Common;

/// <summary>
/// Instants for what lasts: read from the wall clock once, and carried on by the monotonic timestamp. When somebody, or NTP, sets the machine's clock,
/// these instants go on as if nothing had happened, so that an hour stays an hour. For what is shown to people, or kept over a restart, they are turned
/// into the wall clock's and back. From any thread.
/// </summary>
public sealed class SteadyClock : TimeProvider
{
    /// <summary>Below this the wall clock was not set, only read a little later than the timestamp, or slewed.</summary>
    private static readonly TimeSpan Noticed = TimeSpan.FromSeconds(2);

    private readonly TimeProvider time;
    private readonly long started;
    private readonly DateTimeOffset origin;
    private long settled;
    private long told;

    /// <summary>One that agrees with the wall clock now.</summary>
    public SteadyClock(TimeProvider time)
    {
        this.time = time;
        started = time.GetTimestamp();
        origin = time.GetUtcNow();
    }

    /// <summary>Told by <see cref="LookAtWall"/> when the wall clock was set, and by how much (negative: back).</summary>
    public event Action<TimeSpan>? WallMoved;

    /// <summary>The clock that this one was made of: what the machine takes for the time of day.</summary>
    public TimeProvider Wall => time;

    /// <summary>How far the wall clock was set forward in all since the start (negative: back). Exactly the same until it is set again.</summary>
    public TimeSpan WallAhead
    {
        get
        {
            var known = Volatile.Read(ref settled);
            var ahead = (time.GetUtcNow() - GetUtcNow()).Ticks;
            if (Math.Abs(ahead - known) < Noticed.Ticks) return TimeSpan.FromTicks(known);
            // Another thread may have seen it too, a moment earlier.
            var now = Interlocked.CompareExchange(ref settled, ahead, known);
            return TimeSpan.FromTicks(now == known ? ahead : now);
        }
    }

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => time.LocalTimeZone;

    /// <inheritdoc/>
    public override long TimestampFrequency => time.TimestampFrequency;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => origin + time.GetElapsedTime(started);

    /// <inheritdoc/>
    public override long GetTimestamp() => time.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        time.CreateTimer(callback, state, dueTime, period);

    /// <summary>What the wall clock shows at an instant of this one.</summary>
    public DateTimeOffset ToWall(DateTimeOffset steady) => Add(steady, WallAhead);

    /// <summary>The instant of this clock at which the wall clock shows this.</summary>
    public DateTimeOffset FromWall(DateTimeOffset wall) => Add(wall, -WallAhead);

    /// <summary>Compares the two, and tells when the wall clock was set since the last time.</summary>
    public void LookAtWall()
    {
        var ahead = WallAhead.Ticks;
        var before = Interlocked.Exchange(ref told, ahead);
        if (ahead != before) WallMoved?.Invoke(TimeSpan.FromTicks(ahead - before));
    }

    // A date read from a file may be any.
    private static DateTimeOffset Add(DateTimeOffset at, TimeSpan by) =>
        by > TimeSpan.Zero ? DateTimeOffset.MaxValue - by < at ? DateTimeOffset.MaxValue : at + by
        : DateTimeOffset.MinValue - by > at ? DateTimeOffset.MinValue : at + by;
}
