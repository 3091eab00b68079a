using Pbx.Core.CallFlow;
using Pbx.Core.Extensions;
using Pbx.Core.Queues;
using Pbx.Core.Sites;
using Pbx.Core.Snapshot;

namespace Pbx.Core.Tests.CallFlow;

/// <summary>The machine with a clock of its own; confirms withdrawals as calls do.</summary>
internal sealed class QueueOwner
{
    /// <summary>A Monday, 17:00 in Paris.</summary>
    public static readonly DateTimeOffset Start = new(2026, 11, 23, 16, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<Guid, HashSet<string>> offered = [];
    private DateTimeOffset? wake;
    private int calls;

    public QueueOwner(PbxSnapshot snapshot, bool register = true)
    {
        Snapshot = snapshot;
        Do(new QueueInput.ConfigurationChanged());
        if (!register) return;
        foreach (var key in snapshot.Extensions.Keys.Order(StringComparer.Ordinal)) Do(new QueueInput.ExtensionRegistered(key, true));
    }

    public QueueMachine Machine { get; } = new();

    public PbxSnapshot Snapshot { get; private set; }

    public DateTimeOffset Now { get; private set; } = Start;

    public bool Confirms { get; init; } = true;

    public List<QueueAction> Log { get; } = [];

    public Dictionary<Guid, QueueLeaveReason> Outs { get; } = [];

    public IEnumerable<string> Offered(Guid call) => offered.GetValueOrDefault(call, []).Order(StringComparer.Ordinal);

    public Guid Join(string queue, int seed = 0)
    {
        var call = new Guid(++calls, 0, 0, new byte[8]);
        Do(new QueueInput.CallerJoined(call, queue, "", seed, 1));
        return call;
    }

    public void Publish(PbxSnapshot snapshot)
    {
        Snapshot = snapshot;
        Do(new QueueInput.ConfigurationChanged());
    }

    public void Wait(double seconds)
    {
        var until = Now.AddMilliseconds(Math.Round(seconds * 1000));
        while (wake is { } at && at <= until)
        {
            Now = at;
            wake = null;
            Do(new QueueInput.Woken());
        }
        Now = until;
    }

    /// <summary>Site <c>paris</c> (9 to 18, break 12 to 13) with agents <c>e0</c> and on in queue <c>q</c>.</summary>
    public static PbxSnapshot Company(int agents, Func<Queue, Queue>? with = null, bool follows = false)
    {
        var queue = new Queue { Key = "q", Name = "Q", Site = "paris", Agents = [.. Enumerable.Range(0, agents).Select(i => new QueueAgent($"e{i}"))] };
        DayOfWeek[] days = [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday];
        var snapshot = PbxSnapshot.Empty
            .With(new Site
            {
                Key = "paris", Name = "Paris",
                OfficeHours = [.. days.SelectMany(d => new OfficeInterval[] { new(d, new(9, 0), new(18, 0)), new(d, new(12, 0), new(13, 0), IntervalKind.Break) })],
            });
        for (var i = 0; i < agents; i++)
            snapshot = snapshot.With(new Extension { Key = $"e{i}", Name = $"E{i}", Number = $"{1000 + i}", Site = "paris", FollowsOfficeHours = follows });
        return snapshot.With(with?.Invoke(queue) ?? queue);
    }

    public void Do(QueueInput input)
    {
        if (input is QueueInput.OfferEnded { Outcome: not OfferOutcome.Answered } ended && offered.TryGetValue(ended.Call, out var mine)) mine.Remove(ended.Agent);
        if (input is QueueInput.CallerLeft left) offered.Remove(left.Call);
        foreach (var action in Machine.Handle(input, Snapshot, Now))
        {
            Log.Add(action);
            switch (action)
            {
                case QueueAction.Offer offer:
                    if (!offered.TryGetValue(offer.Call, out var agents)) offered.Add(offer.Call, agents = []);
                    Assert.True(agents.Add(offer.Agent));
                    break;
                case QueueAction.Withdraw withdraw:
                    offered[withdraw.Call].Remove(withdraw.Agent);
                    if (Confirms) Do(new QueueInput.OfferEnded(withdraw.Call, withdraw.Agent, OfferOutcome.NoAnswer));
                    break;
                case QueueAction.CallerOut gone:
                    Outs[gone.Call] = gone.Reason;
                    break;
                case QueueAction.WakeAt wanted:
                    wake = wanted.At;
                    break;
            }
        }
    }
}
