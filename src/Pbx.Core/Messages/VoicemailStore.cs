using System.Collections.Immutable;
using Pbx.Core.Common;
using Pbx.Core.Mail;
using Pbx.Core.Spool;
using Pbx.Core.Voicemail;

namespace Pbx.Core.Messages;

/// <summary>
/// Keeps messages: first the line in the spool that names the recording and its mails, then the file in its place, then the index in
/// memory; the database follows. Whatever is cut off in between is finished at the next start.
/// </summary>
internal sealed class VoicemailStore(SpoolLog spool, MessageFiles files, MailPlanner planner, TimeProvider time) : IVoicemail
{
    private readonly Lock gate = new();
    private readonly MessageIndex index = new();
    private readonly Subscribers<string> subscribers = new();
    private ImmutableDictionary<string, MailboxCount> counts = ImmutableDictionary<string, MailboxCount>.Empty;

    /// <inheritdoc/>
    public ImmutableDictionary<string, MailboxCount> Counts => Volatile.Read(ref counts);

    /// <inheritdoc/>
    public IDisposable Subscribe(Action<string> countChanged) => subscribers.Add(countChanged);

    /// <inheritdoc/>
    public async Task KeepAsync(NewMessage message, CancellationToken cancellationToken = default)
    {
        await spool.AppendAsync(SpoolEntry.Of(MessageSink.MessageKind, new KeptMessage(message, planner.Plan(message))));
        files.Settle(message);
        Add(message);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<MessageInfo>> ListAsync(string mailbox, CancellationToken cancellationToken = default)
    {
        lock (gate) return Task.FromResult(index.List(mailbox));
    }

    /// <inheritdoc/>
    public async Task MarkAsync(string mailbox, Guid message, MessageMark mark, CancellationToken cancellationToken = default)
    {
        lock (gate)
            if (!index.MayHave(mailbox, message)) return;
        await spool.AppendAsync(SpoolEntry.Of(MessageSink.MarkKind, new MarkedMessage(mailbox, message, mark, time.GetUtcNow())));
        Change(mailbox, () => index.Mark(mailbox, message, mark));
    }

    /// <inheritdoc/>
    public Task<string?> AudioFileAsync(string mailbox, Guid message, CancellationToken cancellationToken = default)
    {
        lock (gate)
            if (!index.MayHave(mailbox, message)) return Task.FromResult<string?>(null);
        return Task.FromResult(files.Find(mailbox, message));
    }

    /// <summary>Takes over what an earlier run left in the spool, and finishes the moves that it could not.</summary>
    public void Recover(IReadOnlyList<SpoolEntry> found)
    {
        foreach (var entry in found)
        {
            if (entry.Kind == MessageSink.MessageKind)
            {
                var message = entry.Read<KeptMessage>().Message;
                files.Settle(message);
                Add(message);
            }
            else if (entry.Kind == MessageSink.MarkKind)
            {
                var marked = entry.Read<MarkedMessage>();
                Change(marked.Mailbox, () => index.Mark(marked.Mailbox, marked.Message, marked.Mark));
            }
        }
    }

    /// <summary>Adds the stored messages, once, when the database answers.</summary>
    public void Load(IReadOnlyList<(string Mailbox, MessageInfo Message)> stored)
    {
        lock (gate)
        {
            index.Load(stored);
            Volatile.Write(ref counts, index.Counts());
        }
        foreach (var mailbox in stored.Select(s => s.Mailbox).Distinct()) subscribers.Publish(mailbox);
    }

    private void Add(NewMessage message) => Change(message.Mailbox,
        () => index.Add(message.Mailbox, new MessageInfo(message.Id, message.Caller, message.ReceivedAt, message.Milliseconds, false, message.CallerName)));

    private void Change(string mailbox, Func<bool> change)
    {
        lock (gate)
        {
            if (!change()) return;
            Volatile.Write(ref counts, counts.SetItem(mailbox, index.CountOf(mailbox)));
        }
        subscribers.Publish(mailbox);
    }
}
