using Pbx.Core.CallRecords;
using Pbx.Core.Common;
using Pbx.Core.Routing;
using Pbx.Core.Sites;
using Pbx.Core.Snapshot;

namespace Pbx.Core.CallFlow.Nodes;

/// <summary>The start: from outside by the inbound rules, from inside by what was dialled.</summary>
internal sealed record ArrivingNode : CallNode
{
    public override void On(Turn turn, CallInput input)
    {
        if (input is not CallInput.Arrived arrived) return;
        turn.State = turn.State with { Id = arrived.CallId, Origin = arrived.Origin, Seed = arrived.Seed, CallerName = arrived.CallerName };
        if (arrived.Origin is CallOrigin.FromTrunk trunk) FromTrunk(turn, arrived, trunk.Trunk);
        else if (arrived.Origin is CallOrigin.FromExtension extension) FromExtension(turn, arrived, extension.Extension);
    }

    private static void FromExtension(Turn turn, CallInput.Arrived arrived, string key)
    {
        turn.State = turn.State with { Direction = CallDirection.Internal, Called = arrived.Called };
        if (!turn.Snapshot.Extensions.TryGetValue(key, out var extension))
        {
            turn.End(HangUpCause.Forbidden, "server");
            return;
        }
        turn.State = turn.State with
        {
            Caller = extension.Number,
            CallerName = extension.Name,
            Site = extension.Site,
            PlaceSite = extension.Site,
        };
        turn.SpeakLike(extension.Site);
        Dialling.Dial(turn, arrived.Called);
    }

    private static void FromTrunk(Turn turn, CallInput.Arrived arrived, string key)
    {
        turn.State = turn.State with { Direction = CallDirection.Inbound, Called = arrived.Called, Caller = arrived.Caller };
        if (!turn.Snapshot.Trunks.TryGetValue(key, out var trunk))
        {
            turn.End(HangUpCause.NotFound, "server");
            return;
        }
        var called = NumberPlan.ToE164(arrived.Called, trunk.Country);
        var caller = NumberPlan.ToE164(arrived.Caller, trunk.Country);
        turn.State = turn.State with { Called = called, Caller = caller, Site = trunk.Site, PlaceSite = trunk.Site };
        turn.SpeakLike(trunk.Site);
        if (InboundRouting.Find(turn.Snapshot, key, called, caller) is { } rule)
        {
            turn.Note(JourneyCodes.RuleMatched, new ObjectRef(ObjectKind.InboundRule, rule.Key), called);
            Follow(turn, rule);
            return;
        }
        turn.State = turn.State with { Unmatched = true };
        turn.Note(JourneyCodes.Unmatched, new ObjectRef(ObjectKind.Trunk, key), called);
        turn.Go(trunk.DefaultDestination);
    }

    /// <summary>Goes where an inbound rule leads at this moment.</summary>
    public static void Follow(Turn turn, InboundRule rule)
    {
        turn.State = turn.State with { Site = rule.Site, PlaceSite = rule.Site };
        turn.SpeakLike(rule.Site);
        var moment = turn.Snapshot.StateAt(rule.Site, turn.Now);
        turn.NoteTime(rule.Site, moment.State);
        var site = turn.Snapshot.Sites.GetValueOrDefault(rule.Site);
        switch (moment.State)
        {
            case SiteState.Closure:
                ClosureNode.Enter(turn, rule.Site);
                break;
            case SiteState.Holiday when (moment.Holiday?.Destination ?? rule.TimeRoutes.Holiday ?? site?.OnHoliday) is { } holiday:
                turn.Go(holiday);
                break;
            case SiteState.Holiday:
                ClosureNode.Enter(turn, rule.Site);
                break;
            default:
                turn.Go(Turn.RouteOf(rule.TimeRoutes, moment.State) ?? rule.Open);
                break;
        }
    }
}
