namespace Pbx.Core.Voicemail;

/// <summary>A message of a mailbox, as its phone menu and the console need it.</summary>
public sealed record MessageInfo(Guid Id, string Caller, DateTimeOffset ReceivedAt, int Milliseconds, bool Heard, string CallerName = "");

/// <summary>How many messages a mailbox holds.</summary>
/// <param name="New">Not heard.</param>
/// <param name="Old">Heard and kept.</param>
public readonly record struct MailboxCount(int New, int Old);

/// <summary>What is done to a message.</summary>
public enum MessageMark
{
    /// <summary>Heard.</summary>
    Heard,
    /// <summary>Kept as new.</summary>
    Saved,
    /// <summary>Deleted.</summary>
    Deleted,
}
