using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Pbx.Core.Common;
using Pbx.Core.Voicemail;

namespace Pbx.Core.Data.Mapping;

/// <summary>A mailbox as stored.</summary>
internal sealed class MailboxRow : TargetObjectRow
{
    public string? Greeting { get; set; }
    public string? PinEncrypted { get; set; }
    public int MinSeconds { get; set; }
    public int MaxSeconds { get; set; }
    public int SilenceSeconds { get; set; }
    public int MaxMessages { get; set; }
    public string MailAddresses { get; set; } = "[]";
    public AttachmentFormat Attachment { get; set; }
    public List<MailboxExtensionRow> MailExtensions { get; set; } = [];
    public List<MailboxQueueRow> MailQueues { get; set; } = [];
}

/// <summary>An extension whose owner gets a mailbox's mail.</summary>
internal sealed class MailboxExtensionRow : ListRow
{
    public string Extension { get; set; } = "";
}

/// <summary>A queue whose agents get a mailbox's mail.</summary>
internal sealed class MailboxQueueRow : ListRow
{
    public string Queue { get; set; } = "";
}

/// <summary>The table of mailboxes.</summary>
internal sealed class MailboxMapping : TargetMapping<MailboxRow, Mailbox>
{
    public override ObjectKind Kind => ObjectKind.Mailbox;

    protected override string Table => "mailboxes";

    protected override void ConfigureMore(ModelBuilder model, EntityTypeBuilder<MailboxRow> builder)
    {
        base.ConfigureMore(model, builder);
        builder.RefersTo<MailboxRow, PromptRow>(nameof(MailboxRow.Greeting));
        builder.HasList(model, r => r.MailExtensions, "mailbox_extensions", "mailbox",
            e => e.RefersTo<MailboxExtensionRow, ExtensionRow>(nameof(MailboxExtensionRow.Extension)));
        builder.HasList(model, r => r.MailQueues, "mailbox_queues", "mailbox",
            e => e.RefersTo<MailboxQueueRow, QueueRow>(nameof(MailboxQueueRow.Queue)));
    }

    protected override void Write(Mailbox item, MailboxRow row, SecretCipher cipher)
    {
        base.Write(item, row, cipher);
        row.Greeting = item.Greeting;
        row.PinEncrypted = cipher.Encrypt(item.Pin);
        row.MinSeconds = item.MinSeconds;
        row.MaxSeconds = item.MaxSeconds;
        row.SilenceSeconds = item.SilenceSeconds;
        row.MaxMessages = item.MaxMessages;
        row.MailAddresses = item.MailAddresses.ToJson();
        row.Attachment = item.Attachment;
        row.MailExtensions.Fill(item.MailExtensions, (e, i) => e.Extension = i);
        row.MailQueues.Fill(item.MailQueues, (e, i) => e.Queue = i);
    }

    protected override Mailbox Read(MailboxRow row, SecretCipher cipher) => new()
    {
        Key = row.Key, Version = row.Version, Name = row.Name, Number = row.Number, Site = row.Site, Greeting = row.Greeting,
        Pin = cipher.Decrypt(row.PinEncrypted), MinSeconds = row.MinSeconds, MaxSeconds = row.MaxSeconds, SilenceSeconds = row.SilenceSeconds,
        MaxMessages = row.MaxMessages, MailExtensions = row.MailExtensions.Read(e => e.Extension), MailQueues = row.MailQueues.Read(e => e.Queue),
        MailAddresses = row.MailAddresses.ToWords(), Attachment = row.Attachment,
    };
}
