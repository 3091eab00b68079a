namespace Pbx.Core.Sites;

/// <summary>
/// The instants at which the state of a site can change: local boundaries of intervals and holidays, mapped to instants (a doubled one
/// to both, a skipped one to the change itself), and the changes of the clock.
/// </summary>
internal static class SiteBoundaries
{
    // Long enough that a weekly interval that one summer-time change swallowed has come back.
    private const int WeeklyDays = 16;

    // Two leap days lie at most eight years apart (1896 to 1904, 2096 to 2104).
    private const int Years = 9;

    /// <summary>The instants after the given one, ascending.</summary>
    public static IEnumerable<DateTimeOffset> After(Site site, TimeZoneInfo zone, DateTimeOffset instant)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);
        foreach (var date in Dates(site, today))
        {
            foreach (var candidate in On(site, zone, date))
            {
                if (candidate > instant) yield return candidate;
            }
        }
    }

    private static SortedSet<DateOnly> Dates(Site site, DateOnly today)
    {
        var dates = new SortedSet<DateOnly>();
        for (var day = -1; day < WeeklyDays; day++) dates.Add(today.AddDays(day));
        for (var year = today.Year - 1; year <= today.Year + Years; year++)
        {
            foreach (var (start, end) in HolidayCalendar.Occurrences(site, year))
            {
                AddNear(dates, start, today);
                AddNear(dates, end, today);
            }
        }
        return dates;
    }

    private static void AddNear(SortedSet<DateOnly> dates, DateTime boundary, DateOnly today)
    {
        var date = DateOnly.FromDateTime(boundary);
        if (date >= today) dates.Add(date);
    }

    private static SortedSet<DateTimeOffset> On(Site site, TimeZoneInfo zone, DateOnly date)
    {
        var instants = new SortedSet<DateTimeOffset>();
        var midnight = date.ToDateTime(TimeOnly.MinValue);
        AddInstants(instants, zone, midnight);
        foreach (var interval in site.OfficeHours)
        {
            AddInstants(instants, zone, date.ToDateTime(interval.Start));
            AddInstants(instants, zone, date.ToDateTime(interval.End));
        }
        foreach (var holiday in site.Holidays)
        {
            if (holiday.Start is { } start) AddInstants(instants, zone, date.ToDateTime(start));
            if (holiday.End is { } end) AddInstants(instants, zone, date.ToDateTime(end));
        }
        if (ClockChange(zone, midnight) is { } change) instants.Add(change);
        return instants;
    }

    private static void AddInstants(SortedSet<DateTimeOffset> instants, TimeZoneInfo zone, DateTime local)
    {
        if (zone.IsInvalidTime(local)) return;
        if (zone.IsAmbiguousTime(local))
        {
            foreach (var offset in zone.GetAmbiguousTimeOffsets(local)) instants.Add(new DateTimeOffset(local, offset).ToUniversalTime());
            return;
        }
        instants.Add(new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime());
    }

    /// <summary>The instant within a local day at which the zone's offset changes, to the second.</summary>
    private static DateTimeOffset? ClockChange(TimeZoneInfo zone, DateTime midnight)
    {
        var from = new DateTimeOffset(midnight, TimeSpan.Zero) - zone.GetUtcOffset(midnight) - TimeSpan.FromHours(2);
        var to = from + TimeSpan.FromHours(28);
        var before = zone.GetUtcOffset(from);
        if (zone.GetUtcOffset(to) == before) return null;
        while (to - from > TimeSpan.FromSeconds(1))
        {
            var middle = from + TimeSpan.FromSeconds(Math.Floor((to - from).TotalSeconds / 2));
            if (zone.GetUtcOffset(middle) == before) from = middle;
            else to = middle;
        }
        // The search reaches beyond the day; what lies there belongs to a later day and would come out of order.
        return TimeZoneInfo.ConvertTime(to, zone).Date == midnight || TimeZoneInfo.ConvertTime(from, zone).Date == midnight ? to : null;
    }
}
