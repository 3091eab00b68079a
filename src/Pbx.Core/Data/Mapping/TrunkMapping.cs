using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Pbx.Core.Common;
using Pbx.Core.Trunks;

namespace Pbx.Core.Data.Mapping;

/// <summary>A trunk as stored.</summary>
internal sealed class TrunkRow : ConfigRow
{
    public string Name { get; set; } = "";
    public string Site { get; set; } = "";
    public bool Enabled { get; set; }
    public bool Registers { get; set; }
    public string Host { get; set; } = "";
    public int? Port { get; set; }
    public TrunkTransport Transport { get; set; }
    public string? TlsAuthorities { get; set; }
    public bool AcceptsAnyCertificate { get; set; }
    public string? Domain { get; set; }
    public string? UserName { get; set; }
    public string? AuthenticationName { get; set; }
    public string? PasswordEncrypted { get; set; }
    public int ExpiresSeconds { get; set; }
    public string SourceAddresses { get; set; } = "[]";
    public string Country { get; set; } = "";
    public string? PresentedNumber { get; set; }
    public string DefaultDestination { get; set; } = "";
    public int MaxCalls { get; set; }
    public int QualifySeconds { get; set; }
    public CallSecurity Security { get; set; }
    public List<TrunkNumberRow> Numbers { get; set; } = [];
}

/// <summary>A number that a trunk brings.</summary>
internal sealed class TrunkNumberRow : ListRow
{
    public string Number { get; set; } = "";
}

/// <summary>The table of trunks.</summary>
internal sealed class TrunkMapping : ConfigMapping<TrunkRow, Trunk>
{
    public override ObjectKind Kind => ObjectKind.Trunk;

    protected override string Table => "trunks";

    protected override void ConfigureMore(ModelBuilder model, EntityTypeBuilder<TrunkRow> builder)
    {
        builder.RefersTo<TrunkRow, SiteRow>(nameof(TrunkRow.Site));
        builder.RefersTo<TrunkRow, TargetRow>(nameof(TrunkRow.DefaultDestination));
        builder.HasList(model, r => r.Numbers, "trunk_numbers", "trunk", e => e.HasIndex(n => n.Number));
    }

    protected override void Write(Trunk item, TrunkRow row, SecretCipher cipher)
    {
        row.Name = item.Name;
        row.Site = item.Site;
        row.Enabled = item.Enabled;
        row.Registers = item.Registers;
        row.Host = item.Host;
        row.Port = item.Port;
        row.Transport = item.Transport;
        row.TlsAuthorities = item.TlsAuthorities;
        row.AcceptsAnyCertificate = item.AcceptsAnyCertificate;
        row.Domain = item.Domain;
        row.UserName = item.UserName;
        row.AuthenticationName = item.AuthenticationName;
        row.PasswordEncrypted = cipher.Encrypt(item.Password);
        row.ExpiresSeconds = item.ExpiresSeconds;
        row.SourceAddresses = item.SourceAddresses.ToJson();
        row.Country = item.Country;
        row.PresentedNumber = item.PresentedNumber;
        row.DefaultDestination = item.DefaultDestination.ToString();
        row.MaxCalls = item.MaxCalls;
        row.QualifySeconds = item.QualifySeconds;
        row.Security = item.Security;
        row.Numbers.Fill(item.Numbers, (e, i) => e.Number = i);
    }

    protected override Trunk Read(TrunkRow row, SecretCipher cipher) => new()
    {
        Key = row.Key, Version = row.Version, Name = row.Name, Site = row.Site, Enabled = row.Enabled, Registers = row.Registers,
        Host = row.Host, Port = row.Port, Transport = row.Transport, TlsAuthorities = row.TlsAuthorities,
        AcceptsAnyCertificate = row.AcceptsAnyCertificate, Domain = row.Domain, UserName = row.UserName,
        AuthenticationName = row.AuthenticationName, Password = cipher.Decrypt(row.PasswordEncrypted), ExpiresSeconds = row.ExpiresSeconds,
        SourceAddresses = row.SourceAddresses.ToWords(), Numbers = row.Numbers.Read(e => e.Number), Country = row.Country,
        PresentedNumber = row.PresentedNumber, DefaultDestination = Destination.Parse(row.DefaultDestination), MaxCalls = row.MaxCalls,
        QualifySeconds = row.QualifySeconds, Security = row.Security,
    };
}
