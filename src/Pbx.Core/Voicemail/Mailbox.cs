using Pbx.Core.Common;

namespace Pbx.Core.Voicemail;

/// <summary>Greets, records, and mails what was recorded.</summary>
public sealed record Mailbox : ITargetObject
{
    /// <inheritdoc/>
    public required string Key { get; init; }

    /// <inheritdoc/>
    public long Version { get; init; }

    /// <inheritdoc/>
    public ObjectKind Kind => ObjectKind.Mailbox;

    /// <inheritdoc/>
    public required string Name { get; init; }

    /// <inheritdoc/>
    public string? Number { get; init; }

    /// <inheritdoc/>
    public required string Site { get; init; }

    /// <summary>Key of its own greeting; null: the standard one.</summary>
    public string? Greeting { get; init; }

    /// <summary>The PIN asked by the phone menu; generated when a new mailbox comes without one.</summary>
    public Secret? Pin { get; init; }

    /// <summary>A shorter recording is no message. 1 to 60 s.</summary>
    public int MinSeconds { get; init; } = 2;

    /// <summary>Longest recording. 10 to 3600 s.</summary>
    public int MaxSeconds { get; init; } = 300;

    /// <summary>Silence that ends the recording. 2 to 60 s.</summary>
    public int SilenceSeconds { get; init; } = 5;

    /// <summary>Most messages kept; one more caller hears that it is full.</summary>
    public int MaxMessages { get; init; } = 100;

    /// <summary>
    /// Keys of extensions whose owners get the mail. With no recipient of any kind set, the owners of the extensions whose mailbox it
    /// is get it.
    /// </summary>
    public ValueList<string> MailExtensions { get; init; } = [];

    /// <summary>Keys of queues whose agents get the mail.</summary>
    public ValueList<string> MailQueues { get; init; } = [];

    /// <summary>Further addresses that get the mail.</summary>
    public ValueList<string> MailAddresses { get; init; } = [];

    /// <summary>The format of the attachment.</summary>
    public AttachmentFormat Attachment { get; init; }

    /// <inheritdoc/>
    public Destination AsDestination => new(DestinationKind.Mailbox, Key);
}

/// <summary>How a message is attached to its mail.</summary>
public enum AttachmentFormat
{
    /// <summary>WAV, 16 bit.</summary>
    Wav,
    /// <summary>MP3.</summary>
    Mp3,
}
