using Pbx.Core.CallFlow.Strategies;
using Pbx.Core.Queues;

namespace Pbx.Core.CallFlow.Waiting;

/// <summary>A queue with its agents and those who wait in it.</summary>
internal sealed class Line(Queue queue)
{
    public Queue Queue { get; set; } = queue;

    public IRingOrder Order { get; set; } = RingOrders.Of(queue.Strategy);

    /// <summary>Its agents in the order of the list.</summary>
    public List<Member> Members { get; set; } = [];

    /// <summary>Those of them who are logged in and free, hours aside: all that a decision looks through.</summary>
    public SortedSet<Member> Free { get; } = new(Comparer<Member>.Create((a, b) => a.Index.CompareTo(b.Index)));

    /// <summary>Callers who are offered to nobody just now, oldest first.</summary>
    public SortedSet<Caller> Idle { get; } = new(Caller.ByAge);

    /// <summary>Callers for whom somebody rings, oldest first.</summary>
    public SortedSet<Caller> Ringing { get; } = new(Caller.ByAge);

    /// <summary>The agent offered last.</summary>
    public Member? LastOffered { get; set; }

    public int Waiting => Idle.Count + Ringing.Count;
}

/// <summary>Someone who waits.</summary>
internal sealed class Caller
{
    public static IComparer<Caller> ByAge { get; } = Comparer<Caller>.Create((a, b) => a.Number.CompareTo(b.Number));

    public required Guid Call { get; init; }

    public required Line Line { get; init; }

    /// <summary>Counts all callers of all queues in the order in which they came.</summary>
    public required long Number { get; init; }

    public required DateTimeOffset Joined { get; init; }

    public required string CallerNumber { get; init; }

    public required int Seed { get; init; }

    public required int Join { get; init; }

    /// <summary>Agents offered in this pass of the order.</summary>
    public HashSet<Agent> Tried { get; } = [];

    /// <summary>How often the order has started again.</summary>
    public int Pass { get; set; }

    /// <summary>Who rings for it.</summary>
    public List<Offer> Offers { get; } = [];

    /// <summary>Most agents whose passing over one caller's record tells.</summary>
    public const int MaxTold = 50;

    /// <summary>Why agents were passed over, as last told.</summary>
    public Dictionary<Agent, Live.AgentState> Told { get; } = [];

    /// <summary>It was told why nobody at all could be offered.</summary>
    public bool ToldAll { get; set; }
}
