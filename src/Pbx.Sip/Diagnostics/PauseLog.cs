using Pbx.Core.Live;

namespace Pbx.Sip.Diagnostics;

/// <summary>The last pauses of one process, and the longest of all. Any thread.</summary>
internal sealed class PauseLog
{
    /// <summary>How many pauses are kept one by one.</summary>
    public const int Kept = 1024;

    private readonly Lock gate = new();
    private readonly Queue<GarbagePause> recent = new(Kept);
    private long longest;
    private long over2;
    private long over5;

    /// <summary>The last pauses, oldest first.</summary>
    public IReadOnlyList<GarbagePause> Recent
    {
        get { lock (gate) return [.. recent]; }
    }

    /// <summary>The longest since the start.</summary>
    public long LongestMicroseconds
    {
        get { lock (gate) return longest; }
    }

    /// <summary>How many were longer than 2 ms.</summary>
    public long Over2
    {
        get { lock (gate) return over2; }
    }

    /// <summary>How many were longer than 5 ms.</summary>
    public long Over5
    {
        get { lock (gate) return over5; }
    }

    /// <summary>Adds one.</summary>
    public void Add(GarbagePause pause)
    {
        lock (gate)
        {
            if (recent.Count == Kept) recent.Dequeue();
            recent.Enqueue(pause);
            longest = Math.Max(longest, pause.Microseconds);
            if (pause.Microseconds > 2_000) over2++;
            if (pause.Microseconds > 5_000) over5++;
        }
    }
}
