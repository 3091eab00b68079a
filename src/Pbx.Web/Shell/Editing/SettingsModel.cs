using Pbx.Core.Common;
using Pbx.Core.Settings;
using Pbx.Core.Snapshot;

namespace Pbx.Web.Shell.Editing;

/// <summary>The one settings object, edited in parts by several pages.</summary>
public sealed class SettingsModel : ObjectKindModel<SystemSettings>
{
    /// <inheritdoc/>
    public override ObjectKind Kind => ObjectKind.Settings;

    /// <inheritdoc/>
    public override IReadOnlyList<ListColumn<SystemSettings>> Columns { get; } = [new(t => t.Company, (s, _, _) => s.CompanyName)];

    /// <inheritdoc/>
    public override IEnumerable<SystemSettings> All(PbxSnapshot snapshot) => [snapshot.Settings];

    /// <inheritdoc/>
    public override SystemSettings New(PbxSnapshot snapshot) => snapshot.Settings;

    /// <inheritdoc/>
    public override SystemSettings AsNew(SystemSettings item, string key) => item with { Version = 0 };

    /// <inheritdoc/>
    public override string NameOf(SystemSettings item) => item.CompanyName;
}
