using Pbx.Core.Common;
using Pbx.Core.RingGroups;

namespace Pbx.Core.CallFlow.Nodes;

/// <summary>Rings its extensions together or in order, once, then goes on.</summary>
/// <param name="Key">The key of the group.</param>
/// <param name="Legs">The extensions that ring.</param>
/// <param name="Tried">The extensions that had their turn.</param>
internal sealed record RingGroupNode(string Key, ValueList<GroupLeg> Legs, ValueList<string> Tried) : CallNode
{
    public static void Enter(Turn turn, RingGroup group)
    {
        turn.Arrive(group, group.OnNoAnswer);
        new RingGroupNode(group.Key, [], []).RingNext(turn, group);
    }

    public override void On(Turn turn, CallInput input)
    {
        var group = turn.Snapshot.RingGroups.GetValueOrDefault(Key);
        switch (input)
        {
            case CallInput.LegRinging:
                turn.Ringback();
                break;
            case CallInput.LegAnswered answered:
                var by = Legs.First(l => l.Leg == answered.Leg).Extension;
                turn.Note(JourneyCodes.Answered, ExtensionNode.Name(by), answered.By);
                TalkingNode.Enter(turn, answered.Leg, by);
                break;
            case CallInput.LegFailed failed:
                Failed(turn, group, Legs.Where(l => l.Leg == failed.Leg).ToValueList(), Words.Of(failed.Failure));
                break;
            case CallInput.TimerFired { Timer: CallTimer.Ring }:
                foreach (var leg in Legs) turn.Cancel(leg.Leg);
                Failed(turn, group, Legs, Words.Of(LegFailure.NoAnswer));
                break;
            case CallInput.ConfigurationChanged when group is null:
                turn.Removed();
                break;
            case CallInput.ConfigurationChanged:
                turn.StillAt(group, group.OnNoAnswer);
                break;
        }
    }

    private void Failed(Turn turn, RingGroup? group, ValueList<GroupLeg> failed, string why)
    {
        foreach (var leg in failed) ExtensionNode.NoteFailure(turn, leg.Extension, why);
        var left = this with { Legs = Legs.Where(l => !failed.Contains(l)).ToValueList() };
        turn.Become(left);
        if (left.Legs.Count > 0) return;
        if (group is null) turn.Removed();
        else left.RingNext(turn, group);
    }

    /// <summary>Rings the members whose turn it is; when none is left, goes on.</summary>
    private void RingNext(Turn turn, RingGroup group)
    {
        // Together rings once: a member added meanwhile waits for the next call.
        if (group.Mode == RingMode.Together && Tried.Count > 0)
        {
            turn.Go(group.OnNoAnswer);
            return;
        }
        var legs = new List<GroupLeg>();
        var tried = Tried.ToList();
        foreach (var member in group.Members)
        {
            if (tried.Contains(member) || !turn.Snapshot.Extensions.TryGetValue(member, out var extension)) continue;
            tried.Add(member);
            if (extension.DoNotDisturb)
            {
                ExtensionNode.NoteFailure(turn, member, "do-not-disturb");
                continue;
            }
            legs.Add(new GroupLeg(turn.DialExtension(member), member));
            turn.Note(JourneyCodes.Ringing, extension.AsDestination.ToString());
            if (group.Mode == RingMode.InOrder) break;
        }
        if (legs.Count == 0)
        {
            turn.Go(group.OnNoAnswer);
            return;
        }
        turn.Become(this with { Legs = legs.ToValueList(), Tried = tried.ToValueList() });
        turn.Start(CallTimer.Ring, group.RingSeconds);
        if (turn.State.Answered) turn.Ringback();
    }
}

/// <summary>A leg that rings for a group or a queue, and whose it is.</summary>
internal readonly record struct GroupLeg(LegId Leg, string Extension);
