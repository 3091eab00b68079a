using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Pbx.Core.Common;
using Pbx.Core.Routing;

namespace Pbx.Core.Data.Mapping;

/// <summary>An inbound rule as stored.</summary>
internal sealed class InboundRuleRow : ConfigRow, ITimeRoutesRow
{
    public string Name { get; set; } = "";
    public string Site { get; set; } = "";
    public string Called { get; set; } = "";
    public string? Caller { get; set; }
    public string? Trunk { get; set; }
    public string OpenRoute { get; set; } = "";
    public string? ClosedRoute { get; set; }
    public string? BreakRoute { get; set; }
    public string? HolidayRoute { get; set; }
}

/// <summary>The table of inbound rules.</summary>
internal sealed class InboundRuleMapping : ConfigMapping<InboundRuleRow, InboundRule>
{
    public override ObjectKind Kind => ObjectKind.InboundRule;

    protected override string Table => "inbound_rules";

    protected override void ConfigureMore(ModelBuilder model, EntityTypeBuilder<InboundRuleRow> builder)
    {
        builder.RefersTo<InboundRuleRow, SiteRow>(nameof(InboundRuleRow.Site));
        builder.RefersTo<InboundRuleRow, TrunkRow>(nameof(InboundRuleRow.Trunk));
        builder.RefersTo<InboundRuleRow, TargetRow>(nameof(InboundRuleRow.OpenRoute));
        builder.HasTimeRoutes();
    }

    protected override void Write(InboundRule item, InboundRuleRow row, SecretCipher cipher)
    {
        row.Name = item.Name;
        row.Site = item.Site;
        row.Called = item.Called;
        row.Caller = item.Caller;
        row.Trunk = item.Trunk;
        row.OpenRoute = item.Open.ToString();
        row.Write(item.TimeRoutes);
    }

    protected override InboundRule Read(InboundRuleRow row, SecretCipher cipher) => new()
    {
        Key = row.Key, Version = row.Version, Name = row.Name, Site = row.Site, Called = row.Called, Caller = row.Caller, Trunk = row.Trunk,
        Open = Destination.Parse(row.OpenRoute), TimeRoutes = row.ReadTimeRoutes(),
    };
}

/// <summary>An outbound rule as stored.</summary>
internal sealed class OutboundRuleRow : ConfigRow
{
    public string Name { get; set; } = "";
    public int Priority { get; set; }
    public string Pattern { get; set; } = "";
    public List<OutboundSiteRow> Sites { get; set; } = [];
    public List<OutboundExtensionRow> Extensions { get; set; } = [];
    public List<OutboundStepRow> Steps { get; set; } = [];
}

/// <summary>A site whose extensions may use an outbound rule.</summary>
internal sealed class OutboundSiteRow : ListRow
{
    public string Site { get; set; } = "";
}

/// <summary>An extension that may use an outbound rule.</summary>
internal sealed class OutboundExtensionRow : ListRow
{
    public string Extension { get; set; } = "";
}

/// <summary>A trunk of an outbound rule.</summary>
internal sealed class OutboundStepRow : ListRow
{
    public string Trunk { get; set; } = "";
    public int Strip { get; set; }
    public string Prepend { get; set; } = "";
    public string? PresentedNumber { get; set; }
}

/// <summary>The table of outbound rules.</summary>
internal sealed class OutboundRuleMapping : ConfigMapping<OutboundRuleRow, OutboundRule>
{
    public override ObjectKind Kind => ObjectKind.OutboundRule;

    protected override string Table => "outbound_rules";

    protected override void ConfigureMore(ModelBuilder model, EntityTypeBuilder<OutboundRuleRow> builder)
    {
        builder.HasList(model, r => r.Sites, "outbound_rule_sites", "rule", e => e.RefersTo<OutboundSiteRow, SiteRow>(nameof(OutboundSiteRow.Site)));
        builder.HasList(model, r => r.Extensions, "outbound_rule_extensions", "rule",
            e => e.RefersTo<OutboundExtensionRow, ExtensionRow>(nameof(OutboundExtensionRow.Extension)));
        builder.HasList(model, r => r.Steps, "outbound_rule_steps", "rule", e => e.RefersTo<OutboundStepRow, TrunkRow>(nameof(OutboundStepRow.Trunk)));
    }

    protected override void Write(OutboundRule item, OutboundRuleRow row, SecretCipher cipher)
    {
        row.Name = item.Name;
        row.Priority = item.Priority;
        row.Pattern = item.Pattern;
        row.Sites.Fill(item.Sites, (e, i) => e.Site = i);
        row.Extensions.Fill(item.Extensions, (e, i) => e.Extension = i);
        row.Steps.Fill(item.Steps, (e, i) => (e.Trunk, e.Strip, e.Prepend, e.PresentedNumber) = (i.Trunk, i.Strip, i.Prepend, i.PresentedNumber));
    }

    protected override OutboundRule Read(OutboundRuleRow row, SecretCipher cipher) => new()
    {
        Key = row.Key, Version = row.Version, Name = row.Name, Priority = row.Priority, Pattern = row.Pattern,
        Sites = row.Sites.Read(e => e.Site), Extensions = row.Extensions.Read(e => e.Extension),
        Steps = row.Steps.Read(e => new OutboundStep
        {
            Trunk = e.Trunk, Strip = e.Strip, Prepend = e.Prepend, PresentedNumber = e.PresentedNumber,
        }),
    };
}
