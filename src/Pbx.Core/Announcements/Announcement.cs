using Pbx.Core.Common;

namespace Pbx.Core.Announcements;

/// <summary>Plays a message, then goes to its next destination.</summary>
public sealed record Announcement : ITargetObject
{
    /// <inheritdoc/>
    public required string Key { get; init; }

    /// <inheritdoc/>
    public long Version { get; init; }

    /// <inheritdoc/>
    public ObjectKind Kind => ObjectKind.Announcement;

    /// <inheritdoc/>
    public required string Name { get; init; }

    /// <inheritdoc/>
    public string? Number { get; init; }

    /// <inheritdoc/>
    public required string Site { get; init; }

    /// <summary>Key of the prompt.</summary>
    public required string Prompt { get; init; }

    /// <summary>Key (0-9, *, #) that skips the rest; null: none.</summary>
    public string? SkipKey { get; init; }

    /// <summary>Where the call goes after it.</summary>
    public Destination Next { get; init; } = Destination.HangUp;

    /// <inheritdoc/>
    public Destination AsDestination => new(DestinationKind.Announcement, Key);
}
