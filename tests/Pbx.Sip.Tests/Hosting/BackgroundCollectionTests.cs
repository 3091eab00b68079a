using System.Runtime;
using Pbx.Sip.Hosting;
using Pbx.Testing;

namespace Pbx.Sip.Tests.Hosting;

public sealed class BackgroundCollectionTests
{
    [Fact]
    public async Task Started_CollectsSoon_ThenOftenEnoughForTheThreadToStay_UntilItStops()
    {
        var clock = new FakeClock(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));
        using var room = new BackgroundCollection(clock);
        room.Start();
        Assert.Equal(GCLatencyMode.SustainedLowLatency, GCSettings.LatencyMode);

        var before = GC.CollectionCount(2);
        clock.Advance(TimeSpan.FromSeconds(0.9));
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(GC.CollectionCount(2) > before, "the first");
        if (!GCSettings.IsServerGC)
        {
            // The thread ends after 20 s.
            before = GC.CollectionCount(2);
            clock.Advance(TimeSpan.FromSeconds(15));
            Assert.True(GC.CollectionCount(2) > before, "the next");
        }

        await room.StopAsync(CancellationToken.None);
        Assert.Equal(long.MaxValue, clock.NextDue);
    }
}
