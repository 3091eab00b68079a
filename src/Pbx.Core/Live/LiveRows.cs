using Pbx.Core.Common;

namespace Pbx.Core.Live;

/// <summary>Something that changes all the time and that pages show: the newest value, and a call-back when there is a newer one.</summary>
/// <typeparam name="T">An immutable value.</typeparam>
public interface ILiveTopic<out T>
{
    /// <summary>The newest value.</summary>
    T Current { get; }

    /// <summary>Calls back when there is a newer value, at most a few times a second, until disposed. The callback must not block.</summary>
    IDisposable Subscribe(Action changed);
}

/// <summary>A call that is going on; <paramref name="Protection"/> is that of each leg with sound, the caller's first.</summary>
public sealed record LiveCall(Guid Id, DateTimeOffset StartedAt, string Caller, string CallerName, string Called, string At,
    string? AnsweredBy, LiveCallState State, ValueList<string> Codecs, ValueList<LegProtection> Protection);

/// <summary>What a call is doing.</summary>
public enum LiveCallState
{
    /// <summary>Ringing somewhere.</summary>
    Ringing,
    /// <summary>With a machine: menu, announcement, mailbox, queue.</summary>
    InService,
    /// <summary>Two people talk.</summary>
    Talking,
    /// <summary>One of them holds.</summary>
    OnHold,
}

/// <summary>
/// A device's live contact; <paramref name="Security"/> is what TLS agreed on with it, empty in clear. <paramref name="Srtp"/> is how its sound was
/// encrypted in its last call since the server's start, as in <see cref="LegProtection.Srtp"/>; null: not known, for no call has shown it yet.
/// </summary>
public sealed record LiveRegistration(string Extension, string Device, string Contact, string Source, string Transport, string UserAgent,
    DateTimeOffset RegisteredAt, DateTimeOffset ExpiresAt, bool AwaitsReconnection, string Security = "", string? Srtp = null);

/// <summary>The state of a trunk; <paramref name="Srtp"/> is how its sound was encrypted last, as in <see cref="LiveRegistration"/>.</summary>
public sealed record LiveTrunk(string Trunk, LiveTrunkState State, string Detail, DateTimeOffset Since, int Calls, string? Srtp = null);

/// <summary>Whether a trunk can be used.</summary>
public enum LiveTrunkState
{
    /// <summary>Not known yet.</summary>
    Unknown,
    /// <summary>Registered, or answering.</summary>
    Up,
    /// <summary>Registration refused or not answering.</summary>
    Down,
    /// <summary>Switched off.</summary>
    Disabled,
}

/// <summary>A queue: who waits and who serves.</summary>
public sealed record LiveQueue(string Queue, ValueList<LiveWaitingCaller> Waiting, ValueList<LiveAgent> Agents);

/// <summary>A caller who waits.</summary>
public sealed record LiveWaitingCaller(Guid Call, string Caller, DateTimeOffset Since, string? RingingAgent);

/// <summary>An agent of a queue.</summary>
public sealed record LiveAgent(string Extension, AgentState State, DateTimeOffset Since, int Answered);

/// <summary>What an agent is doing.</summary>
public enum AgentState
{
    /// <summary>Can be offered a caller.</summary>
    Free,
    /// <summary>Rings for a caller.</summary>
    Ringing,
    /// <summary>In a call.</summary>
    Busy,
    /// <summary>In wrap-up after a call.</summary>
    WrapUp,
    /// <summary>Left alone for the retry time.</summary>
    Resting,
    /// <summary>Logged out.</summary>
    LoggedOut,
    /// <summary>Outside its office hours.</summary>
    OutsideHours,
    /// <summary>Do not disturb.</summary>
    DoNotDisturb,
    /// <summary>No device registered.</summary>
    NotRegistered,
}

/// <summary>Everything live that the engine publishes.</summary>
public interface ILiveView
{
    /// <summary>Calls going on, oldest first.</summary>
    ILiveTopic<ValueList<LiveCall>> Calls { get; }

    /// <summary>Registrations, by extension.</summary>
    ILiveTopic<ValueList<LiveRegistration>> Registrations { get; }

    /// <summary>Devices that want to register and are refused, the last one first.</summary>
    ILiveTopic<ValueList<LiveRefusal>> Refusals { get; }

    /// <summary>Trunks, by key.</summary>
    ILiveTopic<ValueList<LiveTrunk>> Trunks { get; }

    /// <summary>Queues, by key.</summary>
    ILiveTopic<ValueList<LiveQueue>> Queues { get; }
}

/// <summary>Once that all threads of a process were halted for the garbage collector.</summary>
/// <param name="Process">Which: <c>server</c>, or <c>media</c>, which carries the sound.</param>
/// <param name="Collection">Number of the collection since the start of the process; one in the background has two pauses.</param>
/// <param name="At">When it was seen, which is right after the collection.</param>
/// <param name="Generation">0, 1, or 2 for a collection of everything.</param>
/// <param name="Background">The threads went on during most of the collection.</param>
/// <param name="Microseconds">How long they were halted.</param>
public sealed record GarbagePause(string Process, long Collection, DateTimeOffset At, int Generation, bool Background, long Microseconds);

/// <summary>What console and API may ask of the engine.</summary>
public interface IPbxControl
{
    /// <summary>Ends a call. False when there is none of that id.</summary>
    Task<bool> HangUpAsync(Guid call);

    /// <summary>Numbers of the engine's inner objects now, by name: calls, transactions, dialogs, rtp-ports and so on.</summary>
    IReadOnlyDictionary<string, long> Counters { get; }

    /// <summary>The last pauses that the garbage collector made, oldest first.</summary>
    IReadOnlyList<GarbagePause> Pauses { get; }

    /// <summary>True when calls can be answered: listening, and with a snapshot.</summary>
    bool Ready { get; }
}
