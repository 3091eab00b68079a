using Pbx.Core.CallRecords;
using Pbx.Core.Common;
using Pbx.Core.Queues;
using Pbx.Core.Snapshot;
using Pbx.Sip.Messages;

namespace Pbx.Sip.Tests.Engine;

/// <summary>Queues through the engine: agents one by one, races of answer, log-out and hang-up.</summary>
public sealed class QueueCallsTests
{
    [Fact]
    public void Queue_FirstAgentDoesNotAnswer_SecondIsRungAndTalks()
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b, c) = (bench.Phone("100"), bench.Phone("101"), bench.Phone("102"));
        var call = Enter(bench, a);
        var first = b.Take(SipMethods.Invite);
        b.Reply(first, 180);
        bench.Pass(19);
        Assert.False(c.Has(SipMethods.Invite));

        bench.Pass(1.5);
        b.Reply(b.Take(SipMethods.Cancel), 200);
        b.Reply(first, 487);
        var second = c.Take(SipMethods.Invite);
        c.Reply(second, 200, c.Sdp());
        bench.Run();

        Assert.Equal(1, bench.Media.Bridges);
        call.Bye();
        bench.Run();
        c.Reply(c.Take(SipMethods.Bye), 200);
        bench.Pass(40);
        bench.AssertIdle(1);
        Assert.Equal(CallOutcome.Answered, bench.Records[0].Outcome);
        Assert.Equal("102", bench.Records[0].AnsweredBy);
    }

    [Fact]
    public void Queue_AgentsThatRingForAGroup_AreBusy_UntilTheyRingNoMore()
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b, c, d) = (bench.Phone("100"), bench.Phone("101"), bench.Phone("102"), bench.Phone("103"));
        var toGroup = a.Invite("600");
        bench.Run();
        var (first, second) = (b.Take(SipMethods.Invite), c.Take(SipMethods.Invite));
        b.Reply(first, 180);
        c.Reply(second, 180);
        var waiting = Enter(bench, d);
        bench.Pass(5);
        Assert.False(b.Has(SipMethods.Invite));
        Assert.False(c.Has(SipMethods.Invite));

        // One of them answers for the group: the other rings no more, and is free for the queue.
        b.Reply(first, 200, b.Sdp());
        bench.Run();
        toGroup.Ack();
        c.Reply(c.Take(SipMethods.Cancel), 200);
        c.Reply(second, 487);
        bench.Run();
        Assert.False(b.Has(SipMethods.Invite));
        var offered = c.Take(SipMethods.Invite);
        c.Reply(offered, 200, c.Sdp());
        bench.Run();

        toGroup.Bye();
        waiting.Bye();
        bench.Run();
        b.Settle();
        c.Settle();
        bench.Pass(40);
        bench.AssertIdle(2);
    }

    [Fact]
    public void Queue_TwoCallers_NeverRingOneAgentTogether()
    {
        using var bench = new EngineBench(Company.Small(queue => queue with { Agents = [new QueueAgent("101")] }));
        var (a, d, b) = (bench.Phone("100"), bench.Phone("103"), bench.Phone("101"));
        var first = Enter(bench, a);
        var second = Enter(bench, d);
        bench.Pass(1);
        var invite = b.Take(SipMethods.Invite);
        Assert.False(b.Requests.Exists(request => request.Method == SipMethods.Invite && request.CallId != invite.CallId));

        b.Reply(invite, 200, b.Sdp());
        bench.Pass(5);
        Assert.False(b.Requests.Exists(request => request.Method == SipMethods.Invite && request.CallId != invite.CallId));
        b.Requests.Clear();
        first.Bye();
        bench.Run();
        b.Reply(b.Take(SipMethods.Bye), 200);
        bench.Pass(1);

        var next = b.Take(SipMethods.Invite);
        b.Reply(next, 200, b.Sdp());
        bench.Run();
        Assert.Equal(1, bench.Media.Bridges);
        second.Bye();
        bench.Run();
        b.Reply(b.Take(SipMethods.Bye), 200);
        bench.Pass(40);
        bench.AssertIdle(2);
    }

    [Fact]
    public void Queue_AgentAnswersAndCallerHangsUp_InBothOrders_OneBridgeOrNone()
    {
        foreach (var answerFirst in new[] { true, false })
        {
            using var bench = new EngineBench(Company.Small());
            var (a, b) = (bench.Phone("100"), bench.Phone("101"));
            var call = Enter(bench, a);
            var invite = b.Take(SipMethods.Invite);
            b.Reply(invite, 180);
            bench.Run();

            if (answerFirst) b.Reply(invite, 200, b.Sdp());
            call.Bye();
            if (!answerFirst) b.Reply(invite, 200, b.Sdp());
            bench.Run();

            Assert.Equal(0, bench.Media.Bridges);
            b.Reply(b.Take(SipMethods.Bye), 200);
            bench.Pass(40);
            bench.AssertIdle(1);
        }
    }

    [Fact]
    public void Queue_AgentLogsOutWhileOffered_NextIsRungAndNobodyHangs()
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b, c) = (bench.Phone("100"), bench.Phone("101"), bench.Phone("102"));
        var call = Enter(bench, a);
        var invite = b.Take(SipMethods.Invite);
        b.Reply(invite, 180);
        bench.Run();

        bench.Configuration.Publish(bench.Configuration.Current.With(new AgentLogin
        {
            Key = "101", Extension = "101", LoggedIn = false, ChangedAt = bench.Clock.GetUtcNow(),
        }));
        bench.Pass(1);

        b.Reply(b.Take(SipMethods.Cancel), 200);
        b.Reply(invite, 487);
        bench.Run();
        var second = c.Take(SipMethods.Invite);
        c.Reply(second, 200, c.Sdp());
        bench.Run();
        Assert.Equal(1, bench.Media.Bridges);
        call.Bye();
        bench.Run();
        c.Reply(c.Take(SipMethods.Bye), 200);
        bench.Pass(40);
        bench.AssertIdle(1);
    }

    [Fact]
    public void Queue_NobodyAnswersForTheLongestWait_GoesOn()
    {
        using var bench = new EngineBench(Company.Small(queue => queue with { MaxWaitSeconds = 30 }));
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        var call = Enter(bench, a);
        var invite = b.Take(SipMethods.Invite);
        b.Reply(invite, 180);
        bench.Pass(20.5);
        b.Reply(b.Take(SipMethods.Cancel), 200);
        b.Reply(invite, 487);
        bench.Pass(5);

        bench.Pass(6);
        var caller = bench.Media.Legs.Single(leg => leg.Id.Value == 0);
        Assert.Contains(new Core.CallFlow.Sound.OfPrompt("hello"), caller.Played);
        foreach (var later in b.Requests.Where(request => request.Method == SipMethods.Invite).ToList()) b.Reply(later, 487);
        foreach (var cancel in b.Requests.Where(request => request.Method == SipMethods.Cancel).ToList()) b.Reply(cancel, 200);
        caller.EndPlay();
        bench.Run();
        a.Reply(a.Take(SipMethods.Bye), 200);
        bench.Pass(40);
        bench.AssertIdle(1);
        Assert.Contains(bench.Records[0].Journey, entry => entry.Step.Code == JourneyCodes.QueueLeft);
        _ = call;
    }

    [Fact]
    public void Queue_AgentInADirectCall_IsPassedOver()
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b, c, d) = (bench.Phone("100"), bench.Phone("101"), bench.Phone("102"), bench.Phone("103"));
        var (direct, _) = TwoPhonesTests.Talking(bench, d, b);

        var call = Enter(bench, a);

        Assert.False(b.Has(SipMethods.Invite));
        c.Reply(c.Take(SipMethods.Invite), 200, c.Sdp());
        bench.Run();
        call.Bye();
        direct.Bye();
        bench.Run();
        b.Reply(b.Take(SipMethods.Bye), 200);
        c.Reply(c.Take(SipMethods.Bye), 200);
        bench.Pass(40);
        bench.AssertIdle(2);
        Assert.Contains(bench.Records.SelectMany(record => record.Journey), entry => entry.Step.Code == JourneyCodes.AgentSkipped);
    }

    private static TestCall Enter(EngineBench bench, TestPhone caller)
    {
        var call = caller.Invite("500");
        bench.Run();
        call.Ack();
        bench.Run();
        return call;
    }
}
