using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Data.Mapping;
using Pbx.Core.Settings;
using Pbx.Core.Spool;

namespace Pbx.Core.Mail;

/// <inheritdoc/>
internal sealed class Outbox(OpenDatabase open, OutboxSignal signal, ISnapshotSource snapshots, SmtpOptions options, TimeProvider time) : IOutbox
{
    /// <inheritdoc/>
    public async Task<OutboxPage> ListAsync(MailState? state, string? text, int skip, int take, CancellationToken cancellationToken = default)
    {
        await using var database = open();
        IQueryable<MailJobRow> jobs = database.Set<MailJobRow>().AsNoTracking();
        if (state is { } wanted) jobs = jobs.Where(j => j.State == (int)wanted);
        if (!string.IsNullOrWhiteSpace(text))
        {
            var part = text.Trim().ToUpperInvariant();
            // The database folds the case: this is translated, not run here.
#pragma warning disable CA1304, CA1311, CA1862
            jobs = jobs.Where(j => j.Recipient.ToUpper().Contains(part) || j.Mailbox.ToUpper().Contains(part) || j.LastReply.ToUpper().Contains(part));
#pragma warning restore CA1304, CA1311, CA1862
        }
        var total = await jobs.CountAsync(cancellationToken);
        var rows = await jobs.OrderByDescending(j => j.CreatedAt).ThenBy(j => j.Id).Skip(skip).Take(take).ToListAsync(cancellationToken);
        return new OutboxPage([.. rows.Select(Item)], total);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<OutboxItem>> OfMessageAsync(Guid message, CancellationToken cancellationToken = default)
    {
        await using var database = open();
        var rows = await database.Set<MailJobRow>().AsNoTracking().Where(j => j.Message == message).OrderBy(j => j.Recipient).ToListAsync(cancellationToken);
        return [.. rows.Select(Item)];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<OutboxAttempt>> AttemptsAsync(Guid job, CancellationToken cancellationToken = default)
    {
        await using var database = open();
        return await database.Set<MailAttemptRow>().AsNoTracking().Where(a => a.Job == job).OrderBy(a => a.At)
            .Select(a => new OutboxAttempt(a.At, (MailState)a.State, a.Reply)).ToListAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<bool> ResendAsync(Guid job, CancellationToken cancellationToken = default)
    {
        int[] fixedStates = [(int)MailState.Sending, (int)MailState.NoRecipient];
        var now = time.GetUtcNow();
        var giveUpAt = OutboxSink.GiveUpAt(now);
        await using var database = open();
        var changed = await database.Set<MailJobRow>().Where(j => j.Id == job && !fixedStates.Contains(j.State)).ExecuteUpdateAsync(
            set => set.SetProperty(j => j.State, (int)MailState.Waiting).SetProperty(j => j.NextAttemptAt, now)
                .SetProperty(j => j.GiveUpAt, giveUpAt).SetProperty(j => j.Attempts, 0), cancellationToken);
        if (changed > 0) signal.Changed();
        return changed > 0;
    }

    /// <inheritdoc/>
    public IDisposable Subscribe(Action changed) => signal.Subscribe(changed);

    /// <inheritdoc/>
    public async Task<Result<string>> TestMailAsync(MailSettings settings, string to, CancellationToken cancellationToken = default)
    {
        try
        {
            using var message = MailComposer.ComposeTest(settings.From, snapshots.Current.Settings.CompanyName, to);
            var opened = await SmtpSession.OpenAsync(settings, options, cancellationToken);
            if (!opened.Succeeded) return Result<string>.Fail(opened.Errors);
            using var session = opened.Value;
            var result = await session.SendAsync(message, cancellationToken);
            await session.CloseAsync(cancellationToken);
            return result.State == MailState.Sent ? Result<string>.Ok(result.Words) : Failed(result.Words);
        }
        catch (FormatException error)
        {
            return Failed(error.Message);
        }
    }

    private static OutboxItem Item(MailJobRow row)
    {
        var content = JsonSerializer.Deserialize<MailContent>(row.Content)!;
        var state = (MailState)row.State;
        return new OutboxItem(row.Id, row.Message, row.Mailbox, row.Recipient, row.InternetMessageId, state, row.CreatedAt,
            state is MailState.Waiting or MailState.Uncertain ? row.NextAttemptAt : null, row.SentAt, row.Attempts, row.LastReply,
            content.Caller, content.CallerName, content.Milliseconds);
    }

    private static Result<string> Failed(string words) => Result<string>.Fail(new PbxError("mail-failed", "", words, words));
}
