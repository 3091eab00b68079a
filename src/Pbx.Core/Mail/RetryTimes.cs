namespace Pbx.Core.Mail;

/// <summary>When a mail that did not get through is tried again: soon at first, then every four hours, for days.</summary>
internal static class RetryTimes
{
    private static readonly int[] Minutes = [1, 2, 5, 10, 20, 40, 60, 120, 240];

    /// <summary>The longest wait.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromMinutes(Minutes[^1]);

    /// <summary>How long to wait after so many attempts (1: the first).</summary>
    public static TimeSpan After(int attempts) => TimeSpan.FromMinutes(Minutes[Math.Clamp(attempts, 1, Minutes.Length) - 1]);
}
