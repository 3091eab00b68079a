using Pbx.Core.Common;
using Pbx.Core.Prompts;
using Pbx.Core.Snapshot;
using Pbx.Web.Shell.Editing;
using Pbx.Web.Shell;

namespace Pbx.Web.Features.Prompts;

/// <summary>What list and form need to know of this kind.</summary>
public sealed class PromptsViewModel : ObjectKindModel<Prompt>
{
    /// <inheritdoc/>
    public override ObjectKind Kind => ObjectKind.Prompt;

    /// <inheritdoc/>
    public override IReadOnlyList<ListColumn<Prompt>> Columns { get; } =
    [
        new(t => t.Name, (x, _, _) => x.Name),
        new(t => t.Language_, (x, _, t) => t.LanguageName(x.Language)),
        new(t => t.Origin, (x, _, t) => x.Spoken ? t.SpokenFromText : t.Recorded),
        new(t => t.Duration, (x, _, _) => x.Audio is null ? "" : SiteTimes.Duration(TimeSpan.FromMilliseconds(x.DurationMilliseconds))),
        new(t => t.Text, (x, _, _) => x.Text is { Length: > 80 } text ? text[..80] + "…" : x.Text ?? ""),
    ];

    /// <inheritdoc/>
    public override IEnumerable<Prompt> All(PbxSnapshot snapshot) => snapshot.Prompts.Values;

    /// <inheritdoc/>
    public override Prompt New(PbxSnapshot snapshot) => new() { Key = "", Name = "", Spoken = true };

    /// <inheritdoc/>
    public override Prompt AsNew(Prompt item, string key) => item with { Key = key, Version = 0 };

    /// <inheritdoc/>
    public override string NameOf(Prompt item) => item.Name;
}
