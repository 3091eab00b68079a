using Pbx.Core.Common;

namespace Pbx.Core.Sites;

/// <summary>A location: its time zone, language, office hours, holidays and exceptional closure.</summary>
public sealed record Site : IConfigObject
{
    /// <inheritdoc/>
    public required string Key { get; init; }

    /// <inheritdoc/>
    public long Version { get; init; }

    /// <inheritdoc/>
    public ObjectKind Kind => ObjectKind.Site;

    /// <summary>The name shown to people.</summary>
    public required string Name { get; init; }

    /// <summary>IANA time zone, such as <c>Europe/Paris</c>: all its hours and dates are local to it.</summary>
    public string TimeZone { get; init; } = "Europe/Paris";

    /// <summary>Language of its mails and spoken words: <c>fr</c> or <c>en</c>.</summary>
    public string Language { get; init; } = "fr";

    /// <summary>ISO country of its numbers, such as <c>FR</c>.</summary>
    public string Country { get; init; } = "FR";

    /// <summary>The number that the public knows it by, in E.164, or null.</summary>
    public string? StandardNumber { get; init; }

    /// <summary>Weekly intervals. None at all means always open.</summary>
    public ValueList<OfficeInterval> OfficeHours { get; init; } = [];

    /// <summary>Which computed public holidays it keeps.</summary>
    public PublicHolidays PublicHolidays { get; init; }

    /// <summary>Its own holidays, entered or imported.</summary>
    public ValueList<Holiday> Holidays { get; init; } = [];

    /// <summary>Where a holiday sends calls when the rule or place reached has no holiday route; null: the closure announcement.</summary>
    public Destination? OnHoliday { get; init; }

    /// <summary>Key of the prompt that an exceptional closure plays.</summary>
    public string? ClosurePrompt { get; init; }

    /// <summary>Key of the mailbox that follows the closure announcement; null: the call ends after it.</summary>
    public string? ClosureMailbox { get; init; }

    /// <summary>Where a call goes when what it was in has been deleted and left no route.</summary>
    public Destination DefaultDestination { get; init; } = Destination.HangUp;
}

/// <summary>Whether an interval of the week is open or a break within it.</summary>
public enum IntervalKind
{
    /// <summary>Open.</summary>
    Open,
    /// <summary>A break: takes precedence over an open interval that it overlaps.</summary>
    Break,
}

/// <summary>
/// A half-open interval [Start, End) of local time that starts on a day of the week. An end that is not after the start lies on the
/// next day; such an interval belongs to the day on which it starts. Start equal to End is the whole day.
/// </summary>
public sealed record OfficeInterval(DayOfWeek Day, TimeOnly Start, TimeOnly End, IntervalKind Kind = IntervalKind.Open);

/// <summary>A set of computed public holidays.</summary>
public enum PublicHolidays
{
    /// <summary>None.</summary>
    None,
    /// <summary>The eleven national days of France.</summary>
    France,
    /// <summary>The same with Good Friday and 26 December.</summary>
    FranceAlsaceMoselle,
}

/// <summary>A date, or part of one, on which the site is on holiday.</summary>
public sealed record Holiday
{
    /// <summary>The name shown to people.</summary>
    public required string Name { get; init; }

    /// <summary>The date; with <see cref="EveryYear"/> only its month and day count.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>The last date of several, inclusive; null: one day.</summary>
    public DateOnly? LastDate { get; init; }

    /// <summary>Comes back each year.</summary>
    public bool EveryYear { get; init; }

    /// <summary>Start within the (first) day; null: from midnight.</summary>
    public TimeOnly? Start { get; init; }

    /// <summary>End within the (last) day, exclusive; null: to the end of the day.</summary>
    public TimeOnly? End { get; init; }

    /// <summary>Its own treatment; null: as the rule or the site says.</summary>
    public Destination? Destination { get; init; }
}

/// <summary>
/// The state of a site's exceptional closure: switched from the console, the API or a phone, live, and kept over restarts.
/// </summary>
public sealed record ClosureSwitch : IConfigObject
{
    /// <summary>The key of the site.</summary>
    public required string Key { get; init; }

    /// <inheritdoc/>
    public long Version { get; init; }

    /// <inheritdoc/>
    public ObjectKind Kind => ObjectKind.ClosureSwitch;

    /// <summary>Switched on. It acts while on and before <see cref="Until"/>.</summary>
    public bool On { get; init; }

    /// <summary>When it ends by itself (UTC); null: when somebody switches it off.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>When it was last switched (UTC).</summary>
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>Who switched it: a user's name, or the extension whose phone dialled the code.</summary>
    public string ChangedBy { get; init; } = "";
}
