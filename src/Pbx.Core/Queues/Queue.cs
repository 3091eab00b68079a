using Pbx.Core.Common;

namespace Pbx.Core.Queues;

/// <summary>Callers waiting for agents.</summary>
public sealed record Queue : ITargetObject
{
    /// <inheritdoc/>
    public required string Key { get; init; }

    /// <inheritdoc/>
    public long Version { get; init; }

    /// <inheritdoc/>
    public ObjectKind Kind => ObjectKind.Queue;

    /// <inheritdoc/>
    public required string Name { get; init; }

    /// <inheritdoc/>
    public string? Number { get; init; }

    /// <inheritdoc/>
    public required string Site { get; init; }

    /// <summary>In which order agents are offered a caller.</summary>
    public RingStrategy Strategy { get; init; }

    /// <summary>The agents, in order.</summary>
    public ValueList<QueueAgent> Agents { get; init; } = [];

    /// <summary>How long one agent rings. 5 to 300 s.</summary>
    public int RingSeconds { get; init; } = 20;

    /// <summary>Longest wait from entering, the intro included. 5 to 86400 s.</summary>
    public int MaxWaitSeconds { get; init; } = 120;

    /// <summary>How long an agent who did not answer or rejected is left alone. 0 to 600 s.</summary>
    public int RetrySeconds { get; init; } = 5;

    /// <summary>Time an agent has after a call before the next. 0 to 3600 s.</summary>
    public int WrapUpSeconds { get; init; }

    /// <summary>Across queues: higher goes first, then the oldest caller.</summary>
    public int Priority { get; init; }

    /// <summary>Most callers waiting; 0: no limit. One more goes to <see cref="OnNoAnswer"/>.</summary>
    public int MaxCallers { get; init; }

    /// <summary>Callers wait even when no agent is logged in.</summary>
    public bool WaitWithoutAgents { get; init; }

    /// <summary>Key of the prompt heard once on entering; null: none.</summary>
    public string? IntroPrompt { get; init; }

    /// <summary>Key of the waiting message; null: none.</summary>
    public string? WaitingPrompt { get; init; }

    /// <summary>Interval of the waiting message. 5 to 600 s.</summary>
    public int WaitingEverySeconds { get; init; } = 30;

    /// <summary>Key of the music; null: the system's.</summary>
    public string? Music { get; init; }

    /// <summary>Key (0-9, *, #) by which the caller leaves the queue for <see cref="OnExit"/>; null: none.</summary>
    public string? ExitKey { get; init; }

    /// <summary>Where the exit key leads; null: <see cref="OnNoAnswer"/>.</summary>
    public Destination? OnExit { get; init; }

    /// <summary>Where the call goes after the longest wait or with no agent logged in.</summary>
    public Destination OnNoAnswer { get; init; } = Destination.HangUp;

    /// <summary>Where calls go when its site is not open.</summary>
    public TimeRoutes TimeRoutes { get; init; } = new();

    /// <inheritdoc/>
    public Destination AsDestination => new(DestinationKind.Queue, Key);
}

/// <summary>An extension as agent of a queue. Tier counts for <see cref="RingStrategy.ByTier"/>: 1 before 2.</summary>
public sealed record QueueAgent(string Extension, int Tier = 1);

/// <summary>In which order a queue offers callers to agents.</summary>
public enum RingStrategy
{
    /// <summary>One by one in the order of the list.</summary>
    InOrder,
    /// <summary>One by one from a random start.</summary>
    RandomStart,
    /// <summary>All at once.</summary>
    RingAll,
    /// <summary>After the last one offered, for ever round.</summary>
    RoundRobin,
    /// <summary>Who has been idle longest.</summary>
    LongestIdle,
    /// <summary>Who has answered fewest.</summary>
    FewestAnswered,
    /// <summary>Tier by tier; in order within one.</summary>
    ByTier,
}

/// <summary>An agent's log-in or log-out by hand; kept over restarts.</summary>
public sealed record AgentLogin : IConfigObject
{
    /// <summary>The key of the extension; with a queue's key behind a slash when it is for that queue only.</summary>
    public required string Key { get; init; }

    /// <inheritdoc/>
    public long Version { get; init; }

    /// <inheritdoc/>
    public ObjectKind Kind => ObjectKind.AgentLogin;

    /// <summary>The key of the extension.</summary>
    public required string Extension { get; init; }

    /// <summary>The key of the one queue, or null for all of them.</summary>
    public string? Queue { get; init; }

    /// <summary>Logged in or out.</summary>
    public bool LoggedIn { get; init; } = true;

    /// <summary>When (UTC): a log-in outside hours lasts until the next change of the hours.</summary>
    public DateTimeOffset ChangedAt { get; init; }
}
