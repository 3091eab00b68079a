using Pbx.Core.Common;

namespace Pbx.Core.Routing;

/// <summary>
/// Sends calls from outside to a destination by the state of its site. The most specific rule wins: exact called number before
/// prefix before any, then a caller pattern before none.
/// </summary>
public sealed record InboundRule : IConfigObject
{
    /// <inheritdoc/>
    public required string Key { get; init; }

    /// <inheritdoc/>
    public long Version { get; init; }

    /// <inheritdoc/>
    public ObjectKind Kind => ObjectKind.InboundRule;

    /// <summary>The name shown to people.</summary>
    public required string Name { get; init; }

    /// <summary>The key of the site whose closure, holidays and hours decide.</summary>
    public required string Site { get; init; }

    /// <summary>Called number in E.164: exact (<c>+33140000000</c>), prefix (<c>+331400*</c>), or any (<c>*</c>).</summary>
    public string Called { get; init; } = "*";

    /// <summary>Caller's number, written alike; null: any caller.</summary>
    public string? Caller { get; init; }

    /// <summary>Only calls that come by this trunk; null: by any.</summary>
    public string? Trunk { get; init; }

    /// <summary>Where calls go while the site is open.</summary>
    public required Destination Open { get; init; }

    /// <summary>Where calls go else; closed or break null: as open. Holiday null: the site's treatment, else the closure announcement.</summary>
    public TimeRoutes TimeRoutes { get; init; } = new();
}

/// <summary>Sends a dialled pattern to trunks, in order.</summary>
public sealed record OutboundRule : IConfigObject
{
    /// <inheritdoc/>
    public required string Key { get; init; }

    /// <inheritdoc/>
    public long Version { get; init; }

    /// <inheritdoc/>
    public ObjectKind Kind => ObjectKind.OutboundRule;

    /// <summary>The name shown to people.</summary>
    public required string Name { get; init; }

    /// <summary>Lower goes first.</summary>
    public int Priority { get; init; } = 100;

    /// <summary>
    /// What is dialled: digits and <c>+</c> literally, <c>X</c> any digit, <c>Z</c> 1 to 9, <c>N</c> 2 to 9, a final <c>*</c> any rest.
    /// </summary>
    public required string Pattern { get; init; }

    /// <summary>Keys of the sites whose extensions may use it; empty: all.</summary>
    public ValueList<string> Sites { get; init; } = [];

    /// <summary>Keys of the extensions that may use it; empty: all of the sites.</summary>
    public ValueList<string> Extensions { get; init; } = [];

    /// <summary>The trunks, tried in order.</summary>
    public ValueList<OutboundStep> Steps { get; init; } = [];
}

/// <summary>One trunk of an outbound rule and how the number is written for it.</summary>
public sealed record OutboundStep
{
    /// <summary>The key of the trunk.</summary>
    public required string Trunk { get; init; }

    /// <summary>Digits taken from the front of what was dialled.</summary>
    public int Strip { get; init; }

    /// <summary>Put in front after stripping.</summary>
    public string Prepend { get; init; } = "";

    /// <summary>The caller number shown; null: the extension's, else the trunk's.</summary>
    public string? PresentedNumber { get; init; }
}
