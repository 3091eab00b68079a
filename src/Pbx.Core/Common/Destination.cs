using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Pbx.Core.Common;

/// <summary>What kind of place a call can be sent to: the closed set behind every "then go to".</summary>
public enum DestinationKind
{
    /// <summary>An extension: all its devices ring.</summary>
    Extension,
    /// <summary>A queue: the caller waits for an agent.</summary>
    Queue,
    /// <summary>A ring group: one pass over its extensions.</summary>
    RingGroup,
    /// <summary>An IVR menu.</summary>
    IvrMenu,
    /// <summary>An announcement: plays, then goes on to its own next destination.</summary>
    Announcement,
    /// <summary>A mailbox: greeting, tone, recording.</summary>
    Mailbox,
    /// <summary>A number outside, dialled through the outbound rules.</summary>
    External,
    /// <summary>The end of the call, with a cause.</summary>
    HangUp,
}

/// <summary>
/// Where a call goes next. Written as <c>kind:value</c> in documents and as the key of the common target table,
/// for instance <c>queue:paris-support</c>, <c>external:+33123456789</c> or <c>hangup:busy</c>.
/// </summary>
/// <param name="Kind">The kind of place.</param>
/// <param name="Value">The key of the object; the number for <see cref="DestinationKind.External"/>; the cause
/// (<c>normal</c>, <c>busy</c>, <c>unavailable</c>, <c>rejected</c>) for <see cref="DestinationKind.HangUp"/>.</param>
[JsonConverter(typeof(DestinationJsonConverter))]
public sealed record Destination(DestinationKind Kind, string Value)
{
    private static readonly (DestinationKind Kind, string Prefix)[] Prefixes =
    [
        (DestinationKind.Extension, "extension"), (DestinationKind.Queue, "queue"),
        (DestinationKind.RingGroup, "ringgroup"), (DestinationKind.IvrMenu, "ivr"),
        (DestinationKind.Announcement, "announcement"), (DestinationKind.Mailbox, "mailbox"),
        (DestinationKind.External, "external"), (DestinationKind.HangUp, "hangup"),
    ];

    /// <summary>Ends the call normally.</summary>
    public static Destination HangUp { get; } = new(DestinationKind.HangUp, "normal");

    /// <summary>The written form, <c>kind:value</c>; <see cref="TryParse"/> reads it back.</summary>
    public override string ToString() => $"{Prefixes[(int)Kind].Prefix}:{Value}";

    /// <summary>Reads the written form. False for an unknown kind or an empty value.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Destination? destination)
    {
        destination = null;
        var colon = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        if (colon <= 0 || colon == text!.Length - 1) return false;
        foreach (var (kind, prefix) in Prefixes)
        {
            if (!text.AsSpan(0, colon).SequenceEqual(prefix)) continue;
            destination = new Destination(kind, text[(colon + 1)..]);
            return true;
        }
        return false;
    }

    /// <summary>Reads the written form; throws <see cref="FormatException"/> when it is none.</summary>
    public static Destination Parse(string text) =>
        TryParse(text, out var destination) ? destination : throw new FormatException($"'{text}' is no destination: write kind:value, such as queue:support.");
}
