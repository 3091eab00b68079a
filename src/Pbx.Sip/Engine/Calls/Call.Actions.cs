using Pbx.Core.CallFlow;
using Pbx.Core.Common;

namespace Pbx.Sip.Engine.Calls;

/// <summary>How each action of the machine is carried out. Nothing here looks at the configuration.</summary>
internal sealed partial class Call
{
    // The machine numbers its plays from 1; ours are nobody's business but the caller's ear.
    private const int RingbackPlay = -1;

    private static readonly ValueList<Sound> RingbackTone = [new Sound.OfTone(Tone.Ringback)];

    private readonly HashSet<string> offered = [];
    private readonly HashSet<int> counted = [];

    private void Perform(CallAction action)
    {
        switch (action)
        {
            case CallAction.Answer: Answer(); break;
            case CallAction.Ringback: Ringback(); break;
            case CallAction.RelayEarlyMedia early: RelayEarly(early.Leg); break;
            case CallAction.Play play: MediaOf(play.Leg)?.Play(play.Number, play.Sounds, play.Loop); break;
            case CallAction.StopPlay stop: MediaOf(stop.Leg)?.StopPlay(); break;
            case CallAction.StartTimer start: timers.Start(start.Timer, start.After); break;
            case CallAction.StopTimer stop: timers.Stop(stop.Timer); break;
            case CallAction.Dial dial: Dial(dial); break;
            case CallAction.CancelLeg cancel: LegOf(cancel.Leg)?.Cancel(cancel.AnsweredElsewhere); break;
            case CallAction.HangUpLeg hangUp: LegOf(hangUp.Leg)?.HangUp(); break;
            case CallAction.Bridge bridge: Bridge(bridge.Leg); break;
            case CallAction.Echo: MediaOf(LegId.Caller)?.Echo(); break;
            case CallAction.Record start: Record(start); break;
            case CallAction.StopRecording: MediaOf(LegId.Caller)?.StopRecording(); break;
            case CallAction.KeepMessage keep: KeepMessage(keep); break;
            case CallAction.KeepPrompt keep: KeepPrompt(keep); break;
            case CallAction.DiscardRecording discard: Discard(discard.Recording); break;
            case CallAction.JoinQueue join:
                Shared.Queues.Send(new QueueInput.CallerJoined(Id, join.Queue, state.Caller, arrived.Seed, join.Join));
                break;
            case CallAction.LeaveQueue:
                offered.Clear();
                Shared.Queues.Send(new QueueInput.CallerLeft(Id));
                break;
            case CallAction.ReportOffer report:
                offered.Remove(report.Agent);
                Shared.Queues.Send(new QueueInput.OfferEnded(Id, report.Agent, report.Outcome));
                break;
            case CallAction.LoadMessages load: LoadMessages(load.Mailbox); break;
            case CallAction.MarkMessage mark: MarkMessage(mark); break;
            case CallAction.SwitchClosure change: SwitchClosure(change); break;
            case CallAction.SwitchAgent change: SwitchAgent(change); break;
            case CallAction.HangUp hangUp: HangUpCaller(hangUp.Cause); break;
            case CallAction.Alert alert: Shared.Alerts.Raise(alert.Kind, alert.Subject, alert.Detail); break;
            case CallAction.Note note: record.Note(RecordNow, note.Step); break;
        }
    }

    private void Answer()
    {
        if (caller.IsOver || caller.IsAccepted) return;
        if (caller.Accept(AnsweredSession()) is { } status) CallerLost(status);
        else record.Answered(RecordNow);
    }

    private void Ringback()
    {
        if (caller.IsOver) return;
        if (caller.IsAccepted) MediaOf(LegId.Caller)?.Play(RingbackPlay, RingbackTone, loop: true);
        else caller.Ring();
    }

    private void RelayEarly(LegId leg)
    {
        if (!caller.IsOver && LegOf(leg)?.Session is { Agreed: not null } session) caller.RelayEarly(session);
    }

    private void Dial(CallAction.Dial dial)
    {
        var leg = new DialledLeg(this, dial);
        legs.Add(dial.Leg.Value, leg);
        // An agent that rings for a queue is reserved by the queue itself; anything else makes its extension busy from now on.
        if (dial.Target is DialTarget.ToExtension extension)
        {
            if (!offered.Contains(extension.Extension)) Count(leg);
        }
        else
        {
            Count(leg);
            if (arrived.Origin is CallOrigin.FromExtension own) Shared.Outbound.Started(own.Extension, Id);
        }
        leg.Start();
    }

    private void Bridge(LegId leg)
    {
        if (caller.Session?.Media is not { } own || LegOf(leg)?.Session?.Media is not { } other) return;
        talkingWith = leg;
        if (LegOf(leg)?.Target is DialTarget.ToTrunk) Shared.Outbound.Answered(Id);
        own.BridgeWith(other);
    }

    private void HangUpCaller(HangUpCause cause)
    {
        if (!caller.IsOver) caller.End(LegFailures.StatusOf(cause));
    }

    private DialledLeg? LegOf(LegId leg) => legs.GetValueOrDefault(leg.Value);

    private Media.MediaLeg? MediaOf(LegId leg) =>
        leg == LegId.Caller ? caller.Session?.Media : LegOf(leg)?.Session?.Media;

    /// <summary>The session of the leg that has answered, by whose codec the caller is answered.</summary>
    private LegSession? AnsweredSession()
    {
        foreach (var leg in legs.Values)
        {
            if (leg.IsAnswered) return leg.Session;
        }
        return null;
    }

    private void CountAnswered(DialledLeg leg) => Count(leg);

    private void Count(DialledLeg leg) => Change(leg, counted.Add(leg.Id.Value), 1);

    private void Uncount(DialledLeg leg) => Change(leg, counted.Remove(leg.Id.Value), -1);

    private void Change(DialledLeg leg, bool changed, int difference)
    {
        if (!changed) return;
        switch (leg.Target)
        {
            case DialTarget.ToExtension extension: Shared.Queues.CallsChanged(extension.Extension, difference); break;
            case DialTarget.ToTrunk trunk: Shared.Trunks.CallsChanged(trunk.Trunk, difference); break;
        }
    }
}
