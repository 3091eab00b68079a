namespace Pbx.Web.Shell;

/// <summary>The IANA time zones that this machine knows.</summary>
public static class TimeZones
{
    /// <summary>Their names, sorted.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. TimeZoneInfo.GetSystemTimeZones().Select(z => z.Id).Where(id => id.Contains('/', StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
}
