using System.Security.Cryptography;
using System.Text;
using Pbx.Core.Voicemail;

namespace Pbx.Core.Mail;

/// <summary>A mail to one recipient, made when the message is kept and unchanged from then on.</summary>
/// <param name="Id">Made from message and recipient.</param>
/// <param name="Message">The message.</param>
/// <param name="Mailbox">Key of its mailbox.</param>
/// <param name="Recipient">Address; empty: the message has no recipient, which the outbox shows.</param>
/// <param name="InternetMessageId">The Message-ID of every attempt, without angle brackets.</param>
/// <param name="CreatedAt">When the message was left (UTC).</param>
/// <param name="Content">What the mail says.</param>
internal sealed record MailJob(Guid Id, Guid Message, string Mailbox, string Recipient, string InternetMessageId, DateTimeOffset CreatedAt, MailContent Content)
{
    /// <summary>The job of a message and a recipient: the same two always give the same ids.</summary>
    public static MailJob Of(NewMessage message, string recipient, string domain, MailContent content)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{message.Id:N}\n{recipient.ToLowerInvariant()}"));
        var messageId = $"{message.Id:N}.{Convert.ToHexStringLower(hash.AsSpan(16, 8))}@{domain}";
        return new MailJob(new Guid(hash.AsSpan(0, 16)), message.Id, message.Mailbox, recipient, messageId, message.ReceivedAt, content);
    }

    /// <summary>The job of an alert.</summary>
    public static MailJob OfAlert(Guid alert, string recipient, string domain, DateTimeOffset at, string subject, string body) => new(alert, alert, "",
        recipient, $"{alert:N}.alert@{domain}", at, new MailContent("en", "UTC", "", "", "", at, 0, AttachmentFormat.Wav, new MailNotice(subject, body)));
}

/// <summary>A mail that brings no message but tells something.</summary>
/// <param name="Subject">Its subject.</param>
/// <param name="Body">Its text.</param>
internal sealed record MailNotice(string Subject, string Body);

/// <summary>What a mail says, as things were when the message was left.</summary>
/// <param name="Language">The site's language.</param>
/// <param name="TimeZone">The site's IANA time zone.</param>
/// <param name="MailboxName">The mailbox's name.</param>
/// <param name="Caller">The caller's number; empty when withheld.</param>
/// <param name="CallerName">The caller's name.</param>
/// <param name="ReceivedAt">When (UTC).</param>
/// <param name="Milliseconds">Length of the message.</param>
/// <param name="Attachment">Format of the attachment.</param>
/// <param name="Notice">What is told instead of a message; null: a message.</param>
internal sealed record MailContent(string Language, string TimeZone, string MailboxName, string Caller, string CallerName,
    DateTimeOffset ReceivedAt, int Milliseconds, AttachmentFormat Attachment, MailNotice? Notice = null);

/// <summary>How an attempt ended: a line of the spool, for the server's reply is safe before anything else happens.</summary>
/// <param name="Attempt">Id of the attempt.</param>
/// <param name="Job">The mail.</param>
/// <param name="State">The state that it led to.</param>
/// <param name="Reply">The server's words.</param>
/// <param name="At">When (UTC).</param>
/// <param name="NextAttemptAt">When it is tried next (UTC).</param>
internal sealed record MailOutcome(Guid Attempt, Guid Job, MailState State, string Reply, DateTimeOffset At, DateTimeOffset NextAttemptAt);
