namespace Pbx.Core.CallFlow.Strategies;

/// <summary>Tier by tier; in the order of the list within one.</summary>
internal sealed class ByTier : IRingOrder
{
    public static ByTier Instance { get; } = new();

    public long Rank(in Candidate agent, in Asking caller) => agent.Tier;
}
