using Pbx.Core.Common;
using Pbx.Core.Voicemail;

namespace Pbx.Core.CallFlow.Nodes;

/// <summary>Greeting, tone, recording. What was recorded is kept even when the caller, or the mailbox, is gone by then.</summary>
/// <param name="Key">The key of the mailbox.</param>
/// <param name="Recording">Number of the recording that runs; 0: still greeting.</param>
/// <param name="MinSeconds">A shorter recording is no message: as known when it began.</param>
internal sealed record MailboxNode(string Key, int Recording, int MinSeconds) : CallNode
{
    // What the writing of a file may take after the last sound.
    private const int WritingSeconds = 15;

    private ObjectRef Name => new(ObjectKind.Mailbox, Key);

    public static void Enter(Turn turn, Mailbox mailbox)
    {
        turn.Arrive(mailbox, null);
        var count = turn.Context.MailboxCounts.GetValueOrDefault(mailbox.Key);
        if (count.New + count.Old >= mailbox.MaxMessages)
        {
            turn.Note(JourneyCodes.NoMessage, mailbox.AsDestination.ToString(), "full");
            FarewellNode.Enter(turn, Phrases.MailboxFull);
            return;
        }
        turn.Become(new MailboxNode(mailbox.Key, 0, mailbox.MinSeconds));
        var greeting = mailbox.Greeting is { } prompt && turn.Snapshot.Prompts.ContainsKey(prompt)
            ? new Sound.OfPrompt(prompt)
            : turn.Phrase(Phrases.StandardGreeting);
        turn.Play([greeting, new Sound.OfTone(Tone.Beep)]);
    }

    public override void On(Turn turn, CallInput input)
    {
        var mailbox = turn.Snapshot.Mailboxes.GetValueOrDefault(Key);
        switch (input)
        {
            case CallInput.Digit { Key: '#' } when Recording == 0 && turn.State.Playing != 0:
                turn.Play([new Sound.OfTone(Tone.Beep)]);
                break;
            case CallInput.PlayEnded when mailbox is null:
                turn.Removed();
                break;
            case CallInput.PlayEnded:
                Start(turn, mailbox);
                break;
            case CallInput.RecordingEnded ended when ended.Recording == Recording:
                turn.Stop(CallTimer.Guard);
                Settle(turn, ended);
                AfterRecording(turn, ended.End);
                break;
            case CallInput.TimerFired { Timer: CallTimer.Guard }:
                turn.Note(JourneyCodes.NoMessage, Name, "failed");
                AfterRecording(turn, RecordingEnd.Failed);
                break;
            case CallInput.ConfigurationChanged when mailbox is not null:
                turn.StillAt(mailbox, null);
                break;
        }
    }

    public override void CallerGone(Turn turn, HangUpReason reason)
    {
        if (turn.State.CallerGone) return;
        if (Recording == 0)
        {
            turn.Note(JourneyCodes.NoMessage, Name, "too-short");
            turn.EndByCaller(reason);
            return;
        }
        turn.State = turn.State with { CallerGone = true };
        turn.Do(new CallAction.StopRecording());
        turn.Start(CallTimer.Guard, WritingSeconds);
    }

    private void Start(Turn turn, Mailbox mailbox)
    {
        var number = turn.Record(Name, mailbox.MaxSeconds, mailbox.SilenceSeconds, "#");
        turn.Become(this with { Recording = number, MinSeconds = mailbox.MinSeconds });
        turn.Start(CallTimer.Guard, mailbox.MaxSeconds + WritingSeconds);
    }

    private void Settle(Turn turn, CallInput.RecordingEnded ended)
    {
        var reason = ended.End == RecordingEnd.Failed ? "failed"
            : !ended.HasVoice ? "silence"
            : ended.Milliseconds < MinSeconds * 1000 ? "too-short"
            : null;
        if (reason is not null)
        {
            turn.Do(new CallAction.DiscardRecording(ended.Recording));
            turn.Note(JourneyCodes.NoMessage, Name, reason);
            return;
        }
        turn.Do(new CallAction.KeepMessage(ended.Recording, Key));
        turn.Note(JourneyCodes.MessageLeft, Name, ended.Milliseconds.ToString(System.Globalization.CultureInfo.InvariantCulture));
        turn.State = turn.State with { MessageKept = true };
    }

    private static void AfterRecording(Turn turn, RecordingEnd end)
    {
        if (turn.State.CallerGone) turn.EndByCaller(HangUpReason.Normal);
        else if (end == RecordingEnd.HangUp) turn.EndAfterHangUp();
        else if (end == RecordingEnd.Failed) FarewellNode.Enter(turn, Phrases.Failed);
        else FarewellNode.Enter(turn, Phrases.Goodbye);
    }
}
