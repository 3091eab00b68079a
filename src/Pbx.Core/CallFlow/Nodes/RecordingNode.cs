using Pbx.Core.Common;

namespace Pbx.Core.CallFlow.Nodes;

/// <summary>Records a greeting or a prompt by phone: record, hear, save or record again.</summary>
/// <param name="For">What it is for.</param>
/// <param name="Mailbox">The mailbox whose phone menu it came from and goes back to; null: none.</param>
/// <param name="Stage">Where it is.</param>
/// <param name="Recording">The recording; 0: none yet.</param>
/// <param name="Repeats">How often the menu was repeated without a key.</param>
internal sealed record RecordingNode(ObjectRef For, string? Mailbox, RecordingStage Stage, int Recording, int Repeats) : CallNode
{
    private const int MaxSeconds = 300;
    private const int GuardSeconds = 15;
    private const int WaitSeconds = 5;
    private const int MaxRepeats = 2;

    public static void Enter(Turn turn, ObjectRef target, string? mailbox)
    {
        turn.Become(new RecordingNode(target, mailbox, RecordingStage.Intro, 0, 0));
        turn.Play([turn.Phrase(Phrases.RecordAfterTone), new Sound.OfTone(Tone.Beep)]);
    }

    public override void On(Turn turn, CallInput input)
    {
        switch (input)
        {
            case CallInput.PlayEnded when Stage == RecordingStage.Intro:
                var number = turn.Record(For, MaxSeconds, 0, "#");
                turn.Become(this with { Stage = RecordingStage.Recording, Recording = number });
                turn.Start(CallTimer.Guard, MaxSeconds + GuardSeconds);
                break;
            case CallInput.RecordingEnded ended when Stage == RecordingStage.Recording && ended.Recording == Recording:
                turn.Stop(CallTimer.Guard);
                Recorded(turn, ended);
                break;
            case CallInput.PlayEnded when Stage is RecordingStage.Menu:
                turn.Start(CallTimer.Timeout, WaitSeconds);
                break;
            case CallInput.PlayEnded when Stage == RecordingStage.Done:
                GoBack(turn);
                break;
            case CallInput.TimerFired { Timer: CallTimer.Timeout } when Repeats >= MaxRepeats:
                turn.Go(Destination.HangUp);
                break;
            case CallInput.TimerFired { Timer: CallTimer.Timeout }:
                turn.Become(this with { Repeats = Repeats + 1 });
                turn.Say(Phrases.RecordingMenu);
                break;
            case CallInput.Digit digit when Stage == RecordingStage.Menu:
                turn.StopPlay();
                turn.Stop(CallTimer.Timeout);
                Press(turn, digit.Key);
                break;
            case CallInput.ChangeDone done when Stage == RecordingStage.Keeping:
                turn.Stop(CallTimer.Guard);
                Done(turn, done.Succeeded ? Phrases.Saved : Phrases.Failed);
                break;
            case CallInput.TimerFired { Timer: CallTimer.Guard }:
                Done(turn, Phrases.Failed);
                break;
        }
    }

    public override void Leave(Turn turn)
    {
        if (Stage == RecordingStage.Recording) turn.Do(new CallAction.StopRecording());
        if (Stage is RecordingStage.Recording or RecordingStage.Menu) turn.Do(new CallAction.DiscardRecording(Recording));
    }

    private void Recorded(Turn turn, CallInput.RecordingEnded ended)
    {
        turn.Become(this with { Stage = RecordingStage.Menu });
        if (ended.End == RecordingEnd.HangUp) turn.EndAfterHangUp();
        else if (ended.End == RecordingEnd.Failed) Done(turn, Phrases.Failed);
        else turn.Say(Phrases.RecordingMenu);
    }

    private void Press(Turn turn, char key)
    {
        switch (key)
        {
            case '1':
                turn.Become(this with { Repeats = 0 });
                turn.Play([new Sound.OfRecording(Recording), turn.Phrase(Phrases.RecordingMenu)]);
                break;
            case '2':
                turn.Become(this with { Stage = RecordingStage.Keeping });
                turn.Do(new CallAction.KeepPrompt(Recording, For));
                turn.Start(CallTimer.Guard, GuardSeconds);
                break;
            case '3':
                turn.Do(new CallAction.DiscardRecording(Recording));
                Enter(turn, For, Mailbox);
                break;
            default:
                turn.Say(Phrases.InvalidKey, Phrases.RecordingMenu);
                break;
        }
    }

    private void Done(Turn turn, string phrase)
    {
        turn.Become(this with { Stage = RecordingStage.Done });
        turn.Say(phrase);
    }

    private void GoBack(Turn turn)
    {
        if (Mailbox is not null && turn.Snapshot.Mailboxes.TryGetValue(Mailbox, out var mailbox)) InboxNode.Enter(turn, mailbox);
        else turn.Go(Destination.HangUp);
    }
}

/// <summary>Where a recording by phone is.</summary>
internal enum RecordingStage
{
    /// <summary>Saying what to do.</summary>
    Intro,
    /// <summary>Recording.</summary>
    Recording,
    /// <summary>Asking what to do with it.</summary>
    Menu,
    /// <summary>Being kept.</summary>
    Keeping,
    /// <summary>Saying how it ended.</summary>
    Done,
}
