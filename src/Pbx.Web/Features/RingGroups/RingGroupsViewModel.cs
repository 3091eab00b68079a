using Pbx.Core.Common;
using Pbx.Core.RingGroups;
using Pbx.Core.Snapshot;
using Pbx.Web.Shell.Editing;
using Pbx.Web.Shell.Fields;

namespace Pbx.Web.Features.RingGroups;

/// <summary>What list and form need to know of this kind.</summary>
public sealed class RingGroupsViewModel : ObjectKindModel<RingGroup>
{
    /// <inheritdoc/>
    public override ObjectKind Kind => ObjectKind.RingGroup;

    /// <inheritdoc/>
    public override IReadOnlyList<ListColumn<RingGroup>> Columns { get; } =
    [
        new(t => t.Name, (x, _, _) => x.Name),
        new(t => t.InternalNumber, (x, _, _) => x.Number ?? ""),
        new(t => t.SitePicker, (x, s, t) => ObjectNames.Of(s, ObjectKind.Site, x.Site, t)),
        new(t => t.Members, (x, _, t) => x.Members.Count.ToString(t.Culture)),
    ];

    /// <inheritdoc/>
    public override IEnumerable<RingGroup> All(PbxSnapshot snapshot) => snapshot.RingGroups.Values;

    /// <inheritdoc/>
    public override RingGroup New(PbxSnapshot snapshot) => new() { Key = "", Name = "", Site = FirstKey.Of(snapshot.Sites) };

    /// <inheritdoc/>
    public override RingGroup AsNew(RingGroup item, string key) => item with { Key = key, Version = 0 };

    /// <inheritdoc/>
    public override string NameOf(RingGroup item) => item.Name;
}
