using Pbx.Core.CallFlow.Nodes;
using Pbx.Core.CallRecords;
using Pbx.Core.Common;
using Pbx.Core.Live;

namespace Pbx.Core.CallFlow;

/// <summary>Where a call stands: immutable, equal by value, and all that its machine remembers.</summary>
public sealed record CallState
{
    /// <summary>The state before <see cref="CallInput.Arrived"/>.</summary>
    public static CallState Initial { get; } = new();

    /// <summary>The call's id.</summary>
    public Guid Id { get; init; }

    /// <summary>Which way it goes.</summary>
    public CallDirection Direction { get; init; }

    /// <summary>The caller's number: E.164 where it could be read so, the extension's number from inside; empty when withheld.</summary>
    public string Caller { get; init; } = "";

    /// <summary>The caller's name, or empty.</summary>
    public string CallerName { get; init; } = "";

    /// <summary>The number called: E.164 where it could be read so, else as dialled.</summary>
    public string Called { get; init; } = "";

    /// <summary>Key of the site whose rule took it, or of the calling extension's; null: none yet.</summary>
    public string? Site { get; init; }

    /// <summary>The server or a person answered the caller.</summary>
    public bool Answered { get; init; }

    /// <summary>Key of the extension, or the number outside, that talked; null: nobody did.</summary>
    public string? AnsweredBy { get; init; }

    /// <summary>No inbound rule knew the number called.</summary>
    public bool Unmatched { get; init; }

    /// <summary>How it ends, as far as is known.</summary>
    public CallOutcome Outcome { get; init; }

    /// <summary>What it is doing, for the live view.</summary>
    public LiveCallState Live { get; init; }

    /// <summary>Where it is: the written form of a destination, <c>closure:SITE</c>, <c>function:NAME</c>, or empty.</summary>
    public string At { get; init; } = "";

    /// <summary>
    /// The call is over: all its actions are given. The step that ends it writes one <see cref="JourneyCodes.Ended"/> note, and asks
    /// for <see cref="CallAction.HangUp"/> unless the caller has hung up.
    /// </summary>
    public bool Ended { get; init; }

    /// <summary>Where it comes from; null before it arrived.</summary>
    public CallOrigin? Origin { get; init; }

    /// <summary>The place it is in, with that place's own state.</summary>
    internal CallNode Node { get; init; } = new ArrivingNode();

    /// <summary>Random number of the call.</summary>
    internal int Seed { get; init; }

    /// <summary>Language in which the call is spoken to: that of the site it is at.</summary>
    internal string Language { get; init; } = "fr";

    /// <summary>Key of the site of the place it is in.</summary>
    internal string? PlaceSite { get; init; }

    /// <summary>The place's no-answer or time-out destination as last known, for when the place is deleted.</summary>
    internal Destination? Fallback { get; init; }

    /// <summary>The numbers given out so far.</summary>
    internal Counters Given { get; init; }

    /// <summary>What plays to the caller and will end by itself; 0: nothing.</summary>
    internal int Playing { get; init; }

    /// <summary>Something sounds to the caller: a play, a loop or ringback as RTP.</summary>
    internal bool Sounding { get; init; }

    /// <summary>The unanswered caller was told that it rings.</summary>
    internal bool RingbackGiven { get; init; }

    /// <summary>Legs dialled that neither answered nor failed.</summary>
    internal ValueList<LegId> Ringing { get; init; } = [];

    /// <summary>Timers that run, one bit for each kind.</summary>
    internal int Timers { get; init; }

    /// <summary>Moves since the last key, answer or full second waited.</summary>
    internal int Moves { get; init; }

    /// <summary>When it last moved.</summary>
    internal DateTimeOffset LastMove { get; init; }

    /// <summary>A message was kept.</summary>
    internal bool MessageKept { get; init; }

    /// <summary>It was served by a machine: dial code, announcement, phone menu.</summary>
    internal bool Served { get; init; }

    /// <summary>The caller has hung up; only a recording is waited for.</summary>
    internal bool CallerGone { get; init; }
}

/// <summary>The numbers that a call has given to its legs, plays, recordings and queue entries.</summary>
internal readonly record struct Counters(int Legs, int Plays, int Recordings, int Joins);
