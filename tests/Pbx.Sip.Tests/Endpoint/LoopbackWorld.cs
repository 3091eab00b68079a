using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Pbx.Sip.Diagnostics;
using Pbx.Sip.Endpoint;
using Pbx.Sip.Messages;
using Pbx.Sip.Transactions;
using Pbx.Sip.Transport;
using Pbx.Testing;

namespace Pbx.Sip.Tests.Endpoint;

/// <summary>
/// Whole stacks on a network in memory and a clock that stands still: nothing happens but what a test lets happen, so races are forced and
/// not slept for.
/// </summary>
internal sealed class LoopbackWorld : IDisposable
{
    private readonly List<SipStack> stacks = [];
    private readonly List<string> trace = [];

    public LoopbackWorld()
    {
        Network = new LoopbackNetwork(Clock) { Trace = packet => trace.Add($"{packet.Flow.Local} {packet.FirstLine}") };
    }

    public FakeClock Clock { get; } = new();

    /// <summary>Who may speak at the stacks that join next.</summary>
    public IGate Gate { get; set; } = new OpenGate();

    public ShardLimits Limits { get; set; } = new();

    public LoopbackNetwork Network { get; }

    /// <summary>Sender's address and first line of each message so far.</summary>
    public IReadOnlyList<string> Trace => trace;

    /// <summary>A stack at an address (<c>10.0.0.1</c>), with its rooms; its transport may be made to fail.</summary>
    public (SipStack Stack, LoopbackTransport Transport) Join(string address, int shards = 1, params IEndpointRoom[] rooms)
    {
        var stack = new SipStack(shards, Clock, TransactionTimes.Standard, Limits, Gate, new SipCounters(), NullLogger.Instance);
        var transport = Network.Join(new IPEndPoint(IPAddress.Parse(address), 5060));
        transport.User = stack.FrontDoor;
        stack.Build(transport, rooms);
        stacks.Add(stack);
        return (stack, transport);
    }

    /// <summary>Does all that waits, in all stacks, until nothing waits. Time stands still.</summary>
    public void Settle()
    {
        while (stacks.Sum(stack => stack.Shards.All.Sum(shard => shard.Pump())) > 0)
        {
        }
        Assert.All(stacks, stack => Assert.Equal(0, stack.Counters.UnhandledExceptions));
    }

    /// <summary>Lets time pass, from one timer to the next.</summary>
    public void Advance(TimeSpan by)
    {
        Settle();
        var end = Clock.GetTimestamp() + by.Ticks;
        while (true)
        {
            var next = Math.Min(Clock.NextDue, stacks.Min(stack => stack.Shards.All.Min(shard => shard.NextDue)));
            var step = Math.Min(end, Math.Max(next, Clock.GetTimestamp())) - Clock.GetTimestamp();
            Clock.Advance(TimeSpan.FromTicks(step));
            Settle();
            if (next > end) return;
        }
    }

    public void Dispose() => stacks.ForEach(stack => stack.Dispose());
}

/// <summary>Lets everybody in.</summary>
internal sealed class OpenGate : IGate
{
    public bool IsShut(Flow flow) => false;

    public Welcome Judge(SipRequest request, Flow flow) => Welcome.Enter;

    public SipResponse Challenge(SipRequest request, Flow flow, string toTag, bool brief) => SipResponseBuilder.For(request, 401, toTag).Build();
}
