using Pbx.Core.Announcements;
using Pbx.Core.Common;
using Pbx.Core.Snapshot;
using Pbx.Web.Shell.Editing;
using Pbx.Web.Shell.Fields;

namespace Pbx.Web.Features.Announcements;

/// <summary>What list and form need to know of this kind.</summary>
public sealed class AnnouncementsViewModel : ObjectKindModel<Announcement>
{
    /// <inheritdoc/>
    public override ObjectKind Kind => ObjectKind.Announcement;

    /// <inheritdoc/>
    public override IReadOnlyList<ListColumn<Announcement>> Columns { get; } =
    [
        new(t => t.Name, (x, _, _) => x.Name),
        new(t => t.InternalNumber, (x, _, _) => x.Number ?? ""),
        new(t => t.SitePicker, (x, s, t) => ObjectNames.Of(s, ObjectKind.Site, x.Site, t)),
        new(t => t.KindName(ObjectKind.Prompt), (x, s, t) => ObjectNames.Of(s, ObjectKind.Prompt, x.Prompt, t)),
        new(t => t.ThenGoTo, (x, s, t) => ObjectNames.Of(s, x.Next, t)),
    ];

    /// <inheritdoc/>
    public override IEnumerable<Announcement> All(PbxSnapshot snapshot) => snapshot.Announcements.Values;

    /// <inheritdoc/>
    public override Announcement New(PbxSnapshot snapshot) => new() { Key = "", Name = "", Site = FirstKey.Of(snapshot.Sites), Prompt = "" };

    /// <inheritdoc/>
    public override Announcement AsNew(Announcement item, string key) => item with { Key = key, Version = 0 };

    /// <inheritdoc/>
    public override string NameOf(Announcement item) => item.Name;
}
