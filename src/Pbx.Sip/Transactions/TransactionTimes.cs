namespace Pbx.Sip.Transactions;

/// <summary>The values that all transaction timers are made of (RFC 3261 table 4).</summary>
/// <param name="T1">Estimate of the round trip: first retransmission interval.</param>
/// <param name="T2">Longest retransmission interval of what is not INVITE.</param>
/// <param name="T4">How long a message may stay in the network.</param>
internal sealed record TransactionTimes(TimeSpan T1, TimeSpan T2, TimeSpan T4)
{
    /// <summary>0.5 s, 4 s, 5 s.</summary>
    public static TransactionTimes Standard { get; } =
        new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(5));

    /// <summary>64 T1: timers B, F, H, J, L, M.</summary>
    public TimeSpan Timeout => T1 * 64;

    /// <summary>Timer D: how long final responses to our INVITE may still be repeated over UDP; at least 32 s.</summary>
    public TimeSpan D => Timeout > TimeSpan.FromSeconds(32) ? Timeout : TimeSpan.FromSeconds(32);
}
