namespace Pbx.Core.CallFlow.Strategies;

/// <summary>Who has answered fewest calls of the queue.</summary>
internal sealed class FewestAnswered : IRingOrder
{
    public static FewestAnswered Instance { get; } = new();

    public long Rank(in Candidate agent, in Asking caller) => agent.Answered;
}
