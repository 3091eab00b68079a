using System.Collections.Concurrent;

namespace Pbx.Core.Sites;

/// <summary>A computed public holiday.</summary>
/// <param name="Date">Its date.</param>
/// <param name="Code">Stable name by which the console translates it, such as <c>easter-monday</c>.</param>
/// <param name="Name">Its French name.</param>
public sealed record PublicHoliday(DateOnly Date, string Code, string Name);

/// <summary>The public holidays of France (Code du travail, article L3133-1) and the two more of Alsace-Moselle (L3134-13).</summary>
public static class FrenchHolidays
{
    private static readonly ConcurrentDictionary<(PublicHolidays, int), IReadOnlyList<PublicHoliday>> Computed = new();

    /// <summary>The holidays of a set in a year, by date.</summary>
    public static IReadOnlyList<PublicHoliday> Of(PublicHolidays set, int year) =>
        set == PublicHolidays.None || year is < 1583 or > 9998
            ? []
            : Computed.GetOrAdd((set, year), static key => Compute(key.Item2, key.Item1 == PublicHolidays.FranceAlsaceMoselle));

    /// <summary>Easter Sunday of a year in the Gregorian calendar (the anonymous computus of 1876).</summary>
    public static DateOnly Easter(int year)
    {
        var golden = year % 19;
        var (century, inCentury) = (year / 100, year % 100);
        var epact = ((19 * golden) + century - (century / 4) - ((century - ((century + 8) / 25) + 1) / 3) + 15) % 30;
        var weekday = (32 + (2 * (century % 4)) + (2 * (inCentury / 4)) - epact - (inCentury % 4)) % 7;
        var late = (golden + (11 * epact) + (22 * weekday)) / 451;
        var days = epact + weekday - (7 * late) + 114;
        return new DateOnly(year, days / 31, (days % 31) + 1);
    }

    private static List<PublicHoliday> Compute(int year, bool alsaceMoselle)
    {
        var easter = Easter(year);
        List<PublicHoliday> days =
        [
            new(new DateOnly(year, 1, 1), "new-year", "Jour de l'an"),
            new(easter.AddDays(1), "easter-monday", "Lundi de Pâques"),
            new(new DateOnly(year, 5, 1), "labour-day", "Fête du Travail"),
            new(new DateOnly(year, 5, 8), "victory-1945", "Victoire 1945"),
            new(easter.AddDays(39), "ascension", "Ascension"),
            new(easter.AddDays(50), "whit-monday", "Lundi de Pentecôte"),
            new(new DateOnly(year, 7, 14), "national-day", "Fête nationale"),
            new(new DateOnly(year, 8, 15), "assumption", "Assomption"),
            new(new DateOnly(year, 11, 1), "all-saints", "Toussaint"),
            new(new DateOnly(year, 11, 11), "armistice-1918", "Armistice 1918"),
            new(new DateOnly(year, 12, 25), "christmas", "Noël"),
        ];
        if (alsaceMoselle)
        {
            days.Add(new(easter.AddDays(-2), "good-friday", "Vendredi saint"));
            days.Add(new(new DateOnly(year, 12, 26), "saint-stephen", "Saint-Étienne"));
        }
        days.Sort((a, b) => a.Date.CompareTo(b.Date));
        return days;
    }
}
