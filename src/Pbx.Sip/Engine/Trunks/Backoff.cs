namespace Pbx.Sip.Engine.Trunks;

/// <summary>How long to wait after how many failures in a row. Pure.</summary>
internal static class Backoff
{
    /// <summary>After credentials were refused: more attempts would only get the account locked.</summary>
    public static readonly TimeSpan AfterRefusal = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan First = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>5 s, doubling up to 5 min, less up to a quarter by chance, so that many servers do not come back together.</summary>
    public static TimeSpan After(int failures, double chance)
    {
        var full = First * Math.Pow(2, Math.Clamp(failures - 1, 0, 10));
        return (full < Longest ? full : Longest) * (1 - (chance / 4));
    }

    /// <summary>When to refresh a registration of that length: early enough for a second attempt.</summary>
    public static TimeSpan RefreshAfter(int seconds) => TimeSpan.FromSeconds(Math.Max(1, seconds > 1200 ? seconds - 600 : seconds * 0.5));
}
