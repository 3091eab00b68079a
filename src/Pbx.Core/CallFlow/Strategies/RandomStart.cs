namespace Pbx.Core.CallFlow.Strategies;

/// <summary>In the order of the list from a random start, another one for each caller and each pass.</summary>
internal sealed class RandomStart : IRingOrder
{
    public static RandomStart Instance { get; } = new();

    public long Rank(in Candidate agent, in Asking caller)
    {
        // Spreads neighbouring seeds (Knuth's multiplicative hash); the same call starts alike in a replay.
        var start = (int)(unchecked((uint)(caller.Seed + caller.Pass) * 2654435761u) % (uint)caller.Agents);
        return (agent.Index - start + caller.Agents) % caller.Agents;
    }
}
