using Pbx.Core.Common;

namespace Pbx.Core.Live;

/// <summary>What administrators are told at once.</summary>
public enum AlertKind
{
    /// <summary>An extension hit a limit of its calls to the outside; detail: which.</summary>
    OutboundLimit,
    /// <summary>Strangers guess at an account's password; subject: its user name.</summary>
    AccountAttacked,
    /// <summary>A disk has little room left; subject: the directory, detail: how full it is in percent.</summary>
    DiskAlmostFull,
}

/// <summary>Something that administrators are to know.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Subject">To whom: the key of an extension, a user name, a directory.</param>
/// <param name="Detail">A detail.</param>
/// <param name="At">When it was last so (UTC).</param>
/// <param name="Times">How often since it was first told.</param>
public sealed record Alert(AlertKind Kind, string Subject, string Detail, DateTimeOffset At, int Times);

/// <summary>Tells administrators: in the log and in the console at once, and by mail when an address is set.</summary>
public interface IAlerts
{
    /// <summary>Alerts of the last day that nobody has dismissed, the newest first.</summary>
    ILiveTopic<ValueList<Alert>> Current { get; }

    /// <summary>Tells; the same thing is mailed once an hour at most. From any thread; must not block.</summary>
    void Raise(AlertKind kind, string subject, string detail);

    /// <summary>Somebody has seen it.</summary>
    void Dismiss(AlertKind kind, string subject);
}
