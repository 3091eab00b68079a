using Pbx.Core.CallFlow.Strategies;
using Pbx.Core.CallFlow.Waiting;
using Pbx.Core.Live;

namespace Pbx.Core.CallFlow;

/// <content>Who is offered to whom.</content>
public sealed partial class QueueMachine
{
    /// <summary>
    /// Serves the lines that something changed in: the highest priority first, then the oldest caller. A line is left when its oldest
    /// caller finds nobody: whoever came later can count on no agent that this one cannot.
    /// </summary>
    private void Match()
    {
        var open = touched.Where(l => l.Idle.Count > 0).OrderBy(l => l.Queue.Key, StringComparer.Ordinal).ToList();
        while (open.Count > 0)
        {
            var line = open[0];
            foreach (var other in open)
            {
                if (GoesBefore(other, line)) line = other;
            }
            if (!OfferTo(line.Idle.Min!) || line.Idle.Count == 0) open.Remove(line);
        }
        foreach (var line in touched.Where(l => l.Order.AllAtOnce && l.Ringing.Count > 0).OrderBy(l => l.Queue.Key, StringComparer.Ordinal).ToArray())
            JoinRinging(line.Ringing.Min!);
    }

    private static bool GoesBefore(Line a, Line b) => a.Queue.Priority != b.Queue.Priority
        ? a.Queue.Priority > b.Queue.Priority
        : a.Idle.Min!.Number < b.Idle.Min!.Number;

    /// <summary>Offers a caller to the first free agent in its order, or to all. False when nobody is free for it.</summary>
    private bool OfferTo(Caller caller)
    {
        if (Choose(caller) is not { } chosen)
        {
            if (caller.ToldAll) return false;
            caller.ToldAll = true;
            TellPassedOver(caller, long.MaxValue, int.MaxValue);
            return false;
        }
        if (caller.Tried.Contains(chosen.Agent))
        {
            // All who can be offered were tried: the order starts again.
            caller.Tried.Clear();
            caller.Pass++;
            chosen = Choose(caller)!;
        }
        if (caller.Line.Order.AllAtOnce)
        {
            TellPassedOver(caller, long.MaxValue, int.MaxValue);
            foreach (var member in caller.Line.Free.Where(m => m.IsIn(caller)).ToArray()) Reserve(caller, member);
            return true;
        }
        TellPassedOver(caller, RankOf(chosen, AskingOf(caller)), chosen.Index);
        Reserve(caller, chosen);
        return true;
    }

    /// <summary>An agent who becomes free while a line rings all rings too, unless it had its turn for this caller.</summary>
    private void JoinRinging(Caller caller)
    {
        foreach (var member in caller.Line.Free.Where(m => m.IsIn(caller) && !caller.Tried.Contains(m.Agent)).ToArray())
            Reserve(caller, member);
    }

    private static Member? Choose(Caller caller)
    {
        var asking = AskingOf(caller);
        Member? best = null;
        var bestRank = (Tried: true, Rank: long.MaxValue);
        foreach (var member in caller.Line.Free)
        {
            if (!member.IsIn(caller)) continue;
            var rank = (caller.Tried.Contains(member.Agent), RankOf(member, asking));
            if (best is not null && rank.CompareTo(bestRank) >= 0) continue;
            (best, bestRank) = (member, rank);
        }
        return best;
    }

    private static Asking AskingOf(Caller caller) =>
        new(caller.Seed, caller.Pass, Math.Max(1, caller.Line.Members.Count), caller.Line.LastOffered?.Index ?? -1);

    private static long RankOf(Member member, in Asking asking) =>
        member.Line.Order.Rank(new Candidate(member.Index, member.Tier, member.Answered, member.Agent.IdleSince), asking);

    private void Reserve(Caller caller, Member member)
    {
        var line = caller.Line;
        var offer = new Offer(caller, member.Agent, now.AddSeconds(line.Queue.RingSeconds));
        member.Agent.Offer = offer;
        caller.Offers.Add(offer);
        caller.Tried.Add(member.Agent);
        caller.Told.Remove(member.Agent);
        line.LastOffered = member;
        if (line.Idle.Remove(caller)) line.Ringing.Add(caller);
        foreach (var place in member.Agent.Members) Show(place);
        actions.Add(new QueueAction.Offer(caller.Call, member.Agent.Key, line.Queue.RingSeconds, caller.Join));
        wakes.At(offer.Until, _ => Expire(offer));
    }

    private void Expire(Offer offer)
    {
        if (offer.Agent.Offer != offer || offer.Withdrawn) return;
        Release(offer, withdraw: true);
        Rest(offer.Agent, offer.Caller.Line, OfferOutcome.NoAnswer);
    }

    /// <summary>Tells the record why agents who would have come earlier were passed over, each reason once.</summary>
    private void TellPassedOver(Caller caller, long rank, int index)
    {
        var asking = AskingOf(caller);
        foreach (var member in caller.Line.Members)
        {
            if (caller.Told.Count >= Caller.MaxTold) return;
            var state = member.State(caller, now);
            if (state == AgentState.Free || member.Agent.Offer?.Caller == caller) continue;
            if ((RankOf(member, asking), member.Index).CompareTo((rank, index)) >= 0) continue;
            if (caller.Told.TryGetValue(member.Agent, out var told) && told == state) continue;
            caller.Told[member.Agent] = state;
            actions.Add(new QueueAction.Skipped(caller.Call, member.Agent.Key, state));
        }
    }
}
