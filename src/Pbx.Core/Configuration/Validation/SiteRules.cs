using Pbx.Core.Sites;

namespace Pbx.Core.Configuration.Validation;

/// <summary>What a site must hold.</summary>
internal static class SiteRules
{
    public static void Check(Site site, Findings findings)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(site.TimeZone, out _))
            findings.Add("time-zone-unknown", Findings.Path(site, "timeZone"), $"'{site.TimeZone}' is no time zone: write one such as Europe/Paris.", site.TimeZone);
        if (site.Language is not ("fr" or "en"))
            findings.Add("language-unknown", Findings.Path(site, "language"), $"'{site.Language}' is no language here: choose fr or en.", site.Language);
        findings.Country(site, site.Country);
        findings.PublicNumber(site, "standardNumber", site.StandardNumber);
        CheckHours(site, findings);
        for (var i = 0; i < site.Holidays.Count; i++) CheckHoliday(site, site.Holidays[i], $"holidays/{i}", findings);
    }

    private static void CheckHours(Site site, Findings findings)
    {
        if (site.OfficeHours.Count > 0 && site.OfficeHours.All(i => i.Kind == IntervalKind.Break))
            findings.Add("hours-only-breaks", Findings.Path(site, "officeHours"), "There are breaks but no opening hours: the site would never be open. Add an open interval.");
        var seen = new HashSet<OfficeInterval>();
        for (var i = 0; i < site.OfficeHours.Count; i++)
        {
            if (!seen.Add(site.OfficeHours[i]))
                findings.Add("interval-twice", Findings.Path(site, $"officeHours/{i}"), "This interval is there twice: remove one.");
        }
    }

    private static void CheckHoliday(Site site, Holiday holiday, string field, Findings findings)
    {
        if (string.IsNullOrWhiteSpace(holiday.Name))
            findings.Add("name-missing", Findings.Path(site, $"{field}/name"), "A name is missing: give one that people will recognise.");
        if (holiday.LastDate is { } last && last < holiday.Date && !holiday.EveryYear)
            findings.Add("holiday-reversed", Findings.Path(site, $"{field}/lastDate"), $"'{holiday.Name}' ends before it begins: exchange the dates.", holiday.Name);
        if (holiday is { EveryYear: true, LastDate: { } end } && end >= holiday.Date.AddYears(1))
            findings.Add("holiday-too-long", Findings.Path(site, $"{field}/lastDate"), $"'{holiday.Name}' comes back each year but lasts a year or more: shorten it.", holiday.Name);
        if ((holiday.LastDate is null || holiday.LastDate == holiday.Date) && holiday.End <= (holiday.Start ?? TimeOnly.MinValue))
            findings.Add("holiday-empty", Findings.Path(site, $"{field}/end"), $"'{holiday.Name}' ends before it begins: exchange the times.", holiday.Name);
    }
}
