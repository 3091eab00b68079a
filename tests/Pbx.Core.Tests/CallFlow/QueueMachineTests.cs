using System.Diagnostics;
using Pbx.Core.CallFlow;
using Pbx.Core.Common;
using Pbx.Core.Live;
using Pbx.Core.Queues;
using Pbx.Core.Sites;
using Pbx.Core.Snapshot;
using static Pbx.Core.Tests.CallFlow.QueueOwner;

namespace Pbx.Core.Tests.CallFlow;

public sealed class QueueMachineTests(ITestOutputHelper output)
{
    [Fact]
    public void InOrder_RingsOneByOne_TwentySecondsEach_ThenStartsAgain()
    {
        var queue = new QueueOwner(Company(3));
        var call = queue.Join("q");
        Assert.Equal(["e0"], queue.Offered(call));
        foreach (var next in new[] { "e1", "e2", "e0", "e1" })
        {
            queue.Wait(20);
            Assert.Equal([next], queue.Offered(call));
        }
        queue.Wait(41);
        Assert.Equal(QueueLeaveReason.MaxWait, queue.Outs[call]);
    }

    [Fact]
    public void LongestWait_WithdrawsTheRingingAgent()
    {
        var queue = new QueueOwner(Company(1, q => q with { MaxWaitSeconds = 30 }));
        var call = queue.Join("q");
        queue.Wait(29.9);
        Assert.Equal(["e0"], queue.Offered(call));
        queue.Wait(0.1);

        Assert.Contains(queue.Log, a => a is QueueAction.Withdraw { Agent: "e0" });
        Assert.Equal(QueueLeaveReason.MaxWait, queue.Outs[call]);
    }

    [Fact]
    public void WhoCannot_IsPassedOverAtOnce_AndTheReasonIsTold()
    {
        var company = Company(6).With(new AgentLogin { Key = "e1", Extension = "e1", LoggedIn = false, ChangedAt = Start });
        company = company.With(company.Extensions["e2"] with { DoNotDisturb = true });
        var queue = new QueueOwner(company, register: false);
        foreach (var extension in new[] { "e1", "e2", "e3", "e4", "e5" }) queue.Do(new QueueInput.ExtensionRegistered(extension, true));
        queue.Do(new QueueInput.ExtensionCalls("e3", 1));
        var first = queue.Join("q");
        queue.Do(new QueueInput.OfferEnded(first, "e4", OfferOutcome.Rejected));

        Assert.Equal(["e5"], queue.Offered(first));
        var told = queue.Log.OfType<QueueAction.Skipped>().Select(s => (s.Agent, s.Why)).ToList();
        Assert.Equal([("e0", AgentState.NotRegistered), ("e1", AgentState.LoggedOut), ("e2", AgentState.DoNotDisturb), ("e3", AgentState.Busy), ("e4", AgentState.Resting)], told);
        Assert.Equal(new JourneyStep(JourneyCodes.AgentSkipped, "extension:e0", "not-registered"), queue.Log.OfType<QueueAction.Skipped>().First().ToStep());
    }

    [Fact]
    public void WhoRejects_IsLeftAloneForTheRetryTime()
    {
        var queue = new QueueOwner(Company(1));
        var call = queue.Join("q");
        queue.Do(new QueueInput.OfferEnded(call, "e0", OfferOutcome.Rejected));
        queue.Wait(4.9);
        Assert.Empty(queue.Offered(call));
        queue.Wait(0.1);
        Assert.Equal(["e0"], queue.Offered(call));
    }

    [Fact]
    public void Answer_ThenWrapUp_ThenFree()
    {
        var queue = new QueueOwner(Company(1, q => q with { WrapUpSeconds = 10 }));
        var first = queue.Join("q");
        queue.Do(new QueueInput.OfferEnded(first, "e0", OfferOutcome.Answered));
        var second = queue.Join("q");
        Assert.Empty(queue.Offered(second));
        queue.Do(new QueueInput.CallerLeft(first));
        Assert.Equal(AgentState.WrapUp, queue.Machine.Live()[0].Agents[0].State);
        queue.Wait(10);
        Assert.Equal(["e0"], queue.Offered(second));
        Assert.Equal(1, queue.Machine.Live()[0].Agents[0].Answered);
    }

    [Fact]
    public void RingAll_ReservesAllFree_FirstAnswerWins_TheOthersAreWithdrawn()
    {
        var queue = new QueueOwner(Company(3, q => q with { Strategy = RingStrategy.RingAll }));
        var first = queue.Join("q");
        var second = queue.Join("q");
        Assert.Equal(["e0", "e1", "e2"], queue.Offered(first));
        Assert.Empty(queue.Offered(second));

        queue.Do(new QueueInput.OfferEnded(first, "e1", OfferOutcome.Answered));
        Assert.Equal(["e0", "e2"], queue.Log.OfType<QueueAction.Withdraw>().Where(w => w.Call == first).Select(w => w.Agent));
        Assert.Equal(["e0", "e2"], queue.Offered(second));
    }

    [Fact]
    public void RingAll_WhoBecomesFreeRingsToo()
    {
        var queue = new QueueOwner(Company(2, q => q with { Strategy = RingStrategy.RingAll }));
        queue.Do(new QueueInput.ExtensionCalls("e1", 1));
        var call = queue.Join("q");
        Assert.Equal(["e0"], queue.Offered(call));
        queue.Do(new QueueInput.ExtensionCalls("e1", 0));
        Assert.Equal(["e0", "e1"], queue.Offered(call));
    }

    [Theory]
    [InlineData(RingStrategy.InOrder, "e0 e0 e0")]
    [InlineData(RingStrategy.RoundRobin, "e0 e1 e2")]
    [InlineData(RingStrategy.FewestAnswered, "e0 e1 e2")]
    [InlineData(RingStrategy.LongestIdle, "e0 e1 e2")]
    [InlineData(RingStrategy.ByTier, "e1 e1 e1")]
    public void Strategy_OfOneCallAfterTheOther(RingStrategy strategy, string expected)
    {
        var queue = new QueueOwner(Company(3, q => q with { Strategy = strategy, Agents = [new("e0", 2), new("e1", 1), new("e2", 2)] }));
        var agents = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            var call = queue.Join("q");
            agents.Add(queue.Offered(call).Single());
            queue.Do(new QueueInput.OfferEnded(call, agents[^1], OfferOutcome.Answered));
            queue.Wait(1);
            queue.Do(new QueueInput.CallerLeft(call));
        }
        Assert.Equal(expected, string.Join(' ', agents));
    }

    [Fact]
    public void RandomStart_SpreadsCallers_AndGoesRound()
    {
        var queue = new QueueOwner(Company(4, q => q with { Strategy = RingStrategy.RandomStart }));
        var starts = new HashSet<string>();
        for (var i = 0; i < 40; i++)
        {
            var call = queue.Join("q", i * 7919);
            starts.Add(queue.Offered(call).Single());
            queue.Do(new QueueInput.CallerLeft(call));
        }
        Assert.Equal(4, starts.Count);

        var one = queue.Join("q", 5);
        var rang = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            rang.Add(queue.Offered(one).Single());
            queue.Wait(20);
        }
        Assert.Equal(4, rang.Distinct().Count());
    }

    [Fact]
    public void Queues_ByPriority_ThenTheOldestCaller()
    {
        var company = Company(1).With(new Queue { Key = "vip", Name = "V", Site = "paris", Agents = [new("e0")], Priority = 1 })
            .With(new Queue { Key = "z", Name = "Z", Site = "paris", Agents = [new("e0")] });
        var queue = new QueueOwner(company);
        queue.Do(new QueueInput.ExtensionCalls("e0", 1));
        var (z, q, vip) = (queue.Join("z"), queue.Join("q"), queue.Join("vip"));
        queue.Do(new QueueInput.ExtensionCalls("e0", 0));
        Assert.Equal(["e0"], queue.Offered(vip));
        queue.Do(new QueueInput.CallerLeft(vip));
        Assert.Equal(["e0"], queue.Offered(z));
        Assert.Empty(queue.Offered(q));
    }

    [Fact]
    public void NoAgentLoggedIn_LeavesAtOnce_UnlessTheQueueLetsThemWait()
    {
        var company = Company(1).With(new AgentLogin { Key = "e0", Extension = "e0", LoggedIn = false, ChangedAt = Start });
        var queue = new QueueOwner(company);
        Assert.Equal(QueueLeaveReason.NoAgents, queue.Outs[queue.Join("q")]);

        var waits = new QueueOwner(company.With(company.Queues["q"] with { WaitWithoutAgents = true }));
        Assert.Empty(waits.Outs);
        Assert.False(waits.Outs.ContainsKey(waits.Join("q")));
    }

    [Fact]
    public void LastAgent_LoggingOutByHand_SendsTheWaitingOut()
    {
        var queue = new QueueOwner(Company(1));
        var call = queue.Join("q");
        queue.Publish(queue.Snapshot.With(new AgentLogin { Key = "e0/q", Extension = "e0", Queue = "q", LoggedIn = false, ChangedAt = Start }));

        Assert.Equal(QueueLeaveReason.NoAgents, queue.Outs[call]);
        Assert.Contains(queue.Log, a => a is QueueAction.Withdraw { Agent: "e0" });
    }

    [Fact]
    public void ClosingTime_StopsNewCallers_AndThoseWaitingKeepTheAgents()
    {
        var queue = new QueueOwner(Company(1, q => q with { MaxWaitSeconds = 7200 }, follows: true));
        queue.Do(new QueueInput.ExtensionCalls("e0", 1));
        var early = queue.Join("q");
        queue.Wait(3600);

        Assert.Equal(QueueLeaveReason.NoAgents, queue.Outs[queue.Join("q")]);
        queue.Do(new QueueInput.ExtensionCalls("e0", 0));
        Assert.Equal(["e0"], queue.Offered(early));
    }

    [Fact]
    public void ExceptionalClosure_DoesNotLogAgentsOut()
    {
        var queue = new QueueOwner(Company(1, follows: true).With(new ClosureSwitch { Key = "paris", On = true, ChangedAt = Start }));

        Assert.Equal(["e0"], queue.Offered(queue.Join("q")));
    }

    [Fact]
    public void LogInByHand_OutsideHours_LastsUntilTheNextChange()
    {
        var queue = new QueueOwner(Company(1, q => q with { RingSeconds = 5, MaxWaitSeconds = 5 }, follows: true));
        queue.Wait(7200);
        Assert.Equal(QueueLeaveReason.NoAgents, queue.Outs[queue.Join("q")]);

        queue.Publish(queue.Snapshot.With(new AgentLogin { Key = "e0", Extension = "e0", LoggedIn = true, ChangedAt = queue.Now }));
        Assert.Equal(["e0"], queue.Offered(queue.Join("q")));
        // Tuesday 12:00 in Paris: the break; it follows the hours again.
        queue.Wait((new DateTimeOffset(2026, 11, 24, 11, 30, 0, TimeSpan.Zero) - queue.Now).TotalSeconds);
        Assert.Equal(QueueLeaveReason.NoAgents, queue.Outs[queue.Join("q")]);
        queue.Wait(3600);
        Assert.Equal(["e0"], queue.Offered(queue.Join("q")));
    }

    [Fact]
    public void LoggedOutByHand_StaysOut_WhenTheHoursBegin()
    {
        var queue = new QueueOwner(Company(1, follows: true).With(new AgentLogin { Key = "e0", Extension = "e0", LoggedIn = false, ChangedAt = Start }));
        queue.Wait(24 * 3600);

        Assert.Equal(QueueLeaveReason.NoAgents, queue.Outs[queue.Join("q")]);
    }

    [Fact]
    public void FullQueue_AndRemovedQueue_PutCallersOut()
    {
        var queue = new QueueOwner(Company(1, q => q with { MaxCallers = 1 }));
        var call = queue.Join("q");
        Assert.Equal(QueueLeaveReason.Full, queue.Outs[queue.Join("q")]);
        queue.Publish(queue.Snapshot.Without(new(ObjectKind.Queue, "q")));
        Assert.Equal(QueueLeaveReason.Removed, queue.Outs[call]);
        Assert.Empty(queue.Machine.Live());
    }

    [Fact]
    public void Withdrawn_TheAgentIsOfferedToNobody_UntilTheCallSaysThatItRingsNoMore()
    {
        var queue = new QueueOwner(Company(1, q => q with { MaxWaitSeconds = 10 })) { Confirms = false };
        var first = queue.Join("q");
        queue.Wait(9.95);
        var second = queue.Join("q");
        queue.Wait(0.05);
        Assert.Equal(QueueLeaveReason.MaxWait, queue.Outs[first]);
        Assert.Empty(queue.Offered(second));
        queue.Do(new QueueInput.CallerLeft(first));
        Assert.Equal(["e0"], queue.Offered(second));
    }

    [Fact]
    public void AnswerThatCrossesTheWithdrawal_Wins()
    {
        var queue = new QueueOwner(Company(2)) { Confirms = false };
        var call = queue.Join("q");
        queue.Wait(20);
        Assert.Equal(["e1"], queue.Offered(call));
        queue.Do(new QueueInput.OfferEnded(call, "e0", OfferOutcome.Answered));

        Assert.Contains(queue.Log, a => a is QueueAction.Withdraw { Agent: "e1" });
        Assert.Equal([AgentState.Busy, AgentState.Free], queue.Machine.Live()[0].Agents.Select(a => a.State));
        Assert.Empty(queue.Machine.Live()[0].Waiting);
    }

    [Fact]
    public void ThousandCallers_FiveHundredAgents_DecideFarBelowAMillisecond()
    {
        var queue = new QueueOwner(Company(500, q => q with { Strategy = RingStrategy.LongestIdle })) { Confirms = false };
        var calls = Enumerable.Range(0, 1000).Select(_ => queue.Join("q")).ToList();
        var offers = queue.Log.OfType<QueueAction.Offer>().ToList();
        Assert.Equal(500, offers.Count);
        var watch = Stopwatch.StartNew();
        var decisions = 0;
        foreach (var offer in offers)
        {
            queue.Do(new QueueInput.OfferEnded(offer.Call, offer.Agent, OfferOutcome.Answered));
            queue.Do(new QueueInput.ExtensionCalls(offer.Agent, 1));
            queue.Do(new QueueInput.CallerLeft(offer.Call));
            queue.Do(new QueueInput.ExtensionCalls(offer.Agent, 0));
            decisions += 4;
        }
        var each = watch.Elapsed.TotalMilliseconds / decisions;
        output.WriteLine($"{each * 1000:F1} µs each of {decisions}");
        Assert.Equal(1000, queue.Log.OfType<QueueAction.Offer>().Select(o => o.Call).Distinct().Count());
        Assert.True(each < 0.5, $"{each} ms each");
    }
}
