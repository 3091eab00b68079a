using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Pbx.Core.Common;
using Pbx.Core.Ivr;

namespace Pbx.Core.Data.Mapping;

/// <summary>An IVR menu as stored.</summary>
internal sealed class IvrMenuRow : TargetObjectRow, ITimeRoutesRow
{
    public string Prompt { get; set; } = "";
    public bool DialNumbers { get; set; }
    public int TimeoutSeconds { get; set; }
    public int Repeats { get; set; }
    public string OnTimeout { get; set; } = "";
    public int MaxInvalid { get; set; }
    public string? InvalidPrompt { get; set; }
    public string OnInvalid { get; set; } = "";
    public int InterDigitSeconds { get; set; }
    public string? ClosedRoute { get; set; }
    public string? BreakRoute { get; set; }
    public string? HolidayRoute { get; set; }
    public List<IvrKeyRow> Keys { get; set; } = [];
}

/// <summary>A key of a menu.</summary>
internal sealed class IvrKeyRow : ListRow
{
    public string Digits { get; set; } = "";
    public string Destination { get; set; } = "";
    public string Label { get; set; } = "";
}

/// <summary>The table of IVR menus.</summary>
internal sealed class IvrMenuMapping : TargetMapping<IvrMenuRow, IvrMenu>
{
    public override ObjectKind Kind => ObjectKind.IvrMenu;

    protected override string Table => "ivr_menus";

    protected override void ConfigureMore(ModelBuilder model, EntityTypeBuilder<IvrMenuRow> builder)
    {
        base.ConfigureMore(model, builder);
        builder.RefersTo<IvrMenuRow, PromptRow>(nameof(IvrMenuRow.Prompt), nameof(IvrMenuRow.InvalidPrompt));
        builder.RefersTo<IvrMenuRow, TargetRow>(nameof(IvrMenuRow.OnTimeout), nameof(IvrMenuRow.OnInvalid));
        builder.HasTimeRoutes();
        builder.HasList(model, r => r.Keys, "ivr_keys", "menu", e => e.RefersTo<IvrKeyRow, TargetRow>(nameof(IvrKeyRow.Destination)));
    }

    protected override void Write(IvrMenu item, IvrMenuRow row, SecretCipher cipher)
    {
        base.Write(item, row, cipher);
        row.Prompt = item.Prompt;
        row.DialNumbers = item.DialNumbers;
        row.TimeoutSeconds = item.TimeoutSeconds;
        row.Repeats = item.Repeats;
        row.OnTimeout = item.OnTimeout.ToString();
        row.MaxInvalid = item.MaxInvalid;
        row.InvalidPrompt = item.InvalidPrompt;
        row.OnInvalid = item.OnInvalid.ToString();
        row.InterDigitSeconds = item.InterDigitSeconds;
        row.Write(item.TimeRoutes);
        row.Keys.Fill(item.Keys, (e, i) => (e.Digits, e.Destination, e.Label) = (i.Digits, i.Destination.ToString(), i.Label));
    }

    protected override IvrMenu Read(IvrMenuRow row, SecretCipher cipher) => new()
    {
        Key = row.Key, Version = row.Version, Name = row.Name, Number = row.Number, Site = row.Site, Prompt = row.Prompt,
        Keys = row.Keys.Read(e => new IvrKey(e.Digits, Destination.Parse(e.Destination), e.Label)), DialNumbers = row.DialNumbers,
        TimeoutSeconds = row.TimeoutSeconds, Repeats = row.Repeats, OnTimeout = Destination.Parse(row.OnTimeout), MaxInvalid = row.MaxInvalid,
        InvalidPrompt = row.InvalidPrompt, OnInvalid = Destination.Parse(row.OnInvalid), InterDigitSeconds = row.InterDigitSeconds,
        TimeRoutes = row.ReadTimeRoutes(),
    };
}
