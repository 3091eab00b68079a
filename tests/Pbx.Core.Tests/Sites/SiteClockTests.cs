using CsCheck;
using Pbx.Core.Common;
using Pbx.Core.Sites;

namespace Pbx.Core.Tests.Sites;

public sealed class SiteClockTests
{
    private static readonly TimeZoneInfo Paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    private static readonly Site Weekdays = new()
    {
        Key = "paris", Name = "Paris",
        OfficeHours =
        [
            .. new[] { DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday }
                .SelectMany(d => new OfficeInterval[] { new(d, new(9, 0), new(18, 0)), new(d, new(12, 0), new(14, 0), IntervalKind.Break) }),
        ],
        PublicHolidays = PublicHolidays.France,
    };

    [Theory]
    [InlineData("2026-11-23 08:59", SiteState.Closed)]
    [InlineData("2026-11-23 09:00", SiteState.Open)]
    [InlineData("2026-11-23 11:59", SiteState.Open)]
    [InlineData("2026-11-23 12:00", SiteState.Break)]
    [InlineData("2026-11-23 14:00", SiteState.Open)]
    [InlineData("2026-11-23 18:00", SiteState.Closed)]
    [InlineData("2026-11-22 10:00", SiteState.Closed)]
    [InlineData("2026-11-11 10:00", SiteState.Holiday)]
    [InlineData("2026-05-25 10:00", SiteState.Holiday)]
    public void State_OfAWeek_IsLookedUpInLocalTime(string local, SiteState expected) =>
        Assert.Equal(expected, SiteClock.StateAt(Weekdays, null, At(local)).State);

    [Fact]
    public void Closure_IsOnUntilItsEnd_AndGoesBeforeAll()
    {
        var closure = new ClosureSwitch { Key = "paris", On = true, Until = At("2026-11-23 11:00") };

        Assert.Equal(SiteState.Closure, SiteClock.StateAt(Weekdays, closure, At("2026-11-11 10:00")).State);
        Assert.Equal(SiteState.Open, SiteClock.StateAt(Weekdays, closure, At("2026-11-23 11:00")).State);
        Assert.Equal(At("2026-11-23 11:00"), SiteClock.NextChange(Weekdays, closure, At("2026-11-23 10:00")));
        Assert.Null(SiteClock.NextChange(Weekdays, closure with { Until = null }, At("2026-11-23 10:00")));
    }

    [Fact]
    public void Interval_OverMidnight_BelongsToTheDayItStartsOn_ButTheHolidayInForceWins()
    {
        var night = new Site { Key = "n", Name = "n", OfficeHours = [new(DayOfWeek.Thursday, new(22, 0), new(6, 0))], PublicHolidays = PublicHolidays.France };

        // Friday 2026-05-01 is a holiday, Thursday 2026-04-30 is not.
        Assert.Equal(SiteState.Open, SiteClock.StateAt(night, null, At("2026-04-30 23:00")).State);
        Assert.Equal(SiteState.Holiday, SiteClock.StateAt(night, null, At("2026-05-01 01:00")).State);
        Assert.Equal(SiteState.Open, SiteClock.StateAt(night, null, At("2026-05-08 01:00") + TimeSpan.FromDays(7)).State);
        Assert.Equal(SiteState.Closed, SiteClock.StateAt(night, null, At("2026-04-30 01:00")).State);
    }

    [Fact]
    public void SummerTime_SkippedHour_IsEmpty()
    {
        var site = new Site { Key = "s", Name = "s", OfficeHours = [new(DayOfWeek.Sunday, new(2, 0), new(3, 0))] };
        var before = new DateTimeOffset(2026, 3, 29, 0, 0, 0, TimeSpan.Zero);

        for (var minute = 0; minute < 180; minute++)
            Assert.Equal(SiteState.Closed, SiteClock.StateAt(site, null, before.AddMinutes(minute)).State);
        Assert.Equal(new DateTimeOffset(2026, 4, 5, 2, 0, 0, TimeSpan.FromHours(2)), SiteClock.NextChange(site, null, before));
    }

    [Fact]
    public void SummerTime_DoubledHour_HoldsBothTimes()
    {
        var site = new Site { Key = "s", Name = "s", OfficeHours = [new(DayOfWeek.Sunday, new(2, 30), new(3, 0))] };
        var two = new DateTimeOffset(2026, 10, 25, 0, 0, 0, TimeSpan.Zero);

        Assert.Equal(SiteState.Open, SiteClock.StateAt(site, null, two.AddMinutes(45)).State);
        Assert.Equal(SiteState.Closed, SiteClock.StateAt(site, null, two.AddMinutes(75)).State);
        Assert.Equal(SiteState.Open, SiteClock.StateAt(site, null, two.AddMinutes(105)).State);
        Assert.Equal(two.AddMinutes(60), SiteClock.NextChange(site, null, two.AddMinutes(45)));
        Assert.Equal(two.AddMinutes(90), SiteClock.NextChange(site, null, two.AddMinutes(75)));
    }

    [Theory]
    [InlineData(2024, "2024-03-31")]
    [InlineData(2025, "2025-04-20")]
    [InlineData(2026, "2026-04-05")]
    [InlineData(2027, "2027-03-28")]
    [InlineData(2038, "2038-04-25")]
    [InlineData(2285, "2285-03-22")]
    public void Easter_OfAYear_IsKnown(int year, string date) => Assert.Equal(DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture), FrenchHolidays.Easter(year));

    [Fact]
    public void PublicHolidays_OfFrance_AreEleven_AndThirteenInAlsaceMoselle()
    {
        Assert.Equal(11, FrenchHolidays.Of(PublicHolidays.France, 2026).Count);
        var alsace = FrenchHolidays.Of(PublicHolidays.FranceAlsaceMoselle, 2026).Select(h => h.Date).ToList();
        Assert.Equal(13, alsace.Count);
        Assert.Contains(new DateOnly(2026, 4, 3), alsace);
        Assert.Contains(new DateOnly(2026, 12, 26), alsace);
        Assert.Contains(new DateOnly(2026, 5, 14), alsace);
    }

    [Fact]
    public void OwnHolidays_YearlyOverNewYear_PartsOfDays_AndLeapDay()
    {
        var site = new Site
        {
            Key = "s", Name = "s",
            Holidays =
            [
                new() { Name = "Winter", Date = new(2020, 12, 24), LastDate = new(2021, 1, 2), EveryYear = true, Start = new(12, 0), End = new(8, 0) },
                new() { Name = "Leap", Date = new(2024, 2, 29), EveryYear = true, Destination = Destination.HangUp },
            ],
        };

        Assert.Equal("Winter", Holiday(site, "2026-12-24 12:00"));
        Assert.Null(Holiday(site, "2026-12-24 11:59"));
        Assert.Equal("Winter", Holiday(site, "2027-01-02 07:59"));
        Assert.Null(Holiday(site, "2027-01-02 08:00"));
        Assert.Equal("Leap", Holiday(site, "2028-02-29 10:00"));
        Assert.Null(Holiday(site, "2027-02-28 10:00"));
        Assert.Null(Holiday(site, "2027-03-01 10:00"));
        Assert.Equal(At("2028-02-29 00:00"), SiteClock.NextChange(new Site { Key = "x", Name = "x", Holidays = [site.Holidays[1]] }, null, At("2026-01-01 00:00")));
    }

    [Fact]
    public void State_OfAnyInstant_IsThatOfANaiveLookUp() => Gen.Select(Sites, Instants).Sample(
        (site, instant) => SiteClock.StateAt(site, null, instant).State == Naive(site, instant), iter: 5_000);

    [Fact]
    public void NextChange_IsWhereTheStateFirstDiffers() => Gen.Select(Sites, Instants).Sample((site, instant) =>
    {
        var next = SiteClock.NextChange(site, null, instant);
        var state = SiteClock.StateAt(site, null, instant).State;
        var horizon = instant.AddDays(9);
        for (var at = NextQuarter(instant); at < horizon; at = at.AddMinutes(15))
        {
            if (SiteClock.StateAt(site, null, at).State == state) continue;
            // All boundaries of the generator lie on quarters of an hour.
            return next == at;
        }
        return next is null || next >= horizon;
    }, iter: 300);

    private static DateTimeOffset NextQuarter(DateTimeOffset instant)
    {
        var ticks = TimeSpan.FromMinutes(15).Ticks;
        return new DateTimeOffset(((instant.UtcTicks / ticks) + 1) * ticks, TimeSpan.Zero);
    }

    private static SiteState Naive(Site site, DateTimeOffset instant)
    {
        var local = TimeZoneInfo.ConvertTime(instant, TimeZoneInfo.FindSystemTimeZoneById(site.TimeZone)).DateTime;
        foreach (var holiday in site.Holidays)
        {
            for (var day = 0; day < 400; day++)
            {
                // Walks the days of the holiday one by one from each year's first.
                foreach (var year in new[] { local.Year - 1, local.Year })
                {
                    if (!holiday.EveryYear && year != holiday.Date.Year) continue;
                    var first = new DateTime(year, holiday.Date.Month, holiday.Date.Day).AddDays(day);
                    var last = holiday.LastDate ?? holiday.Date;
                    var isLast = (first.Month, first.Day) == (last.Month, last.Day);
                    var start = day == 0 ? first + (holiday.Start ?? TimeOnly.MinValue).ToTimeSpan() : first;
                    var end = isLast && holiday.End is { } e ? first + e.ToTimeSpan() : first.AddDays(1);
                    if (local >= start && local < end && day <= Length(holiday)) return SiteState.Holiday;
                }
            }
        }
        if (site.OfficeHours.Count == 0) return SiteState.Open;
        var kinds = site.OfficeHours.Where(i => Covers(i, local.Date, local) || Covers(i, local.Date.AddDays(-1), local)).Select(i => i.Kind).ToList();
        return kinds.Contains(IntervalKind.Break) ? SiteState.Break : kinds.Contains(IntervalKind.Open) ? SiteState.Open : SiteState.Closed;
    }

    private static int Length(Holiday holiday)
    {
        if (holiday.LastDate is not { } last) return 0;
        var end = new DateTime(2021, last.Month, last.Day);
        var start = new DateTime(2021, holiday.Date.Month, holiday.Date.Day);
        return (int)((end < start ? end.AddYears(1) : end) - start).TotalDays;
    }

    private static bool Covers(OfficeInterval interval, DateTime day, DateTime local)
    {
        if (day.DayOfWeek != interval.Day) return false;
        var start = day + interval.Start.ToTimeSpan();
        var end = day + interval.End.ToTimeSpan();
        if (end <= start) end = end.AddDays(1);
        return local >= start && local < end;
    }

    private static readonly string[] Zones = ["Europe/Paris", "Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"];

    private static readonly Gen<TimeOnly> Quarters = Gen.Int[0, 95].Select(q => new TimeOnly(q / 4, q % 4 * 15));

    private static readonly Gen<OfficeInterval> Intervals = Gen.Select(Gen.Int[0, 6], Quarters, Quarters, Gen.Bool,
        (day, start, end, isBreak) => new OfficeInterval((DayOfWeek)day, start, end, isBreak ? IntervalKind.Break : IntervalKind.Open));

    // Without February and its leap day, which has a test of its own, and without the whole of a year.
    private static readonly Gen<Holiday> Holidays = Gen.Select(Gen.Int[3, 12], Gen.Int[1, 28], Gen.Int[0, 20], Gen.Bool).Select((month, day, length, yearly) =>
    {
        var date = new DateOnly(2026, month, day);
        return new Holiday
        {
            Name = "h", Date = date, LastDate = length == 0 ? null : date.AddDays(length), EveryYear = yearly,
            Start = length % 3 == 1 ? new TimeOnly(10, 0) : null, End = length % 3 == 2 ? new TimeOnly(15, 30) : null,
        };
    });

    private static readonly Gen<Site> Sites = Gen.Select(Intervals.Array[0, 10], Holidays.Array[0, 3],
        Gen.Int[0, Zones.Length - 1].Select(i => Zones[i])).Select((intervals, holidays, zone) =>
        new Site { Key = "s", Name = "s", TimeZone = zone, OfficeHours = [.. intervals], Holidays = [.. holidays] });

    // Half of them near the changes of the clock in 2026.
    private static readonly Gen<DateTimeOffset> Instants = Gen.Select(Gen.Bool, Gen.Int[0, 365 * 24 * 60], Gen.Int[0, 3], Gen.Int[-3000, 3000]).Select((any, minute, change, near) => any
        ? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(minute)
        : new[]
        {
            new DateTimeOffset(2026, 3, 29, 1, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 10, 25, 1, 0, 0, TimeSpan.Zero),
            new DateTimeOffset(2026, 3, 8, 7, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 4, 4, 15, 0, 0, TimeSpan.Zero),
        }[change].AddMinutes(near));

    private static string? Holiday(Site site, string local) => SiteClock.StateAt(site, null, At(local)).Holiday?.Name;

    private static DateTimeOffset At(string local)
    {
        var time = DateTime.Parse(local, System.Globalization.CultureInfo.InvariantCulture);
        return new DateTimeOffset(time, Paris.GetUtcOffset(time));
    }
}
