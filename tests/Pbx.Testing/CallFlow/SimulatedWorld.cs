using System.Collections.Immutable;
using Pbx.Core.CallFlow;
using Pbx.Core.Snapshot;
using Pbx.Core.Voicemail;

namespace Pbx.Testing.CallFlow;

/// <summary>A rule of the product was broken in a simulated world.</summary>
public sealed class BrokenRuleException(string message) : Exception(message);

/// <summary>
/// The call machine and the queue machine together in imagined time, with phones and callers that act by chance. It checks as it goes:
/// every call ends once, waits for something at each moment, and no agent is rung by two offers at once.
/// </summary>
public sealed class SimulatedWorld
{
    private const int MaxEvents = 200_000;

    private readonly PriorityQueue<Action, (DateTimeOffset At, long Number)> events = new();
    private readonly QueueMachine queues = new();
    private readonly List<(QueueInput Input, PbxSnapshot Snapshot, DateTimeOffset At, IReadOnlyList<QueueAction> Actions)> queueLog = [];
    private readonly Dictionary<string, int> phones = [];
    private readonly Dictionary<string, Guid> offered = [];
    private long number;
    private long wakeNumber;

    public SimulatedWorld(PbxSnapshot snapshot, int seed, DateTimeOffset start)
    {
        (Snapshot, Random, Now) = (snapshot, new Random(seed), start);
        foreach (var extension in snapshot.Extensions.Keys.Order(StringComparer.Ordinal)) Register(extension, Random.Next(6) > 0);
    }

    public PbxSnapshot Snapshot { get; private set; }

    public DateTimeOffset Now { get; private set; }

    public Random Random { get; }

    public List<SimulatedCall> Calls { get; } = [];

    public HashSet<string> Registered { get; } = [];

    public ImmutableDictionary<string, MailboxCount> MailboxCounts { get; set; } = ImmutableDictionary<string, MailboxCount>.Empty;

    /// <summary>Does something later in imagined time.</summary>
    public void After(double seconds, Action action) => events.Enqueue(action, (Now.AddSeconds(seconds), number++));

    /// <summary>A call comes in now.</summary>
    public SimulatedCall Call(CallOrigin origin, string called, string caller)
    {
        var id = new Guid(Calls.Count + 1, 0, 0, new byte[8]);
        var call = new SimulatedCall(this, id);
        Calls.Add(call);
        if (origin is CallOrigin.FromExtension own) InCall(own.Extension, 1);
        call.Input(new CallInput.Arrived(id, origin, called, caller, "", Random.Next()));
        return call;
    }

    /// <summary>A new snapshot is published: the queues hear of it, and every call.</summary>
    public void Publish(PbxSnapshot snapshot)
    {
        Snapshot = snapshot with { Revision = Snapshot.Revision + 1 };
        ToQueues(new QueueInput.ConfigurationChanged());
        foreach (var call in Calls) call.Post(new CallInput.ConfigurationChanged());
    }

    public void Register(string extension, bool registered)
    {
        if (registered) Registered.Add(extension);
        else Registered.Remove(extension);
        ToQueues(new QueueInput.ExtensionRegistered(extension, registered));
    }

    /// <summary>An extension is in one call more or less.</summary>
    public void InCall(string extension, int difference)
    {
        phones[extension] = phones.GetValueOrDefault(extension) + difference;
        ToQueues(new QueueInput.ExtensionCalls(extension, phones[extension]));
    }

    public bool IsInCall(string extension) => phones.GetValueOrDefault(extension) > 0;

    /// <summary>Runs until nothing is left to happen, then checks that all calls are over and that a replay decides alike.</summary>
    public void Run()
    {
        for (var count = 0; events.TryDequeue(out var action, out var due); count++)
        {
            if (count > MaxEvents) throw new BrokenRuleException("the world does not come to rest");
            Now = due.At;
            action();
        }
        foreach (var call in Calls) call.CheckEnd();
        if (offered.Count > 0) throw new BrokenRuleException($"an offer is left: {offered.First()}");
        Replay();
    }

    public void ToQueues(QueueInput input)
    {
        if (input is QueueInput.OfferEnded ended && offered.TryGetValue(ended.Agent, out var call) && call == ended.Call) offered.Remove(ended.Agent);
        if (input is QueueInput.CallerLeft left)
        {
            foreach (var agent in offered.Where(o => o.Value == left.Call).Select(o => o.Key).ToArray()) offered.Remove(agent);
        }
        var actions = queues.Handle(input, Snapshot, Now);
        queueLog.Add((input, Snapshot, Now, actions));
        foreach (var action in actions) Perform(action);
    }

    private void Perform(QueueAction action)
    {
        switch (action)
        {
            case QueueAction.Offer offer:
                if (!offered.TryAdd(offer.Agent, offer.Call)) throw new BrokenRuleException($"{offer.Agent} is offered two calls at once");
                Find(offer.Call).Post(new CallInput.QueueOffer(offer.Agent, offer.RingSeconds, offer.Join));
                break;
            case QueueAction.Withdraw withdraw:
                Find(withdraw.Call).Post(new CallInput.QueueOfferWithdrawn(withdraw.Agent, withdraw.Join));
                // What the call has ended by itself, by its answer, is not reported again.
                if (Find(withdraw.Call).State.AnsweredBy is not null) offered.Remove(withdraw.Agent);
                break;
            case QueueAction.CallerOut gone:
                Find(gone.Call).Post(new CallInput.QueueLeft(gone.Reason, gone.Join));
                break;
            case QueueAction.WakeAt wake:
                var mine = ++wakeNumber;
                if (wake.At is { } at && Calls.Exists(c => !c.State.Ended))
                    After(Math.Max(0, (at - Now).TotalSeconds), () => { if (mine == wakeNumber) ToQueues(new QueueInput.Woken()); });
                break;
        }
    }

    private SimulatedCall Find(Guid id) => Calls.Find(c => c.Id == id)!;

    private void Replay()
    {
        foreach (var call in Calls) call.Replay();
        var again = new QueueMachine();
        foreach (var (input, snapshot, at, actions) in queueLog)
        {
            if (!again.Handle(input, snapshot, at).SequenceEqual(actions)) throw new BrokenRuleException($"the queues decide differently in a replay at {input}");
        }
    }
}
