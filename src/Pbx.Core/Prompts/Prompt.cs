using Pbx.Core.Common;

namespace Pbx.Core.Prompts;

/// <summary>
/// An audio file of the library: spoken from text, uploaded, or recorded by phone. The sound itself lies in the data directory under
/// its hash; the engine keeps it encoded in memory.
/// </summary>
public sealed record Prompt : IConfigObject
{
    /// <inheritdoc/>
    public required string Key { get; init; }

    /// <inheritdoc/>
    public long Version { get; init; }

    /// <inheritdoc/>
    public ObjectKind Kind => ObjectKind.Prompt;

    /// <summary>The name shown to people.</summary>
    public required string Name { get; init; }

    /// <summary>Language in which <see cref="Text"/> is spoken.</summary>
    public string Language { get; init; } = "fr";

    /// <summary>What it says. With <see cref="Spoken"/> the sound is made from it.</summary>
    public string? Text { get; init; }

    /// <summary>The sound is made from <see cref="Text"/> by the speech engine; else it was uploaded or recorded.</summary>
    public bool Spoken { get; init; }

    /// <summary>SHA-256 (hex) of its canonical WAV (16 kHz, 16 bit, mono) in the data directory; null until it was made.</summary>
    public string? Audio { get; init; }

    /// <summary>Its length.</summary>
    public int DurationMilliseconds { get; init; }
}
