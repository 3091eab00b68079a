using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Evaluation;
using Pbx.Core.Common;

namespace Pbx.Core.Sites;

/// <summary>What an imported calendar gave.</summary>
/// <param name="Holidays">The holidays read, by date.</param>
/// <param name="Mistakes">What could not be read, with the number of the event in the path; the others are usable.</param>
public sealed record ImportedHolidays(ValueList<Holiday> Holidays, IReadOnlyList<PbxError> Mistakes);

/// <summary>Reads holidays from an iCalendar text (RFC 5545).</summary>
public static class HolidayImport
{
    private const int MaxOccurrences = 200;

    // A rule that never holds (30 February) would be looked for until the end of time.
    private static readonly EvaluationOptions Limits = new() { MaxUnmatchedIncrementsLimit = 2000 };

    /// <summary>
    /// Reads all events. A plain yearly recurrence becomes one holiday that comes back each year; any other recurrence is written out
    /// from <paramref name="from"/> to <paramref name="until"/> (inclusive). Times are converted to the zone.
    /// </summary>
    public static ImportedHolidays Read(string text, TimeZoneInfo zone, DateOnly from, DateOnly until)
    {
        CalendarCollection calendars;
        try
        {
            calendars = CalendarCollection.Load(text);
        }
        // The library throws what its inner parser happens to throw; whatever it is, the text was no calendar.
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return new([], [new PbxError("calendar-unreadable", "", $"This is no iCalendar file ({e.Message}). Export it again as .ics.", e.Message)]);
        }
        if (calendars.Count == 0) return new([], [new PbxError("calendar-unreadable", "", "This is no iCalendar file. Export it again as .ics.", "")]);

        var holidays = new List<Holiday>();
        var mistakes = new List<PbxError>();
        var number = 0;
        foreach (var entry in calendars.SelectMany(c => c.Events))
        {
            ReadEvent(entry, zone, from, until, $"events/{number++}", holidays, mistakes);
        }
        return new(holidays.OrderBy(h => h.Date).ThenBy(h => h.Name, StringComparer.Ordinal).Distinct().ToValueList(), mistakes);
    }

    private static void ReadEvent(CalendarEvent entry, TimeZoneInfo zone, DateOnly from, DateOnly until, string path,
        List<Holiday> holidays, List<PbxError> mistakes)
    {
        var name = string.IsNullOrWhiteSpace(entry.Summary) ? "Holiday" : entry.Summary.Trim();
        try
        {
            if (entry.Start is null)
            {
                mistakes.Add(new PbxError("event-without-start", path, $"'{name}' has no start date and was left out.", name));
                return;
            }
            var first = Span(entry.Start, entry.EffectiveEnd(), zone);
            if (entry.RecurrenceRule is { Frequency: FrequencyType.Secondly or FrequencyType.Minutely or FrequencyType.Hourly } or { Interval: < 1 })
            {
                // No holiday, and all the seconds since its start would have to be counted.
                mistakes.Add(new PbxError("event-unreadable", path, $"'{name}' could not be read (it recurs within a day) and was left out.", name, "RRULE"));
                return;
            }
            if (entry.RecurrenceRule is null) holidays.Add(ToHoliday(name, first));
            else if (IsPlainYearly(entry, first.Start)) holidays.Add(ToHoliday(name, first) with { EveryYear = true });
            else WriteOut(entry, name, zone, from, until, holidays);
        }
        // As above: a date that does not exist, an unknown zone, a rule without end.
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            mistakes.Add(new PbxError("event-unreadable", path, $"'{name}' could not be read ({e.Message}) and was left out.", name, e.Message));
        }
    }

    private static void WriteOut(CalendarEvent entry, string name, TimeZoneInfo zone, DateOnly from, DateOnly until, List<Holiday> holidays)
    {
        var start = new CalDateTime(from);
        foreach (var occurrence in entry.GetOccurrences(start, Limits).Take(MaxOccurrences))
        {
            var span = Span(occurrence.Period.StartTime, occurrence.Period.EffectiveEndTime, zone);
            if (DateOnly.FromDateTime(span.Start) > until) return;
            holidays.Add(ToHoliday(name, span));
        }
    }

    /// <summary>Start and exclusive end in local time; a date without end lasts its day (RFC 5545 section 3.6.1).</summary>
    private static (DateTime Start, DateTime End) Span(CalDateTime start, CalDateTime? end, TimeZoneInfo zone)
    {
        var from = Local(start, zone);
        var to = end is null ? from : Local(end, zone);
        if (to <= from) to = from.Date.AddDays(1);
        return (from, to);
    }

    // A floating time or a plain date means local time wherever it is read.
    private static DateTime Local(CalDateTime time, TimeZoneInfo zone) => !time.HasTime || time.IsFloating
        ? DateTime.SpecifyKind(time.Value, DateTimeKind.Unspecified)
        : TimeZoneInfo.ConvertTimeFromUtc(time.AsUtc, zone);

    private static bool IsPlainYearly(CalendarEvent entry, DateTime start) =>
        entry.RecurrenceRule is { Frequency: FrequencyType.Yearly, Interval: 1, Count: null, Until: null } rule
        && entry.ExceptionDates.GetAllDates().FirstOrDefault() is null
        && rule.ByDay.Count == 0 && rule.ByWeekNo.Count == 0 && rule.ByYearDay.Count == 0 && rule.BySetPosition.Count == 0
        && rule.ByMonth.All(m => m == start.Month) && rule.ByMonthDay.All(d => d == start.Day);

    private static Holiday ToHoliday(string name, (DateTime Start, DateTime End) span)
    {
        var wholeEnd = span.End.TimeOfDay == TimeSpan.Zero;
        var last = DateOnly.FromDateTime(wholeEnd ? span.End.AddDays(-1) : span.End);
        var date = DateOnly.FromDateTime(span.Start);
        return new Holiday
        {
            Name = name,
            Date = date,
            LastDate = last > date ? last : null,
            Start = span.Start.TimeOfDay == TimeSpan.Zero ? null : TimeOnly.FromDateTime(span.Start),
            End = wholeEnd ? null : TimeOnly.FromDateTime(span.End),
        };
    }

    private static CalDateTime? EffectiveEnd(this CalendarEvent entry) =>
        entry.End ?? (entry.Duration is { } duration ? entry.Start!.Add(duration) : null);
}
