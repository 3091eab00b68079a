using Pbx.Sip.Diagnostics;

namespace Pbx.Sip.Tests.Diagnostics;

public sealed class GarbagePausesTests
{
    [Fact]
    public void Collections_OfEachKind_AreSeenWithAllOfTheirPauses()
    {
        using var pauses = new GarbagePauses(TimeProvider.System);
        var counters = new SipCounters();
        pauses.Publish(counters);
        for (var i = 0; i < 20; i++)
        {
            GC.Collect(i % 3, GCCollectionMode.Forced, blocking: true);
            GC.WaitForPendingFinalizers();
        }

        var read = counters.Read();
        var seen = pauses.Recent;
        foreach (var generation in new[] { 0, 1, 2 }) Assert.Contains(seen, pause => pause.Generation == generation && pause.Microseconds > 0);
        Assert.True(seen.Max(pause => pause.Microseconds) >= read["gc-longest-pause-us"], "the longest is among them");
        Assert.True(read["gc-longest-pause-us"] > 0, "the longest is known");
        Assert.True(read["gc-pauses-total-us"] >= seen.Where(pause => pause.Collection < seen[^1].Collection).Sum(pause => pause.Microseconds), "their sum is what the runtime says");
        Assert.InRange(read["gc-collections-2"], 6, int.MaxValue);
        Assert.True(read["gc-pauses-over-2-ms"] >= read["gc-pauses-over-5-ms"], "whoever is over 5 ms is over 2 ms");
    }

    /// <summary>Nobody asks for these: what sees them is the end of the sentinel alone.</summary>
    [Fact]
    public void Collections_NobodyLooks_AreKeptUpToTheLast()
    {
        using var pauses = new GarbagePauses(TimeProvider.System);
        for (var i = 0; i < 30; i++)
        {
            GC.Collect(0);
            GC.WaitForPendingFinalizers();
        }

        // Other tests collect too, and two at once may show as one.
        Assert.InRange(pauses.Recent.Select(pause => pause.Collection).Distinct().Count(), 25, PauseLog.Kept);
    }

    [Fact]
    public void Disposed_FurtherCollections_AreNotAwaited()
    {
        var watch = Abandoned();
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        GC.Collect();
        Assert.False(watch.IsAlive);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static WeakReference Abandoned()
    {
        var pauses = new GarbagePauses(TimeProvider.System);
        pauses.Dispose();
        return new WeakReference(pauses);
    }
}
