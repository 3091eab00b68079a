namespace Pbx.Core.Data.Mapping;

/// <summary>An object of the configuration as stored.</summary>
internal abstract class ConfigRow
{
    /// <summary>Its key among its kind.</summary>
    public string Key { get; set; } = "";

    /// <summary>The revision that last changed it; guards against overwriting.</summary>
    public long Version { get; set; }
}

/// <summary>An object that calls can be sent to.</summary>
internal abstract class TargetObjectRow : ConfigRow
{
    /// <summary>Its row in the table of targets, which lives as long as the object.</summary>
    public string Target { get; set; } = "";

    /// <summary>The name shown to people.</summary>
    public string Name { get; set; } = "";

    /// <summary>The internal number that reaches it.</summary>
    public string? Number { get; set; }

    /// <summary>Key of its site.</summary>
    public string Site { get; set; } = "";
}

/// <summary>An element of an object's list.</summary>
internal abstract class ListRow
{
    /// <summary>Key of the object.</summary>
    public string Owner { get; set; } = "";

    /// <summary>Place in the list, from 0.</summary>
    public int Position { get; set; }
}

/// <summary>Routes by the state of the object's site.</summary>
internal interface ITimeRoutesRow
{
    /// <summary>Target while closed.</summary>
    string? ClosedRoute { get; set; }

    /// <summary>Target in a break.</summary>
    string? BreakRoute { get; set; }

    /// <summary>Target on a holiday.</summary>
    string? HolidayRoute { get; set; }
}

/// <summary>
/// A place that calls can be sent to: a row per object of such a kind, and per external number and hang-up cause in use. Every
/// destination column is a restricting foreign key to it, so that no dangling destination can be stored.
/// </summary>
internal sealed class TargetRow
{
    /// <summary>The written form of the destination, such as <c>queue:paris-support</c>.</summary>
    public string Key { get; set; } = "";
}
