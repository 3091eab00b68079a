using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Data.Mapping;
using Pbx.Core.Settings;
using Pbx.Core.Spool;

namespace Pbx.Core.Mail;

/// <summary>
/// Sends what the outbox holds, one mail after the other. Before a mail is handed over its job is stored as Sending; the server's
/// reply is safe in the spool before anything else happens; a job found in Sending at a start is Uncertain and goes out again with
/// the same Message-ID.
/// </summary>
internal sealed partial class MailSender(OpenDatabase open, SpoolLog spool, SpoolDrain drain, ISnapshotSource snapshots, OutboxSignal signal,
    MailSounds sounds, SmtpOptions options, TimeProvider time, SteadyClock clock, ILogger<MailSender> logger) : BackgroundService
{
    private const int BatchJobs = 20;
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(10);
    // What a clock may be wrong by without harm to waits of minutes.
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan DatabaseRetry = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(5);
    private static readonly int[] Open = [(int)MailState.Waiting, (int)MailState.Uncertain];

    private readonly SemaphoreSlim wake = new(0, 1);
    private readonly Queue<MailOutcome> unwritten = new();
    private readonly Dictionary<Guid, int> notHandedOver = [];
    private MailSettings? lastSettings;
    private volatile bool clockWasSet;

    /// <inheritdoc/>
    public override void Dispose()
    {
        clock.WallMoved -= OnWallMoved;
        wake.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await drain.Recovered.WaitAsync(stoppingToken);
        using var changes = signal.Subscribe(Wake);
        clock.WallMoved += OnWallMoved;
        using var published = snapshots.Subscribe(snapshot =>
        {
            if (snapshot.Settings.Mail != Volatile.Read(ref lastSettings)) Wake();
        });
        // A mail that is being handed over at a stop may finish, so that it does not become uncertain for nothing.
        using var hurry = new CancellationTokenSource();
        await using var stop = stoppingToken.Register(() => hurry.CancelAfter(StopGrace));
        var recovered = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            DateTimeOffset until;
            try
            {
                if (!recovered) await RecoverAsync(stoppingToken);
                recovered = true;
                until = await RoundAsync(stoppingToken, hurry.Token);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                LogAway(logger, error.Message);
                until = time.GetUtcNow() + DatabaseRetry;
            }
            await SleepAsync(until, stoppingToken);
        }
    }

    /// <summary>What was being handed over when the server was killed.</summary>
    private async Task RecoverAsync(CancellationToken cancellationToken)
    {
        await using var database = open();
        var now = time.GetUtcNow();
        var cut = await database.Set<MailJobRow>().Where(j => j.State == (int)MailState.Sending).ToListAsync(cancellationToken);
        foreach (var job in cut)
            OutboxSink.Apply(database, new MailOutcome(Guid.NewGuid(), job.Id, MailState.Uncertain, DeliveryWords.Interrupted, now, now));
        await database.SaveChangesAsync(cancellationToken);
        if (cut.Count > 0) signal.Changed();
    }

    /// <summary>Sends what is due; returns until when nothing more will be.</summary>
    private async Task<DateTimeOffset> RoundAsync(CancellationToken stoppingToken, CancellationToken hurry)
    {
        await WriteOutcomesAsync();
        await TakeBackAsync(stoppingToken);
        var settings = snapshots.Current.Settings.Mail;
        if (clockWasSet) await StartAnewAsync(stoppingToken);
        if (lastSettings is not null && settings != lastSettings) await MakeAllDueAsync(stoppingToken);
        Volatile.Write(ref lastSettings, settings);
        if (string.IsNullOrWhiteSpace(settings.Host)) return time.GetUtcNow() + LongestSleep;
        while (!stoppingToken.IsCancellationRequested)
        {
            var due = await DueAsync(stoppingToken);
            if (due.Count == 0) break;
            await SendAllAsync(due, settings, stoppingToken, hurry);
            // The outcomes are in the spool; what is due next is asked of the database, so they must be there too.
            if (!await drain.DrainAsync(stoppingToken)) return time.GetUtcNow() + DatabaseRetry;
        }
        sounds.Forget();
        return await NextDueAsync(stoppingToken);
    }

    private async Task SendAllAsync(IReadOnlyList<MailJobRow> due, MailSettings settings, CancellationToken stoppingToken, CancellationToken hurry)
    {
        SmtpSession? session = null;
        try
        {
            foreach (var job in due)
            {
                if (stoppingToken.IsCancellationRequested) return;
                if (session is not { Usable: true })
                {
                    session?.Dispose();
                    var opened = await SmtpSession.OpenAsync(settings, options, stoppingToken);
                    session = opened.Succeeded ? opened.Value : null;
                    if (session is null)
                    {
                        // Nobody can be reached: that is the answer to all of them, and one connection attempt was enough to know.
                        foreach (var waiting in due.SkipWhile(j => j != job)) await CommitAsync(waiting, new SmtpResult(MailState.Waiting, opened.Errors[0].Message));
                        return;
                    }
                }
                await SendOneAsync(job, session, settings, hurry);
            }
            if (session is not null) await session.CloseAsync(stoppingToken);
        }
        finally
        {
            session?.Dispose();
        }
    }

    private async Task SendOneAsync(MailJobRow job, SmtpSession session, MailSettings settings, CancellationToken hurry)
    {
        var composed = await ComposeAsync(job, settings, hurry);
        if (composed.Message is not { } message)
        {
            await CommitAsync(job, composed.Refusal!);
            return;
        }
        using (message)
        {
            if (!await MarkSendingAsync(job, hurry)) return;
            signal.Changed();
            await CommitAsync(job, await session.SendAsync(message, hurry));
        }
    }

    private async Task<(MimeKit.MimeMessage? Message, SmtpResult? Refusal)> ComposeAsync(MailJobRow row, MailSettings settings, CancellationToken cancellationToken)
    {
        var content = JsonSerializer.Deserialize<MailContent>(row.Content)!;
        var job = new MailJob(row.Id, row.Message, row.Mailbox, row.Recipient, row.InternetMessageId, row.CreatedAt, content);
        var sound = await sounds.OfAsync(row.Mailbox, row.Message, content.Attachment, cancellationToken);
        try
        {
            return (MailComposer.Compose(job, settings.From, snapshots.Current.Settings.CompanyName, sound), null);
        }
        catch (FormatException error)
        {
            // A wrong sender is a setting and may be mended; a wrong recipient stays wrong.
            var state = MailComposer.TryParse(row.Recipient, out _) ? MailState.Waiting : MailState.Failed;
            return (null, new SmtpResult(state, error.Message));
        }
    }

    /// <summary>Stored before the first byte leaves. False when somebody else changed the job since.</summary>
    private async Task<bool> MarkSendingAsync(MailJobRow job, CancellationToken cancellationToken)
    {
        // If this fails, nobody knows whether it was stored; but nothing was sent, so it is taken back.
        notHandedOver[job.Id] = job.State;
        await using var database = open();
        var marked = await database.Set<MailJobRow>().Where(j => j.Id == job.Id && Open.Contains(j.State))
            .ExecuteUpdateAsync(set => set.SetProperty(j => j.State, (int)MailState.Sending), cancellationToken) == 1;
        notHandedOver.Remove(job.Id);
        return marked;
    }

    /// <summary>Jobs whose mark may have reached a database that did not answer in time any more.</summary>
    private async Task TakeBackAsync(CancellationToken cancellationToken)
    {
        if (notHandedOver.Count == 0) return;
        await using var database = open();
        foreach (var (id, state) in notHandedOver)
            await database.Set<MailJobRow>().Where(j => j.Id == id && j.State == (int)MailState.Sending)
                .ExecuteUpdateAsync(set => set.SetProperty(j => j.State, state), cancellationToken);
    }

    private async Task CommitAsync(MailJobRow job, SmtpResult result)
    {
        var now = time.GetUtcNow();
        var state = result.State;
        var words = result.Words;
        if (state == MailState.Waiting && now >= job.GiveUpAt)
        {
            state = MailState.Failed;
            words = DeliveryWords.GivenUp((int)(now - job.CreatedAt).TotalDays, words);
        }
        LogAttempt(logger, job.InternetMessageId, state, words);
        unwritten.Enqueue(new MailOutcome(Guid.NewGuid(), job.Id, state, words, now, now + RetryTimes.After(job.Attempts + 1)));
        await WriteOutcomesAsync();
    }

    /// <summary>Brings outcomes to the spool, or where the disk takes nothing more, to the database; until one of them has them, they stay.</summary>
    private async Task WriteOutcomesAsync()
    {
        while (unwritten.TryPeek(out var outcome))
        {
            try
            {
                await spool.AppendAsync(OutboxSink.Line(outcome));
            }
            catch (IOException)
            {
                await using var database = open();
                await database.Set<MailJobRow>().Where(j => j.Id == outcome.Job).LoadAsync();
                OutboxSink.Apply(database, outcome);
                await database.SaveChangesAsync();
            }
            unwritten.Dequeue();
        }
    }

    private async Task<IReadOnlyList<MailJobRow>> DueAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        // No wait is that long: the clock stood ahead when this was written.
        var impossible = now + RetryTimes.Longest + Slack;
        await using var database = open();
        return await database.Set<MailJobRow>().AsNoTracking()
            .Where(j => Open.Contains(j.State) && (j.NextAttemptAt <= now || j.NextAttemptAt > impossible))
            .OrderBy(j => j.NextAttemptAt).ThenBy(j => j.Message).Take(BatchJobs).ToListAsync(cancellationToken);
    }

    private async Task<DateTimeOffset> NextDueAsync(CancellationToken cancellationToken)
    {
        await using var database = open();
        var next = await database.Set<MailJobRow>().Where(j => Open.Contains(j.State)).OrderBy(j => j.NextAttemptAt)
            .Select(j => (DateTimeOffset?)j.NextAttemptAt).FirstOrDefaultAsync(cancellationToken);
        var latest = time.GetUtcNow() + LongestSleep;
        return next < latest ? next.Value : latest;
    }

    /// <summary>New settings are tried at once: somebody has just mended what was wrong.</summary>
    private async Task MakeAllDueAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var database = open();
        await database.Set<MailJobRow>().Where(j => Open.Contains(j.State))
            .ExecuteUpdateAsync(set => set.SetProperty(j => j.NextAttemptAt, now), cancellationToken);
    }

    /// <summary>
    /// The machine's clock was set: the instants of all jobs mean nothing any more. Each is tried now and given up no sooner than a new one, so that none
    /// waits a day for an instant that was minutes away, and none is given up for days that never passed.
    /// </summary>
    private async Task StartAnewAsync(CancellationToken cancellationToken)
    {
        clockWasSet = false;
        var now = time.GetUtcNow();
        var giveUpAt = OutboxSink.GiveUpAt(now);
        try
        {
            await using var database = open();
            await database.Set<MailJobRow>().Where(j => Open.Contains(j.State))
                .ExecuteUpdateAsync(set => set.SetProperty(j => j.NextAttemptAt, now).SetProperty(j => j.GiveUpAt, giveUpAt), cancellationToken);
        }
        catch
        {
            clockWasSet = true;
            throw;
        }
    }

    private void OnWallMoved(TimeSpan by)
    {
        if (by.Duration() < Slack) return;
        clockWasSet = true;
        Wake();
    }

    private void Wake()
    {
        try
        {
            wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Awake already.
        }
    }

    private async Task SleepAsync(DateTimeOffset until, CancellationToken cancellationToken)
    {
        var wait = until - time.GetUtcNow();
        if (wait <= TimeSpan.Zero) return;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var woken = wake.WaitAsync(either.Token);
        var slept = Task.Delay(wait, time, either.Token);
        // Looked at again with the timer running: the clock may have been moved in between.
        if (time.GetUtcNow() < until) await Task.WhenAny(woken, slept);
        await either.CancelAsync();
    }

    [LoggerMessage(3301, LogLevel.Information, "Mail {MessageId}: {State}. {Words}")]
    private static partial void LogAttempt(ILogger logger, string messageId, MailState state, string words);

    [LoggerMessage(3302, LogLevel.Warning, "The outbox cannot go on now and tries again: {Reason}")]
    private static partial void LogAway(ILogger logger, string reason);
}
