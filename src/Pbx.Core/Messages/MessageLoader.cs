using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pbx.Core.Data.Mapping;
using Pbx.Core.Mail;
using Pbx.Core.Spool;
using Pbx.Core.Voicemail;

namespace Pbx.Core.Messages;

/// <summary>
/// Loads the stored messages once the database answers, and from then on removes deleted ones with their sound when no mail waits for
/// it any more.
/// </summary>
internal sealed partial class MessageLoader(OpenDatabase open, VoicemailStore store, MessageFiles files, OutboxSignal signal, TimeProvider time,
    ILogger<MessageLoader> logger) : BackgroundService
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);
    private static readonly int[] Unfinished = [(int)MailState.Waiting, (int)MailState.Sending, (int)MailState.Uncertain];
    private readonly TaskCompletionSource loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the stored messages are known.</summary>
    public Task Loaded => loaded.Task;

    /// <summary>Removes what was deleted and is not needed for a mail.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        await using var database = open();
        var jobs = database.Set<MailJobRow>();
        var gone = await database.Set<MessageRow>()
            .Where(m => m.DeletedAt != null && !jobs.Any(j => j.Message == m.Id && Unfinished.Contains(j.State))).AsNoTracking().ToListAsync(cancellationToken);
        foreach (var message in gone) files.Delete(message.Mailbox, message.Id);
        var ids = gone.Select(m => m.Id).ToList();
        await database.Set<MessageRow>().Where(m => ids.Contains(m.Id)).ExecuteDeleteAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var changed = new SemaphoreSlim(1, 1);
        using var subscription = signal.Subscribe(() =>
        {
            lock (changed)
                if (changed.CurrentCount == 0) changed.Release();
        });
        while (!stoppingToken.IsCancellationRequested)
        {
            await changed.WaitAsync(stoppingToken);
            while (!await TryAsync(stoppingToken)) await Task.Delay(Retry, time, stoppingToken);
        }
    }

    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!loaded.Task.IsCompleted) await LoadAsync(cancellationToken);
            await SweepAsync(cancellationToken);
            return true;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            LogAway(logger, error.Message);
            return false;
        }
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        await using var database = open();
        var rows = await database.Set<MessageRow>().AsNoTracking().Where(m => m.DeletedAt == null).ToListAsync(cancellationToken);
        store.Load([.. rows.Select(r => (r.Mailbox, new MessageInfo(r.Id, r.Caller, r.ReceivedAt, r.Milliseconds, r.Heard, r.CallerName)))]);
        loaded.TrySetResult();
    }

    [LoggerMessage(3401, LogLevel.Warning, "Messages cannot be loaded or removed now: {Reason}")]
    private static partial void LogAway(ILogger logger, string reason);
}
