namespace Pbx.Sip.Defence;

/// <summary>How guessing is met. Fixed at the start.</summary>
internal sealed record DefenceOptions
{
    /// <summary>The realm of our challenges.</summary>
    public string Realm { get; init; } = "pbx";

    /// <summary>Wrong answers to our challenges after which an address is banned.</summary>
    public int FailuresPerAddress { get; init; } = 5;

    /// <summary>After so long one failure of an address is forgiven.</summary>
    public TimeSpan Forgiveness { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Wrong answers per minute to one account from addresses that it does not know; then they are not even judged.</summary>
    public int GuessesPerAccount { get; init; } = 10;

    /// <summary>
    /// Wrong answers per minute from an address that is not banned because phones or administrators of ours are there, and by an account from an
    /// address that it knows.
    /// </summary>
    public int GuessesWhereProtected { get; init; } = 20;

    /// <summary>The first ban.</summary>
    public TimeSpan FirstBan { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Each further ban is so many times longer than the one before.</summary>
    public int BanGrowth { get; init; } = 4;

    /// <summary>The longest ban.</summary>
    public TimeSpan LongestBan { get; init; } = TimeSpan.FromHours(24);

    /// <summary>So long after the end of a ban one of them is forgiven.</summary>
    public TimeSpan BanForgiveness { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How long an address is known to an account, and protected, after it authenticated there.</summary>
    public TimeSpan KnownFor { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Addresses that an account knows.</summary>
    public int KnownPerAccount { get; init; } = 8;

    /// <summary>Places in the table of failures, and in each of bans.</summary>
    public int TableSize { get; init; } = 10_000;

    /// <summary>Where bans and known addresses lie over restarts; null: nowhere.</summary>
    public string? File { get; init; }
}
