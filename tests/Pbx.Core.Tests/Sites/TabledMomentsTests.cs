using System.Globalization;
using Pbx.Core.Common;
using Pbx.Core.Sites;

namespace Pbx.Core.Tests.Sites;

/// <summary>
/// Moments at which clocks, calendars and borders meet, each worked out by hand: what a site is then, and when that changes next. Every instant is written with
/// its offset, so that the two passes of a doubled hour can be told apart.
/// </summary>
public sealed class TabledMomentsTests
{
    private static readonly ValueList<OfficeInterval> NineToSix =
    [
        .. new[] { DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday }
            .SelectMany(d => new OfficeInterval[] { new(d, new(9, 0), new(18, 0)), new(d, new(12, 0), new(14, 0), IntervalKind.Break) }),
    ];

    private static readonly Dictionary<string, Site> Sites = new()
    {
        ["paris"] = In("Europe/Paris", NineToSix, PublicHolidays.France),
        ["strasbourg"] = In("Europe/Paris", NineToSix, PublicHolidays.FranceAlsaceMoselle),
        // Shut from 2 to 3 on Sundays: the very hour that the clock skips or doubles.
        ["paris but 2-3"] = In("Europe/Paris", [On(DayOfWeek.Sunday, 0, 2), On(DayOfWeek.Sunday, 3, 12)]),
        ["paris only 2-3"] = In("Europe/Paris", [On(DayOfWeek.Sunday, 2, 3)]),
        ["paris 2:30-5"] = In("Europe/Paris", [new(DayOfWeek.Sunday, new(2, 30), new(5, 0))]),
        ["paris nights"] = In("Europe/Paris", [On(DayOfWeek.Thursday, 22, 6), On(DayOfWeek.Saturday, 22, 6)], PublicHolidays.France),
        ["new york"] = In("America/New_York", [On(DayOfWeek.Sunday, 1, 2), On(DayOfWeek.Monday, 9, 17)]),
        ["kolkata"] = In("Asia/Kolkata", [new(DayOfWeek.Saturday, new(9, 30), new(18, 30)), new(DayOfWeek.Monday, new(9, 30), new(18, 30))]),
        ["sydney"] = In("Australia/Sydney", [On(DayOfWeek.Sunday, 0, 3)]),
        // Half an hour only is skipped and doubled there: from 2:00 to 2:30 in October, from 1:30 to 2:00 in April.
        ["lord howe"] = In("Australia/Lord_Howe", [new(DayOfWeek.Sunday, new(1, 30), new(2, 0))]),
        ["lord howe 2:15-3"] = In("Australia/Lord_Howe", [new(DayOfWeek.Sunday, new(2, 15), new(3, 0))]),
        // The clock changes at midnight there: a Sunday without its first hour, a Saturday with its last one twice.
        ["santiago"] = In("America/Santiago", [On(DayOfWeek.Sunday, 0, 0), new(DayOfWeek.Saturday, new(9, 0), new(23, 30))]),
    };

    /// <summary>Site; instant; state; next change, or "never".</summary>
    public static TheoryData<string, string, SiteState, string> Moments => new()
    {
        // Ordinary borders, half-open, and weeks with a change of the clock between them.
        { "paris", "2026-03-27T17:59:59+01:00", SiteState.Open, "2026-03-27T18:00+01:00" },
        { "paris", "2026-03-27T18:00+01:00", SiteState.Closed, "2026-03-30T09:00+02:00" },
        { "paris", "2026-03-30T08:59:59+02:00", SiteState.Closed, "2026-03-30T09:00+02:00" },
        { "paris", "2026-03-30T12:00+02:00", SiteState.Break, "2026-03-30T14:00+02:00" },
        { "paris", "2026-10-23T18:00+02:00", SiteState.Closed, "2026-10-26T09:00+01:00" },

        // The hour that is skipped on 29 March 2026, at borders of office hours.
        { "paris but 2-3", "2026-03-29T01:59:59+01:00", SiteState.Open, "2026-03-29T12:00+02:00" },
        { "paris but 2-3", "2026-03-29T03:00+02:00", SiteState.Open, "2026-03-29T12:00+02:00" },
        { "paris only 2-3", "2026-03-29T01:59:59+01:00", SiteState.Closed, "2026-04-05T02:00+02:00" },
        { "paris only 2-3", "2026-03-29T03:00+02:00", SiteState.Closed, "2026-04-05T02:00+02:00" },
        { "paris 2:30-5", "2026-03-29T01:59:59+01:00", SiteState.Closed, "2026-03-29T03:00+02:00" },
        { "paris 2:30-5", "2026-03-29T03:00+02:00", SiteState.Open, "2026-03-29T05:00+02:00" },
        { "paris nights", "2026-03-28T22:00+01:00", SiteState.Open, "2026-03-29T06:00+02:00" },

        // The hour that comes twice on 25 October 2026.
        { "paris but 2-3", "2026-10-25T01:59:59+02:00", SiteState.Open, "2026-10-25T02:00+02:00" },
        { "paris but 2-3", "2026-10-25T02:00+02:00", SiteState.Closed, "2026-10-25T03:00+01:00" },
        { "paris but 2-3", "2026-10-25T02:59:59+01:00", SiteState.Closed, "2026-10-25T03:00+01:00" },
        { "paris only 2-3", "2026-10-25T02:00+02:00", SiteState.Open, "2026-10-25T03:00+01:00" },
        { "paris only 2-3", "2026-10-25T02:00+01:00", SiteState.Open, "2026-10-25T03:00+01:00" },
        { "paris 2:30-5", "2026-10-25T02:45+02:00", SiteState.Open, "2026-10-25T02:00+01:00" },
        { "paris 2:30-5", "2026-10-25T02:15+01:00", SiteState.Closed, "2026-10-25T02:30+01:00" },
        { "paris nights", "2026-10-24T22:00+02:00", SiteState.Open, "2026-10-25T06:00+01:00" },

        // Over midnight: the interval is Thursday's, the holiday that begins within it wins.
        { "paris nights", "2026-04-30T23:59:59+02:00", SiteState.Open, "2026-05-01T00:00+02:00" },
        { "paris nights", "2026-05-01T00:00+02:00", SiteState.Holiday, "2026-05-02T00:00+02:00" },
        { "paris nights", "2026-05-15T05:59:59+02:00", SiteState.Open, "2026-05-15T06:00+02:00" },

        // The ends of years, and 29 February.
        { "paris", "2026-12-31T18:00+01:00", SiteState.Closed, "2027-01-01T00:00+01:00" },
        { "paris", "2027-01-01T00:00+01:00", SiteState.Holiday, "2027-01-02T00:00+01:00" },
        { "paris nights", "2026-12-31T22:00+01:00", SiteState.Open, "2027-01-01T00:00+01:00" },
        { "paris", "2028-02-29T09:00+01:00", SiteState.Open, "2028-02-29T12:00+01:00" },
        { "paris", "2028-02-29T18:00+01:00", SiteState.Closed, "2028-03-01T09:00+01:00" },
        { "paris", "2027-02-26T18:00+01:00", SiteState.Closed, "2027-03-01T09:00+01:00" },

        // Easter: Monday the day after the clock has changed (2024, 2027), the latest there is (2038), Ascension on 1 May (2008), Whit Monday.
        { "paris", "2024-04-01T09:00+02:00", SiteState.Holiday, "2024-04-02T00:00+02:00" },
        { "paris", "2027-03-28T23:00+02:00", SiteState.Closed, "2027-03-29T00:00+02:00" },
        { "paris", "2027-03-29T23:59:59+02:00", SiteState.Holiday, "2027-03-30T00:00+02:00" },
        { "paris", "2038-04-26T10:00+02:00", SiteState.Holiday, "2038-04-27T00:00+02:00" },
        { "paris", "2008-05-01T10:00+02:00", SiteState.Holiday, "2008-05-02T00:00+02:00" },
        { "paris", "2027-05-17T10:00+02:00", SiteState.Holiday, "2027-05-18T00:00+02:00" },

        // Alsace-Moselle has two days more; two holidays in a row are one state.
        { "paris", "2026-04-03T10:00+02:00", SiteState.Open, "2026-04-03T12:00+02:00" },
        { "strasbourg", "2026-04-03T10:00+02:00", SiteState.Holiday, "2026-04-04T00:00+02:00" },
        { "strasbourg", "2024-03-29T10:00+01:00", SiteState.Holiday, "2024-03-30T00:00+01:00" },
        { "strasbourg", "2025-12-25T23:59:59+01:00", SiteState.Holiday, "2025-12-27T00:00+01:00" },
        { "paris", "2025-12-26T10:00+01:00", SiteState.Open, "2025-12-26T12:00+01:00" },

        // Elsewhere.
        { "new york", "2026-03-08T01:59:59-05:00", SiteState.Open, "2026-03-08T03:00-04:00" },
        { "new york", "2026-11-01T01:30-04:00", SiteState.Open, "2026-11-01T02:00-05:00" },
        { "new york", "2026-11-01T01:30-05:00", SiteState.Open, "2026-11-01T02:00-05:00" },
        { "kolkata", "2026-03-28T18:30+05:30", SiteState.Closed, "2026-03-30T09:30+05:30" },
        { "sydney", "2026-04-05T02:59:59+11:00", SiteState.Open, "2026-04-05T03:00+10:00" },
        { "sydney", "2026-10-04T01:59:59+10:00", SiteState.Open, "2026-10-04T03:00+11:00" },
        { "lord howe", "2026-04-05T01:30+11:00", SiteState.Open, "2026-04-05T02:00+10:30" },
        { "lord howe", "2026-04-05T01:30+10:30", SiteState.Open, "2026-04-05T02:00+10:30" },
        { "lord howe", "2026-10-04T01:59:59+10:30", SiteState.Open, "2026-10-04T02:30+11:00" },
        { "lord howe 2:15-3", "2026-10-04T01:59:59+10:30", SiteState.Closed, "2026-10-04T02:30+11:00" },
        { "santiago", "2026-09-05T23:59:59-04:00", SiteState.Closed, "2026-09-06T01:00-03:00" },
        { "santiago", "2026-04-04T23:30-03:00", SiteState.Closed, "2026-04-04T23:00-04:00" },
        { "santiago", "2026-04-04T23:00-04:00", SiteState.Open, "2026-04-04T23:30-04:00" },
    };

    /// <summary>Site; end of its closure; instant; state; next change.</summary>
    public static TheoryData<string, string, string, SiteState, string> Closures => new()
    {
        // In the doubled hour the end is one of its two half past twos, and stays over when the clock shows that time again.
        { "paris only 2-3", "2026-10-25T02:30+02:00", "2026-10-25T02:29:59+02:00", SiteState.Closure, "2026-10-25T02:30+02:00" },
        { "paris only 2-3", "2026-10-25T02:30+02:00", "2026-10-25T02:30+02:00", SiteState.Open, "2026-10-25T03:00+01:00" },
        { "paris only 2-3", "2026-10-25T02:30+02:00", "2026-10-25T02:15+01:00", SiteState.Open, "2026-10-25T03:00+01:00" },
        { "paris only 2-3", "2026-10-25T02:30+01:00", "2026-10-25T02:45+02:00", SiteState.Closure, "2026-10-25T02:30+01:00" },
        // Half past two does not exist on 29 March: who asks for it gets half past three.
        { "paris 2:30-5", "2026-03-29T03:30+02:00", "2026-03-29T03:29:59+02:00", SiteState.Closure, "2026-03-29T03:30+02:00" },
        { "paris 2:30-5", "2026-03-29T03:30+02:00", "2026-03-29T03:30+02:00", SiteState.Open, "2026-03-29T05:00+02:00" },
        // It goes before a holiday, and lets it through at its end.
        { "strasbourg", "2026-12-25T12:00+01:00", "2026-12-25T11:59:59+01:00", SiteState.Closure, "2026-12-25T12:00+01:00" },
        { "strasbourg", "2026-12-25T12:00+01:00", "2026-12-25T12:00+01:00", SiteState.Holiday, "2026-12-27T00:00+01:00" },
    };

    [Theory]
    [MemberData(nameof(Moments))]
    public void Site_AtATabledMoment_IsAsTabled(string site, string at, SiteState state, string next)
    {
        Assert.Equal(state, SiteClock.StateAt(Sites[site], null, Instant(at)).State);
        Assert.Equal(Instant(next), SiteClock.NextChange(Sites[site], null, Instant(at)));
    }

    [Theory]
    [MemberData(nameof(Closures))]
    public void Closure_AtATabledMoment_IsAsTabled(string site, string until, string at, SiteState state, string next)
    {
        var closure = new ClosureSwitch { Key = site, On = true, Until = Instant(until) };

        Assert.Equal(state, SiteClock.StateAt(Sites[site], closure, Instant(at)).State);
        Assert.Equal(Instant(next), SiteClock.NextChange(Sites[site], closure, Instant(at)));
    }

    [Fact]
    public void Offsets_OfTheTable_AreThoseOfTheZones()
    {
        foreach (var row in Moments)
        {
            var (site, at, _, next) = row.Data;
            foreach (var text in new[] { at, next })
                Assert.Equal(Instant(text).Offset, SiteClock.ZoneOf(Sites[site]).GetUtcOffset(Instant(text)));
        }
    }

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static OfficeInterval On(DayOfWeek day, int start, int end) => new(day, new(start, 0), new(end, 0));

    private static Site In(string zone, ValueList<OfficeInterval> hours, PublicHolidays holidays = PublicHolidays.None) =>
        new() { Key = "s", Name = "s", TimeZone = zone, OfficeHours = hours, PublicHolidays = holidays };
}
