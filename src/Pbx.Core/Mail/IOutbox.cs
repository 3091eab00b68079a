using Pbx.Core.Common;
using Pbx.Core.Settings;

namespace Pbx.Core.Mail;

/// <summary>The mails that messages become, as the console and the API see them.</summary>
public interface IOutbox
{
    /// <summary>A page of the outbox, newest first.</summary>
    /// <param name="state">Only this state; null: all.</param>
    /// <param name="text">Part of a recipient, a mailbox or the server's words; null or empty: all.</param>
    /// <param name="skip">How many to leave out.</param>
    /// <param name="take">How many at most.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    Task<OutboxPage> ListAsync(MailState? state, string? text, int skip, int take, CancellationToken cancellationToken = default);

    /// <summary>The mails of one message.</summary>
    Task<IReadOnlyList<OutboxItem>> OfMessageAsync(Guid message, CancellationToken cancellationToken = default);

    /// <summary>The attempts at one mail, oldest first.</summary>
    Task<IReadOnlyList<OutboxAttempt>> AttemptsAsync(Guid job, CancellationToken cancellationToken = default);

    /// <summary>Sends a mail (again) at once and retries for days more. False when it is gone, being sent, or has no recipient.</summary>
    Task<bool> ResendAsync(Guid job, CancellationToken cancellationToken = default);

    /// <summary>Calls back when a mail changed its state, until disposed. The callback must not block.</summary>
    IDisposable Subscribe(Action changed);

    /// <summary>
    /// Sends a short mail with these settings, saved or not. The value is the server's answer; the error <c>mail-failed</c> has its words.
    /// </summary>
    Task<Result<string>> TestMailAsync(MailSettings settings, string to, CancellationToken cancellationToken = default);
}
