using Pbx.Core.CallRecords;
using Pbx.Core.Common;
using Pbx.Core.Live;
using Pbx.Core.Sites;
using Pbx.Core.Snapshot;

namespace Pbx.Core.CallFlow.Nodes;

/// <content>Going from place to place, and the end.</content>
internal sealed partial class Turn
{
    /// <summary>Most moves since the last key, answer or full second waited.</summary>
    public const int MaxMoves = 64;

    /// <summary>How long a tone sounds before an answered call is hung up.</summary>
    public const int ToneSeconds = 5;

    /// <summary>Leaves where the call is and goes to a destination.</summary>
    public void Go(Destination destination)
    {
        if (!TakeMove()) return;
        Note(JourneyCodes.WentTo, destination.ToString());
        switch (destination.Kind)
        {
            case DestinationKind.HangUp:
                HangUp(CauseOf(destination.Value));
                break;
            case DestinationKind.External:
                Arrive(destination.ToString());
                ExternalNode.Enter(this, destination.Value);
                break;
            default:
                if (Snapshot.Find(destination) is { } target) Enter(target);
                else GoToSiteDefault(destination.ToString());
                break;
        }
    }

    /// <summary>Leaves where the call is for a place that is no destination of the configuration.</summary>
    public bool TakeMove()
    {
        LeaveNode();
        if (Now - State.LastMove >= TimeSpan.FromSeconds(1)) State = State with { Moves = 0 };
        State = State with { Moves = State.Moves + 1, LastMove = Now };
        if (State.Moves <= MaxMoves) return true;
        Note(JourneyCodes.LoopGuard, State.At);
        HangUp(HangUpCause.Congestion);
        return false;
    }

    /// <summary>Takes the place's route when its own site is not open. False when the call goes in.</summary>
    /// <remarks>The exceptional closure of a place reached later takes its closed route: only an inbound rule plays the announcement.</remarks>
    public bool TakesRouteOf(TimeRoutes routes, string site)
    {
        if (routes.Closed is null && routes.Break is null && routes.Holiday is null) return false;
        var state = Snapshot.StateAt(site, Now).State;
        NoteTime(site, state);
        if (RouteOf(routes, state) is not { } route) return false;
        Go(route);
        return true;
    }

    /// <summary>The route for a state; null: none, the call goes in.</summary>
    public static Destination? RouteOf(TimeRoutes routes, SiteState state) => state switch
    {
        SiteState.Open => null,
        SiteState.Closure or SiteState.Closed => routes.Closed,
        SiteState.Break => routes.Break,
        SiteState.Holiday => routes.Holiday,
    };

    public void NoteTime(string site, SiteState state) =>
        Note(JourneyCodes.TimeDecision, new ObjectRef(ObjectKind.Site, site), Words.Of(state));

    /// <summary>The call is now at a place: what to fall back on should the place be deleted.</summary>
    public void Arrive(ITargetObject place, Destination? fallback)
    {
        State = State with { At = place.AsDestination.ToString(), Live = State.Answered ? LiveCallState.InService : LiveCallState.Ringing };
        StillAt(place, fallback);
    }

    /// <summary>The place is still there: remembers its newest fallback.</summary>
    public void StillAt(ITargetObject place, Destination? fallback)
    {
        State = State with { PlaceSite = place.Site, Fallback = fallback };
        SpeakLike(place.Site);
    }

    /// <summary>The call is now at something that is no object.</summary>
    public void Arrive(string at) =>
        State = State with { At = at, Fallback = null, Live = State.Answered ? LiveCallState.InService : LiveCallState.Ringing };

    /// <summary>From now on the call is spoken to in a site's language.</summary>
    public void SpeakLike(string site)
    {
        if (Snapshot.Sites.TryGetValue(site, out var found)) State = State with { Language = found.Language };
    }

    /// <summary>The place the call is in was deleted: it goes to the last known route, else to the site's default.</summary>
    public void Removed()
    {
        var fallback = State.Fallback;
        if (fallback is null || !Exists(fallback))
        {
            GoToSiteDefault(State.At);
            return;
        }
        Note(JourneyCodes.Removed, State.At);
        Go(fallback);
    }

    /// <summary>Ends the call, after the tone that fits when it was answered.</summary>
    public void HangUp(HangUpCause cause)
    {
        LeaveNode();
        if (cause == HangUpCause.Normal || !State.Answered) End(cause, "server");
        else TonesNode.Enter(this, cause);
    }

    /// <summary>Ends the call.</summary>
    public void End(HangUpCause cause, string by)
    {
        LeaveNode();
        if (!State.Answered && cause == HangUpCause.Normal) cause = HangUpCause.Unavailable;
        Finish($"{Words.Of(cause)}, {by}", OutcomeByServer(cause));
        Do(new CallAction.HangUp(cause));
    }

    /// <summary>The caller hung up, was lost, or was refused when the server was to answer it.</summary>
    public void EndByCaller(HangUpReason reason)
    {
        LeaveNode();
        switch (reason)
        {
            case HangUpReason.Normal or HangUpReason.Lost:
                Finish($"{Words.Of(reason)}, caller", OutcomeByCaller());
                break;
            case HangUpReason.Shutdown:
                Finish($"{Words.Of(reason)}, server", OutcomeByCaller());
                break;
            case HangUpReason.Incompatible or HangUpReason.Congestion:
                // Whoever was to talk with it did not.
                State = State with { AnsweredBy = null };
                Finish($"{Words.Of(reason)}, server", CallOutcome.Failed);
                break;
        }
    }

    /// <summary>A recording was ended by the caller's hang-up, which is reported in a moment: the call ends now.</summary>
    public void EndAfterHangUp()
    {
        EndByCaller(HangUpReason.Normal);
        if (!State.CallerGone) Do(new CallAction.HangUp(HangUpCause.Normal));
    }

    private void Finish(string how, CallOutcome outcome)
    {
        Note(JourneyCodes.Ended, "", how);
        State = State with { Ended = true, Outcome = outcome, Node = new EndedNode() };
    }

    private CallOutcome OutcomeByServer(HangUpCause cause) =>
        Known() ?? (State.Answered && cause == HangUpCause.Normal ? CallOutcome.Service : CallOutcome.Failed);

    private CallOutcome OutcomeByCaller() => Known() ?? (State.Served ? CallOutcome.Service : CallOutcome.Abandoned);

    private CallOutcome? Known() =>
        State.AnsweredBy is not null ? CallOutcome.Answered : State.MessageKept ? CallOutcome.Message : null;

    private void Enter(ITargetObject target)
    {
        switch (target)
        {
            case Extensions.Extension extension: ExtensionNode.Enter(this, extension); break;
            case Queues.Queue queue: QueueNode.Enter(this, queue); break;
            case RingGroups.RingGroup group: RingGroupNode.Enter(this, group); break;
            case Ivr.IvrMenu menu: MenuNode.Enter(this, menu); break;
            case Announcements.Announcement announcement: AnnouncementNode.Enter(this, announcement); break;
            case Voicemail.Mailbox mailbox: MailboxNode.Enter(this, mailbox); break;
            default: throw new InvalidOperationException($"No node for {target.Kind}.");
        }
    }

    private void GoToSiteDefault(string missing)
    {
        Note(JourneyCodes.Removed, missing);
        var site = State.PlaceSite ?? State.Site;
        var next = site is null ? null : Snapshot.Sites.GetValueOrDefault(site)?.DefaultDestination;
        if (next is not null && Exists(next)) Go(next);
        else HangUp(HangUpCause.Unavailable);
    }

    private bool Exists(Destination destination) =>
        destination.Kind is DestinationKind.HangUp or DestinationKind.External || Snapshot.Find(destination) is not null;

    private void LeaveNode()
    {
        var node = State.Node;
        State = State with { Node = new LeftNode() };
        for (var timer = CallTimer.Timeout; timer <= CallTimer.Guard; timer++) Stop(timer);
        // Before the node tells the queue, which would otherwise offer an agent whose phone still rings.
        foreach (var leg in State.Ringing) Cancel(leg);
        node.Leave(this);
        if (!State.CallerGone) StopPlay();
    }

    private static HangUpCause CauseOf(string value) => value switch
    {
        "busy" => HangUpCause.Busy,
        "unavailable" => HangUpCause.Unavailable,
        "rejected" => HangUpCause.Rejected,
        _ => HangUpCause.Normal,
    };

    /// <summary>Between two places, within one step.</summary>
    private sealed record LeftNode : CallNode
    {
        public override void On(Turn turn, CallInput input)
        {
        }
    }
}
