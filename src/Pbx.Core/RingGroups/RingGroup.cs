using Pbx.Core.Common;

namespace Pbx.Core.RingGroups;

/// <summary>Extensions rung together or in order, once, without waiting.</summary>
public sealed record RingGroup : ITargetObject
{
    /// <inheritdoc/>
    public required string Key { get; init; }

    /// <inheritdoc/>
    public long Version { get; init; }

    /// <inheritdoc/>
    public ObjectKind Kind => ObjectKind.RingGroup;

    /// <inheritdoc/>
    public required string Name { get; init; }

    /// <inheritdoc/>
    public string? Number { get; init; }

    /// <inheritdoc/>
    public required string Site { get; init; }

    /// <summary>Keys of the extensions, in order.</summary>
    public ValueList<string> Members { get; init; } = [];

    /// <summary>Together, or one by one.</summary>
    public RingMode Mode { get; init; }

    /// <summary>How long: all together, or each. 5 to 300 s.</summary>
    public int RingSeconds { get; init; } = 25;

    /// <summary>Where the call goes when nobody answered.</summary>
    public Destination OnNoAnswer { get; init; } = Destination.HangUp;

    /// <inheritdoc/>
    public Destination AsDestination => new(DestinationKind.RingGroup, Key);
}

/// <summary>How a ring group rings.</summary>
public enum RingMode
{
    /// <summary>All at once.</summary>
    Together,
    /// <summary>One by one in order.</summary>
    InOrder,
}
