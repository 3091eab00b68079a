using Microsoft.Extensions.Logging;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Live;
using Pbx.Core.Mail;
using Pbx.Core.Spool;

namespace Pbx.Core.Alerts;

/// <summary>
/// What administrators are to know: a line in the log, a banner in the console until somebody dismisses it, and a mail through the outbox. The
/// same thing is mailed once an hour at most, and no more mails leave in an hour than somebody would read.
/// </summary>
internal sealed partial class AlertBoard(ISnapshotSource snapshots, SpoolLog spool, TimeProvider time, ILogger<AlertBoard> logger)
    : IAlerts, ILiveTopic<ValueList<Alert>>
{
    private const int MostShown = 50;
    private const int MostMails = 20;
    private static readonly TimeSpan Shown = TimeSpan.FromDays(1);
    private static readonly TimeSpan MailInterval = TimeSpan.FromHours(1);

    private readonly Lock gate = new();
    private readonly Subscribers<bool> subscribers = new();
    private readonly List<long> mails = [];
    private readonly List<Known> known = [];

    private sealed record Known(Alert Alert, long RaisedAt, long? MailedAt, bool IsDismissed);

    /// <inheritdoc/>
    public ILiveTopic<ValueList<Alert>> Current => this;

    /// <inheritdoc/>
    ValueList<Alert> ILiveTopic<ValueList<Alert>>.Current
    {
        get
        {
            lock (gate)
                return known.Where(one => !one.IsDismissed && time.GetElapsedTime(one.RaisedAt) < Shown).Select(one => one.Alert).OrderByDescending(alert => alert.At).ToValueList();
        }
    }

    /// <inheritdoc/>
    public IDisposable Subscribe(Action changed) => subscribers.Add(_ => changed());

    /// <inheritdoc/>
    public void Raise(AlertKind kind, string subject, string detail)
    {
        // What the mails are counted by must not stand still because the clock was set back.
        var now = time.GetTimestamp();
        Alert alert;
        bool isMailed;
        lock (gate)
        {
            var at = known.FindIndex(one => one.Alert.Kind == kind && one.Alert.Subject == subject);
            var before = at < 0 ? null : known[at];
            alert = new Alert(kind, subject, detail, time.GetUtcNow(), before is { IsDismissed: false } ? before.Alert.Times + 1 : 1);
            mails.RemoveAll(mail => time.GetElapsedTime(mail, now) >= MailInterval);
            isMailed = (before?.MailedAt is not { } last || time.GetElapsedTime(last, now) >= MailInterval) && mails.Count < MostMails;
            if (isMailed) mails.Add(now);
            if (at >= 0) known.RemoveAt(at);
            else if (known.Count >= MostShown) known.RemoveAt(0);
            known.Add(new(alert, now, isMailed ? now : before?.MailedAt, false));
        }
        LogAlert(logger, kind, subject, detail);
        if (isMailed) Mail(alert);
        subscribers.Publish(true);
    }

    /// <inheritdoc/>
    public void Dismiss(AlertKind kind, string subject)
    {
        lock (gate)
        {
            var at = known.FindIndex(one => one.Alert.Kind == kind && one.Alert.Subject == subject);
            if (at >= 0) known[at] = known[at] with { IsDismissed = true };
        }
        subscribers.Publish(true);
    }

    private void Mail(Alert alert)
    {
        var snapshot = snapshots.Current;
        if (snapshot.Settings.Outbound.AlertAddress is not { Length: > 0 } address) return;
        var who = snapshot.Extensions.TryGetValue(alert.Subject, out var extension) ? $"{extension.Name} ({extension.Number})" : alert.Subject;
        var (subject, body) = AlertTexts.Of(alert, who);
        spool.Post(OutboxSink.AlertLine(MailJob.OfAlert(Guid.CreateVersion7(alert.At), address, MailPlanner.DomainOf(snapshot.Settings), alert.At, subject, body)));
    }

    [LoggerMessage(3501, LogLevel.Warning, "Alert {Kind}: {Subject}, {Detail}.")]
    private static partial void LogAlert(ILogger logger, AlertKind kind, string subject, string detail);
}
