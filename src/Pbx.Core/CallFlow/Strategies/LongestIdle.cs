namespace Pbx.Core.CallFlow.Strategies;

/// <summary>Who has been idle longest.</summary>
internal sealed class LongestIdle : IRingOrder
{
    public static LongestIdle Instance { get; } = new();

    public long Rank(in Candidate agent, in Asking caller) => agent.IdleSince.UtcTicks;
}
