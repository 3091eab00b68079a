using Pbx.Core.Live;

namespace Pbx.Core.CallFlow.Waiting;

/// <summary>An extension in the agent directory: the one place that knows whether it is free, for all queues together.</summary>
internal sealed class Agent(string key)
{
    public string Key => key;

    /// <summary>Its places in queues.</summary>
    public List<Member> Members { get; } = [];

    public bool Registered { get; set; }

    /// <summary>Calls of any kind that it is in or rings for, offers of queues not counted.</summary>
    public int Calls { get; set; }

    public bool DoNotDisturb { get; set; }

    /// <summary>The reservation that it rings for.</summary>
    public Offer? Offer { get; set; }

    /// <summary>The call of a queue that it talks in, and that queue.</summary>
    public (Guid Call, Line Line)? Talk { get; set; }

    public DateTimeOffset WrapUpUntil { get; set; }

    public DateTimeOffset RestUntil { get; set; }

    public DateTimeOffset IdleSince { get; set; }

    /// <summary>What it does, log-in and hours aside.</summary>
    public AgentState Activity(DateTimeOffset now) =>
        DoNotDisturb ? AgentState.DoNotDisturb
        : !Registered ? AgentState.NotRegistered
        : Offer is not null ? AgentState.Ringing
        : Talk is not null || Calls > 0 ? AgentState.Busy
        : WrapUpUntil > now ? AgentState.WrapUp
        : RestUntil > now ? AgentState.Resting
        : AgentState.Free;
}

/// <summary>A caller is offered to an agent, who is reserved for it until answered, failed, withdrawn or expired.</summary>
internal sealed class Offer(Caller caller, Agent agent, DateTimeOffset until)
{
    public Caller Caller => caller;

    public Agent Agent => agent;

    public DateTimeOffset Until => until;

    /// <summary>Withdrawn, but the call has not said yet that the agent rings no more: nobody else may ring it.</summary>
    public bool Withdrawn { get; set; }
}

/// <summary>An agent's place in a queue.</summary>
internal sealed class Member(Agent agent, Line line)
{
    public Agent Agent => agent;

    public Line Line => line;

    public int Index { get; set; }

    public int Tier { get; set; }

    /// <summary>Calls of this queue that it answered.</summary>
    public int Answered { get; set; }

    /// <summary>Logged in by hand, or never logged out.</summary>
    public bool LoggedIn { get; set; }

    /// <summary>Since when its hours keep it out; null: they do not. Callers who came before keep the agent.</summary>
    public DateTimeOffset? OutsideSince { get; set; }

    /// <summary>The state last shown, and since when.</summary>
    public (AgentState State, DateTimeOffset Since) Shown { get; set; }

    /// <summary>Can this caller count on the agent at all?</summary>
    public bool IsIn(Caller caller) => LoggedIn && (OutsideSince is not { } since || caller.Joined < since);

    /// <summary>Logged in and free, hours aside.</summary>
    public bool IsFree(DateTimeOffset now) => LoggedIn && agent.Activity(now) == AgentState.Free;

    /// <summary>The state as far as a caller is concerned; null caller: one who would join now.</summary>
    public AgentState State(Caller? caller, DateTimeOffset now) =>
        !LoggedIn ? AgentState.LoggedOut
        : OutsideSince is { } since && (caller is null || caller.Joined >= since) && agent.Offer is null && agent.Talk is null
            ? AgentState.OutsideHours
        : agent.Activity(now);
}
