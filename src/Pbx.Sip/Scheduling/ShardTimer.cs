namespace Pbx.Sip.Scheduling;

/// <summary>
/// One timer of a shard. Started and stopped any number of times, each in constant time, on the shard's thread only. Once
/// stopped it does not fire, not even when it was due already.
/// </summary>
internal sealed class ShardTimer
{
    private readonly TimerWheel wheel;
    private readonly Action fired;

    internal ShardTimer(TimerWheel wheel, Action fired) => (this.wheel, this.fired) = (wheel, fired);

    /// <summary>True between a start and the firing or the stop.</summary>
    public bool IsRunning => List is not null;

    internal ShardTimer? Next { get; set; }

    internal ShardTimer? Previous { get; set; }

    internal TimerList? List { get; set; }

    internal long DueTick { get; set; }

    /// <summary>Starts it, or starts it anew: it fires once, not before <paramref name="after"/> has passed.</summary>
    public void Start(TimeSpan after) => wheel.Start(this, after);

    /// <summary>Stops it; nothing happens when it does not run.</summary>
    public void Stop() => wheel.Stop(this);

    internal void Fire() => fired();
}

/// <summary>A doubly linked list through the timers themselves: nothing is allocated to start one.</summary>
internal sealed class TimerList
{
    private ShardTimer? tail;

    public ShardTimer? First { get; private set; }

    public void Add(ShardTimer timer)
    {
        (timer.List, timer.Previous, timer.Next) = (this, tail, null);
        if (tail is null) First = timer;
        else tail.Next = timer;
        tail = timer;
    }

    public void Remove(ShardTimer timer)
    {
        if (timer.Previous is null) First = timer.Next;
        else timer.Previous.Next = timer.Next;
        if (timer.Next is null) tail = timer.Previous;
        else timer.Next.Previous = timer.Previous;
        (timer.List, timer.Previous, timer.Next) = (null, null, null);
    }
}
