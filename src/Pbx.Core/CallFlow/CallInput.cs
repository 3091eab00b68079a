using Pbx.Core.Common;
using Pbx.Core.Voicemail;

namespace Pbx.Core.CallFlow;

/// <summary>The leg of a call: 0 is the caller, further ones count up in the order dialled.</summary>
public readonly record struct LegId(int Value)
{
    /// <summary>The caller's leg.</summary>
    public static LegId Caller => new(0);
}

/// <summary>Where a call comes from.</summary>
public abstract record CallOrigin
{
    /// <summary>A registered device of an extension.</summary>
    public sealed record FromExtension(string Extension) : CallOrigin;

    /// <summary>A provider.</summary>
    public sealed record FromTrunk(string Trunk) : CallOrigin;
}

/// <summary>What can happen to a call: the closed set that its machine understands. Each is data and comes in order.</summary>
public abstract record CallInput
{
    /// <summary>The call came in. Always the first input. <paramref name="Called"/> and <paramref name="Caller"/> as received.</summary>
    /// <param name="CallId">Unique id of the call (the record's id).</param>
    /// <param name="Origin">Where it comes from.</param>
    /// <param name="Called">What was dialled: user part of the request target (a trunk's may be in any national form).</param>
    /// <param name="Caller">The caller's number; empty when withheld.</param>
    /// <param name="CallerName">The caller's display name, or empty.</param>
    /// <param name="Seed">Random number for strategies that choose by chance, so that a replay chooses alike.</param>
    public sealed record Arrived(Guid CallId, CallOrigin Origin, string Called, string Caller, string CallerName, int Seed) : CallInput;

    /// <summary>What <see cref="CallAction.Play"/> number <paramref name="Play"/> asked for has been played to its end.</summary>
    public sealed record PlayEnded(int Play) : CallInput;

    /// <summary>A key (0-9, *, #) was pressed on a leg.</summary>
    public sealed record Digit(LegId Leg, char Key) : CallInput;

    /// <summary>A timer of the machine fired; one that was stopped or started anew since is not reported.</summary>
    public sealed record TimerFired(CallTimer Timer) : CallInput;

    /// <summary>A dialled leg is ringing (180); <paramref name="EarlyMedia"/> with 183 and sound from the far end.</summary>
    public sealed record LegRinging(LegId Leg, bool EarlyMedia) : CallInput;

    /// <summary>A dialled leg was answered; <paramref name="By"/> tells which device or number.</summary>
    public sealed record LegAnswered(LegId Leg, string By) : CallInput;

    /// <summary>A dialled leg ended without answer, or could not be dialled.</summary>
    /// <param name="Leg">The leg.</param>
    /// <param name="Failure">Why.</param>
    /// <param name="Status">SIP status received; 0 when there was none.</param>
    public sealed record LegFailed(LegId Leg, LegFailure Failure, int Status = 0) : CallInput;

    /// <summary>An answered leg other than the caller's hung up.</summary>
    public sealed record LegHungUp(LegId Leg) : CallInput;

    /// <summary>A leg put the call on hold, or took it back.</summary>
    public sealed record LegHeld(LegId Leg, bool Held) : CallInput;

    /// <summary>The caller hung up or cancelled, or the call was lost.</summary>
    public sealed record CallerHungUp(HangUpReason Reason) : CallInput;

    /// <summary>
    /// The queue offers the caller to an agent: the machine is to ring it until it answers or fails or the offer is withdrawn.
    /// <paramref name="Join"/> is the entry's number (<see cref="CallAction.JoinQueue"/>); 0: not told.
    /// </summary>
    public sealed record QueueOffer(string Agent, int RingSeconds, int Join = 0) : CallInput;

    /// <summary>The queue withdraws the offer to an agent.</summary>
    public sealed record QueueOfferWithdrawn(string Agent, int Join = 0) : CallInput;

    /// <summary>The caller is no longer in the queue.</summary>
    public sealed record QueueLeft(QueueLeaveReason Reason, int Join = 0) : CallInput;

    /// <summary>The recording ended; it is already safe on disk.</summary>
    /// <param name="Recording">Its number, as in the action.</param>
    /// <param name="End">What ended it.</param>
    /// <param name="Milliseconds">Length without the silence at its end.</param>
    /// <param name="HasVoice">False when it holds nothing but silence.</param>
    public sealed record RecordingEnded(int Recording, RecordingEnd End, int Milliseconds, bool HasVoice) : CallInput;

    /// <summary>The answer to <see cref="CallAction.LoadMessages"/>, newest first; null when they could not be read.</summary>
    public sealed record MessagesLoaded(ValueList<MessageInfo>? Messages) : CallInput;

    /// <summary>The answer to an action that changes the configuration.</summary>
    public sealed record ChangeDone(bool Succeeded) : CallInput;

    /// <summary>A new snapshot was published: where the call is may have changed or gone.</summary>
    public sealed record ConfigurationChanged : CallInput;
}

/// <summary>The timers of a call's machine: each kind runs at most once at a time.</summary>
public enum CallTimer
{
    /// <summary>Silence after a menu's prompt, or waiting for a key in a phone menu.</summary>
    Timeout,
    /// <summary>A further digit.</summary>
    InterDigit,
    /// <summary>A leg, or all of a group, rings.</summary>
    Ring,
    /// <summary>The next waiting message.</summary>
    WaitingMessage,
    /// <summary>A guard of a node's own.</summary>
    Guard,
}

/// <summary>Why a leg was not answered.</summary>
public enum LegFailure
{
    /// <summary>No device is registered (or the trunk is down).</summary>
    NotRegistered,
    /// <summary>Busy (486, 600).</summary>
    Busy,
    /// <summary>Rejected (603, 403 ...).</summary>
    Rejected,
    /// <summary>No answer (408, 480, 487 after our cancel).</summary>
    NoAnswer,
    /// <summary>No such number (404, 484, 604).</summary>
    NotFound,
    /// <summary>No common codec or the like (488, 606).</summary>
    Incompatible,
    /// <summary>The far end cannot (5xx, 503, no response, no route).</summary>
    Unavailable,
}

/// <summary>Why the caller's leg ended.</summary>
public enum HangUpReason
{
    /// <summary>BYE or CANCEL.</summary>
    Normal,
    /// <summary>Media or session timer ran out, connection gone.</summary>
    Lost,
    /// <summary>The server stops.</summary>
    Shutdown,
    /// <summary>The server has no codec in common with the caller, and refused it (488).</summary>
    Incompatible,
    /// <summary>The server has no port free for the caller, and refused it (503).</summary>
    Congestion,
}

/// <summary>Why a caller left a queue.</summary>
public enum QueueLeaveReason
{
    /// <summary>The longest wait was reached.</summary>
    MaxWait,
    /// <summary>No agent is logged in.</summary>
    NoAgents,
    /// <summary>Too many callers wait already.</summary>
    Full,
    /// <summary>The queue was removed.</summary>
    Removed,
}

/// <summary>What ended a recording.</summary>
public enum RecordingEnd
{
    /// <summary>The end key.</summary>
    Key,
    /// <summary>Silence.</summary>
    Silence,
    /// <summary>The longest length.</summary>
    Limit,
    /// <summary>The caller hung up.</summary>
    HangUp,
    /// <summary>The machine stopped it.</summary>
    Stopped,
    /// <summary>It could not be written.</summary>
    Failed,
}
