using BenchmarkDotNet.Attributes;
using Pbx.Core.CallFlow;
using Pbx.Core.Extensions;
using Pbx.Core.Queues;
using Pbx.Core.Sites;
using Pbx.Core.Snapshot;

namespace Pbx.Benchmarks;

/// <summary>
/// One queue with 500 agents who talk and 1,000 callers who wait. A talk ends, its agent is offered the oldest caller and answers, and another
/// caller joins: three decisions, of which one is measured on average.
/// </summary>
[MemoryDiagnoser]
public class QueueBenchmarks
{
    private const int Callers = 1_000, Agents = 500, Decisions = 3;

    // Every agent talks for a minute, so every caller waits for two.
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(60.0 / Agents);

    private readonly Queue<Guid> talks = new();
    private QueueMachine machine = new();
    private PbxSnapshot snapshot = PbxSnapshot.Empty;
    private DateTimeOffset now = new(2026, 11, 23, 16, 0, 0, TimeSpan.Zero);
    private int seed;

    /// <summary>In which order agents are offered a caller.</summary>
    [Params(RingStrategy.InOrder, RingStrategy.LongestIdle)]
    public RingStrategy Strategy { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        machine = new QueueMachine();
        talks.Clear();
        snapshot = PbxSnapshot.Empty.With(new Site { Key = "main", Name = "Main" });
        for (var i = 0; i < Agents; i++)
            snapshot = snapshot.With(new Extension { Key = $"e{i}", Name = $"Agent {i}", Number = $"{5000 + i}", Site = "main" });
        snapshot = snapshot.With(new Queue
        {
            Key = "q", Name = "Queue", Number = "800", Site = "main", Strategy = Strategy, MaxWaitSeconds = 600, Agents = [.. Enumerable.Range(0, Agents).Select(i => new QueueAgent($"e{i}"))],
        });
        for (var i = 0; i < Agents; i++) Do(new QueueInput.ExtensionRegistered($"e{i}", true));
        for (var i = 0; i < Agents + Callers; i++) Answer(Join());
        if (talks.Count != Agents || machine.Live()[0].Waiting.Count != Callers) throw new InvalidOperationException("The queue is not as it should be.");
    }

    [Benchmark(OperationsPerInvoke = Decisions)]
    public void Decide()
    {
        now += Step;
        Answer(Do(new QueueInput.CallerLeft(talks.Dequeue())));
        Join();
    }

    private IReadOnlyList<QueueAction> Join() => Do(new QueueInput.CallerJoined(Guid.CreateVersion7(now), "q", "+33199000100", ++seed));

    private void Answer(IReadOnlyList<QueueAction> actions)
    {
        foreach (var offer in actions.OfType<QueueAction.Offer>().ToArray())
        {
            Do(new QueueInput.OfferEnded(offer.Call, offer.Agent, OfferOutcome.Answered));
            talks.Enqueue(offer.Call);
        }
    }

    private IReadOnlyList<QueueAction> Do(QueueInput input) => machine.Handle(input, snapshot, now);
}
