namespace Pbx.Core.CallFlow.Strategies;

/// <summary>One by one in the order of the list.</summary>
internal sealed class InOrder : IRingOrder
{
    public static InOrder Instance { get; } = new();

    public long Rank(in Candidate agent, in Asking caller) => agent.Index;
}
