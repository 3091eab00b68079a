using Pbx.Core.CallFlow;
using Pbx.Core.Common;
using Pbx.Core.Queues;
using Pbx.Core.Snapshot;

namespace Pbx.Core.Tests.CallFlow;

public sealed class QueueNodeTests
{
    private static readonly Queue Support = new()
    {
        Key = "q", Name = "Q", Site = "paris", Agents = [new("anne"), new("ben")], IntroPrompt = "intro", WaitingPrompt = "wait", ExitKey = "*",
        OnNoAnswer = new(DestinationKind.Mailbox, "box"), OnExit = new(DestinationKind.HangUp, "normal"),
    };

    [Fact]
    public void Entering_Answers_PlaysTheIntroOnce_ThenMusicWithTheWaitingMessage()
    {
        var call = Start();
        Assert.IsType<CallAction.Answer>(call.Last[0]);
        Assert.True(call.Plays("intro"));
        Assert.Equal(new CallAction.JoinQueue("q", 1), call.Last[^1]);

        var music = call.PlayEnds().Asked<CallAction.Play>();
        Assert.True(music.Loop);
        Assert.Equal(TimeSpan.FromSeconds(30), call.Asked<CallAction.StartTimer>().After);
        Assert.True(call.Fires(CallTimer.WaitingMessage).Plays("wait"));
        Assert.True(call.PlayEnds().Asked<CallAction.Play>().Loop);
    }

    [Fact]
    public void Offer_RingsTheAgent_AnswerIsReportedAfterTheBridge_AndTheTalksEndLeavesTheQueue()
    {
        var call = Start().Send(new CallInput.QueueOffer("anne", 20, 1));
        Assert.Equal(new DialTarget.ToExtension("anne"), call.Asked<CallAction.Dial>().Target);
        call.Send(new CallInput.QueueOffer("ben", 20, 1), new CallInput.LegAnswered(new(2), "desk"));

        Assert.Equal(
            [
                new CallAction.CancelLeg(new(1), true), new CallAction.StopPlay(LegId.Caller), new CallAction.Bridge(new(2)),
                new CallAction.ReportOffer("ben", OfferOutcome.Answered),
            ], call.Last);
        Assert.Equal([new CallAction.LeaveQueue(), new CallAction.HangUp(HangUpCause.Normal)], call.Send(new CallInput.LegHungUp(new(2))).Last);
    }

    [Theory]
    [InlineData(LegFailure.Busy, OfferOutcome.Busy), InlineData(LegFailure.Rejected, OfferOutcome.Rejected)]
    [InlineData(LegFailure.NoAnswer, OfferOutcome.NoAnswer), InlineData(LegFailure.NotRegistered, OfferOutcome.Failed)]
    public void Offer_Failed_IsReported(LegFailure failure, OfferOutcome outcome) =>
        Assert.Equal([new CallAction.ReportOffer("anne", outcome)],
            Start().Send(new CallInput.QueueOffer("anne", 20, 1), new CallInput.LegFailed(new(1), failure)).Last);

    [Fact]
    public void Withdrawn_CancelsTheLegBeforeItReports()
    {
        var call = Start().Send(new CallInput.QueueOffer("anne", 20, 1), new CallInput.QueueOfferWithdrawn("anne", 1));

        Assert.Equal([new CallAction.CancelLeg(new(1), false), new CallAction.ReportOffer("anne", OfferOutcome.NoAnswer)], call.Last);
        Assert.True(call.Noted(JourneyCodes.NotAnswered, "extension:anne", "no-answer"));
    }

    [Fact]
    public void LongestWait_CancelsTheRingingAgent_AndGoesToTheNoAnswerDestination()
    {
        var call = Start().PlayEnds().Send(new CallInput.QueueOffer("anne", 20, 1), new CallInput.QueueLeft(QueueLeaveReason.MaxWait, 1));

        Assert.Equal(new CallAction.CancelLeg(new(1), false), call.Last[0]);
        Assert.True(call.Noted(JourneyCodes.QueueLeft, "queue:q", "max-wait"));
        Assert.True(call.Says(Phrases.StandardGreeting));
    }

    [Fact]
    public void ExitKey_LeavesForItsDestination_CancellingBeforeTheQueueHears()
    {
        var call = Start().Send(new CallInput.QueueOffer("anne", 20, 1)).Keys("*");

        var actions = call.Last.ToList();
        Assert.True(actions.FindIndex(a => a is CallAction.CancelLeg) < actions.FindIndex(a => a is CallAction.LeaveQueue));
        Assert.True(call.Noted(JourneyCodes.QueueLeft, "queue:q", "exit-key"));
        Assert.True(call.State.Ended);
    }

    [Fact]
    public void WordsOfAnEarlierEntry_AreNotTakenForThisOnes()
    {
        var call = Start();
        Assert.Empty(call.Send(new CallInput.QueueLeft(QueueLeaveReason.MaxWait, 9)).Last);
        Assert.Empty(call.Send(new CallInput.QueueOffer("anne", 20, 9)).Last);
    }

    [Fact]
    public void Deleted_TheIntroGoesOnToItsEnd_ThenTheLastKnownDestination()
    {
        var call = Start();
        call.Publish(call.Snapshot.Without(new(ObjectKind.Queue, "q")));
        Assert.Empty(call.Last);
        Assert.Empty(call.Send(new CallInput.QueueLeft(QueueLeaveReason.Removed, 1)).Last);
        call.PlayEnds();
        Assert.True(call.Noted(JourneyCodes.Removed, "queue:q"));
        Assert.True(call.Says(Phrases.StandardGreeting));
    }

    [Fact]
    public void RingingAndTalking_AreNotCut_ByAClosureOrByClosingTime()
    {
        var call = Start().PlayEnds().Send(new CallInput.QueueOffer("anne", 20, 1));
        SwitchClosure();
        Assert.Empty(call.Last);
        call.Send(new CallInput.LegAnswered(new(1), "desk"));
        Assert.Contains(new CallAction.Bridge(new(1)), call.Last);
        SwitchClosure();
        Assert.Empty(call.Last);
        Assert.False(call.State.Ended);

        void SwitchClosure()
        {
            call.Now = call.Now.AddHours(12);
            call.Publish(call.Snapshot.With(call.Snapshot.Sites["paris"] with { OfficeHours = [new(DayOfWeek.Monday, new(9, 0), new(18, 0))] })
                .With(new Core.Sites.ClosureSwitch { Key = "paris", On = true, ChangedAt = call.Now }));
        }
    }

    private static CallDriver Start() => new CallDriver(CallDriver.Company(Support.AsDestination, Support)).FromOutside();
}
