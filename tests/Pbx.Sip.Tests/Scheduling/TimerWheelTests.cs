using CsCheck;
using Pbx.Sip.Endpoint;
using Pbx.Sip.Scheduling;
using Pbx.Testing;

namespace Pbx.Sip.Tests.Scheduling;

public sealed class TimerWheelTests
{
    private readonly FakeClock clock = new();
    private readonly Shard shard;

    public TimerWheelTests() => shard = new Shard(0, clock, new ShardLimits(), exception => throw exception);

    [Fact]
    public void Timer_Started_FiresOnceAndNotEarly()
    {
        var fired = 0;
        var timer = shard.CreateTimer(() => fired++);
        timer.Start(TimeSpan.FromMilliseconds(500));
        Step(499);
        Assert.Equal(0, fired);
        Step(11);
        Step(5000);
        Assert.Equal(1, fired);
        Assert.False(timer.IsRunning);
        Assert.Equal(0, shard.Timers);
    }

    [Fact]
    public void Timer_StoppedByAnotherOfTheSameTick_DoesNotFire()
    {
        var fired = 0;
        ShardTimer second = null!;
        var first = shard.CreateTimer(() => second.Stop());
        second = shard.CreateTimer(() => fired++);
        first.Start(TimeSpan.FromMilliseconds(20));
        second.Start(TimeSpan.FromMilliseconds(20));
        Step(1000);
        Assert.Equal(0, fired);
        Assert.Equal(0, shard.Timers);
    }

    [Fact]
    public void Timer_LongerThanATurn_WaitsForItsTurn()
    {
        var fired = 0;
        shard.CreateTimer(() => fired++).Start(TimeSpan.FromMinutes(30));
        Step(29 * 60_000);
        Assert.Equal(0, fired);
        Step(61_000);
        Assert.Equal(1, fired);
    }

    [Fact]
    public void Timer_RestartingItselfWithZero_DoesNotHoldTheLoop()
    {
        var fired = 0;
        ShardTimer timer = null!;
        timer = shard.CreateTimer(() =>
        {
            fired++;
            timer.Start(TimeSpan.Zero);
        });
        timer.Start(TimeSpan.Zero);
        Step(100);
        Assert.InRange(fired, 1, 11);
    }

    [Fact]
    public void Timers_AnyMixOfStartsStopsAndSteps_FireLikeAModel() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 90_000], Gen.Int[0, 2]).Array[1, 60].Sample(commands =>
        {
            var localClock = new FakeClock();
            var local = new Shard(0, localClock, new ShardLimits(), exception => throw exception);
            var due = new Dictionary<int, long>();
            var timers = new ShardTimer[10];
            var now = 0L;
            for (var i = 0; i < timers.Length; i++)
            {
                var index = i;
                timers[i] = local.CreateTimer(() =>
                {
                    Assert.True(due.Remove(index, out var at), "fired but not running");
                    Assert.True(now >= at, "fired early");
                });
            }
            foreach (var (index, milliseconds, what) in commands)
            {
                if (what == 0) timers[index].Start(TimeSpan.FromMilliseconds(milliseconds));
                if (what == 0) due[index] = now + milliseconds;
                if (what == 1) timers[index].Stop();
                if (what == 1) due.Remove(index);
                if (what != 2) continue;
                now += milliseconds;
                localClock.Advance(TimeSpan.FromMilliseconds(milliseconds));
                local.Pump();
                Assert.DoesNotContain(due, d => d.Value <= now - 20);
                Assert.Equal(due.Count, local.Timers);
            }
        }, iter: 2000);

    private void Step(int milliseconds)
    {
        clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        shard.Pump();
    }
}
