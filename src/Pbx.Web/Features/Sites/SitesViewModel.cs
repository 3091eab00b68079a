using Pbx.Core.Common;
using Pbx.Core.Sites;
using Pbx.Core.Snapshot;
using Pbx.Web.Shell.Editing;

namespace Pbx.Web.Features.Sites;

/// <summary>What list and form need to know of this kind.</summary>
public sealed class SitesViewModel : ObjectKindModel<Site>
{
    /// <inheritdoc/>
    public override ObjectKind Kind => ObjectKind.Site;

    /// <inheritdoc/>
    public override IReadOnlyList<ListColumn<Site>> Columns { get; } =
    [
        new(t => t.Name, (x, _, _) => x.Name),
        new(t => t.StandardNumber, (x, _, _) => x.StandardNumber ?? ""),
        new(t => t.TimeZone, (x, _, _) => x.TimeZone),
        new(t => t.OfficeHours, (x, _, t) => x.OfficeHours.Count == 0 ? t.AlwaysOpen : t.IntervalCount(x.OfficeHours.Count)),
    ];

    /// <inheritdoc/>
    public override IEnumerable<Site> All(PbxSnapshot snapshot) => snapshot.Sites.Values;

    /// <inheritdoc/>
    public override Site New(PbxSnapshot snapshot) => new() { Key = "", Name = "", PublicHolidays = PublicHolidays.France, OfficeHours = WeekHours.Usual };

    /// <inheritdoc/>
    public override Site AsNew(Site item, string key) => item with { Key = key, Version = 0 };

    /// <inheritdoc/>
    public override string NameOf(Site item) => item.Name;
}
