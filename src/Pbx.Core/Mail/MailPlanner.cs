using Pbx.Core.Configuration;
using Pbx.Core.Settings;
using Pbx.Core.Snapshot;
using Pbx.Core.Voicemail;

namespace Pbx.Core.Mail;

/// <summary>Decides at the time of a message who gets it by mail and what the mail says.</summary>
internal sealed class MailPlanner(ISnapshotSource snapshots)
{
    private const string NoDomain = "pbx.invalid";

    /// <summary>One job per recipient; a single one without recipient when there is nobody.</summary>
    public IReadOnlyList<MailJob> Plan(NewMessage message)
    {
        var snapshot = snapshots.Current;
        var mailbox = snapshot.Mailboxes.GetValueOrDefault(message.Mailbox);
        var site = mailbox is null ? null : snapshot.Sites.GetValueOrDefault(mailbox.Site);
        var content = new MailContent(site?.Language ?? "en", site?.TimeZone ?? "UTC", mailbox?.Name ?? message.Mailbox, message.Caller,
            message.CallerName, message.ReceivedAt, message.Milliseconds, mailbox?.Attachment ?? AttachmentFormat.Wav);
        var domain = DomainOf(snapshot.Settings);
        var recipients = mailbox is null ? [] : Recipients(mailbox, snapshot);
        return [.. (recipients.Count == 0 ? [""] : recipients).Select(recipient => MailJob.Of(message, recipient, domain, content))];
    }

    /// <summary>The domain of Message-IDs: the sender's.</summary>
    public static string DomainOf(SystemSettings settings)
    {
        var from = settings.Mail.From;
        return from.LastIndexOf('@') is var at and >= 0 && IsDomain(from[(at + 1)..]) ? from[(at + 1)..] : NoDomain;
    }

    /// <summary>
    /// The addresses of a mailbox's mail, each once: owners of its extensions, agents of its queues, further addresses; when none of
    /// these is set, the owners of the extensions whose mailbox it is.
    /// </summary>
    public static IReadOnlyList<string> Recipients(Mailbox mailbox, PbxSnapshot snapshot)
    {
        var extensions = mailbox.MailExtensions
            .Concat(mailbox.MailQueues.SelectMany(q => snapshot.Queues.GetValueOrDefault(q)?.Agents ?? []).Select(a => a.Extension));
        if (mailbox.MailExtensions.Count + mailbox.MailQueues.Count + mailbox.MailAddresses.Count == 0)
            extensions = snapshot.Extensions.Values.Where(e => e.Mailbox == mailbox.Key).Select(e => e.Key).Order(StringComparer.Ordinal);
        return
        [
            .. extensions.Select(key => snapshot.Extensions.GetValueOrDefault(key)?.Email).Concat(mailbox.MailAddresses)
                .Select(address => address?.Trim()).Where(address => !string.IsNullOrEmpty(address)).Select(address => address!)
                .Distinct(StringComparer.OrdinalIgnoreCase),
        ];
    }

    private static bool IsDomain(string text) => text.Length is > 0 and < 256 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-');
}
