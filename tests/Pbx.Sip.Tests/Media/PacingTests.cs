using Pbx.Sip.Media;
using Pbx.Sip.Media.Sounds;

namespace Pbx.Sip.Tests.Media;

/// <summary>When packets leave, by a clock that the test moves: every 20 ms for each leg, the legs spread over four turns of 5 ms.</summary>
public sealed class PacingTests : IDisposable
{
    private const int StepsPerPacket = 4;

    private readonly LegBench bench = new();
    private readonly BenchLeg[] legs;
    private readonly int[] counted;

    public PacingTests()
    {
        bench.Loop.ServeWhatIsDue();
        legs = [.. Enumerable.Range(0, 8).Select(_ => bench.Leg())];
        counted = new int[legs.Length];
        foreach (var leg in legs)
        {
            bench.Loop.Post(leg.Stream, new MediaCommand.Add());
            bench.Loop.Post(leg.Stream, new MediaCommand.Play(new Playback(1, [SoundClip.Of(Ear.Tone(440, 5000), 8000)], loop: true)));
        }
        bench.Loop.ServeWhatIsDue();
        TakeSent();
    }

    public void Dispose() => bench.Dispose();

    [Fact]
    public void EachLeg_SendsEveryTwentyMilliseconds_InATurnOfItsOwn_WithTheOthersSpreadOverAllFour()
    {
        var phases = new List<int>[legs.Length];
        for (var i = 0; i < legs.Length; i++) phases[i] = [];
        for (var step = 0; step < 100; step++)
        {
            var sent = Pass(5);
            for (var i = 0; i < legs.Length; i++)
            {
                Assert.InRange(sent[i], 0, 1);
                if (sent[i] == 1) phases[i].Add(step);
            }
        }

        Assert.All(phases, steps => Assert.Equal(Enumerable.Range(0, 25).Select(n => steps[0] + (n * StepsPerPacket)), steps));
        Assert.Equal([0, 0, 1, 1, 2, 2, 3, 3], phases.Select(steps => steps[0] % StepsPerPacket).Order());
        Assert.All(legs, leg => Assert.All(leg.Sent.Zip(leg.Sent.Skip(1)), pair => Assert.Equal(
            (1, 160u), ((ushort)(pair.Second.Header.Sequence - pair.First.Header.Sequence), pair.Second.Header.Timestamp - pair.First.Header.Timestamp))));
    }

    [Fact]
    public void Lateness_DoesNotAddUp_DeadlinesStayWhereTheyWere()
    {
        // Woken 1 to 4 ms late each time: after one second it is the fiftieth packet all the same, and a step later none is missing.
        for (var i = 0; i < 200; i++)
        {
            bench.Wall.Advance(TimeSpan.FromMilliseconds(i % 2 == 0 ? 9 : 1));
            bench.Loop.ServeWhatIsDue();
        }

        Assert.All(TakeSent(), sent => Assert.Equal(50, sent));
        Assert.Equal(legs.Length, Pass(20).Sum());
    }

    [Fact]
    public void AfterAStandstill_WhatWasMissedIsNotSentInAHeap()
    {
        Assert.All(Pass(60), sent => Assert.Equal(3, sent));
        Assert.All(Pass(2000), sent => Assert.InRange(sent, 0, 1));
        Assert.All(Pass(20), sent => Assert.Equal(1, sent));
    }

    /// <summary>What each leg sends when that time has passed.</summary>
    private int[] Pass(int milliseconds)
    {
        bench.Wall.Advance(TimeSpan.FromMilliseconds(milliseconds));
        bench.Loop.ServeWhatIsDue();
        return TakeSent();
    }

    private int[] TakeSent() => [.. legs.Select((leg, i) =>
    {
        var all = leg.Sent.Count();
        var since = all - counted[i];
        counted[i] = all;
        return since;
    })];
}
