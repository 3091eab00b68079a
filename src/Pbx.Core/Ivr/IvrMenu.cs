using Pbx.Core.Common;

namespace Pbx.Core.Ivr;

/// <summary>Plays a prompt and lets the caller choose by keys.</summary>
public sealed record IvrMenu : ITargetObject
{
    /// <inheritdoc/>
    public required string Key { get; init; }

    /// <inheritdoc/>
    public long Version { get; init; }

    /// <inheritdoc/>
    public ObjectKind Kind => ObjectKind.IvrMenu;

    /// <inheritdoc/>
    public required string Name { get; init; }

    /// <inheritdoc/>
    public string? Number { get; init; }

    /// <inheritdoc/>
    public required string Site { get; init; }

    /// <summary>Key of the prompt; a key pressed during it cuts it.</summary>
    public required string Prompt { get; init; }

    /// <summary>What each key, or string of keys, leads to.</summary>
    public ValueList<IvrKey> Keys { get; init; } = [];

    /// <summary>Internal numbers may be dialled in the menu.</summary>
    public bool DialNumbers { get; init; }

    /// <summary>Silence after the prompt before it repeats. 1 to 60 s.</summary>
    public int TimeoutSeconds { get; init; } = 5;

    /// <summary>How often the prompt repeats before <see cref="OnTimeout"/>. 0 to 10.</summary>
    public int Repeats { get; init; } = 2;

    /// <summary>Where the call goes when no key was pressed.</summary>
    public Destination OnTimeout { get; init; } = Destination.HangUp;

    /// <summary>Wrong inputs allowed before <see cref="OnInvalid"/>. 1 to 10.</summary>
    public int MaxInvalid { get; init; } = 3;

    /// <summary>Key of the prompt that says that the key is wrong; null: the built-in one.</summary>
    public string? InvalidPrompt { get; init; }

    /// <summary>Where the call goes after the last wrong input.</summary>
    public Destination OnInvalid { get; init; } = Destination.HangUp;

    /// <summary>Wait for a further digit when a longer match exists. 1 to 10 s.</summary>
    public int InterDigitSeconds { get; init; } = 2;

    /// <summary>Where calls go when its site is not open.</summary>
    public TimeRoutes TimeRoutes { get; init; } = new();

    /// <inheritdoc/>
    public Destination AsDestination => new(DestinationKind.IvrMenu, Key);
}

/// <summary>A key, or several in a row, of a menu.</summary>
/// <param name="Digits">One or more of 0-9, * and #.</param>
/// <param name="Destination">Where it leads.</param>
/// <param name="Label">What it means, for people.</param>
public sealed record IvrKey(string Digits, Destination Destination, string Label = "");
