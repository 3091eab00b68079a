using System.Globalization;
using Pbx.Core.Common;
using Pbx.Core.Extensions;
using Pbx.Core.Settings;

namespace Pbx.Core.CallFlow.Nodes;

/// <summary>What the dial codes do, for the extension that dials them.</summary>
internal static class DialFunctions
{
    public static void Enter(Turn turn, DialFunction function)
    {
        if (!turn.TakeMove()) return;
        turn.Note(JourneyCodes.DialCode, "", Words.Of(function));
        turn.Arrive($"function:{Words.Of(function)}");
        turn.State = turn.State with { Served = true };
        var key = (turn.State.Origin as CallOrigin.FromExtension)?.Extension;
        if (key is null || !turn.Snapshot.Extensions.TryGetValue(key, out var extension))
        {
            turn.HangUp(HangUpCause.Forbidden);
            return;
        }
        turn.AnswerCaller();
        Start(turn, function, extension);
    }

    private static void Start(Turn turn, DialFunction function, Extension extension)
    {
        switch (function)
        {
            case DialFunction.AgentLogin:
                SwitchAgent(turn, extension, true);
                break;
            case DialFunction.AgentLogout:
                SwitchAgent(turn, extension, false);
                break;
            case DialFunction.Voicemail:
                OpenMailbox(turn, extension);
                break;
            case DialFunction.ClosureOn:
                ChangeNode.Enter(turn, new CallAction.SwitchClosure(extension.Site, true, null, extension.Number),
                    turn.Phrase(Phrases.ClosureOn));
                break;
            case DialFunction.ClosureOff:
                ChangeNode.Enter(turn, new CallAction.SwitchClosure(extension.Site, false, null, extension.Number),
                    turn.Phrase(Phrases.ClosureOff));
                break;
            case DialFunction.ClosureUntil:
                ClosureEndNode.Enter(turn, extension);
                break;
            case DialFunction.EchoTest:
                EchoNode.Enter(turn);
                break;
            case DialFunction.SpeakOwnNumber:
                turn.Become(new FarewellNode());
                turn.Play([turn.Phrase(Phrases.YourNumberIs), new Sound.OfDigits(extension.Number, turn.State.Language)]);
                break;
            case DialFunction.RecordPrompt:
                // A prompt of its own for each recording: the console gives it a better name.
                var stamp = turn.Now.UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
                RecordingNode.Enter(turn, new ObjectRef(ObjectKind.Prompt, $"recorded-{extension.Number}-{stamp}"), null);
                break;
        }
    }

    private static void SwitchAgent(Turn turn, Extension extension, bool loggedIn)
    {
        if (!turn.Snapshot.Queues.Values.Any(q => q.Agents.Any(a => a.Extension == extension.Key)))
        {
            FarewellNode.Enter(turn, Phrases.NoQueues);
            return;
        }
        ChangeNode.Enter(turn, new CallAction.SwitchAgent(extension.Key, loggedIn),
            turn.Phrase(loggedIn ? Phrases.AgentLoggedIn : Phrases.AgentLoggedOut));
    }

    private static void OpenMailbox(Turn turn, Extension extension)
    {
        if (extension.Mailbox is { } key && turn.Snapshot.Mailboxes.TryGetValue(key, out var mailbox)) PinNode.Enter(turn, mailbox);
        else FarewellNode.Enter(turn, Phrases.NotAllowed);
    }
}

/// <summary>A change to the configuration was asked for: says how it went.</summary>
internal sealed record ChangeNode(ValueList<Sound> WhenDone) : CallNode
{
    private const int WaitSeconds = 10;

    public static void Enter(Turn turn, CallAction change, params ReadOnlySpan<Sound> whenDone)
    {
        turn.Become(new ChangeNode(ValueList.Create(whenDone)));
        turn.Do(change);
        turn.Start(CallTimer.Guard, WaitSeconds);
    }

    public override void On(Turn turn, CallInput input)
    {
        if (input is not (CallInput.ChangeDone or CallInput.TimerFired)) return;
        turn.Stop(CallTimer.Guard);
        if (input is CallInput.ChangeDone { Succeeded: true })
        {
            turn.Become(new FarewellNode());
            turn.Play(WhenDone);
        }
        else FarewellNode.Enter(turn, Phrases.Failed);
    }
}

/// <summary>Plays back what the caller says until it hangs up.</summary>
internal sealed record EchoNode : CallNode
{
    private const int MaxSeconds = 300;

    public static void Enter(Turn turn)
    {
        turn.Become(new EchoNode());
        turn.Say(Phrases.EchoIntro);
    }

    public override void On(Turn turn, CallInput input)
    {
        switch (input)
        {
            case CallInput.PlayEnded:
                turn.Do(new CallAction.Echo());
                turn.Start(CallTimer.Timeout, MaxSeconds);
                break;
            case CallInput.TimerFired:
                turn.End(HangUpCause.Normal, "server");
                break;
        }
    }
}
