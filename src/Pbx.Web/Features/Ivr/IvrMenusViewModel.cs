using Pbx.Core.Common;
using Pbx.Core.Ivr;
using Pbx.Core.Snapshot;
using Pbx.Web.Shell.Editing;
using Pbx.Web.Shell.Fields;

namespace Pbx.Web.Features.Ivr;

/// <summary>What list and form need to know of this kind.</summary>
public sealed class IvrMenusViewModel : ObjectKindModel<IvrMenu>
{
    /// <inheritdoc/>
    public override ObjectKind Kind => ObjectKind.IvrMenu;

    /// <inheritdoc/>
    public override IReadOnlyList<ListColumn<IvrMenu>> Columns { get; } =
    [
        new(t => t.Name, (x, _, _) => x.Name),
        new(t => t.InternalNumber, (x, _, _) => x.Number ?? ""),
        new(t => t.SitePicker, (x, s, t) => ObjectNames.Of(s, ObjectKind.Site, x.Site, t)),
        new(t => t.Keys, (x, _, _) => string.Join(" ", x.Keys.Select(k => k.Digits))),
    ];

    /// <inheritdoc/>
    public override IEnumerable<IvrMenu> All(PbxSnapshot snapshot) => snapshot.IvrMenus.Values;

    /// <inheritdoc/>
    public override IvrMenu New(PbxSnapshot snapshot) => new() { Key = "", Name = "", Site = FirstKey.Of(snapshot.Sites), Prompt = "" };

    /// <inheritdoc/>
    public override IvrMenu AsNew(IvrMenu item, string key) => item with { Key = key, Version = 0 };

    /// <inheritdoc/>
    public override string NameOf(IvrMenu item) => item.Name;

    /// <summary>The first key of the telephone that the menu does not use yet.</summary>
    public static string FreeDigit(IvrMenu menu) =>
        "1234567890*#".Select(c => c.ToString()).FirstOrDefault(d => menu.Keys.All(k => k.Digits != d)) ?? "";
}
