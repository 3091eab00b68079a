namespace Pbx.Core.Mail;

/// <summary>How far a mail has come.</summary>
public enum MailState
{
    /// <summary>Waits for its (next) attempt.</summary>
    Waiting,
    /// <summary>Is being handed to the server.</summary>
    Sending,
    /// <summary>The server took it.</summary>
    Sent,
    /// <summary>The server refused it for good, or it was given up after days.</summary>
    Failed,
    /// <summary>The connection or the server went away between the end of the data and the reply: it is sent again, with the same Message-ID.</summary>
    Uncertain,
    /// <summary>The message had nobody to be mailed to.</summary>
    NoRecipient,
}

/// <summary>A mail of the outbox as the console shows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Message">The message that it brings.</param>
/// <param name="Mailbox">Key of the mailbox.</param>
/// <param name="Recipient">Address; empty when there was none.</param>
/// <param name="InternetMessageId">Its Message-ID, the same in every attempt.</param>
/// <param name="State">How far it is.</param>
/// <param name="CreatedAt">When the message was left (UTC).</param>
/// <param name="NextAttemptAt">When it is tried next (UTC); null when it is not.</param>
/// <param name="SentAt">When the server took it (UTC).</param>
/// <param name="Attempts">Attempts made.</param>
/// <param name="LastReply">The server's last words, or why there are none.</param>
/// <param name="Caller">The caller's number.</param>
/// <param name="CallerName">The caller's name.</param>
/// <param name="Milliseconds">Length of the message.</param>
public sealed record OutboxItem(Guid Id, Guid Message, string Mailbox, string Recipient, string InternetMessageId, MailState State,
    DateTimeOffset CreatedAt, DateTimeOffset? NextAttemptAt, DateTimeOffset? SentAt, int Attempts, string LastReply,
    string Caller, string CallerName, int Milliseconds);

/// <summary>One attempt at sending a mail.</summary>
/// <param name="At">When it ended (UTC).</param>
/// <param name="State">The state that it led to.</param>
/// <param name="Reply">The server's words.</param>
public sealed record OutboxAttempt(DateTimeOffset At, MailState State, string Reply);

/// <summary>A page of the outbox.</summary>
/// <param name="Items">Newest first.</param>
/// <param name="Total">How many there are in all.</param>
public sealed record OutboxPage(IReadOnlyList<OutboxItem> Items, int Total);
