using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Pbx.Core.Common;
using Pbx.Core.Settings;
using Pbx.Core.Sites;

namespace Pbx.Core.Data.Mapping;

/// <summary>The settings as stored.</summary>
internal sealed class SettingsRow : ConfigRow
{
    public string CompanyName { get; set; } = "";
    public string? MailHost { get; set; }
    public int MailPort { get; set; }
    public MailSecurity MailSecurity { get; set; }
    public string? MailUserName { get; set; }
    public string? MailPasswordEncrypted { get; set; }
    public string MailFrom { get; set; } = "";
    public string SpeechCommand { get; set; } = "";
    public string EmergencyNumbers { get; set; } = "[]";
    public string? Music { get; set; }
    public int MinExpiresSeconds { get; set; }
    public int MaxExpiresSeconds { get; set; }
    public int MaxContacts { get; set; }
    public int DrainSeconds { get; set; }
    public string OutboundCountries { get; set; } = "[]";
    public bool OutboundPremiumNumbers { get; set; }
    public int OutboundCallsPerHour { get; set; }
    public int OutboundCallsPerDay { get; set; }
    public int OutboundMinutesPerHour { get; set; }
    public int OutboundMinutesPerDay { get; set; }
    public string? AlertAddress { get; set; }
    public string NeverBanned { get; set; } = "[]";
    public CallSecurity Security { get; set; }
    public List<DialCodeRow> DialCodes { get; set; } = [];
    public List<EmergencyTrunkRow> EmergencyTrunks { get; set; } = [];
}

/// <summary>A dial code.</summary>
internal sealed class DialCodeRow : ListRow
{
    public string Code { get; set; } = "";
    public DialFunction Function { get; set; }
}

/// <summary>A trunk for emergency numbers.</summary>
internal sealed class EmergencyTrunkRow : ListRow
{
    public string Trunk { get; set; } = "";
}

/// <summary>The table of the one settings row.</summary>
internal sealed class SettingsMapping : ConfigMapping<SettingsRow, SystemSettings>
{
    public override ObjectKind Kind => ObjectKind.Settings;

    protected override string Table => "settings";

    protected override void ConfigureMore(ModelBuilder model, EntityTypeBuilder<SettingsRow> builder)
    {
        builder.RefersTo<SettingsRow, PromptRow>(nameof(SettingsRow.Music));
        builder.HasList(model, r => r.DialCodes, "dial_codes", "settings");
        builder.HasList(model, r => r.EmergencyTrunks, "emergency_trunks", "settings",
            e => e.RefersTo<EmergencyTrunkRow, TrunkRow>(nameof(EmergencyTrunkRow.Trunk)));
    }

    protected override void Write(SystemSettings item, SettingsRow row, SecretCipher cipher)
    {
        row.CompanyName = item.CompanyName;
        row.MailHost = item.Mail.Host;
        row.MailPort = item.Mail.Port;
        row.MailSecurity = item.Mail.Security;
        row.MailUserName = item.Mail.UserName;
        row.MailPasswordEncrypted = cipher.Encrypt(item.Mail.Password);
        row.MailFrom = item.Mail.From;
        row.SpeechCommand = item.SpeechCommand;
        row.EmergencyNumbers = item.EmergencyNumbers.ToJson();
        row.Music = item.Music;
        row.MinExpiresSeconds = item.MinExpiresSeconds;
        row.MaxExpiresSeconds = item.MaxExpiresSeconds;
        row.MaxContacts = item.MaxContacts;
        row.DrainSeconds = item.DrainSeconds;
        row.OutboundCountries = item.Outbound.Countries.ToJson();
        row.OutboundPremiumNumbers = item.Outbound.PremiumNumbers;
        row.OutboundCallsPerHour = item.Outbound.CallsPerHour;
        row.OutboundCallsPerDay = item.Outbound.CallsPerDay;
        row.OutboundMinutesPerHour = item.Outbound.MinutesPerHour;
        row.OutboundMinutesPerDay = item.Outbound.MinutesPerDay;
        row.AlertAddress = item.Outbound.AlertAddress;
        row.NeverBanned = item.NeverBanned.ToJson();
        row.Security = item.Security;
        row.DialCodes.Fill(item.DialCodes, (e, i) => (e.Code, e.Function) = (i.Code, i.Function));
        row.EmergencyTrunks.Fill(item.EmergencyTrunks, (e, i) => e.Trunk = i);
    }

    protected override SystemSettings Read(SettingsRow row, SecretCipher cipher) => new()
    {
        Key = row.Key, Version = row.Version, CompanyName = row.CompanyName,
        Mail = new MailSettings
        {
            Host = row.MailHost, Port = row.MailPort, Security = row.MailSecurity, UserName = row.MailUserName,
            Password = cipher.Decrypt(row.MailPasswordEncrypted), From = row.MailFrom,
        },
        SpeechCommand = row.SpeechCommand, DialCodes = row.DialCodes.Read(e => new DialCode(e.Code, e.Function)),
        EmergencyNumbers = row.EmergencyNumbers.ToWords(), EmergencyTrunks = row.EmergencyTrunks.Read(e => e.Trunk), Music = row.Music,
        MinExpiresSeconds = row.MinExpiresSeconds, MaxExpiresSeconds = row.MaxExpiresSeconds, MaxContacts = row.MaxContacts,
        DrainSeconds = row.DrainSeconds, NeverBanned = row.NeverBanned.ToWords(), Security = row.Security,
        Outbound = new OutboundLimits
        {
            Countries = row.OutboundCountries.ToWords(), PremiumNumbers = row.OutboundPremiumNumbers, CallsPerHour = row.OutboundCallsPerHour,
            CallsPerDay = row.OutboundCallsPerDay, MinutesPerHour = row.OutboundMinutesPerHour, MinutesPerDay = row.OutboundMinutesPerDay,
            AlertAddress = row.AlertAddress,
        },
    };
}

/// <summary>A closure switch as stored; its key is that of the site.</summary>
internal sealed class ClosureSwitchRow : ConfigRow
{
    public bool On { get; set; }
    public DateTimeOffset? Until { get; set; }
    public DateTimeOffset ChangedAt { get; set; }
    public string ChangedBy { get; set; } = "";
}

/// <summary>The table of closure switches.</summary>
internal sealed class ClosureSwitchMapping : ConfigMapping<ClosureSwitchRow, ClosureSwitch>
{
    public override ObjectKind Kind => ObjectKind.ClosureSwitch;

    protected override string Table => "closure_switches";

    protected override void ConfigureMore(ModelBuilder model, EntityTypeBuilder<ClosureSwitchRow> builder)
    {
        builder.Property(r => r.Key).HasColumnName("site");
        builder.HasOne<SiteRow>().WithOne().HasForeignKey<ClosureSwitchRow>(r => r.Key).OnDelete(DeleteBehavior.Restrict);
        builder.Property(r => r.Until).IsUtc();
        builder.Property(r => r.ChangedAt).IsUtc();
    }

    protected override void Write(ClosureSwitch item, ClosureSwitchRow row, SecretCipher cipher) =>
        (row.On, row.Until, row.ChangedAt, row.ChangedBy) = (item.On, item.Until, item.ChangedAt, item.ChangedBy);

    protected override ClosureSwitch Read(ClosureSwitchRow row, SecretCipher cipher) => new()
    {
        Key = row.Key, Version = row.Version, On = row.On, Until = row.Until, ChangedAt = row.ChangedAt, ChangedBy = row.ChangedBy,
    };
}
