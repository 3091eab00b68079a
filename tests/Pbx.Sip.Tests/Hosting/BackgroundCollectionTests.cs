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

        Assert.True(CollectsEvery(TimeSpan.FromSeconds(1)), "the first");
        // The thread ends after 20 s.
        if (!GCSettings.IsServerGC) Assert.True(CollectsEvery(TimeSpan.FromSeconds(15)), "the next");

        await room.StopAsync(CancellationToken.None);
        Assert.Equal(long.MaxValue, clock.NextDue);

        // While one goes on (of another test, perhaps), no other is begun: the next time then.
        bool CollectsEvery(TimeSpan interval)
        {
            var before = GC.CollectionCount(2);
            return SpinWait.SpinUntil(() =>
            {
                clock.Advance(interval);
                return GC.CollectionCount(2) > before;
            }, TimeSpan.FromMinutes(1));
        }
    }
}
