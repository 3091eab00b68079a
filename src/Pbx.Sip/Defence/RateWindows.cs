namespace Pbx.Sip.Defence;

/// <summary>
/// How often something happened in the minute that runs, in a fixed number of cells chosen by hash: never grows, nobody can push anybody out.
/// Two that share a cell share their budget, which costs a stranger's patience at worst. From any thread.
/// </summary>
internal sealed class RateWindows
{
    private const int Cells = 1 << 14;
    private readonly long[] cells = new long[Cells];

    /// <summary>How often in this minute.</summary>
    public int Count(int hash, DateTimeOffset now)
    {
        var cell = Volatile.Read(ref cells[hash & (Cells - 1)]);
        return cell >> 20 == MinuteOf(now) ? (int)(cell & 0xFFFFF) : 0;
    }

    /// <summary>Once more; gives how often in this minute.</summary>
    public int Add(int hash, DateTimeOffset now)
    {
        ref var place = ref cells[hash & (Cells - 1)];
        while (true)
        {
            var (seen, minute) = (Volatile.Read(ref place), MinuteOf(now));
            var count = seen >> 20 == minute ? Math.Min((seen & 0xFFFFF) + 1, 0xFFFFF) : 1;
            if (Interlocked.CompareExchange(ref place, (minute << 20) | count, seen) == seen) return (int)count;
        }
    }

    private static long MinuteOf(DateTimeOffset now) => now.ToUnixTimeSeconds() / 60;
}
