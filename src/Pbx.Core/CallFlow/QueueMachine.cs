using Pbx.Core.CallFlow.Waiting;
using Pbx.Core.Common;
using Pbx.Core.Live;
using Pbx.Core.Snapshot;

namespace Pbx.Core.CallFlow;

/// <summary>
/// The one owner of all queues and of the agent directory. One instance serves the whole system and is spoken to by one thread at a time.
/// It reads no clock: the same inputs at the same instants give the same actions. It times the ringing of agents itself: an offer
/// that is not reported within its seconds is withdrawn. For a queue that rings all, one caller gets several offers; the first
/// <see cref="OfferOutcome.Answered"/> wins and the others are withdrawn.
/// </summary>
public sealed partial class QueueMachine
{
    // An agent whose phone refuses at once would else be offered again at network speed when the retry time is 0.
    private static readonly TimeSpan ShortestRest = TimeSpan.FromSeconds(1);

    // How long an agent whose offer was withdrawn is kept for the call's word that it rings no more.
    private static readonly TimeSpan WithdrawalTakes = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, Agent> agents = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Line> lines = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, Caller> callers = [];
    private readonly Dictionary<Guid, Agent> talks = [];
    private readonly Dictionary<Guid, List<Offer>> withdrawals = [];
    private readonly WakeList wakes = new();
    private readonly HashSet<Line> touched = [];
    private List<QueueAction> actions = [];
    private PbxSnapshot snapshot = PbxSnapshot.Empty;
    private DateTimeOffset? wakeAsked;
    private DateTimeOffset now;
    private TimeSpan wallAhead;
    private long callerNumber;

    /// <summary>Takes an input and tells what to do about it, in order.</summary>
    /// <param name="input">What happened.</param>
    /// <param name="snapshot">The configuration now.</param>
    /// <param name="now">Now, by a clock that is never set: waiting, ringing and resting last by it, and wishes to be woken are in it.</param>
    /// <param name="wallAhead">How far the wall clock is ahead of it, the same until it is set: hours are looked up at <paramref name="now"/> and this.</param>
    public IReadOnlyList<QueueAction> Handle(QueueInput input, PbxSnapshot snapshot, DateTimeOffset now, TimeSpan wallAhead = default)
    {
        this.now = now;
        var wallWasSet = wallAhead != this.wallAhead;
        this.wallAhead = wallAhead;
        actions = [];
        touched.Clear();
        // A timer may fire a moment early: the wish is said again.
        if (input is QueueInput.Woken) wakeAsked = null;
        if (!ReferenceEquals(snapshot, this.snapshot)) Refresh(snapshot);
        if (wallWasSet) RefreshHours();
        // What a call has reported happened before what falls due while the report was on its way.
        if (input is QueueInput.OfferEnded or QueueInput.CallerLeft)
        {
            Take(input);
            wakes.Run(now);
        }
        else
        {
            wakes.Run(now);
            Take(input);
        }
        Match();
        AskToWake();
        return actions;
    }

    /// <summary>All queues as they are now, by key. Built when asked for: not for every event.</summary>
    public ValueList<LiveQueue> Live() => lines.Values.Select(line => new LiveQueue(
        line.Queue.Key,
        line.Idle.Concat(line.Ringing).OrderBy(c => c.Number)
            .Select(c => new LiveWaitingCaller(c.Call, c.CallerNumber, c.Joined + wallAhead, c.Offers.Count > 0 ? c.Offers[0].Agent.Key : null)).ToValueList(),
        line.Members.Select(m => new LiveAgent(m.Agent.Key, m.Shown.State, Shown(m.Shown.Since), m.Answered)).ToValueList())).ToValueList();

    // Since the beginning of time, for one who was never seen to do anything.
    private DateTimeOffset Shown(DateTimeOffset at) => at == default ? at : at + wallAhead;

    private void Take(QueueInput input)
    {
        switch (input)
        {
            case QueueInput.CallerJoined joined:
                Join(joined);
                break;
            case QueueInput.CallerLeft left:
                Left(left.Call);
                break;
            case QueueInput.OfferEnded { Outcome: OfferOutcome.Answered } answered:
                Answered(answered.Call, AgentOf(answered.Agent));
                break;
            case QueueInput.OfferEnded ended:
                if (AgentOf(ended.Agent).Offer is { } offer && offer.Caller.Call == ended.Call) Refused(offer, ended.Outcome);
                break;
            case QueueInput.ExtensionCalls calls:
                var agent = AgentOf(calls.Extension);
                if (agent.Calls > 0 && calls.Calls == 0) agent.IdleSince = now;
                agent.Calls = calls.Calls;
                Touch(agent);
                break;
            case QueueInput.ExtensionRegistered registered:
                AgentOf(registered.Extension).Registered = registered.Registered;
                Touch(AgentOf(registered.Extension));
                break;
        }
    }

    private void Join(QueueInput.CallerJoined joined)
    {
        if (callers.ContainsKey(joined.Call)) Left(joined.Call);
        var line = lines.GetValueOrDefault(joined.Queue);
        var refusal = line is null ? QueueLeaveReason.Removed
            : line.Queue.MaxCallers > 0 && line.Waiting >= line.Queue.MaxCallers ? QueueLeaveReason.Full
            : !line.Queue.WaitWithoutAgents && !line.Members.Any(m => m is { LoggedIn: true, OutsideSince: null }) ? QueueLeaveReason.NoAgents
            : (QueueLeaveReason?)null;
        if (refusal is { } reason)
        {
            if (line is not null) TellAll(joined.Call, line);
            actions.Add(new QueueAction.CallerOut(joined.Call, reason, joined.Join));
            return;
        }
        var caller = new Caller
        {
            Call = joined.Call,
            Line = line!,
            Number = callerNumber++,
            Joined = now,
            CallerNumber = joined.CallerNumber,
            Seed = joined.Seed,
            Join = joined.Join,
        };
        callers.Add(caller.Call, caller);
        line!.Idle.Add(caller);
        touched.Add(line);
        WatchLongestWait(caller);
    }

    /// <summary>The record of a caller who could not even wait says why nobody was there.</summary>
    private void TellAll(Guid call, Line line)
    {
        foreach (var member in line.Members.Take(Caller.MaxTold))
        {
            var state = member.State(null, now);
            if (state != AgentState.Free) actions.Add(new QueueAction.Skipped(call, member.Agent.Key, state));
        }
    }

    private void WatchLongestWait(Caller caller)
    {
        wakes.At(caller.Joined.AddSeconds(caller.Line.Queue.MaxWaitSeconds), at =>
        {
            if (!callers.TryGetValue(caller.Call, out var still) || still != caller) return;
            if (at < caller.Joined.AddSeconds(caller.Line.Queue.MaxWaitSeconds)) WatchLongestWait(caller);
            else PutOut(caller, QueueLeaveReason.MaxWait);
        });
    }

    private void Left(Guid call)
    {
        if (callers.TryGetValue(call, out var caller)) Forget(caller, withdraw: false);
        if (withdrawals.TryGetValue(call, out var pending))
        {
            foreach (var offer in pending.ToArray()) Free(offer);
        }
        if (!talks.Remove(call, out var agent) || agent.Talk is not { } talk || talk.Call != call) return;
        agent.Talk = null;
        agent.IdleSince = now;
        agent.WrapUpUntil = now.AddSeconds(talk.Line.Queue.WrapUpSeconds);
        TouchAt(agent, agent.WrapUpUntil);
        Touch(agent);
    }

    private void Answered(Guid call, Agent agent)
    {
        var line = agent.Offer is { } own && own.Caller.Call == call ? own.Caller.Line : callers.GetValueOrDefault(call)?.Line;
        if (agent.Offer is { } offer) Release(offer, withdraw: offer.Caller.Call != call);
        if (callers.TryGetValue(call, out var caller))
        {
            // The call has stopped the others' phones before it reported.
            foreach (var loser in caller.Offers.ToArray())
            {
                actions.Add(new QueueAction.Withdraw(call, loser.Agent.Key, caller.Join));
                Release(loser, withdraw: false);
            }
            Forget(caller, withdraw: false);
        }
        line ??= agent.Members.Count > 0 ? agent.Members[0].Line : null;
        if (line is not null)
        {
            agent.Talk = (call, line);
            talks[call] = agent;
            if (line.Members.Find(m => m.Agent == agent) is { } member) member.Answered++;
        }
        Touch(agent);
    }

    private void Refused(Offer offer, OfferOutcome outcome)
    {
        var rests = !offer.Withdrawn;
        Release(offer, withdraw: false);
        if (rests) Rest(offer.Agent, offer.Caller.Line, outcome);
    }

    private void Rest(Agent agent, Line line, OfferOutcome outcome)
    {
        var rest = TimeSpan.FromSeconds(line.Queue.RetrySeconds);
        if (outcome != OfferOutcome.NoAnswer && rest < ShortestRest) rest = ShortestRest;
        agent.RestUntil = now + rest;
        TouchAt(agent, agent.RestUntil);
        Touch(agent);
    }

    private void PutOut(Caller caller, QueueLeaveReason reason)
    {
        Forget(caller, withdraw: true);
        actions.Add(new QueueAction.CallerOut(caller.Call, reason, caller.Join));
    }

    /// <summary>Takes a caller out of its line and releases whoever rings for it.</summary>
    private void Forget(Caller caller, bool withdraw)
    {
        foreach (var offer in caller.Offers.ToArray()) Release(offer, withdraw);
        callers.Remove(caller.Call);
        caller.Line.Idle.Remove(caller);
        caller.Line.Ringing.Remove(caller);
    }

    /// <summary>
    /// Ends an offer; the caller waits on. An agent who may still ring stays reserved until the call says that it does not.
    /// </summary>
    private void Release(Offer offer, bool withdraw)
    {
        var caller = offer.Caller;
        caller.Offers.Remove(offer);
        if (caller.Offers.Count == 0 && caller.Line.Ringing.Remove(caller)) caller.Line.Idle.Add(caller);
        touched.Add(caller.Line);
        if (!withdraw || offer.Withdrawn)
        {
            if (!withdraw) Free(offer);
            return;
        }
        offer.Withdrawn = true;
        actions.Add(new QueueAction.Withdraw(caller.Call, offer.Agent.Key, caller.Join));
        if (!withdrawals.TryGetValue(caller.Call, out var pending)) withdrawals.Add(caller.Call, pending = []);
        pending.Add(offer);
        wakes.At(now + WithdrawalTakes, _ => Free(offer));
    }

    private void Free(Offer offer)
    {
        if (offer.Withdrawn && withdrawals.TryGetValue(offer.Caller.Call, out var pending) && pending.Remove(offer) && pending.Count == 0)
            withdrawals.Remove(offer.Caller.Call);
        if (offer.Agent.Offer != offer) return;
        offer.Agent.Offer = null;
        Touch(offer.Agent);
    }

    private Agent AgentOf(string extension)
    {
        if (!agents.TryGetValue(extension, out var agent)) agents.Add(extension, agent = new Agent(extension));
        return agent;
    }

    /// <summary>Something about an agent changed: its queues may have somebody for it.</summary>
    private void Touch(Agent agent)
    {
        foreach (var member in agent.Members)
        {
            touched.Add(member.Line);
            Show(member);
        }
    }

    private void Show(Member member)
    {
        var state = member.State(null, now);
        if (state != member.Shown.State) member.Shown = (state, now);
        if (member.IsFree(now)) member.Line.Free.Add(member);
        else member.Line.Free.Remove(member);
    }

    private void TouchAt(Agent agent, DateTimeOffset at)
    {
        if (at > now) wakes.At(at, _ => Touch(agent));
    }

    private void AskToWake()
    {
        if (wakes.Next == wakeAsked) return;
        wakeAsked = wakes.Next;
        actions.Add(new QueueAction.WakeAt(wakeAsked));
    }
}
