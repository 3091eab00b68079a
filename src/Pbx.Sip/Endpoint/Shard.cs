using System.Collections.Concurrent;
using Pbx.Sip.Scheduling;

namespace Pbx.Sip.Endpoint;

/// <summary>
/// One thread with its loop, ring and timer wheel: the owner of the transactions, dialogs and calls in it. Nothing is locked or awaited
/// inside. A test does not start the thread but calls <see cref="Pump"/>, so that it decides what happens when.
/// </summary>
internal sealed class Shard : IShard, IDisposable
{
    [ThreadStatic]
    private static Shard? running;

    private readonly ShardRing ring;
    private readonly ConcurrentQueue<Action> events = new();
    private readonly AutoResetEvent wake = new(false);
    private readonly Action<Exception> failed;
    private readonly TimerWheel wheel;
    private Thread? thread;
    private int sleeping;
    private volatile bool stopping;
    private long processed;

    /// <summary>A shard whose thread does not run yet. <paramref name="failed"/> hears each exception that work let escape.</summary>
    public Shard(int number, TimeProvider time, ShardLimits limits, Action<Exception> failed)
    {
        Number = number;
        Time = time;
        Ids = new ShardIds(number);
        wheel = new TimerWheel(time);
        ring = new ShardRing(limits.RingCapacity, limits.RingReserve);
        this.failed = failed;
    }

    /// <inheritdoc/>
    public int Number { get; }

    /// <inheritdoc/>
    public TimeProvider Time { get; }

    /// <inheritdoc/>
    public ShardIds Ids { get; }

    /// <inheritdoc/>
    public long Timestamp => Time.GetTimestamp();

    /// <inheritdoc/>
    public bool IsCurrent => running == this;

    /// <summary>Timers that run; a hint outside the shard's thread.</summary>
    public int Timers => wheel.Count;

    /// <summary>Pieces of work that wait; a hint.</summary>
    public int Waiting => ring.Count + events.Count;

    /// <summary>Pieces of work done since the start.</summary>
    public long Processed => Volatile.Read(ref processed);

    /// <summary>How long the oldest piece of work has waited; zero when none waits. From any thread.</summary>
    public TimeSpan QueueAge => ring.OldestTimestamp is { } oldest ? Time.GetElapsedTime(oldest) : TimeSpan.Zero;

    /// <summary>Timestamp at which the next timer may be due, for tests that step a clock from one to the next.</summary>
    public long NextDue => wheel.NextDue;

    /// <inheritdoc/>
    public ShardTimer CreateTimer(Action fired) => new(wheel, fired);

    /// <inheritdoc/>
    public void Post(Action work)
    {
        events.Enqueue(work);
        Wake();
    }

    /// <inheritdoc/>
    public bool Post(WorkClass workClass, Action<object?> handler, object? state)
    {
        if (!ring.TryAdd(handler, state, Time.GetTimestamp(), workClass == WorkClass.New))
        {
            if (workClass != WorkClass.Event) return false;
            events.Enqueue(() => handler(state));
        }
        Wake();
        return true;
    }

    /// <summary>Starts the thread.</summary>
    public void Start()
    {
        thread = new Thread(Run) { Name = $"shard {Number}", IsBackground = true };
        thread.Start();
    }

    /// <summary>Ends the thread after the work that waits; what is posted later is not done.</summary>
    public void Stop()
    {
        stopping = true;
        wake.Set();
        if (!IsCurrent) thread?.Join();
        thread = null;
    }

    /// <summary>Does on the calling thread all that waits and is due now, until nothing is; for tests. The number of pieces done.</summary>
    public int Pump()
    {
        var total = 0;
        var before = running;
        running = this;
        try
        {
            int done;
            do total += done = Turn();
            while (done > 0);
        }
        finally
        {
            running = before;
        }
        return total;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        wake.Dispose();
    }

    private void Run()
    {
        running = this;
        while (true)
        {
            if (Turn() > 0) continue;
            if (stopping) return;
            Sleep();
        }
    }

    /// <summary>One turn: due timers, then a bounded share of messages and of events, so that none of them starves another.</summary>
    private int Turn()
    {
        const int Share = 64;
        var done = wheel.Advance(Time.GetTimestamp(), failed);
        for (var i = 0; i < Share && events.TryDequeue(out var work); i++, done++) Do(static w => ((Action)w!)(), work);
        for (var i = 0; i < Share && ring.TryTake(out var handler, out var state); i++, done++) Do(handler, state);
        Volatile.Write(ref processed, processed + done);
        return done;
    }

    private void Do(Action<object?> handler, object? state)
    {
        try
        {
            handler(state);
        }
#pragma warning disable CA1031 // One call's bug must not end the thread of all others; it is counted and logged.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            failed(exception);
        }
    }

    private void Sleep()
    {
        Interlocked.Exchange(ref sleeping, 1);
        // Looked at again after the flag is up: a producer that did not see the flag has added before this look.
        if (ring.Count > 0 || !events.IsEmpty || stopping)
        {
            Interlocked.Exchange(ref sleeping, 0);
            return;
        }
        var due = wheel.NextDue;
        if (due == long.MaxValue) wake.WaitOne();
        else if (Time.GetElapsedTime(Time.GetTimestamp(), due) is { Ticks: > 0 } left)
            wake.WaitOne(TimeSpan.FromMilliseconds(Math.Min(60_000, Math.Ceiling(left.TotalMilliseconds))));
        Interlocked.Exchange(ref sleeping, 0);
    }

    private void Wake()
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref sleeping) == 1 && Interlocked.Exchange(ref sleeping, 0) == 1) wake.Set();
    }
}

/// <summary>Sizes of a shard.</summary>
/// <param name="RingCapacity">Cells of its ring; a power of two.</param>
/// <param name="RingReserve">Of these, how many are not for new requests.</param>
/// <param name="Transactions">Transactions of all shards together at which new requests are turned away; what belongs to calls has twice as much.</param>
internal sealed record ShardLimits(int RingCapacity = 16384, int RingReserve = 8192, int Transactions = 100_000);
