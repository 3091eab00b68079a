namespace Pbx.Core.Sites;

/// <summary>Which holidays a site keeps, its own first, as half-open intervals of local time.</summary>
public static class HolidayCalendar
{
    /// <summary>The holiday that holds at a local time; null: none. An own holiday goes before a computed one.</summary>
    public static HolidayInForce? InForce(Site site, DateTime local)
    {
        foreach (var holiday in site.Holidays)
        {
            // An occurrence that runs over new year started in the year before.
            if (Holds(holiday, local.Year, local) || Holds(holiday, local.Year - 1, local))
                return new HolidayInForce(holiday.Name, holiday.Destination);
        }
        var date = DateOnly.FromDateTime(local);
        foreach (var day in FrenchHolidays.Of(site.PublicHolidays, local.Year))
        {
            if (day.Date == date) return new HolidayInForce(day.Name);
        }
        return null;
    }

    /// <summary>
    /// All that starts in a year, as local start (inclusive) and end (exclusive). A yearly one on 29 February does not occur in a common
    /// year; a yearly range that starts or ends on it keeps its other days.
    /// </summary>
    public static IEnumerable<(DateTime Start, DateTime End)> Occurrences(Site site, int year)
    {
        foreach (var holiday in site.Holidays)
        {
            if (Occurrence(holiday, year) is { } occurrence) yield return occurrence;
        }
        foreach (var day in FrenchHolidays.Of(site.PublicHolidays, year))
            yield return (day.Date.ToDateTime(TimeOnly.MinValue), day.Date.AddDays(1).ToDateTime(TimeOnly.MinValue));
    }

    private static bool Holds(Holiday holiday, int year, DateTime local) =>
        Occurrence(holiday, year) is { } occurrence && local >= occurrence.Start && local < occurrence.End;

    private static (DateTime Start, DateTime End)? Occurrence(Holiday holiday, int year)
    {
        if (!holiday.EveryYear) return holiday.Date.Year == year ? Interval(Once(holiday)) : OnceFromEarlierYear(holiday, year);
        return year is < 1 or > 9997 ? null : Interval(Yearly(holiday, year));
    }

    // A holiday that is entered once may last longer than to the end of the following year.
    private static (DateTime Start, DateTime End)? OnceFromEarlierYear(Holiday holiday, int year) =>
        holiday.LastDate is { } last && holiday.Date.Year < year && last.Year >= year ? Interval(Once(holiday)) : null;

    private static (DateTime Start, DateTime End) Once(Holiday holiday) =>
        (holiday.Date.ToDateTime(holiday.Start ?? TimeOnly.MinValue), EndOf(holiday.LastDate ?? holiday.Date, holiday.End));

    private static (DateTime Start, DateTime End) Yearly(Holiday holiday, int year)
    {
        var last = holiday.LastDate ?? holiday.Date;
        var overNewYear = (last.Month, last.Day).CompareTo((holiday.Date.Month, holiday.Date.Day)) < 0;
        return (StartIn(year, holiday), EndIn(overNewYear ? year + 1 : year, last, holiday.End));
    }

    private static DateTime StartIn(int year, Holiday holiday) => IsMissing(holiday.Date, year)
        ? new DateTime(year, 3, 1)
        : new DateOnly(year, holiday.Date.Month, holiday.Date.Day).ToDateTime(holiday.Start ?? TimeOnly.MinValue);

    private static DateTime EndIn(int year, DateOnly last, TimeOnly? end) => IsMissing(last, year)
        ? new DateTime(year, 3, 1)
        : EndOf(new DateOnly(year, last.Month, last.Day), end);

    private static bool IsMissing(DateOnly date, int year) => date is { Month: 2, Day: 29 } && !DateTime.IsLeapYear(year);

    private static DateTime EndOf(DateOnly last, TimeOnly? end) =>
        end is { } time ? last.ToDateTime(time) : last.ToDateTime(TimeOnly.MinValue).AddDays(1);

    private static (DateTime Start, DateTime End)? Interval((DateTime Start, DateTime End) interval) =>
        interval.Start < interval.End ? interval : null;
}
