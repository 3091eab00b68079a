using Pbx.Core.Common;

namespace Pbx.Core.Sites;

/// <summary>The state of a site at an instant, in order of precedence: the first that holds is the state.</summary>
public enum SiteState
{
    /// <summary>The exceptional closure is on.</summary>
    Closure,
    /// <summary>A holiday is in force.</summary>
    Holiday,
    /// <summary>Within a break.</summary>
    Break,
    /// <summary>Within office hours, or the site has none.</summary>
    Open,
    /// <summary>Outside office hours.</summary>
    Closed,
}

/// <summary>A holiday in force.</summary>
/// <param name="Name">The name shown to people.</param>
/// <param name="Destination">Its own treatment; null: as the rule or the site says.</param>
public sealed record HolidayInForce(string Name, Destination? Destination = null);

/// <summary>What a site is at an instant.</summary>
/// <param name="State">The state.</param>
/// <param name="Holiday">The holiday in force, when the state is <see cref="SiteState.Holiday"/>; else null.</param>
public readonly record struct SiteMoment(SiteState State, HolidayInForce? Holiday = null);

/// <summary>
/// The one function that tells the state of a site. An instant is converted to the site's local time and looked up there: an interval in
/// the hour that a summer-time change skips is empty, one in the doubled hour holds both times.
/// </summary>
public static class SiteClock
{
    /// <summary>The state at an instant. <paramref name="closure"/> is the site's switch; null: never switched.</summary>
    public static SiteMoment StateAt(Site site, ClosureSwitch? closure, DateTimeOffset instant) =>
        IsClosed(closure, instant) ? new SiteMoment(SiteState.Closure) : HoursAt(site, instant);

    /// <summary>The state at an instant by holidays, breaks and hours alone, as if no exceptional closure were on.</summary>
    public static SiteMoment HoursAt(Site site, DateTimeOffset instant) => LocalState(site, LocalTime(site, instant));

    /// <summary>True while the switch is on and its end is not reached.</summary>
    public static bool IsClosed(ClosureSwitch? closure, DateTimeOffset instant) =>
        closure is { On: true } && (closure.Until is null || instant < closure.Until);

    /// <summary>The first instant after <paramref name="instant"/> whose state differs; null when none does within nine years.</summary>
    public static DateTimeOffset? NextChange(Site site, ClosureSwitch? closure, DateTimeOffset instant) =>
        IsClosed(closure, instant) ? closure!.Until : NextHoursChange(site, instant);

    /// <summary>As <see cref="NextChange"/>, as if no exceptional closure were on.</summary>
    public static DateTimeOffset? NextHoursChange(Site site, DateTimeOffset instant)
    {
        var now = HoursAt(site, instant).State;
        foreach (var candidate in SiteBoundaries.After(site, ZoneOf(site), instant))
        {
            if (HoursAt(site, candidate).State != now) return candidate;
        }
        return null;
    }

    /// <summary>The site's local time at an instant.</summary>
    public static DateTime LocalTime(Site site, DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, ZoneOf(site)).DateTime;

    /// <summary>The site's time zone; UTC when the name is not known on this machine.</summary>
    public static TimeZoneInfo ZoneOf(Site site) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(site.TimeZone, out var zone) ? zone : TimeZoneInfo.Utc;

    private static SiteMoment LocalState(Site site, DateTime local)
    {
        if (HolidayCalendar.InForce(site, local) is { } holiday) return new SiteMoment(SiteState.Holiday, holiday);
        if (site.OfficeHours.Count == 0) return new SiteMoment(SiteState.Open);
        var open = false;
        foreach (var interval in site.OfficeHours)
        {
            if (!Holds(interval, local)) continue;
            if (interval.Kind == IntervalKind.Break) return new SiteMoment(SiteState.Break);
            open = true;
        }
        return new SiteMoment(open ? SiteState.Open : SiteState.Closed);
    }

    private static bool Holds(OfficeInterval interval, DateTime local)
    {
        var time = TimeOnly.FromDateTime(local);
        if (interval.Start < interval.End) return local.DayOfWeek == interval.Day && time >= interval.Start && time < interval.End;
        var dayAfter = (DayOfWeek)(((int)interval.Day + 1) % 7);
        return (local.DayOfWeek == interval.Day && time >= interval.Start) || (local.DayOfWeek == dayAfter && time < interval.End);
    }
}
