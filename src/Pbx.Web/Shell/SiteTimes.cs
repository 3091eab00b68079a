using System.Globalization;
using Pbx.Web.Localization;

namespace Pbx.Web.Shell;

/// <summary>Instants in the local time of a site, and durations, as people read them.</summary>
public static class SiteTimes
{
    /// <summary>An instant in the local time of a zone; unchanged when the zone is not known here.</summary>
    public static DateTimeOffset ToLocal(DateTimeOffset instant, string timeZone) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out var zone) ? TimeZoneInfo.ConvertTime(instant, zone) : instant;

    /// <summary>The instant of a local time of a zone; a time that a summer-time change skips is read later by what it skips.</summary>
    public static DateTimeOffset ToInstant(DateTime local, string timeZone)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out var zone)) zone = TimeZoneInfo.Utc;
        var unspecified = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        // Half an hour in Lord Howe, an hour elsewhere.
        if (zone.IsInvalidTime(unspecified)) unspecified += zone.GetUtcOffset(unspecified.AddHours(3)) - zone.GetUtcOffset(unspecified.AddHours(-3));
        return new DateTimeOffset(unspecified, zone.GetUtcOffset(unspecified));
    }

    /// <summary>A date and time of day, without seconds.</summary>
    public static string DateAndTime(DateTimeOffset local, Texts texts) => local.ToString("g", texts.Culture);

    /// <summary>Minutes and seconds, or hours too when there are some.</summary>
    public static string Duration(TimeSpan duration) =>
        duration < TimeSpan.Zero ? "0:00"
        : duration.TotalHours >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{(int)duration.TotalHours}:{duration.Minutes:00}:{duration.Seconds:00}")
        : string.Create(CultureInfo.InvariantCulture, $"{duration.Minutes}:{duration.Seconds:00}");
}
