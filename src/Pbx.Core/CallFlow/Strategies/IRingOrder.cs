using Pbx.Core.Queues;

namespace Pbx.Core.CallFlow.Strategies;

/// <summary>An agent of a queue, as an order sees it.</summary>
/// <param name="Index">Place in the queue's list, from 0.</param>
/// <param name="Tier">Its tier.</param>
/// <param name="Answered">Calls of this queue that it answered.</param>
/// <param name="IdleSince">Since when it has been idle.</param>
internal readonly record struct Candidate(int Index, int Tier, int Answered, DateTimeOffset IdleSince);

/// <summary>A caller who is to be offered, as an order sees it.</summary>
/// <param name="Seed">The call's random number.</param>
/// <param name="Pass">How often the order has started again for it.</param>
/// <param name="Agents">How many agents the queue has; more than 0.</param>
/// <param name="LastOffered">Place of the agent that the queue offered last, or -1.</param>
internal readonly record struct Asking(int Seed, int Pass, int Agents, int LastOffered);

/// <summary>In which order agents are offered: who has the lowest rank goes first, then who stands earlier in the list.</summary>
internal interface IRingOrder
{
    /// <summary>The rank of an agent for a caller.</summary>
    long Rank(in Candidate agent, in Asking caller);

    /// <summary>All free agents are offered at once.</summary>
    bool AllAtOnce => false;
}

/// <summary>The order of each strategy.</summary>
internal static class RingOrders
{
    public static IRingOrder Of(RingStrategy strategy) => strategy switch
    {
        RingStrategy.InOrder => InOrder.Instance,
        RingStrategy.RandomStart => RandomStart.Instance,
        RingStrategy.RingAll => RingAll.Instance,
        RingStrategy.RoundRobin => RoundRobin.Instance,
        RingStrategy.LongestIdle => LongestIdle.Instance,
        RingStrategy.FewestAnswered => FewestAnswered.Instance,
        RingStrategy.ByTier => ByTier.Instance,
    };
}
