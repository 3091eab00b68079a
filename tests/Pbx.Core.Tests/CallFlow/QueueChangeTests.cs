using Pbx.Core.CallFlow;
using Pbx.Core.Live;
using Pbx.Core.Queues;
using Pbx.Core.Sites;
using Pbx.Core.Snapshot;
using static Pbx.Core.Tests.CallFlow.QueueOwner;

namespace Pbx.Core.Tests.CallFlow;

/// <summary>What is changed while a caller waits counts for that caller; what rings or talks is not cut by it.</summary>
public sealed class QueueChangeTests
{
    [Fact]
    public void LongestWait_MadeShorterOrLonger_CountsFromWhenTheCallerCame()
    {
        var queue = new QueueOwner(Company(1));
        var call = queue.Join("q");
        queue.Wait(10);
        Change(queue, q => q with { MaxWaitSeconds = 30 });
        queue.Wait(19.9);
        Assert.Empty(queue.Outs);
        Change(queue, q => q with { MaxWaitSeconds = 60 });
        queue.Wait(30);
        Assert.Empty(queue.Outs);
        queue.Wait(0.1);
        Assert.Equal(QueueLeaveReason.MaxWait, queue.Outs[call]);

        var next = queue.Join("q");
        queue.Wait(50);
        Change(queue, q => q with { MaxWaitSeconds = 20 });
        Assert.Equal(QueueLeaveReason.MaxWait, queue.Outs[next]);
    }

    [Fact]
    public void RingSeconds_Changed_CountForTheNextAgent()
    {
        var queue = new QueueOwner(Company(3));
        var call = queue.Join("q");
        Change(queue, q => q with { RingSeconds = 5 });
        queue.Wait(19.9);
        Assert.Equal(["e0"], queue.Offered(call));
        queue.Wait(0.1);
        Assert.Equal(["e1"], queue.Offered(call));
        queue.Wait(5);
        Assert.Equal(["e2"], queue.Offered(call));
    }

    [Fact]
    public void Agent_Added_RingsForWhoWaits_AndOneRemovedRingsNoMore()
    {
        var queue = new QueueOwner(Company(2, q => q with { Agents = [new("e0")] }));
        queue.Do(new QueueInput.ExtensionCalls("e0", 1));
        var call = queue.Join("q");
        Assert.Empty(queue.Offered(call));
        Change(queue, q => q with { Agents = [new("e0"), new("e1")] });
        Assert.Equal(["e1"], queue.Offered(call));

        queue.Do(new QueueInput.ExtensionCalls("e0", 0));
        Change(queue, q => q with { Agents = [new("e0")] });
        Assert.Contains(queue.Log, a => a is QueueAction.Withdraw { Agent: "e1" });
        Assert.Equal(["e0"], queue.Offered(call));
    }

    [Fact]
    public void Order_Changed_CountsForTheNextAgent()
    {
        var queue = new QueueOwner(Company(3));
        var call = queue.Join("q");
        Change(queue, q => q with { Agents = [new("e0"), new("e2"), new("e1")] });
        queue.Wait(20);
        Assert.Equal(["e2"], queue.Offered(call));
    }

    [Fact]
    public void Strategy_Changed_CountsForWhoWaits()
    {
        var queue = new QueueOwner(Company(3));
        var call = queue.Join("q");
        Change(queue, q => q with { Strategy = RingStrategy.RingAll });
        Assert.Equal(["e0", "e1", "e2"], queue.Offered(call));

        queue.Wait(20);
        Change(queue, q => q with { Strategy = RingStrategy.InOrder });
        queue.Wait(5);
        Assert.Equal(["e0"], queue.Offered(call));
    }

    [Fact]
    public void WaitWithoutAgents_SwitchedOff_SendsOutWhoWaitsForNobody()
    {
        var queue = new QueueOwner(Company(1, q => q with { WaitWithoutAgents = true }).With(LoggedOut("e0")));
        var call = queue.Join("q");
        Assert.Empty(queue.Outs);
        Change(queue, q => q with { WaitWithoutAgents = false });

        Assert.Equal(QueueLeaveReason.NoAgents, queue.Outs[call]);
    }

    [Fact]
    public void LastAgent_LoggingOutByHand_LeavesThemWaiting_WhereTheQueueLetsThemWait()
    {
        var queue = new QueueOwner(Company(1, q => q with { WaitWithoutAgents = true }));
        var call = queue.Join("q");
        queue.Publish(queue.Snapshot.With(LoggedOut("e0")));

        Assert.Empty(queue.Outs);
        Assert.Empty(queue.Offered(call));
        queue.Publish(queue.Snapshot.With(LoggedOut("e0") with { LoggedIn = true, ChangedAt = queue.Now }));
        Assert.Equal(["e0"], queue.Offered(call));
    }

    [Fact]
    public void Agent_ThatRingsOrTalks_IsNotCutByClosingTime()
    {
        var queue = new QueueOwner(Company(2, q => q with { MaxWaitSeconds = 7200 }, follows: true));
        queue.Wait(3590);
        var (talking, ringing) = (queue.Join("q"), queue.Join("q"));
        queue.Do(new QueueInput.OfferEnded(talking, "e0", OfferOutcome.Answered));
        queue.Wait(15);

        Assert.Equal(QueueLeaveReason.NoAgents, queue.Outs[queue.Join("q")]);
        AssertUncut(queue, talking, ringing);
    }

    [Fact]
    public void Agent_ThatRingsOrTalks_IsNotCutByAnExceptionalClosure()
    {
        var queue = new QueueOwner(Company(2, follows: true));
        var (talking, ringing) = (queue.Join("q"), queue.Join("q"));
        queue.Do(new QueueInput.OfferEnded(talking, "e0", OfferOutcome.Answered));
        queue.Publish(queue.Snapshot.With(new ClosureSwitch { Key = "paris", On = true, ChangedAt = Start }));
        queue.Wait(5);

        AssertUncut(queue, talking, ringing);
    }

    [Fact]
    public void Holiday_CountsAsOutside()
    {
        var company = Company(1, follows: true);
        var queue = new QueueOwner(company.With(company.Sites["paris"] with { Holidays = [new Holiday { Name = "Pont", Date = new(2026, 11, 23) }] }));

        Assert.Equal(QueueLeaveReason.NoAgents, queue.Outs[queue.Join("q")]);
        Assert.Equal(AgentState.OutsideHours, queue.Machine.Live()[0].Agents[0].State);
    }

    [Fact]
    public void Withdrawal_ThatTheCallDoesNotConfirm_IsGivenUpAfterTwoSeconds()
    {
        var queue = new QueueOwner(Company(1, q => q with { MaxWaitSeconds = 10 })) { Confirms = false };
        queue.Join("q");
        queue.Wait(9);
        var second = queue.Join("q");
        queue.Wait(2.9);
        Assert.Empty(queue.Offered(second));
        queue.Wait(0.1);
        Assert.Equal(["e0"], queue.Offered(second));
    }

    private static AgentLogin LoggedOut(string extension) => new() { Key = extension, Extension = extension, LoggedIn = false, ChangedAt = Start };

    private static void Change(QueueOwner queue, Func<Queue, Queue> change) =>
        queue.Publish(queue.Snapshot.With(change(queue.Snapshot.Queues["q"])));

    private static void AssertUncut(QueueOwner queue, Guid talking, Guid ringing)
    {
        Assert.DoesNotContain(queue.Log, a => a is QueueAction.Withdraw);
        Assert.DoesNotContain(talking, queue.Outs.Keys);
        Assert.DoesNotContain(ringing, queue.Outs.Keys);
        Assert.Equal([AgentState.Busy, AgentState.Ringing], queue.Machine.Live()[0].Agents.Select(a => a.State));
        queue.Do(new QueueInput.OfferEnded(ringing, "e1", OfferOutcome.Answered));
        Assert.Equal([AgentState.Busy, AgentState.Busy], queue.Machine.Live()[0].Agents.Select(a => a.State));
    }
}
