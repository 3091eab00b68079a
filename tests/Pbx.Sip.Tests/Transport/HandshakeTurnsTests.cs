using System.Net;
using CsCheck;
using Pbx.Sip.Network;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Tests.Transport;

public sealed class HandshakeTurnsTests
{
    [Fact]
    public void WhoComesAfterAThousandOfAnother_IsServedAfterOneOfTheirs()
    {
        var turns = new HandshakeTurns(1);
        var computing = Wait(turns, 1);
        var crowd = Enumerable.Range(0, 1000).Select(_ => Wait(turns, 1)).ToList();
        var honest = Wait(turns, 2);
        Assert.True(computing.IsCompletedSuccessfully);
        Assert.DoesNotContain(crowd, task => task.IsCompleted);

        turns.Release();
        turns.Release();

        Assert.True(Served(honest));
        Assert.Single(crowd, Served);
    }

    [Fact]
    public void OneThatWaitsNoLonger_IsPassedOver_AndTakesNobodysTurn()
    {
        var turns = new HandshakeTurns(1);
        using var over = new CancellationTokenSource();
        _ = Wait(turns, 1);
        var (gone, next, other) = (Wait(turns, 1, cancellationToken: over.Token), Wait(turns, 1), Wait(turns, 2));
        over.Cancel();

        turns.Release();
        Assert.True(Served(next));
        turns.Release();
        Assert.True(Served(other));
        turns.Release();
        Assert.True(Wait(turns, 3).IsCompletedSuccessfully);
        Assert.ThrowsAny<OperationCanceledException>(() => gone.GetAwaiter().GetResult());
    }

    /// <summary>Whatever comes, gives up and ends in any order: never more have a turn than may, none is lost, and nobody waits while one is free.</summary>
    [Fact]
    public void AnyOrder_AsManyHaveATurnAsMay_AndAllAreServedInTheEnd()
    {
        Gen.Select(Gen.Int[1, 3], Gen.Select(Gen.Int[0, 9], Gen.Int[1, 4], Gen.Bool).Array[1, 60]).Sample((atOnce, steps) =>
        {
            var turns = new HandshakeTurns(atOnce);
            List<(Task Task, CancellationTokenSource Over)> all = [];
            var ended = 0;
            foreach (var (what, source, hasBegun) in steps)
            {
                var waiting = all.FirstOrDefault(one => !Served(one.Task) && !one.Over.IsCancellationRequested);
                if (what == 0 && waiting.Over is not null) waiting.Over.Cancel();
                else if (what < 4 && all.Count(one => Served(one.Task)) > ended) End();
                else
                {
                    var over = new CancellationTokenSource();
                    all.Add((Wait(turns, source, hasBegun, over.Token), over));
                }
                var (having, want) = (all.Count(one => Served(one.Task)) - ended, all.Count(one => !one.Over.IsCancellationRequested || Served(one.Task)) - ended);
                Assert.Equal(Math.Min(atOnce, want), having);
            }
            while (all.Count(one => Served(one.Task)) > ended) End();
            Assert.All(all, one => Assert.True(Served(one.Task) || one.Over.IsCancellationRequested));
            foreach (var (_, over) in all) over.Dispose();

            void End()
            {
                turns.Release();
                ended++;
            }
        }, threads: 1);
    }

    [Fact]
    public void OfOneSource_ThoseThatHaveBegunComeFirst()
    {
        var turns = new HandshakeTurns(1);
        _ = Wait(turns, 1);
        var (first, begun) = (Wait(turns, 1), Wait(turns, 1, hasBegun: true));

        turns.Release();
        Assert.True(Served(begun) && !Served(first));
        turns.Release();
        Assert.True(Served(first));
    }

    private static Task Wait(HandshakeTurns turns, int source, bool hasBegun = false, CancellationToken cancellationToken = default) =>
        turns.WaitAsync(Source.Of(new IPAddress([203, 0, 113, (byte)source])), hasBegun, cancellationToken).AsTask();

    private static bool Served(Task task) => task.IsCompletedSuccessfully;
}
