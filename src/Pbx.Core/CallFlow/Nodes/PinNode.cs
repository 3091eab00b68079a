using Pbx.Core.Voicemail;

namespace Pbx.Core.CallFlow.Nodes;

/// <summary>Asks for the PIN of a mailbox; three wrong ones end the call.</summary>
/// <param name="Mailbox">The key of the mailbox.</param>
/// <param name="Tries">Wrong ones so far.</param>
/// <param name="Digits">Keys so far.</param>
internal sealed record PinNode(string Mailbox, int Tries, string Digits) : CallNode
{
    private const int MaxTries = 3;
    private const int MaxDigits = 16;
    private const int WaitSeconds = 10;

    public static void Enter(Turn turn, Mailbox mailbox)
    {
        turn.SpeakLike(mailbox.Site);
        if (mailbox.Pin is null)
        {
            InboxNode.Enter(turn, mailbox);
            return;
        }
        turn.Become(new PinNode(mailbox.Key, 0, ""));
        turn.Say(Phrases.EnterPin);
    }

    public override void On(Turn turn, CallInput input)
    {
        switch (input)
        {
            case CallInput.PlayEnded:
                turn.Start(CallTimer.Timeout, WaitSeconds);
                break;
            case CallInput.Digit { Key: '#' }:
            case CallInput.TimerFired { Timer: CallTimer.Timeout }:
                Check(turn);
                break;
            case CallInput.Digit digit:
                turn.StopPlay();
                turn.Become(this with { Digits = Digits.Length < MaxDigits ? Digits + digit.Key : Digits });
                turn.Start(CallTimer.Timeout, WaitSeconds);
                break;
        }
    }

    private void Check(Turn turn)
    {
        turn.Stop(CallTimer.Timeout);
        if (!turn.Snapshot.Mailboxes.TryGetValue(Mailbox, out var mailbox))
        {
            turn.Removed();
            return;
        }
        if (mailbox.Pin is null || mailbox.Pin.Reveal() == Digits)
        {
            turn.StopPlay();
            InboxNode.Enter(turn, mailbox);
            return;
        }
        if (Tries + 1 >= MaxTries)
        {
            FarewellNode.Enter(turn, Phrases.WrongPin, Phrases.Goodbye);
            return;
        }
        turn.Become(this with { Tries = Tries + 1, Digits = "" });
        turn.Say(Phrases.WrongPin, Phrases.EnterPin);
    }
}
