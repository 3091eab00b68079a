using Pbx.Core.Common;

namespace Pbx.Core.Trunks;

/// <summary>A SIP account or IP peer at a telephony provider.</summary>
public sealed record Trunk : IConfigObject
{
    /// <inheritdoc/>
    public required string Key { get; init; }

    /// <inheritdoc/>
    public long Version { get; init; }

    /// <inheritdoc/>
    public ObjectKind Kind => ObjectKind.Trunk;

    /// <summary>The name shown to people.</summary>
    public required string Name { get; init; }

    /// <summary>The key of the site whose default it serves.</summary>
    public required string Site { get; init; }

    /// <summary>Not used while false.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>True: we register at the provider; false: it knows our address.</summary>
    public bool Registers { get; init; }

    /// <summary>Host name or address of the provider; a name without port is looked up by SRV (RFC 3263).</summary>
    public required string Host { get; init; }

    /// <summary>Port; null: by SRV, else 5060.</summary>
    public int? Port { get; init; }

    /// <summary>How SIP reaches the provider.</summary>
    public TrunkTransport Transport { get; init; }

    /// <summary>With TLS: PEM text of authorities that are trusted for its certificate besides those of the system; null: none.</summary>
    public string? TlsAuthorities { get; init; }

    /// <summary>With TLS: takes whatever certificate it shows. Encrypted, but anybody on the way can pretend to be the provider.</summary>
    public bool AcceptsAnyCertificate { get; init; }

    /// <summary>Domain of our address there; null: <see cref="Host"/>.</summary>
    public string? Domain { get; init; }

    /// <summary>The account's user; user part of our address there.</summary>
    public string? UserName { get; init; }

    /// <summary>User name of the digest; null: <see cref="UserName"/>.</summary>
    public string? AuthenticationName { get; init; }

    /// <summary>The account's password.</summary>
    public Secret? Password { get; init; }

    /// <summary>Asked registration interval. 60 to 7200 s.</summary>
    public int ExpiresSeconds { get; init; } = 600;

    /// <summary>Addresses or networks (CIDR) that calls from it come from, besides those of <see cref="Host"/>.</summary>
    public ValueList<string> SourceAddresses { get; init; } = [];

    /// <summary>The numbers (DIDs) that it brings, in E.164.</summary>
    public ValueList<string> Numbers { get; init; } = [];

    /// <summary>Country by which its national numbers are read, such as <c>FR</c>.</summary>
    public string Country { get; init; } = "FR";

    /// <summary>The number shown when the caller's extension has none, in E.164; null: the first of <see cref="Numbers"/>.</summary>
    public string? PresentedNumber { get; init; }

    /// <summary>Where a call goes that no inbound rule matches.</summary>
    public Destination DefaultDestination { get; init; } = new(DestinationKind.HangUp, "unavailable");

    /// <summary>Most calls at once; 0: no limit.</summary>
    public int MaxCalls { get; init; }

    /// <summary>How strictly it is encrypted; the system may be stricter. Encrypted only: over TLS, with SRTP.</summary>
    public CallSecurity Security { get; init; }

    /// <summary>Interval of OPTIONS that watch whether it answers; 0: none.</summary>
    public int QualifySeconds { get; init; } = 30;
}

/// <summary>How SIP reaches a provider.</summary>
public enum TrunkTransport
{
    /// <summary>UDP.</summary>
    Udp,
    /// <summary>TCP.</summary>
    Tcp,
    /// <summary>TLS; certificate and host name are checked.</summary>
    Tls,
}
