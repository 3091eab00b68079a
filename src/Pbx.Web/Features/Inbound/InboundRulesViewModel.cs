using Pbx.Core.Common;
using Pbx.Core.Routing;
using Pbx.Core.Snapshot;
using Pbx.Web.Shell.Editing;
using Pbx.Web.Shell.Fields;

namespace Pbx.Web.Features.Inbound;

/// <summary>What list and form need to know of this kind.</summary>
public sealed class InboundRulesViewModel : ObjectKindModel<InboundRule>
{
    /// <inheritdoc/>
    public override ObjectKind Kind => ObjectKind.InboundRule;

    /// <inheritdoc/>
    public override IReadOnlyList<ListColumn<InboundRule>> Columns { get; } =
    [
        new(t => t.Name, (x, _, _) => x.Name),
        new(t => t.CalledNumber, (x, _, t) => x.Called == "*" ? t.AnyNumber : x.Called),
        new(t => t.SitePicker, (x, s, t) => ObjectNames.Of(s, ObjectKind.Site, x.Site, t)),
        new(t => t.WhenOpen, (x, s, t) => ObjectNames.Of(s, x.Open, t)),
    ];

    /// <inheritdoc/>
    public override IEnumerable<InboundRule> All(PbxSnapshot snapshot) => snapshot.InboundRules.Values;

    /// <inheritdoc/>
    public override InboundRule New(PbxSnapshot snapshot) => new() { Key = "", Name = "", Site = FirstKey.Of(snapshot.Sites), Called = "", Open = new Destination(DestinationKind.IvrMenu, "") };

    /// <inheritdoc/>
    public override InboundRule AsNew(InboundRule item, string key) => item with { Key = key, Version = 0 };

    /// <inheritdoc/>
    public override string NameOf(InboundRule item) => item.Name;
}
