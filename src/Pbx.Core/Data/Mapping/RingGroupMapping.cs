using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Pbx.Core.Announcements;
using Pbx.Core.Common;
using Pbx.Core.RingGroups;

namespace Pbx.Core.Data.Mapping;

/// <summary>A ring group as stored.</summary>
internal sealed class RingGroupRow : TargetObjectRow
{
    public RingMode Mode { get; set; }
    public int RingSeconds { get; set; }
    public string OnNoAnswer { get; set; } = "";
    public List<RingGroupMemberRow> Members { get; set; } = [];
}

/// <summary>A member of a ring group.</summary>
internal sealed class RingGroupMemberRow : ListRow
{
    public string Extension { get; set; } = "";
}

/// <summary>The table of ring groups.</summary>
internal sealed class RingGroupMapping : TargetMapping<RingGroupRow, RingGroup>
{
    public override ObjectKind Kind => ObjectKind.RingGroup;

    protected override string Table => "ring_groups";

    protected override void ConfigureMore(ModelBuilder model, EntityTypeBuilder<RingGroupRow> builder)
    {
        base.ConfigureMore(model, builder);
        builder.RefersTo<RingGroupRow, TargetRow>(nameof(RingGroupRow.OnNoAnswer));
        builder.HasList(model, r => r.Members, "ring_group_members", "ring_group",
            e => e.RefersTo<RingGroupMemberRow, ExtensionRow>(nameof(RingGroupMemberRow.Extension)));
    }

    protected override void Write(RingGroup item, RingGroupRow row, SecretCipher cipher)
    {
        base.Write(item, row, cipher);
        row.Mode = item.Mode;
        row.RingSeconds = item.RingSeconds;
        row.OnNoAnswer = item.OnNoAnswer.ToString();
        row.Members.Fill(item.Members, (e, i) => e.Extension = i);
    }

    protected override RingGroup Read(RingGroupRow row, SecretCipher cipher) => new()
    {
        Key = row.Key, Version = row.Version, Name = row.Name, Number = row.Number, Site = row.Site, Members = row.Members.Read(e => e.Extension),
        Mode = row.Mode, RingSeconds = row.RingSeconds, OnNoAnswer = Destination.Parse(row.OnNoAnswer),
    };
}

/// <summary>An announcement as stored.</summary>
internal sealed class AnnouncementRow : TargetObjectRow
{
    public string Prompt { get; set; } = "";
    public string? SkipKey { get; set; }
    public string Next { get; set; } = "";
}

/// <summary>The table of announcements.</summary>
internal sealed class AnnouncementMapping : TargetMapping<AnnouncementRow, Announcement>
{
    public override ObjectKind Kind => ObjectKind.Announcement;

    protected override string Table => "announcements";

    protected override void ConfigureMore(ModelBuilder model, EntityTypeBuilder<AnnouncementRow> builder)
    {
        base.ConfigureMore(model, builder);
        builder.RefersTo<AnnouncementRow, PromptRow>(nameof(AnnouncementRow.Prompt));
        builder.RefersTo<AnnouncementRow, TargetRow>(nameof(AnnouncementRow.Next));
    }

    protected override void Write(Announcement item, AnnouncementRow row, SecretCipher cipher)
    {
        base.Write(item, row, cipher);
        row.Prompt = item.Prompt;
        row.SkipKey = item.SkipKey;
        row.Next = item.Next.ToString();
    }

    protected override Announcement Read(AnnouncementRow row, SecretCipher cipher) => new()
    {
        Key = row.Key, Version = row.Version, Name = row.Name, Number = row.Number, Site = row.Site, Prompt = row.Prompt,
        SkipKey = row.SkipKey, Next = Destination.Parse(row.Next),
    };
}
