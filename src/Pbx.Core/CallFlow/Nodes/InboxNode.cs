using Pbx.Core.Common;
using Pbx.Core.Sites;
using Pbx.Core.Voicemail;

namespace Pbx.Core.CallFlow.Nodes;

/// <summary>The phone menu of a mailbox: hear, next, save, delete, call back, and the greeting.</summary>
/// <param name="Mailbox">The key of the mailbox.</param>
/// <param name="Messages">Its messages; null while they are read.</param>
/// <param name="Index">The message that is heard; -1: the main menu.</param>
/// <param name="Repeats">How often the menu was repeated without a key.</param>
internal sealed record InboxNode(string Mailbox, ValueList<MessageInfo>? Messages, int Index, int Repeats) : CallNode
{
    private const int LoadSeconds = 10;
    private const int WaitSeconds = 5;
    private const int MaxRepeats = 2;

    /// <summary>Enters after the PIN, or again after a recording.</summary>
    public static void Enter(Turn turn, Mailbox mailbox)
    {
        turn.Become(new InboxNode(mailbox.Key, null, -1, 0));
        turn.AnswerCaller();
        turn.Do(new CallAction.LoadMessages(mailbox.Key));
        turn.Start(CallTimer.Guard, LoadSeconds);
    }

    public override void On(Turn turn, CallInput input)
    {
        var mailbox = turn.Snapshot.Mailboxes.GetValueOrDefault(Mailbox);
        switch (input)
        {
            case CallInput.MessagesLoaded loaded when Messages is null:
                turn.Stop(CallTimer.Guard);
                Loaded(turn, loaded.Messages);
                break;
            case CallInput.TimerFired { Timer: CallTimer.Guard }:
                FarewellNode.Enter(turn, Phrases.Failed);
                break;
            case CallInput.ConfigurationChanged when mailbox is null && Messages is not null && turn.State.Playing == 0:
            case CallInput.Digit or CallInput.PlayEnded or CallInput.TimerFired when mailbox is null:
                turn.Removed();
                break;
            case CallInput.Digit digit when Messages is not null:
                turn.StopPlay();
                turn.Stop(CallTimer.Timeout);
                (this with { Repeats = 0 }).Press(turn, mailbox!, Messages, digit.Key);
                break;
            case CallInput.PlayEnded:
                if (Index >= 0) Mark(turn, MessageMark.Heard);
                turn.Start(CallTimer.Timeout, WaitSeconds);
                break;
            case CallInput.TimerFired { Timer: CallTimer.Timeout } when Repeats >= MaxRepeats:
                FarewellNode.Enter(turn, Phrases.Goodbye);
                break;
            case CallInput.TimerFired { Timer: CallTimer.Timeout }:
                turn.Become(this with { Repeats = Repeats + 1 });
                turn.Say(Index < 0 ? Phrases.MailboxMenu : Phrases.MessageMenu);
                break;
        }
    }

    private void Loaded(Turn turn, ValueList<MessageInfo>? messages)
    {
        if (messages is null)
        {
            FarewellNode.Enter(turn, Phrases.Failed);
            return;
        }
        turn.Become(this with { Messages = messages });
        turn.Play([.. CountOf(turn, messages), turn.Phrase(Phrases.MailboxMenu)]);
    }

    private void Press(Turn turn, Mailbox mailbox, ValueList<MessageInfo> messages, char key)
    {
        if (key == '*') FarewellNode.Enter(turn, Phrases.Goodbye);
        else if (Index >= 0) PressInMessage(turn, messages, key);
        else if (key == '1' && messages.Count > 0) Hear(turn, mailbox.Site, messages, 0, []);
        else if (key == '1') Menu(turn, messages, turn.Phrase(Phrases.NoMessages));
        else if (key == '2') RecordingNode.Enter(turn, new ObjectRef(ObjectKind.Mailbox, Mailbox), Mailbox);
        else Menu(turn, messages, turn.Phrase(Phrases.InvalidKey));
    }

    private void PressInMessage(Turn turn, ValueList<MessageInfo> messages, char key)
    {
        var site = turn.Snapshot.Mailboxes[Mailbox].Site;
        var message = messages[Index];
        switch (key)
        {
            case '1':
                Hear(turn, site, messages, Index, []);
                break;
            case '2':
                Mark(turn, MessageMark.Heard);
                Hear(turn, site, messages, Index + 1, []);
                break;
            case '3':
                Mark(turn, MessageMark.Saved);
                Hear(turn, site, messages, Index + 1, [turn.Phrase(Phrases.MessageSaved)]);
                break;
            case '7':
                Mark(turn, MessageMark.Deleted);
                Hear(turn, site, messages.Where(m => m.Id != message.Id).ToValueList(), Index, [turn.Phrase(Phrases.MessageDeleted)]);
                break;
            case '8' when message.Caller.Length > 0:
                Mark(turn, MessageMark.Heard);
                Dialling.Dial(turn, message.Caller);
                break;
            default:
                turn.Become(this);
                turn.Say(Phrases.InvalidKey, Phrases.MessageMenu);
                break;
        }
    }

    /// <summary>Plays a message and what can be done with it; after the last one comes the main menu.</summary>
    private void Hear(Turn turn, string siteKey, ValueList<MessageInfo> messages, int index, ValueList<Sound> first)
    {
        if (index >= messages.Count)
        {
            Menu(turn, messages, [.. first]);
            return;
        }
        var message = messages[index];
        var sounds = new List<Sound>(first);
        if (message.Caller.Length > 0)
        {
            sounds.Add(turn.Phrase(Phrases.MessageFrom));
            sounds.Add(new Sound.OfDigits(message.Caller, turn.State.Language));
        }
        if (turn.Snapshot.Sites.TryGetValue(siteKey, out var site))
        {
            sounds.Add(turn.Phrase(Phrases.ReceivedAt));
            sounds.Add(new Sound.OfTime(SiteClock.LocalTime(site, message.ReceivedAt), turn.State.Language));
        }
        sounds.Add(new Sound.OfMessage(Mailbox, message.Id));
        sounds.Add(turn.Phrase(Phrases.MessageMenu));
        turn.Become(this with { Messages = messages, Index = index });
        turn.Play(sounds.ToValueList());
    }

    private void Menu(Turn turn, ValueList<MessageInfo> messages, params ReadOnlySpan<Sound> first)
    {
        turn.Become(this with { Messages = messages, Index = -1 });
        turn.Play([.. first, turn.Phrase(Phrases.MailboxMenu)]);
    }

    private void Mark(Turn turn, MessageMark mark)
    {
        var message = Messages![Index];
        turn.Do(new CallAction.MarkMessage(Mailbox, message.Id, mark));
    }

    private static Sound[] CountOf(Turn turn, ValueList<MessageInfo> messages) => messages.Count == 0
        ? [turn.Phrase(Phrases.NoMessages)]
        : [new Sound.OfCount(messages.Count, turn.State.Language), turn.Phrase(Phrases.MessagesCount)];
}
