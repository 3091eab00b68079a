using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Pbx.Core.Common;
using Pbx.Core.Data.Mapping;
using Pbx.Core.Spool;

namespace Pbx.Core.Mail;

/// <summary>Brings jobs and the outcomes of attempts to the database.</summary>
internal sealed class OutboxSink(OutboxSignal signal) : ISpoolSink
{
    private const string OutcomeKind = "mail-outcome";
    private const string AlertKind = "mail-alert";
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromDays(4);

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Kinds { get; } = [OutcomeKind, AlertKind];

    /// <summary>The line of an outcome.</summary>
    public static SpoolEntry Line(MailOutcome outcome) => SpoolEntry.Of(OutcomeKind, outcome);

    /// <summary>The line of an alert's mail.</summary>
    public static SpoolEntry AlertLine(MailJob job) => SpoolEntry.Of(AlertKind, job);

    /// <summary>Adds jobs that are not there yet. One that is there stays as it is: it may have been sent.</summary>
    public static async Task AddJobsAsync(DbContext database, IReadOnlyList<MailJob> jobs, CancellationToken cancellationToken)
    {
        var rows = database.Set<MailJobRow>();
        var ids = jobs.Select(j => j.Id).ToList();
        await rows.Where(r => ids.Contains(r.Id)).LoadAsync(cancellationToken);
        foreach (var job in jobs)
        {
            if (rows.Local.FindEntry(job.Id) is not null) continue;
            rows.Add(new MailJobRow
            {
                Id = job.Id,
                Message = job.Message,
                Mailbox = job.Mailbox,
                Recipient = DatabaseText.Clean(job.Recipient),
                InternetMessageId = job.InternetMessageId,
                State = (int)(job.Recipient.Length == 0 ? MailState.NoRecipient : MailState.Waiting),
                CreatedAt = job.CreatedAt,
                NextAttemptAt = job.CreatedAt,
                GiveUpAt = job.CreatedAt + GiveUpAfter,
                Content = JsonSerializer.Serialize(job.Content),
            });
        }
    }

    /// <summary>Until when a job that is sent again now is retried.</summary>
    public static DateTimeOffset GiveUpAt(DateTimeOffset now) => now + GiveUpAfter;

    /// <inheritdoc/>
    public async Task ApplyAsync(DbContext database, IReadOnlyList<SpoolEntry> entries, CancellationToken cancellationToken)
    {
        var outcomes = entries.Where(e => e.Kind == OutcomeKind).Select(e => e.Read<MailOutcome>()).ToList();
        await AddJobsAsync(database, [.. entries.Where(e => e.Kind == AlertKind).Select(e => e.Read<MailJob>())], cancellationToken);
        var jobIds = outcomes.Select(o => o.Job).Distinct().ToList();
        var attemptIds = outcomes.Select(o => o.Attempt).ToList();
        await database.Set<MailJobRow>().Where(j => jobIds.Contains(j.Id)).LoadAsync(cancellationToken);
        await database.Set<MailAttemptRow>().Where(a => attemptIds.Contains(a.Id)).LoadAsync(cancellationToken);
        foreach (var outcome in outcomes) Apply(database, outcome);
    }

    /// <inheritdoc/>
    public void Applied(IReadOnlyList<SpoolEntry> entries) => signal.Changed();

    /// <summary>Writes an outcome to its job and into the log of attempts; one that comes again changes nothing.</summary>
    public static void Apply(DbContext database, MailOutcome outcome)
    {
        var attempts = database.Set<MailAttemptRow>();
        if (attempts.Local.FindEntry(outcome.Attempt) is not null) return;
        if (database.Set<MailJobRow>().Local.FindEntry(outcome.Job)?.Entity is not { } job) return;
        var reply = DatabaseText.Clean(outcome.Reply);
        attempts.Add(new MailAttemptRow { Id = outcome.Attempt, Job = outcome.Job, At = outcome.At, State = (int)outcome.State, Reply = reply });
        job.State = (int)outcome.State;
        job.LastReply = reply;
        job.Attempts++;
        job.NextAttemptAt = outcome.NextAttemptAt;
        if (outcome.State == MailState.Sent) job.SentAt = outcome.At;
    }
}
