using Pbx.Core.Common;
using Pbx.Core.Queues;
using Pbx.Core.Snapshot;
using Pbx.Web.Shell.Editing;
using Pbx.Web.Shell.Fields;

namespace Pbx.Web.Features.Queues;

/// <summary>What list and form need to know of this kind.</summary>
public sealed class QueuesViewModel : ObjectKindModel<Queue>
{
    /// <inheritdoc/>
    public override ObjectKind Kind => ObjectKind.Queue;

    /// <inheritdoc/>
    public override IReadOnlyList<ListColumn<Queue>> Columns { get; } =
    [
        new(t => t.Name, (x, _, _) => x.Name),
        new(t => t.InternalNumber, (x, _, _) => x.Number ?? ""),
        new(t => t.SitePicker, (x, s, t) => ObjectNames.Of(s, ObjectKind.Site, x.Site, t)),
        new(t => t.Strategy, (x, _, t) => t.StrategyName(x.Strategy)),
        new(t => t.Agents, (x, _, t) => x.Agents.Count.ToString(t.Culture)),
    ];

    /// <inheritdoc/>
    public override IEnumerable<Queue> All(PbxSnapshot snapshot) => snapshot.Queues.Values;

    /// <inheritdoc/>
    public override Queue New(PbxSnapshot snapshot) => new() { Key = "", Name = "", Site = FirstKey.Of(snapshot.Sites) };

    /// <inheritdoc/>
    public override Queue AsNew(Queue item, string key) => item with { Key = key, Version = 0 };

    /// <inheritdoc/>
    public override string NameOf(Queue item) => item.Name;

    /// <summary>The agents of these extensions in this order, each with the tier that it had.</summary>
    public static ValueList<QueueAgent> AgentsOf(Queue queue, ValueList<string> extensions) =>
        extensions.Select(key => queue.Agents.FirstOrDefault(a => a.Extension == key) ?? new QueueAgent(key)).ToValueList();
}
