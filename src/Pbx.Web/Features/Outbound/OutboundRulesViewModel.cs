using Pbx.Core.Common;
using Pbx.Core.Routing;
using Pbx.Core.Snapshot;
using Pbx.Web.Shell.Editing;
using Pbx.Web.Shell.Fields;

namespace Pbx.Web.Features.Outbound;

/// <summary>What list and form need to know of this kind.</summary>
public sealed class OutboundRulesViewModel : ObjectKindModel<OutboundRule>
{
    /// <inheritdoc/>
    public override ObjectKind Kind => ObjectKind.OutboundRule;

    /// <inheritdoc/>
    public override IReadOnlyList<ListColumn<OutboundRule>> Columns { get; } =
    [
        new(t => t.Priority, (x, _, t) => x.Priority.ToString(t.Culture)),
        new(t => t.Name, (x, _, _) => x.Name),
        new(t => t.Pattern, (x, _, _) => x.Pattern),
        new(t => t.KindPlural(ObjectKind.Trunk), (x, s, t) => string.Join(", ", x.Steps.Select(step => ObjectNames.Of(s, ObjectKind.Trunk, step.Trunk, t)))),
    ];

    /// <inheritdoc/>
    public override IEnumerable<OutboundRule> All(PbxSnapshot snapshot) => snapshot.OutboundRules.Values;

    /// <inheritdoc/>
    public override OutboundRule New(PbxSnapshot snapshot) => new() { Key = "", Name = "", Pattern = "0Z*", Steps = FirstKey.Of(snapshot.Trunks) is { Length: > 0 } trunk ? [new OutboundStep { Trunk = trunk }] : [] };

    /// <inheritdoc/>
    public override OutboundRule AsNew(OutboundRule item, string key) => item with { Key = key, Version = 0 };

    /// <inheritdoc/>
    public override string NameOf(OutboundRule item) => item.Name;
}
