using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Pbx.Core.Common;
using Pbx.Core.Prompts;
using Pbx.Core.Sites;

namespace Pbx.Core.Data.Mapping;

/// <summary>A site as stored.</summary>
internal sealed class SiteRow : ConfigRow
{
    public string Name { get; set; } = "";
    public string TimeZone { get; set; } = "";
    public string Language { get; set; } = "";
    public string Country { get; set; } = "";
    public string? StandardNumber { get; set; }
    public PublicHolidays PublicHolidays { get; set; }
    public string? OnHoliday { get; set; }
    public string? ClosurePrompt { get; set; }

    /// <summary>The closure mailbox's target: a key of the mailbox itself would make a circle, since each mailbox has a site.</summary>
    public string? ClosureMailbox { get; set; }

    public string DefaultDestination { get; set; } = "";
    public List<OfficeIntervalRow> OfficeHours { get; set; } = [];
    public List<HolidayRow> Holidays { get; set; } = [];
}

/// <summary>An interval of a site's week.</summary>
internal sealed class OfficeIntervalRow : ListRow
{
    public DayOfWeek Day { get; set; }
    public TimeOnly Start { get; set; }
    public TimeOnly End { get; set; }
    public IntervalKind Kind { get; set; }
}

/// <summary>A site's own holiday.</summary>
internal sealed class HolidayRow : ListRow
{
    public string Name { get; set; } = "";
    public DateOnly Date { get; set; }
    public DateOnly? LastDate { get; set; }
    public bool EveryYear { get; set; }
    public TimeOnly? Start { get; set; }
    public TimeOnly? End { get; set; }
    public string? Destination { get; set; }
}

/// <summary>The table of sites.</summary>
internal sealed class SiteMapping : ConfigMapping<SiteRow, Site>
{
    public override ObjectKind Kind => ObjectKind.Site;

    protected override string Table => "sites";

    protected override void ConfigureMore(ModelBuilder model, EntityTypeBuilder<SiteRow> builder)
    {
        builder.RefersTo<SiteRow, TargetRow>(nameof(SiteRow.OnHoliday), nameof(SiteRow.ClosureMailbox), nameof(SiteRow.DefaultDestination));
        builder.RefersTo<SiteRow, PromptRow>(nameof(SiteRow.ClosurePrompt));
        builder.HasList(model, r => r.OfficeHours, "site_office_hours", "site");
        builder.HasList(model, r => r.Holidays, "site_holidays", "site", e => e.RefersTo<HolidayRow, TargetRow>(nameof(HolidayRow.Destination)));
    }

    protected override void Write(Site item, SiteRow row, SecretCipher cipher)
    {
        row.Name = item.Name;
        row.TimeZone = item.TimeZone;
        row.Language = item.Language;
        row.Country = item.Country;
        row.StandardNumber = item.StandardNumber;
        row.PublicHolidays = item.PublicHolidays;
        row.OnHoliday = item.OnHoliday?.ToString();
        row.ClosurePrompt = item.ClosurePrompt;
        row.ClosureMailbox = item.ClosureMailbox is { } mailbox ? new Destination(DestinationKind.Mailbox, mailbox).ToString() : null;
        row.DefaultDestination = item.DefaultDestination.ToString();
        row.OfficeHours.Fill(item.OfficeHours, (e, i) => (e.Day, e.Start, e.End, e.Kind) = (i.Day, i.Start, i.End, i.Kind));
        row.Holidays.Fill(item.Holidays, WriteHoliday);
    }

    protected override Site Read(SiteRow row, SecretCipher cipher) => new()
    {
        Key = row.Key, Version = row.Version, Name = row.Name, TimeZone = row.TimeZone, Language = row.Language, Country = row.Country,
        StandardNumber = row.StandardNumber, PublicHolidays = row.PublicHolidays, OnHoliday = row.OnHoliday.ToDestination(),
        ClosurePrompt = row.ClosurePrompt, ClosureMailbox = row.ClosureMailbox.ToDestination()?.Value,
        DefaultDestination = Destination.Parse(row.DefaultDestination),
        OfficeHours = row.OfficeHours.Read(e => new OfficeInterval(e.Day, e.Start, e.End, e.Kind)),
        Holidays = row.Holidays.Read(e => new Holiday
        {
            Name = e.Name, Date = e.Date, LastDate = e.LastDate, EveryYear = e.EveryYear, Start = e.Start, End = e.End,
            Destination = e.Destination.ToDestination(),
        }),
    };

    private static void WriteHoliday(HolidayRow row, Holiday item)
    {
        row.Name = item.Name;
        row.Date = item.Date;
        row.LastDate = item.LastDate;
        row.EveryYear = item.EveryYear;
        row.Start = item.Start;
        row.End = item.End;
        row.Destination = item.Destination?.ToString();
    }
}

/// <summary>A prompt as stored.</summary>
internal sealed class PromptRow : ConfigRow
{
    public string Name { get; set; } = "";
    public string Language { get; set; } = "";
    public string? Text { get; set; }
    public bool Spoken { get; set; }
    public string? Audio { get; set; }
    public int DurationMilliseconds { get; set; }
}

/// <summary>The table of prompts.</summary>
internal sealed class PromptMapping : ConfigMapping<PromptRow, Prompt>
{
    public override ObjectKind Kind => ObjectKind.Prompt;

    protected override string Table => "prompts";

    protected override void Write(Prompt item, PromptRow row, SecretCipher cipher)
    {
        row.Name = item.Name;
        row.Language = item.Language;
        row.Text = item.Text;
        row.Spoken = item.Spoken;
        row.Audio = item.Audio;
        row.DurationMilliseconds = item.DurationMilliseconds;
    }

    protected override Prompt Read(PromptRow row, SecretCipher cipher) => new()
    {
        Key = row.Key, Version = row.Version, Name = row.Name, Language = row.Language, Text = row.Text, Spoken = row.Spoken,
        Audio = row.Audio, DurationMilliseconds = row.DurationMilliseconds,
    };
}
