using Pbx.Core.CallFlow;
using Pbx.Core.Queues;
using static Pbx.Core.Tests.CallFlow.QueueOwner;

namespace Pbx.Core.Tests.CallFlow;

/// <summary>After one and the same past, each strategy that looks at it chooses another agent.</summary>
public sealed class StrategyTests
{
    private static readonly string[] Everybody = ["e0", "e1", "e2", "e3", "e4"];

    [Theory]
    [InlineData(RingStrategy.InOrder, "e0")]
    [InlineData(RingStrategy.RoundRobin, "e1")]
    [InlineData(RingStrategy.LongestIdle, "e2")]
    [InlineData(RingStrategy.FewestAnswered, "e3")]
    [InlineData(RingStrategy.ByTier, "e4")]
    public void Strategy_AfterTheSamePast_ChoosesItsOwnAgent(RingStrategy strategy, string expected)
    {
        var queue = new QueueOwner(Company(5, q => q with
        {
            Strategy = strategy, Agents = [new("e0", 2), new("e1", 2), new("e2", 2), new("e3", 2), new("e4", 1)],
        }));
        foreach (var agent in new[] { "e2", "e0", "e1", "e4" }) Serve(queue, agent);
        // Who talks to a colleague has answered nothing of the queue, and has not been idle either.
        queue.Do(new QueueInput.ExtensionCalls("e3", 1));
        queue.Wait(10);
        queue.Do(new QueueInput.ExtensionCalls("e3", 0));
        // The last one offered: its caller hung up.
        Only(queue, "e0");
        var gone = queue.Join("q");
        Assert.Equal(["e0"], queue.Offered(gone));
        queue.Do(new QueueInput.CallerLeft(gone));
        Only(queue, Everybody);

        Assert.Equal([expected], queue.Offered(queue.Join("q")));
    }

    [Fact]
    public void ByTier_TheSecondTierRings_WhenTheFirstIsExhausted_ThenTheOrderStartsAgain()
    {
        var queue = new QueueOwner(Company(4, q => q with
        {
            Strategy = RingStrategy.ByTier, MaxWaitSeconds = 300, Agents = [new("e0", 2), new("e1", 1), new("e2", 1), new("e3", 2)],
        }));
        var call = queue.Join("q");
        foreach (var expected in new[] { "e1", "e2", "e0", "e3", "e1" })
        {
            Assert.Equal([expected], queue.Offered(call));
            queue.Wait(20);
        }
    }

    [Fact]
    public void ByTier_WhenAllOfTheFirstTierAreBusy_TheSecondRingsAtOnce()
    {
        var queue = new QueueOwner(Company(2, q => q with { Strategy = RingStrategy.ByTier, Agents = [new("e0", 2), new("e1", 1)] }));
        queue.Do(new QueueInput.ExtensionCalls("e1", 1));

        Assert.Equal(["e0"], queue.Offered(queue.Join("q")));
    }

    /// <summary>A call that this agent answers, one second long.</summary>
    private static void Serve(QueueOwner queue, string agent)
    {
        Only(queue, agent);
        var call = queue.Join("q");
        queue.Do(new QueueInput.OfferEnded(call, agent, OfferOutcome.Answered));
        queue.Wait(1);
        queue.Do(new QueueInput.CallerLeft(call));
    }

    private static void Only(QueueOwner queue, params string[] agents)
    {
        foreach (var extension in Everybody) queue.Do(new QueueInput.ExtensionRegistered(extension, agents.Contains(extension)));
    }
}
