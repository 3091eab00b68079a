using Pbx.Core.CallRecords;
using Pbx.Core.Live;
using Pbx.Core.Queues;
using Pbx.Core.Snapshot;
using Pbx.Sip.Messages;

namespace Pbx.Sip.Tests.Engine;

/// <summary>
/// The machine's clock is set while calls ring, wait and talk: by NTP after a start without a battery, or by hand. What lasts, lasts as long as it did.
/// </summary>
public sealed class ClockJumpTests
{
    /// <summary>An hour and a day, forwards and backwards, and a clock that came from 1970.</summary>
    public static TheoryData<double> Hours => [1.0, -1.0, 24.0, -24.0, 57.0 * 365 * 24];

    [Theory]
    [MemberData(nameof(Hours))]
    public void Queue_ClockIsSetWhileACallerWaits_AgentsRingTwentySecondsAndTheWaitIsAsLongAsSet(double hours)
    {
        using var bench = new EngineBench(Company.Small(queue => queue with { MaxWaitSeconds = 30 }));
        var (a, b, c) = (bench.Phone("100"), bench.Phone("101"), bench.Phone("102"));
        Enter(bench, a);
        var first = b.Take(SipMethods.Invite);
        b.Reply(first, 180);
        bench.Pass(10);

        Set(bench, hours);
        bench.Pass(9);
        Assert.False(b.Has(SipMethods.Cancel), "The first agent was given less than 20 s.");
        Assert.False(c.Has(SipMethods.Invite));
        bench.Pass(1.5);
        b.Reply(b.Take(SipMethods.Cancel), 200);
        b.Reply(first, 487);
        bench.Run();
        var second = c.Take(SipMethods.Invite);
        c.Reply(second, 180);

        Set(bench, -hours);
        bench.Pass(9);
        Assert.False(c.Has(SipMethods.Cancel), "The caller waited less than 30 s.");
        bench.Pass(1.5);
        c.Reply(c.Take(SipMethods.Cancel), 200);
        c.Reply(second, 487);
        bench.Run();
        var caller = bench.Media.Legs.Single(leg => leg.Id.Value == 0);
        Assert.Contains(new Core.CallFlow.Sound.OfPrompt("hello"), caller.Played);
        caller.EndPlay();
        bench.Run();
        a.Reply(a.Take(SipMethods.Bye), 200);
        bench.Pass(40);
        bench.AssertIdle(1);
        var record = bench.Records[0];
        Assert.InRange(record.EndedAt!.Value - record.StartedAt, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(33));
        Assert.Equal(record.Journey.OrderBy(entry => entry.At), record.Journey);
    }

    [Theory]
    [MemberData(nameof(Hours))]
    public void Session_ClockIsSetDuringTheCall_TheTimerEndsItWhenItIsDueAndNotBefore(double hours)
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        var call = a.Invite("101", more: request => request.Add(HeaderId.Supported, "timer").Add(HeaderId.SessionExpires, "90;refresher=uac"));
        bench.Run();
        b.Reply(b.Take(SipMethods.Invite), 200, b.Sdp());
        bench.Run();
        call.Ack();
        bench.Pass(30);

        Set(bench, hours);
        bench.Pass(29);
        Assert.False(a.Has(SipMethods.Bye));
        bench.Pass(2);

        a.Reply(a.Take(SipMethods.Bye), 200);
        b.Reply(b.Take(SipMethods.Bye), 200);
        bench.Pass(40);
        bench.AssertIdle(1);
        var record = bench.Records[0];
        Assert.InRange(record.EndedAt!.Value - record.AnsweredAt!.Value, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(62));
    }

    [Theory]
    [MemberData(nameof(Hours))]
    public void Extension_ClockIsSetWhileItRings_RingsAsLongAsSet(double hours)
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        a.Invite("101");
        bench.Run();
        var invite = b.Take(SipMethods.Invite);
        b.Reply(invite, 180);
        bench.Pass(30);

        Set(bench, hours);
        bench.Pass(29);
        Assert.False(b.Has(SipMethods.Cancel));
        bench.Pass(2);

        b.Reply(b.Take(SipMethods.Cancel), 200);
    }

    [Theory]
    [MemberData(nameof(Hours))]
    public void LiveView_AfterTheClockWasSet_ShowsHowLongACallerReallyWaits(double hours)
    {
        using var bench = new EngineBench(Company.Small());
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        Enter(bench, a);
        b.Reply(b.Take(SipMethods.Invite), 180);
        bench.Pass(10);

        Set(bench, hours);
        bench.Pass(1);

        var waiting = Assert.Single(bench.Queues.Topic.Current.Single().Waiting);
        Assert.Equal(11, (bench.Clock.GetUtcNow() - waiting.Since).TotalSeconds, 1.0);
    }

    [Fact]
    public void Agent_WhoFollowsHours_IsInWhenTheClockIsSetIntoThem_AndOutWhenItIsSetBack()
    {
        // Tuesday 11:00 in Paris, the agent's site opens at 14:00.
        var snapshot = Company.Small(queue => queue with { Agents = [new QueueAgent("101")], WaitWithoutAgents = true });
        snapshot = snapshot.With(snapshot.Sites["main"] with { OfficeHours = [new(DayOfWeek.Tuesday, new(14, 0), new(18, 0))] })
            .With(snapshot.Extensions["101"] with { FollowsOfficeHours = true });
        using var bench = new EngineBench(snapshot);
        bench.Phone("101");
        AgentState State() => bench.Queues.Topic.Current.Single().Agents.Single().State;
        bench.Pass(1);
        Assert.Equal(AgentState.OutsideHours, State());

        Set(bench, 4);
        bench.Pass(1);
        Assert.Equal(AgentState.Free, State());

        Set(bench, -4);
        bench.Pass(1);
        Assert.Equal(AgentState.OutsideHours, State());

        // And the hours that were asked for before the clock was set come at their time.
        bench.Clock.Advance(TimeSpan.FromHours(3));
        bench.Run();
        bench.Pass(1);
        Assert.Equal(AgentState.Free, State());
    }

    [Theory]
    [MemberData(nameof(Hours))]
    public void OutboundUse_ClockIsSetDuringACall_CountsItsMinutesAndNoMore(double hours)
    {
        using var bench = new EngineBench(Company.Small());
        var call = Guid.NewGuid();
        bench.Outbound.Started("100", call);
        bench.Outbound.Answered(call);
        bench.Clock.Advance(TimeSpan.FromMinutes(2));

        Set(bench, hours);
        bench.Clock.Advance(TimeSpan.FromMinutes(1));
        bench.Outbound.Ended(call);

        Assert.Equal(new OutboundUse(1, 1, 3, 3), bench.Outbound.UseOf("100", Guid.Empty));
    }

    private static void Set(EngineBench bench, double hours)
    {
        bench.Clock.SetWall(TimeSpan.FromHours(hours));
        bench.Steady.LookAtWall();
        bench.Run();
    }

    private static void Enter(EngineBench bench, TestPhone caller)
    {
        var call = caller.Invite("500");
        bench.Run();
        call.Ack();
        bench.Run();
    }
}
