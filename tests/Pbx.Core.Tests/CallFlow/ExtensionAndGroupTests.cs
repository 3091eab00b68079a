using Pbx.Core.CallFlow;
using Pbx.Core.CallRecords;
using Pbx.Core.Common;
using Pbx.Core.Live;
using Pbx.Core.RingGroups;
using Pbx.Core.Sites;
using Pbx.Core.Snapshot;

namespace Pbx.Core.Tests.CallFlow;

public sealed class ExtensionAndGroupTests
{
    private static readonly LegId First = new(1);

    [Fact]
    public void DirectCall_RelaysRinging_IsAnsweredAndBridged()
    {
        var call = new CallDriver(CallDriver.Company()).FromInside("102");
        Assert.Equal(TimeSpan.FromSeconds(25), call.Asked<CallAction.StartTimer>().After);
        Assert.DoesNotContain(call.Last, a => a is CallAction.Answer);

        Assert.IsType<CallAction.Ringback>(Assert.Single(call.Send(new CallInput.LegRinging(First, false)).Last));
        Assert.Equal(new CallAction.RelayEarlyMedia(First), Assert.Single(call.Send(new CallInput.LegRinging(First, true)).Last));
        call.Send(new CallInput.LegAnswered(First, "desk"));
        Assert.Equal([new CallAction.StopTimer(CallTimer.Ring), new CallAction.Answer(), new CallAction.Bridge(First)], call.Last);
        Assert.Equal(LiveCallState.Talking, call.State.Live);

        call.Send(new CallInput.LegHungUp(First));
        Assert.Equal([new CallAction.HangUp(HangUpCause.Normal)], call.Last);
        Assert.Equal("normal, callee", call.Journey[^1].Detail);
        Assert.Equal((CallOutcome.Answered, "ben"), (call.State.Outcome, call.State.AnsweredBy));
    }

    [Theory]
    [InlineData(LegFailure.Busy, "announcement:busy")]
    [InlineData(LegFailure.Rejected, "announcement:busy")]
    [InlineData(LegFailure.NoAnswer, "announcement:none")]
    [InlineData(LegFailure.NotRegistered, "announcement:off")]
    [InlineData(LegFailure.Unavailable, "announcement:off")]
    [InlineData(LegFailure.Incompatible, "announcement:off")]
    public void Failure_TakesItsRoute(LegFailure failure, string expected)
    {
        var company = CallDriver.Company();
        company = company.With(company.Extensions["ben"] with
        {
            OnBusy = To("busy"), OnNoAnswer = To("none"), OnNotRegistered = To("off"),
        });
        foreach (var key in new[] { "busy", "none", "off" })
            company = company.With(new Announcements.Announcement { Key = key, Name = key, Site = "paris", Prompt = "welcome" });

        var call = new CallDriver(company).FromOutside().Send(new CallInput.LegFailed(First, failure));

        Assert.True(call.Noted(JourneyCodes.WentTo, expected));
        Assert.IsType<CallAction.Answer>(call.Last[1]);
    }

    [Fact]
    public void NoCommonCodec_WithoutAnotherRoute_IsSaid_AndWithAMailboxItIsTheDefault()
    {
        var call = new CallDriver(CallDriver.Company()).FromOutside().Send(new CallInput.LegFailed(First, LegFailure.Incompatible, 488));
        Assert.Equal(HangUpCause.Incompatible, call.Asked<CallAction.HangUp>().Cause);
        Assert.Equal(("incompatible, server", CallOutcome.Failed), (call.Journey[^1].Detail, call.State.Outcome));

        var anne = new CallDriver(CallDriver.Company(new(DestinationKind.Extension, "anne"))).FromOutside();
        Assert.True(anne.Send(new CallInput.LegFailed(First, LegFailure.Incompatible, 488)).Noted(JourneyCodes.WentTo, "mailbox:box"));
    }

    [Fact]
    public void NoAnswer_CancelsTheLeg_AndTheMailboxIsTheDefault()
    {
        var call = new CallDriver(CallDriver.Company(new(DestinationKind.Extension, "anne"))).FromOutside().Fires(CallTimer.Ring);

        Assert.Equal(new CallAction.CancelLeg(First, false), call.Last[0]);
        Assert.True(call.Says(Phrases.StandardGreeting));
        Assert.True(call.Noted(JourneyCodes.NotAnswered, "extension:anne", "no-answer"));
    }

    [Fact]
    public void NoAnswer_WithoutMailbox_HangsUp_AndAnAnswerThatComesTooLateIsHungUp()
    {
        var call = new CallDriver(CallDriver.Company()).FromOutside().Fires(CallTimer.Ring);
        Assert.Equal(HangUpCause.Unavailable, call.Asked<CallAction.HangUp>().Cause);

        Assert.Equal([new CallAction.HangUpLeg(First)], call.Send(new CallInput.LegAnswered(First, "desk")).Last);
    }

    [Fact]
    public void DoNotDisturb_IsAsBusy_AndClosedTakesTheMailbox()
    {
        var company = CallDriver.Company();
        var busy = new CallDriver(company.With(company.Extensions["ben"] with { DoNotDisturb = true })).FromOutside();
        Assert.Equal(HangUpCause.Busy, busy.Asked<CallAction.HangUp>().Cause);

        var closed = company.With(company.Sites["paris"] with { OfficeHours = [new(DayOfWeek.Sunday, new(9, 0), new(10, 0))] })
            .With(company.Extensions["anne"] with { FollowsOfficeHours = true });
        var call = new CallDriver(closed).FromInside("101", "ben");
        Assert.True(call.Noted(JourneyCodes.TimeDecision, "site:paris", "closed"));
        Assert.True(call.Says(Phrases.StandardGreeting));

        // Colleagues reach each other during an exceptional closure.
        var closure = company.With(company.Extensions["anne"] with { FollowsOfficeHours = true }).With(new ClosureSwitch { Key = "paris", On = true });
        Assert.NotNull(new CallDriver(closure).FromInside("101", "ben").Asked<CallAction.Dial>());
    }

    [Fact]
    public void DoNotDisturb_WithADestinationOfItsOwn_TakesThatBeforeTheBusyOne()
    {
        var company = CallDriver.Company();
        foreach (var key in new[] { "busy", "quiet" })
            company = company.With(new Announcements.Announcement { Key = key, Name = key, Site = "paris", Prompt = "welcome" });
        company = company.With(company.Extensions["ben"] with { DoNotDisturb = true, OnBusy = To("busy"), OnDoNotDisturb = To("quiet") });

        Assert.Equal("announcement:quiet", new CallDriver(company).FromOutside().State.At);
        Assert.Equal("announcement:busy", new CallDriver(company.With(company.Extensions["ben"] with { OnDoNotDisturb = null })).FromOutside().State.At);
    }

    [Fact]
    public void Hold_PlaysMusicToTheOther_UntilResumed()
    {
        var call = new CallDriver(CallDriver.Company()).FromInside("102").Send(new CallInput.LegAnswered(First, "desk"));

        var music = call.Send(new CallInput.LegHeld(LegId.Caller, true)).Asked<CallAction.Play>();
        Assert.Equal((First, true), (music.Leg, music.Loop));
        Assert.Equal(LiveCallState.OnHold, call.State.Live);
        Assert.Equal([new CallAction.StopPlay(First)], call.Send(new CallInput.LegHeld(LegId.Caller, false)).Last);

        Assert.Equal(LegId.Caller, call.Send(new CallInput.LegHeld(First, true)).Asked<CallAction.Play>().Leg);
        Assert.Equal([new CallAction.StopPlay(LegId.Caller)], call.Send(new CallInput.LegHeld(First, false)).Last);
        Assert.Equal([new CallAction.HangUpLeg(First)], call.Send(new CallInput.CallerHungUp(HangUpReason.Normal)).Last);
    }

    [Fact]
    public void Group_Together_RingsAll_FirstAnswerWins_OthersHearElsewhere()
    {
        var call = new CallDriver(Group(RingMode.Together)).FromOutside();
        Assert.Equal(2, call.Last.OfType<CallAction.Dial>().Count());

        call.Send(new CallInput.LegAnswered(new(2), "desk"));
        Assert.Contains(new CallAction.CancelLeg(First, AnsweredElsewhere: true), call.Last);
        Assert.Equal("ben", call.State.AnsweredBy);
        // The other one answered at the same moment.
        Assert.Equal([new CallAction.HangUpLeg(First)], call.Send(new CallInput.LegAnswered(First, "desk")).Last);
    }

    [Fact]
    public void Group_InOrder_RingsOneByOne_OnePass_ThenItsDestination()
    {
        var call = new CallDriver(Group(RingMode.InOrder)).FromOutside();
        Assert.Equal(new DialTarget.ToExtension("anne"), call.Asked<CallAction.Dial>().Target);
        call.Send(new CallInput.LegFailed(First, LegFailure.Busy));
        Assert.Equal(new DialTarget.ToExtension("ben"), call.Asked<CallAction.Dial>().Target);
        call.Fires(CallTimer.Ring);
        Assert.True(call.Noted(JourneyCodes.WentTo, "mailbox:box"));
    }

    [Fact]
    public void Deleted_WhileItRings_GoesToItsLastKnownRoute_AndSaysSo()
    {
        var company = CallDriver.Company(new(DestinationKind.Extension, "anne"));
        var call = new CallDriver(company).FromOutside().Publish(company.Without(new(ObjectKind.Extension, "anne")));

        Assert.True(call.Noted(JourneyCodes.Removed, "extension:anne"));
        Assert.Equal(new CallAction.CancelLeg(First, false), call.Last[1]);
        Assert.True(call.Noted(JourneyCodes.WentTo, "mailbox:box"));
    }

    private static PbxSnapshot Group(RingMode mode) => CallDriver.Company(new(DestinationKind.RingGroup, "g"),
        new RingGroup { Key = "g", Name = "G", Site = "paris", Members = ["anne", "ben"], Mode = mode, OnNoAnswer = new(DestinationKind.Mailbox, "box") });

    private static Destination To(string announcement) => new(DestinationKind.Announcement, announcement);
}
