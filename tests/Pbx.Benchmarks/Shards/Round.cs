using Pbx.Sip.Endpoint;

namespace Pbx.Benchmarks.Shards;

/// <summary>What the phones do.</summary>
internal enum LoadKind
{
    /// <summary>INVITE, 200, ACK, BYE, 200 from a provider, to a menu.</summary>
    Calls,

    /// <summary>REGISTER, 401, REGISTER, 200.</summary>
    Registrations,
}

/// <summary>One measurement.</summary>
/// <param name="Kind">What an operation was.</param>
/// <param name="Shards">Threads that did it.</param>
/// <param name="Operations">Operations that came to their end.</param>
/// <param name="Failed">Operations that did not.</param>
/// <param name="PerSecond">Operations in a second.</param>
/// <param name="CpuMicroseconds">CPU of the whole process for one.</param>
/// <param name="ShardMicroseconds">CPU of the shards' threads for one; the rest is garbage collection and timers.</param>
/// <param name="LoadMicroseconds">Of that, what the phones took.</param>
/// <param name="ShardCores">Cores that the shards' threads used; near their number, or they had nothing to do.</param>
/// <param name="WaitedCores">Cores that they could have used and others had: a busy machine.</param>
/// <param name="Collections">Garbage collections.</param>
/// <param name="PausePercent">Share of the time for which those halted all.</param>
/// <param name="Contentions">How often a thread found a lock taken, for a thousand operations.</param>
internal sealed record Round(LoadKind Kind, int Shards, long Operations, long Failed, double PerSecond, double CpuMicroseconds, double ShardMicroseconds,
    double LoadMicroseconds, double ShardCores, double WaitedCores, int Collections, double PausePercent, double Contentions)
{
    /// <summary>
    /// So few that the queue stays below what the front door takes for overload (two messages for each), and so many that a shard is without work for
    /// 1/(n + 1) of the time only: each call may go to the other one.
    /// </summary>
    private const int Lines = FrontDoor.ShortQueue / 2 - 2;

    public static Round Run(LoadKind kind, int shards, TimeSpan length)
    {
        using var house = new House(shards, Lines);
        var phones = new Phones(kind, Lines, house.FrontDoor);
        house.Open(phones);
        phones.Begin();
        // By then as many transactions linger as will.
        Thread.Sleep(House.Times.Timeout + TimeSpan.FromSeconds(1));
        var before = Reading.Now(phones);
        Thread.Sleep(length);
        var after = Reading.Now(phones);
        phones.End();
        house.AssertIdle();
        return Between(kind, shards, before, after);
    }

    private static Round Between(LoadKind kind, int shards, Reading before, Reading after)
    {
        var (seconds, operations) = (after.Seconds - before.Seconds, after.Phones.Done - before.Phones.Done);
        double Each(double total) => total * 1e6 / Math.Max(1, operations);
        return new Round(kind, shards, operations, after.Phones.Failed, operations / seconds, Each(after.Cpu - before.Cpu), Each(after.Threads.Running - before.Threads.Running),
            Each(after.Phones.Seconds - before.Phones.Seconds), (after.Threads.Running - before.Threads.Running) / seconds,
            (after.Threads.Waiting - before.Threads.Waiting) / seconds, after.Collections - before.Collections, 100 * (after.Paused - before.Paused) / seconds,
            1000.0 * (after.Contentions - before.Contentions) / Math.Max(1, operations));
    }

    private sealed record Reading(double Seconds, PhoneCounts Phones, double Cpu, ThreadTimes Threads, int Collections, double Paused, long Contentions)
    {
        public static Reading Now(Phones phones) => new(TimeProvider.System.GetTimestamp() / (double)TimeProvider.System.TimestampFrequency, phones.Counts,
            Environment.CpuUsage.TotalTime.TotalSeconds, ThreadTimes.Of("shard "), GC.CollectionCount(0), GC.GetTotalPauseDuration().TotalSeconds,
            Monitor.LockContentionCount);
    }
}
