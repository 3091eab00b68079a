using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Pbx.Core.Common;
using Pbx.Core.Extensions;

namespace Pbx.Core.Data.Mapping;

/// <summary>An extension as stored.</summary>
internal sealed class ExtensionRow : TargetObjectRow, ITimeRoutesRow
{
    public string? Email { get; set; }
    public int RingSeconds { get; set; }
    public bool DoNotDisturb { get; set; }
    public string? Mailbox { get; set; }
    public string? OnBusy { get; set; }
    public string? OnNoAnswer { get; set; }
    public string? OnNotRegistered { get; set; }
    public string? OnDoNotDisturb { get; set; }
    public bool FollowsOfficeHours { get; set; }
    public string? ClosedRoute { get; set; }
    public string? BreakRoute { get; set; }
    public string? HolidayRoute { get; set; }
    public string? PresentedNumber { get; set; }
    public bool OutboundInHoursOnly { get; set; }
    public CallSecurity Security { get; set; }
    public List<DeviceRow> Devices { get; set; } = [];
}

/// <summary>A device of an extension.</summary>
internal sealed class DeviceRow : ListRow
{
    public string Key { get; set; } = "";
    public string Name { get; set; } = "";
    public string UserName { get; set; } = "";
    public string? PasswordEncrypted { get; set; }
    public int Digest { get; set; }
}

/// <summary>The table of extensions.</summary>
internal sealed class ExtensionMapping : TargetMapping<ExtensionRow, Extension>
{
    public override ObjectKind Kind => ObjectKind.Extension;

    protected override string Table => "extensions";

    protected override void ConfigureMore(ModelBuilder model, EntityTypeBuilder<ExtensionRow> builder)
    {
        base.ConfigureMore(model, builder);
        builder.RefersTo<ExtensionRow, MailboxRow>(nameof(ExtensionRow.Mailbox));
        builder.RefersTo<ExtensionRow, TargetRow>(nameof(ExtensionRow.OnBusy), nameof(ExtensionRow.OnNoAnswer),
            nameof(ExtensionRow.OnNotRegistered), nameof(ExtensionRow.OnDoNotDisturb));
        builder.HasTimeRoutes();
        builder.HasList(model, r => r.Devices, "devices", "extension", e => e.HasIndex(d => d.UserName));
    }

    protected override void Write(Extension item, ExtensionRow row, SecretCipher cipher)
    {
        base.Write(item, row, cipher);
        row.Email = item.Email;
        row.RingSeconds = item.RingSeconds;
        row.DoNotDisturb = item.DoNotDisturb;
        row.Mailbox = item.Mailbox;
        row.OnBusy = item.OnBusy?.ToString();
        row.OnNoAnswer = item.OnNoAnswer?.ToString();
        row.OnNotRegistered = item.OnNotRegistered?.ToString();
        row.OnDoNotDisturb = item.OnDoNotDisturb?.ToString();
        row.FollowsOfficeHours = item.FollowsOfficeHours;
        row.PresentedNumber = item.PresentedNumber;
        row.OutboundInHoursOnly = item.OutboundInHoursOnly;
        row.Security = item.Security;
        row.Write(item.TimeRoutes);
        row.Devices.Fill(item.Devices, (e, i) => (e.Key, e.Name, e.UserName, e.PasswordEncrypted, e.Digest) =
            (i.Key, i.Name, i.UserName, cipher.Encrypt(i.Password), (int)i.Digest));
    }

    protected override Extension Read(ExtensionRow row, SecretCipher cipher) => new()
    {
        Key = row.Key, Version = row.Version, Name = row.Name, Number = row.Number!, Site = row.Site, Email = row.Email,
        RingSeconds = row.RingSeconds, DoNotDisturb = row.DoNotDisturb, Mailbox = row.Mailbox, OnBusy = row.OnBusy.ToDestination(),
        OnNoAnswer = row.OnNoAnswer.ToDestination(), OnNotRegistered = row.OnNotRegistered.ToDestination(),
        OnDoNotDisturb = row.OnDoNotDisturb.ToDestination(), FollowsOfficeHours = row.FollowsOfficeHours,
        TimeRoutes = row.ReadTimeRoutes(), PresentedNumber = row.PresentedNumber, Security = row.Security,
        OutboundInHoursOnly = row.OutboundInHoursOnly,
        Devices = row.Devices.Read(e => new Device
        {
            Key = e.Key, Name = e.Name, UserName = e.UserName, Password = cipher.Decrypt(e.PasswordEncrypted),
            Digest = (DigestAlgorithms)e.Digest,
        }),
    };
}
