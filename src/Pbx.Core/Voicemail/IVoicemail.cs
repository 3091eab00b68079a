using System.Collections.Immutable;

namespace Pbx.Core.Voicemail;

/// <summary>A recording that became a message.</summary>
/// <param name="Id">Its id, made by the caller so that keeping it twice is keeping it once.</param>
/// <param name="Call">The call that left it.</param>
/// <param name="Mailbox">Key of the mailbox.</param>
/// <param name="Caller">The caller's number; empty when withheld.</param>
/// <param name="CallerName">The caller's name.</param>
/// <param name="ReceivedAt">When (UTC).</param>
/// <param name="Milliseconds">Length.</param>
/// <param name="RecordingFile">Absolute path of the WAV, complete and synced; the store takes it over.</param>
public sealed record NewMessage(Guid Id, Guid Call, string Mailbox, string Caller, string CallerName, DateTimeOffset ReceivedAt,
    int Milliseconds, string RecordingFile);

/// <summary>The messages of all mailboxes, as calls need them.</summary>
public interface IVoicemail
{
    /// <summary>Messages per mailbox, kept in memory: one volatile read.</summary>
    ImmutableDictionary<string, MailboxCount> Counts { get; }

    /// <summary>Calls back with the key of a mailbox whose count changed (for MWI), until disposed. The callback must not block.</summary>
    IDisposable Subscribe(Action<string> countChanged);

    /// <summary>
    /// Keeps a message: returns when it is safe on disk (spool), before the database has it. Mailing follows by itself.
    /// </summary>
    Task KeepAsync(NewMessage message, CancellationToken cancellationToken = default);

    /// <summary>A mailbox's messages, newest first, including those still in the spool.</summary>
    Task<IReadOnlyList<MessageInfo>> ListAsync(string mailbox, CancellationToken cancellationToken = default);

    /// <summary>Marks or deletes a message; nothing happens when it is gone.</summary>
    Task MarkAsync(string mailbox, Guid message, MessageMark mark, CancellationToken cancellationToken = default);

    /// <summary>Absolute path of a message's WAV, or null when it is gone.</summary>
    Task<string?> AudioFileAsync(string mailbox, Guid message, CancellationToken cancellationToken = default);
}
