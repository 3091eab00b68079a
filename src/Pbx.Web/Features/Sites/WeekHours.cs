using Pbx.Core.Common;
using Pbx.Core.Sites;

namespace Pbx.Web.Features.Sites;

/// <summary>The week as its editor shows it: Monday first, each day with its intervals in order.</summary>
public static class WeekHours
{
    /// <summary>The days, Monday first.</summary>
    public static IReadOnlyList<DayOfWeek> Days { get; } =
        [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday, DayOfWeek.Saturday, DayOfWeek.Sunday];

    /// <summary>Monday to Friday, nine to twelve and two to six: what most offices begin with.</summary>
    public static ValueList<OfficeInterval> Usual { get; } =
    [
        .. Days.Take(5).SelectMany(day => new[]
        {
            new OfficeInterval(day, new TimeOnly(9, 0), new TimeOnly(12, 0)), new OfficeInterval(day, new TimeOnly(14, 0), new TimeOnly(18, 0)),
        }),
    ];

    /// <summary>The intervals of a day with their places in the site's list.</summary>
    public static IEnumerable<(int Index, OfficeInterval Interval)> Of(ValueList<OfficeInterval> hours, DayOfWeek day) =>
        hours.Select((interval, index) => (index, interval)).Where(x => x.interval.Day == day).OrderBy(x => x.interval.Start);

    /// <summary>With one interval more on a day, after its last one.</summary>
    public static ValueList<OfficeInterval> Add(ValueList<OfficeInterval> hours, DayOfWeek day, IntervalKind kind)
    {
        var last = hours.Where(i => i.Day == day && i.Kind == IntervalKind.Open).Select(i => i.End).DefaultIfEmpty(new TimeOnly(8, 0)).Max();
        var start = kind == IntervalKind.Break ? new TimeOnly(12, 0) : last.Hour < 21 ? last.AddHours(1) : new TimeOnly(20, 0);
        return [.. hours, new OfficeInterval(day, start, start.AddHours(kind == IntervalKind.Break ? 1 : 2), kind)];
    }

    /// <summary>Monday's intervals on all days from Tuesday to Friday.</summary>
    public static ValueList<OfficeInterval> MondayToFriday(ValueList<OfficeInterval> hours)
    {
        var monday = hours.Where(i => i.Day == DayOfWeek.Monday).ToList();
        return
        [
            .. Days.Take(5).SelectMany(day => monday.Select(i => i with { Day = day })),
            .. hours.Where(i => i.Day is DayOfWeek.Saturday or DayOfWeek.Sunday),
        ];
    }
}
