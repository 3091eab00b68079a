namespace Pbx.Core.CallFlow.Strategies;

/// <summary>All free agents at once.</summary>
internal sealed class RingAll : IRingOrder
{
    public static RingAll Instance { get; } = new();

    public bool AllAtOnce => true;

    public long Rank(in Candidate agent, in Asking caller) => agent.Index;
}
