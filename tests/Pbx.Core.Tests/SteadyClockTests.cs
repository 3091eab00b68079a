using Pbx.Core.Common;
using Pbx.Testing;

namespace Pbx.Core.Tests;

public sealed class SteadyClockTests
{
    private readonly FakeClock wall = new();

    [Fact]
    public void Clock_WallIsSet_GoesOnAsBefore_AndTellsByHowMuchOnce()
    {
        var steady = new SteadyClock(wall);
        List<TimeSpan> told = [];
        steady.WallMoved += told.Add;
        var start = steady.GetUtcNow();
        wall.Advance(TimeSpan.FromSeconds(10));
        steady.LookAtWall();
        Assert.Empty(told);

        wall.SetWall(TimeSpan.FromHours(1));
        wall.Advance(TimeSpan.FromSeconds(10));
        steady.LookAtWall();
        steady.LookAtWall();

        Assert.Equal(start.AddSeconds(20), steady.GetUtcNow());
        Assert.Equal([TimeSpan.FromHours(1)], told);
        Assert.Equal(wall.GetUtcNow(), steady.ToWall(steady.GetUtcNow()));
        Assert.Equal(steady.GetUtcNow(), steady.FromWall(wall.GetUtcNow()));
        wall.SetWall(TimeSpan.FromHours(-25));
        steady.LookAtWall();
        Assert.Equal([TimeSpan.FromHours(1), TimeSpan.FromHours(-25)], told);
        Assert.Equal(DateTimeOffset.MaxValue, steady.FromWall(DateTimeOffset.MaxValue));
        Assert.Equal(DateTimeOffset.MinValue, steady.ToWall(DateTimeOffset.MinValue));
    }

    [Fact]
    public void Clock_WallIsSlewedALittle_SaysNothing()
    {
        var steady = new SteadyClock(wall);
        steady.WallMoved += _ => Assert.Fail("Nobody set it.");
        wall.SetWall(TimeSpan.FromMilliseconds(300));
        steady.LookAtWall();
        Assert.Equal(TimeSpan.Zero, steady.WallAhead);
    }
}
