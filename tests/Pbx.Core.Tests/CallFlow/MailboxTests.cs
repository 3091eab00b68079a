using System.Collections.Immutable;
using Pbx.Core.CallFlow;
using Pbx.Core.CallRecords;
using Pbx.Core.Common;
using Pbx.Core.Snapshot;
using Pbx.Core.Voicemail;

namespace Pbx.Core.Tests.CallFlow;

public sealed class MailboxTests
{
    private static readonly ObjectRef Box = new(ObjectKind.Mailbox, "box");

    [Fact]
    public void Greeting_Tone_Recording_IsKept_AndTheCallEnds()
    {
        var call = new CallDriver(CallDriver.Company(new(DestinationKind.Mailbox, "box"))).FromOutside();
        Assert.Equal([new Sound.OfPhrase(Phrases.StandardGreeting, "fr"), new Sound.OfTone(Tone.Beep)], call.Sounds);

        Assert.Equal(new CallAction.Record(1, Box, 300, 5, "#"), call.PlayEnds().Asked<CallAction.Record>());
        call.Send(new CallInput.RecordingEnded(1, RecordingEnd.Key, 2500, true));
        Assert.Equal(new CallAction.KeepMessage(1, "box"), call.Asked<CallAction.KeepMessage>());
        Assert.True(call.Noted(JourneyCodes.MessageLeft, "mailbox:box", "2500"));
        Assert.IsType<CallAction.HangUp>(call.PlayEnds().Last[^1]);
        Assert.Equal(CallOutcome.Message, call.State.Outcome);
    }

    [Theory]
    [InlineData(1999, true, RecordingEnd.Key, "too-short")]
    [InlineData(9000, false, RecordingEnd.Silence, "silence")]
    [InlineData(9000, true, RecordingEnd.Failed, "failed")]
    public void Recording_ThatIsNoMessage_IsDiscarded_AndTheRecordSaysSo(int length, bool voice, RecordingEnd end, string why)
    {
        var call = Recording().Send(new CallInput.RecordingEnded(1, end, length, voice));

        Assert.Contains(new CallAction.DiscardRecording(1), call.Last);
        Assert.True(call.Noted(JourneyCodes.NoMessage, "mailbox:box", why));
        Assert.DoesNotContain(call.Last, a => a is CallAction.KeepMessage);
    }

    [Fact]
    public void HangUp_EndsTheRecording_WhichIsKeptBeforeTheCallEnds()
    {
        var call = Recording().Send(new CallInput.CallerHungUp(HangUpReason.Normal));
        Assert.Contains(new CallAction.StopRecording(), call.Last);
        Assert.False(call.State.Ended);

        call.Send(new CallInput.RecordingEnded(1, RecordingEnd.Stopped, 4000, true));
        Assert.Contains(new CallAction.KeepMessage(1, "box"), call.Last);
        Assert.True(call.State.Ended);
        Assert.DoesNotContain(call.Last, a => a is CallAction.HangUp);
    }

    [Fact]
    public void HangUp_ReportedByTheRecordingFirst_KeepsItToo()
    {
        var call = Recording().Send(new CallInput.RecordingEnded(1, RecordingEnd.HangUp, 4000, true));

        Assert.Contains(new CallAction.KeepMessage(1, "box"), call.Last);
        Assert.True(call.State.Ended);
        Assert.Empty(call.Send(new CallInput.CallerHungUp(HangUpReason.Normal)).Last);
    }

    [Fact]
    public void Recording_WhoseMailboxWasDeletedMeanwhile_IsStillKept()
    {
        var call = Recording();
        call.Publish(call.Snapshot.Without(Box)).Send(new CallInput.RecordingEnded(1, RecordingEnd.Key, 4000, true));

        Assert.Contains(new CallAction.KeepMessage(1, "box"), call.Last);
    }

    [Fact]
    public void FullBox_SaysSo()
    {
        var call = new CallDriver(CallDriver.Company(new(DestinationKind.Mailbox, "box")))
        {
            Counts = ImmutableDictionary<string, MailboxCount>.Empty.Add("box", new(60, 40)),
        }.FromOutside();

        Assert.True(call.Says(Phrases.MailboxFull));
        Assert.True(call.Noted(JourneyCodes.NoMessage, "mailbox:box", "full"));
    }

    [Fact]
    public void PhoneMenu_AsksForThePinThreeTimes()
    {
        var call = new CallDriver(CallDriver.Company()).FromInside("999");
        Assert.True(call.Says(Phrases.EnterPin));
        call.Keys("1111#").Keys("2222#");
        Assert.True(call.Says(Phrases.WrongPin));
        Assert.True(call.Keys("3333#").Says(Phrases.Goodbye));
        Assert.IsType<CallAction.HangUp>(call.PlayEnds().Last[^1]);
    }

    [Fact]
    public void PhoneMenu_HearSkipSaveDeleteCallBack()
    {
        var messages = Enumerable.Range(1, 4).Select(i => new MessageInfo(new Guid(i, 0, 0, new byte[8]), i == 4 ? "102" : "", DateTimeOffset.UnixEpoch, 1000, false)).ToArray();
        var call = new CallDriver(CallDriver.Company()).FromInside("999").Keys("1234#");
        Assert.Equal(new CallAction.LoadMessages("box"), call.Asked<CallAction.LoadMessages>());
        call.Send(new CallInput.MessagesLoaded([.. messages]));
        Assert.Contains(new Sound.OfCount(4, "fr"), call.Sounds);

        Assert.Contains(new Sound.OfMessage("box", messages[0].Id), call.Keys("1").Sounds);
        Assert.Contains(new CallAction.MarkMessage("box", messages[0].Id, MessageMark.Heard), call.Keys("2").Last);
        Assert.Contains(new Sound.OfMessage("box", messages[1].Id), call.Sounds);
        Assert.Contains(new CallAction.MarkMessage("box", messages[1].Id, MessageMark.Saved), call.Keys("3").Last);
        Assert.Contains(new CallAction.MarkMessage("box", messages[2].Id, MessageMark.Deleted), call.Keys("7").Last);
        Assert.Contains(new Sound.OfMessage("box", messages[3].Id), call.Sounds);
        Assert.Equal(new DialTarget.ToExtension("ben"), call.Keys("8").Asked<CallAction.Dial>().Target);
    }

    [Fact]
    public void PhoneMenu_RecordsTheGreeting()
    {
        var call = new CallDriver(CallDriver.Company()).FromInside("999").Keys("1234#").Send(new CallInput.MessagesLoaded([]));
        Assert.True(call.Keys("2").Says(Phrases.RecordAfterTone));
        Assert.Equal(Box, call.PlayEnds().Asked<CallAction.Record>().For);
        call.Send(new CallInput.RecordingEnded(1, RecordingEnd.Key, 4000, true));
        Assert.Contains(new Sound.OfRecording(1), call.Keys("1").Sounds);
        Assert.Contains(new CallAction.DiscardRecording(1), call.Keys("3").Last);
        call.PlayEnds().Send(new CallInput.RecordingEnded(2, RecordingEnd.Key, 4000, true));
        Assert.Equal(new CallAction.KeepPrompt(2, Box), call.Keys("2").Asked<CallAction.KeepPrompt>());
        Assert.True(call.Send(new CallInput.ChangeDone(true)).Says(Phrases.Saved));
        Assert.IsType<CallAction.LoadMessages>(call.PlayEnds().Last[0]);
    }

    private static CallDriver Recording() => new CallDriver(CallDriver.Company(new(DestinationKind.Mailbox, "box"))).FromOutside().PlayEnds();
}
