using System.Numerics;

namespace Pbx.Sip.Scheduling;

/// <summary>
/// A hashed wheel of 10 ms slots: start and stop are O(1), and an idle shard sleeps until the next slot that holds something.
/// Timers longer than one turn (41 s) stay in their slot and are passed over until their turn. Not thread-safe: the shard's thread owns it.
/// </summary>
internal sealed class TimerWheel
{
    private const int Slots = 4096;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    private readonly TimeProvider time;
    private readonly long origin;
    private readonly long tickLength;
    private readonly TimerList[] slots = new TimerList[Slots];
    private readonly ulong[] occupied = new ulong[Slots / 64];
    private readonly TimerList firing = new();
    private long current;

    /// <summary>A wheel that starts now.</summary>
    public TimerWheel(TimeProvider time)
    {
        this.time = time;
        origin = time.GetTimestamp();
        tickLength = Math.Max(1, time.TimestampFrequency * Tick.Ticks / TimeSpan.TicksPerSecond);
        for (var i = 0; i < Slots; i++) slots[i] = new TimerList();
    }

    /// <summary>Timers that run.</summary>
    public int Count { get; private set; }

    /// <summary>Timestamp at which to look again: no timer is due before it. <see cref="long.MaxValue"/> when none runs.</summary>
    public long NextDue
    {
        get
        {
            if (firing.First is not null) return origin;
            var tick = NextOccupied(current + 1);
            return tick == long.MaxValue ? long.MaxValue : origin + tick * tickLength;
        }
    }

    /// <summary>Fires everything that is due at the timestamp, in order of time. A throwing call-back goes to <paramref name="failed"/>.</summary>
    public int Advance(long timestamp, Action<Exception> failed)
    {
        var target = (timestamp - origin) / tickLength;
        var fired = 0;
        while (true)
        {
            fired += FireDue(failed);
            var next = NextOccupied(current + 1);
            if (next > target) break;
            current = next;
            Collect(current);
        }
        current = Math.Max(current, target);
        return fired;
    }

    internal void Start(ShardTimer timer, TimeSpan after)
    {
        Stop(timer);
        var due = time.GetTimestamp() - origin + (long)(Math.Max(0, after.Ticks) * (double)time.TimestampFrequency / TimeSpan.TicksPerSecond);
        // Rounded up: a timer never fires early. At least one tick ahead: a timer that restarts itself cannot hold the loop.
        timer.DueTick = Math.Max(current + 1, (due + tickLength - 1) / tickLength);
        var slot = (int)(timer.DueTick % Slots);
        slots[slot].Add(timer);
        occupied[slot / 64] |= 1UL << (slot % 64);
        Count++;
    }

    internal void Stop(ShardTimer timer)
    {
        if (timer.List is not { } list) return;
        list.Remove(timer);
        Count--;
        if (list == firing || list.First is not null) return;
        var slot = (int)(timer.DueTick % Slots);
        occupied[slot / 64] &= ~(1UL << (slot % 64));
    }

    /// <summary>Moves what is due out of the slot first, so that call-backs may start and stop timers of the same slot.</summary>
    private void Collect(long tick)
    {
        var slot = (int)(tick % Slots);
        for (var timer = slots[slot].First; timer is not null;)
        {
            var next = timer.Next;
            if (timer.DueTick <= tick)
            {
                slots[slot].Remove(timer);
                firing.Add(timer);
            }
            timer = next;
        }
        if (slots[slot].First is null) occupied[slot / 64] &= ~(1UL << (slot % 64));
    }

    private int FireDue(Action<Exception> failed)
    {
        var fired = 0;
        while (firing.First is { } timer)
        {
            firing.Remove(timer);
            Count--;
            fired++;
            try
            {
                timer.Fire();
            }
#pragma warning disable CA1031 // One call's bug must not end the thread of all others; it is counted and logged.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failed(exception);
            }
        }
        return fired;
    }

    /// <summary>The first tick from the given one on whose slot holds something (perhaps for a later turn).</summary>
    private long NextOccupied(long from)
    {
        if (Count == 0) return long.MaxValue;
        var start = (int)(from % Slots);
        for (var step = 0; step <= occupied.Length; step++)
        {
            var word = (start / 64 + step) % occupied.Length;
            var bits = occupied[word];
            if (step == 0) bits &= ulong.MaxValue << (start % 64);
            if (step == occupied.Length) bits &= ~(ulong.MaxValue << (start % 64));
            if (bits == 0) continue;
            var slot = word * 64 + BitOperations.TrailingZeroCount(bits);
            return from + (slot - start + Slots) % Slots;
        }
        return long.MaxValue;
    }
}
