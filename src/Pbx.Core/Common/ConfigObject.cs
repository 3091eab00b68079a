using System.Text.Json.Serialization;

namespace Pbx.Core.Common;

/// <summary>The kinds of object that the configuration is made of.</summary>
public enum ObjectKind
{
    /// <summary>The one settings object of the system.</summary>
    Settings,
    /// <summary>A site.</summary>
    Site,
    /// <summary>An extension with its devices.</summary>
    Extension,
    /// <summary>A SIP trunk.</summary>
    Trunk,
    /// <summary>An inbound rule.</summary>
    InboundRule,
    /// <summary>An outbound rule.</summary>
    OutboundRule,
    /// <summary>An IVR menu.</summary>
    IvrMenu,
    /// <summary>A queue.</summary>
    Queue,
    /// <summary>A ring group.</summary>
    RingGroup,
    /// <summary>An announcement.</summary>
    Announcement,
    /// <summary>A mailbox.</summary>
    Mailbox,
    /// <summary>A prompt.</summary>
    Prompt,
    /// <summary>The state of a site's exceptional-closure switch (state, not part of the document).</summary>
    ClosureSwitch,
    /// <summary>An agent's log-in by hand (state, not part of the document).</summary>
    AgentLogin,
}

/// <summary>Names one object of the configuration.</summary>
public readonly record struct ObjectRef(ObjectKind Kind, string Key)
{
    /// <summary>The written form, such as <c>queue:paris-support</c>.</summary>
    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()}:{Key}";

    /// <summary>Reads the written form back.</summary>
    public static bool TryParse(string text, out ObjectRef name)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var known = Enum.TryParse<ObjectKind>(text[..Math.Max(colon, 0)], ignoreCase: true, out var kind) && Enum.IsDefined(kind);
        name = known ? new ObjectRef(kind, text[(colon + 1)..]) : default;
        return known;
    }
}

/// <summary>
/// An object of the configuration. Objects are immutable records that hold what a person configured and nothing else: the same
/// record is what the console edits, the API and the document carry, the database stores and the engine reads.
/// </summary>
public interface IConfigObject
{
    /// <summary>
    /// The name by which other objects and documents refer to it: lower-case letters, digits and hyphens, at most 63,
    /// unique among its kind, never changed after creation.
    /// </summary>
    string Key { get; }

    /// <summary>Its version for optimistic concurrency: 0 before it was first saved, then counted up by each save.</summary>
    [JsonIgnore]
    long Version { get; init; }

    /// <summary>Which kind of object it is.</summary>
    [JsonIgnore]
    ObjectKind Kind { get; }
}

/// <summary>An object that calls can be sent to, and that may have a number of its own to dial.</summary>
public interface ITargetObject : IConfigObject
{
    /// <summary>The name shown to people.</summary>
    string Name { get; }

    /// <summary>The internal number that reaches it, or null when it cannot be dialled.</summary>
    string? Number { get; }

    /// <summary>The key of the site that it belongs to and whose hours judge it.</summary>
    string Site { get; }

    /// <summary>The destination that leads to it.</summary>
    [JsonIgnore]
    Destination AsDestination { get; }
}

/// <summary>
/// The routes that a place may take when its own site is not open; each null means: the call goes in. An extension that follows office hours is
/// outside them at all three, so there null means its closed route, and without that its mailbox.
/// </summary>
public sealed record TimeRoutes
{
    /// <summary>Where calls go outside office hours.</summary>
    public Destination? Closed { get; init; }

    /// <summary>Where calls go in a break.</summary>
    public Destination? Break { get; init; }

    /// <summary>Where calls go on a holiday; for an inbound rule null means: as its site says, else the closure announcement.</summary>
    public Destination? Holiday { get; init; }
}
