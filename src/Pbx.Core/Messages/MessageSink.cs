using Microsoft.EntityFrameworkCore;
using Pbx.Core.Common;
using Pbx.Core.Data.Mapping;
using Pbx.Core.Mail;
using Pbx.Core.Spool;
using Pbx.Core.Voicemail;

namespace Pbx.Core.Messages;

/// <summary>Brings messages with their mails, and what is done to messages, to the database.</summary>
internal sealed class MessageSink(MessageFiles files, OutboxSignal signal) : ISpoolSink
{
    /// <summary>Kind of a <see cref="KeptMessage"/>.</summary>
    public const string MessageKind = "message";

    /// <summary>Kind of a <see cref="MarkedMessage"/>.</summary>
    public const string MarkKind = "message-mark";

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Kinds { get; } = [MessageKind, MarkKind];

    /// <inheritdoc/>
    public async Task ApplyAsync(DbContext database, IReadOnlyList<SpoolEntry> entries, CancellationToken cancellationToken)
    {
        var kept = entries.Where(e => e.Kind == MessageKind).Select(e => e.Read<KeptMessage>()).ToList();
        var ids = kept.Select(k => k.Message.Id).Concat(entries.Where(e => e.Kind == MarkKind).Select(e => e.Read<MarkedMessage>().Message)).Distinct().ToList();
        var messages = database.Set<MessageRow>();
        await messages.Where(m => ids.Contains(m.Id)).LoadAsync(cancellationToken);
        foreach (var entry in entries)
        {
            if (entry.Kind == MessageKind) Insert(messages, entry.Read<KeptMessage>().Message);
            else Mark(messages, entry.Read<MarkedMessage>());
        }
        await OutboxSink.AddJobsAsync(database, [.. kept.SelectMany(k => k.Mails)], cancellationToken);
    }

    /// <inheritdoc/>
    public void Applied(IReadOnlyList<SpoolEntry> entries) => signal.Changed();

    private void Insert(DbSet<MessageRow> messages, NewMessage message)
    {
        // The mails may go out as soon as the rows are there, so the sound must be in its place by then.
        files.Settle(message);
        if (messages.Local.FindEntry(message.Id) is not null) return;
        messages.Add(new MessageRow
        {
            Id = message.Id,
            Mailbox = message.Mailbox,
            Call = message.Call,
            Caller = DatabaseText.Clean(message.Caller),
            CallerName = DatabaseText.Clean(message.CallerName),
            ReceivedAt = message.ReceivedAt,
            Milliseconds = message.Milliseconds,
        });
    }

    private static void Mark(DbSet<MessageRow> messages, MarkedMessage marked)
    {
        if (messages.Local.FindEntry(marked.Message)?.Entity is not { } row) return;
        switch (marked.Mark)
        {
            case MessageMark.Heard: row.Heard = true; break;
            case MessageMark.Saved: row.Heard = false; break;
            case MessageMark.Deleted: row.DeletedAt ??= marked.At; break;
        }
    }
}
