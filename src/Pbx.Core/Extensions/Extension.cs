using Pbx.Core.Common;

namespace Pbx.Core.Extensions;

/// <summary>A person's or a room's number, with its devices and what happens when it is not answered.</summary>
public sealed record Extension : ITargetObject
{
    /// <inheritdoc/>
    public required string Key { get; init; }

    /// <inheritdoc/>
    public long Version { get; init; }

    /// <inheritdoc/>
    public ObjectKind Kind => ObjectKind.Extension;

    /// <inheritdoc/>
    public required string Name { get; init; }

    /// <summary>The number that reaches it; an extension always has one. It is also the user part of its address of record.</summary>
    public required string Number { get; init; }

    /// <inheritdoc/>
    public required string Site { get; init; }

    /// <summary>Where its voicemail is mailed.</summary>
    public string? Email { get; init; }

    /// <summary>What may register on it; each has its own credentials.</summary>
    public ValueList<Device> Devices { get; init; } = [];

    /// <summary>How long all devices ring before <see cref="OnNoAnswer"/>. 5 to 300 s.</summary>
    public int RingSeconds { get; init; } = 25;

    /// <summary>Treated as busy while set.</summary>
    public bool DoNotDisturb { get; init; }

    /// <summary>Key of its mailbox; null: none.</summary>
    public string? Mailbox { get; init; }

    /// <summary>On busy; null: its mailbox, else hang up busy.</summary>
    public Destination? OnBusy { get; init; }

    /// <summary>On no answer; null: its mailbox, else hang up.</summary>
    public Destination? OnNoAnswer { get; init; }

    /// <summary>With no registered device; null: its mailbox, else hang up.</summary>
    public Destination? OnNotRegistered { get; init; }

    /// <summary>On do-not-disturb; null: as busy.</summary>
    public Destination? OnDoNotDisturb { get; init; }

    /// <summary>
    /// Outside its site's hours its own calls take <see cref="TimeRoutes"/> and it is logged out of its queues.
    /// </summary>
    public bool FollowsOfficeHours { get; init; }

    /// <summary>Routes while <see cref="FollowsOfficeHours"/> and not open; closed null here means: its mailbox, break and holiday null: as closed.</summary>
    public TimeRoutes TimeRoutes { get; init; } = new();

    /// <summary>How strictly its devices' signalling and media are encrypted: they are, unless somebody chooses otherwise. The system may be stricter.</summary>
    public CallSecurity Security { get; init; } = CallSecurity.EncryptedOnly;

    /// <summary>The caller number shown outside when an outbound rule takes the extension's; null: the trunk's.</summary>
    public string? PresentedNumber { get; init; }

    /// <summary>Outside its site's hours it may not call out; emergency calls always pass.</summary>
    public bool OutboundInHoursOnly { get; init; }

    /// <inheritdoc/>
    public Destination AsDestination => new(DestinationKind.Extension, Key);

    string? ITargetObject.Number => Number;
}

/// <summary>A desk phone, DECT handset, softphone or web phone of an extension, with its own SIP credentials.</summary>
public sealed record Device
{
    /// <summary>Unique within its extension.</summary>
    public required string Key { get; init; }

    /// <summary>The name shown to people.</summary>
    public string Name { get; init; } = "";

    /// <summary>The user name of its digest credentials; unique in the system.</summary>
    public required string UserName { get; init; }

    /// <summary>Its password; generated when a new device comes without one.</summary>
    public Secret? Password { get; init; }

    /// <summary>The digests offered to it (RFC 8760).</summary>
    public DigestAlgorithms Digest { get; init; } = DigestAlgorithms.Md5;
}

/// <summary>The hash algorithms of digest authentication (RFC 8760).</summary>
[Flags]
public enum DigestAlgorithms
{
    /// <summary>MD5: what every phone knows.</summary>
    Md5 = 1,
    /// <summary>SHA-256.</summary>
    Sha256 = 2,
}
