using Pbx.Core.Common;
using Pbx.Core.Live;

namespace Pbx.Core.CallFlow;

/// <summary>
/// What can happen to the one owner of all queues and agents. It decides alone who is offered to whom, so that two callers never
/// ring the same agent.
/// </summary>
public abstract record QueueInput
{
    /// <summary>A caller joins a queue.</summary>
    public sealed record CallerJoined(Guid Call, string Queue, string CallerNumber, int Seed, int Join = 0) : QueueInput;

    /// <summary>A caller is gone (hung up, exit key, moved on), or the talk that the queue brought about has ended.</summary>
    public sealed record CallerLeft(Guid Call) : QueueInput;

    /// <summary>How an offer ended, as the call's machine reported it.</summary>
    public sealed record OfferEnded(Guid Call, string Agent, OfferOutcome Outcome) : QueueInput;

    /// <summary>How many calls of any kind an extension is in or rings for (offers of the queues not counted) has changed.</summary>
    public sealed record ExtensionCalls(string Extension, int Calls) : QueueInput;

    /// <summary>Whether an extension has a registered device has changed.</summary>
    public sealed record ExtensionRegistered(string Extension, bool Registered) : QueueInput;

    /// <summary>A new snapshot.</summary>
    public sealed record ConfigurationChanged : QueueInput;

    /// <summary>The instant asked for by <see cref="QueueAction.WakeAt"/> has come.</summary>
    public sealed record Woken : QueueInput;
}

/// <summary>What the owner of the queues asks for.</summary>
public abstract record QueueAction
{
    /// <summary>To the call: ring this agent.</summary>
    public sealed record Offer(Guid Call, string Agent, int RingSeconds, int Join = 0) : QueueAction;

    /// <summary>To the call: stop ringing this agent.</summary>
    public sealed record Withdraw(Guid Call, string Agent, int Join = 0) : QueueAction;

    /// <summary>To the call: you are out.</summary>
    public sealed record CallerOut(Guid Call, QueueLeaveReason Reason, int Join = 0) : QueueAction;

    /// <summary>To the call's record: an agent was passed over, and why.</summary>
    public sealed record Skipped(Guid Call, string Agent, AgentState Why) : QueueAction
    {
        /// <summary>As the call's record says it.</summary>
        public JourneyStep ToStep() => new(JourneyCodes.AgentSkipped, new ObjectRef(ObjectKind.Extension, Agent).ToString(), Words.Of(Why));
    }

    /// <summary>Send <see cref="QueueInput.Woken"/> at this instant (UTC), replacing an earlier wish; null: none.</summary>
    public sealed record WakeAt(DateTimeOffset? At) : QueueAction;
}
