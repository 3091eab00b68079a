namespace Pbx.Core.CallFlow.Strategies;

/// <summary>After the agent that the queue offered last, for ever round.</summary>
internal sealed class RoundRobin : IRingOrder
{
    public static RoundRobin Instance { get; } = new();

    public long Rank(in Candidate agent, in Asking caller) =>
        (agent.Index - caller.LastOffered - 1 + caller.Agents) % caller.Agents;
}
