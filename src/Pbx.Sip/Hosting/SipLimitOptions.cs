namespace Pbx.Sip.Hosting;

/// <summary>How much of everything strangers and devices may use. A change needs a restart.</summary>
public sealed record SipLimitOptions
{
    /// <summary>Bytes of a SIP message.</summary>
    public int MessageBytes { get; init; } = 64 * 1024;

    /// <summary>Header fields of a SIP message.</summary>
    public int Headers { get; init; } = 200;

    /// <summary>Bytes of one header field.</summary>
    public int HeaderBytes { get; init; } = 8 * 1024;

    /// <summary>Connections at once.</summary>
    public int Connections { get; init; } = 10_000;

    /// <summary>Connections at once from one address.</summary>
    public int ConnectionsPerAddress { get; init; } = 1_000;

    /// <summary>Seconds until a connection must have sent its first whole message.</summary>
    public int FirstMessageSeconds { get; init; } = 30;

    /// <summary>Seconds after which a connection without traffic is closed.</summary>
    public int IdleSeconds { get; init; } = 7500;

    /// <summary>Transactions at which new requests are turned away.</summary>
    public int Transactions { get; init; } = 100_000;

    /// <summary>Calls at once that one extension may begin.</summary>
    public int CallsPerExtension { get; init; } = 20;

    /// <summary>Calls at once from one address of devices.</summary>
    public int CallsPerAddress { get; init; } = 500;

    /// <summary>Calls that one extension may begin in a minute.</summary>
    public int CallsPerMinute { get; init; } = 60;

    /// <summary>Wrong answers to our challenges after which an address is banned.</summary>
    public int FailuresPerAddress { get; init; } = 5;

    /// <summary>Wrong answers per minute to one account from strangers; then they are not judged.</summary>
    public int GuessesPerAccount { get; init; } = 10;

    /// <summary>Seconds of a first ban; each further one is four times longer, up to a day.</summary>
    public int BanSeconds { get; init; } = 300;

    /// <summary>All that is wrong with them, in words.</summary>
    internal IEnumerable<string> Mistakes()
    {
        foreach (var (name, value, least, most) in All())
            if (value < least || value > most) yield return $"Sip:Limits:{name}: {value} is not between {least} and {most}.";
    }

    private (string Name, int Value, int Least, int Most)[] All() =>
    [
        (nameof(MessageBytes), MessageBytes, 1500, 1 << 20), (nameof(Headers), Headers, 20, 10_000), (nameof(HeaderBytes), HeaderBytes, 500, 1 << 16),
        (nameof(Connections), Connections, 1, 1_000_000), (nameof(ConnectionsPerAddress), ConnectionsPerAddress, 1, 1_000_000),
        (nameof(FirstMessageSeconds), FirstMessageSeconds, 1, 3600), (nameof(IdleSeconds), IdleSeconds, 30, 86_400),
        (nameof(Transactions), Transactions, 100, 10_000_000), (nameof(CallsPerExtension), CallsPerExtension, 1, 100_000),
        (nameof(CallsPerAddress), CallsPerAddress, 1, 100_000), (nameof(CallsPerMinute), CallsPerMinute, 1, 100_000),
        (nameof(FailuresPerAddress), FailuresPerAddress, 1, 1000), (nameof(GuessesPerAccount), GuessesPerAccount, 1, 1000), (nameof(BanSeconds), BanSeconds, 1, 86_400),
    ];
}
