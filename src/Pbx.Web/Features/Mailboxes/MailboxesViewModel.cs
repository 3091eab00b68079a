using Pbx.Core.Common;
using Pbx.Core.Snapshot;
using Pbx.Core.Voicemail;
using Pbx.Web.Shell.Editing;
using Pbx.Web.Shell.Fields;

namespace Pbx.Web.Features.Mailboxes;

/// <summary>What list and form need to know of this kind.</summary>
public sealed class MailboxesViewModel : ObjectKindModel<Mailbox>
{
    /// <inheritdoc/>
    public override ObjectKind Kind => ObjectKind.Mailbox;

    /// <inheritdoc/>
    public override IReadOnlyList<ListColumn<Mailbox>> Columns { get; } =
    [
        new(t => t.Name, (x, _, _) => x.Name),
        new(t => t.InternalNumber, (x, _, _) => x.Number ?? ""),
        new(t => t.SitePicker, (x, s, t) => ObjectNames.Of(s, ObjectKind.Site, x.Site, t)),
        new(t => t.MailedTo, (x, s, t) => string.Join(", ", x.MailQueues.Select(q => ObjectNames.Of(s, ObjectKind.Queue, q, t)).Concat(x.MailExtensions.Select(e => ObjectNames.Of(s, ObjectKind.Extension, e, t))).Concat(x.MailAddresses))),
    ];

    /// <inheritdoc/>
    public override IEnumerable<Mailbox> All(PbxSnapshot snapshot) => snapshot.Mailboxes.Values;

    /// <inheritdoc/>
    public override Mailbox New(PbxSnapshot snapshot) => new() { Key = "", Name = "", Site = FirstKey.Of(snapshot.Sites) };

    /// <inheritdoc/>
    public override Mailbox AsNew(Mailbox item, string key) => item with { Key = key, Version = 0 };

    /// <inheritdoc/>
    public override string NameOf(Mailbox item) => item.Name;
}
