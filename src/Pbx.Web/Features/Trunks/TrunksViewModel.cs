using Pbx.Core.Common;
using Pbx.Core.Live;
using Pbx.Core.Snapshot;
using Pbx.Core.Trunks;
using Pbx.Web.Shell.Editing;

namespace Pbx.Web.Features.Trunks;

/// <summary>What list and form need to know of this kind.</summary>
public sealed class TrunksViewModel : ObjectKindModel<Trunk>
{
    /// <inheritdoc/>
    public override ObjectKind Kind => ObjectKind.Trunk;

    /// <inheritdoc/>
    public override IReadOnlyList<ListColumn<Trunk>> Columns { get; } =
    [
        new(t => t.Name, (x, _, _) => x.Name),
        new(t => t.Host, (x, _, _) => x.Host),
        new(t => t.TrunkKind, (x, _, t) => x.Registers ? t.TrunkRegisters : t.TrunkByAddress),
        new(t => t.Numbers, (x, _, _) => string.Join(", ", x.Numbers)),
        new(t => t.State, (x, s, t) => !x.Enabled ? t.TrunkStateName(LiveTrunkState.Disabled) : s.IsTransportAllowed(x) ? t.Enabled : t.TrunkStopped),
    ];

    /// <inheritdoc/>
    public override IEnumerable<Trunk> All(PbxSnapshot snapshot) => snapshot.Trunks.Values;

    /// <inheritdoc/>
    public override Trunk New(PbxSnapshot snapshot) => new() { Key = "", Name = "", Host = "", Site = FirstKey.Of(snapshot.Sites), Registers = true };

    /// <inheritdoc/>
    public override Trunk AsNew(Trunk item, string key) => item with { Key = key, Version = 0 };

    /// <inheritdoc/>
    public override string NameOf(Trunk item) => item.Name;
}
