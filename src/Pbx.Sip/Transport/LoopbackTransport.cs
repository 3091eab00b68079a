using System.Collections.Concurrent;
using System.Net;
using Pbx.Sip.Messages;

namespace Pbx.Sip.Transport;

/// <summary>A network in memory: stacks that join it reach each other without sockets, through whatever weather a test makes.</summary>
internal sealed class LoopbackNetwork(TimeProvider time)
{
    private readonly ConcurrentDictionary<IPEndPoint, LoopbackTransport> members = new();
    private readonly ConcurrentDictionary<long, Flow> otherEnds = new();
    private long lastConnection;
    private long sent;
    private long inFlight;

    /// <summary>What happens to a packet; by default it arrives at once.</summary>
    public Func<LoopbackPacket, Fate> Weather { get; set; } = _ => Fate.Arrives;

    /// <summary>Sees each packet that is sent, before the weather does.</summary>
    public Action<LoopbackPacket>? Trace { get; set; }

    /// <summary>Packets sent so far.</summary>
    public long Sent => Volatile.Read(ref sent);

    /// <summary>Packets under way.</summary>
    public long InFlight => Volatile.Read(ref inFlight);

    /// <summary>A new member at an address. Give it a user before somebody sends to it.</summary>
    public LoopbackTransport Join(IPEndPoint address)
    {
        var member = new LoopbackTransport(this, address);
        if (!members.TryAdd(address, member)) throw new ArgumentException("The address is taken.", nameof(address));
        return member;
    }

    /// <summary>Breaks a connection: both ends lose their flow.</summary>
    public void Break(Flow flow)
    {
        if (!otherEnds.TryRemove(flow.Connection, out var other)) return;
        otherEnds.TryRemove(other.Connection, out _);
        if (members.TryGetValue(flow.Local, out var one)) one.User?.OnFlowLost(flow);
        if (members.TryGetValue(other.Local, out var two)) two.User?.OnFlowLost(other);
    }

    internal Flow? Connect(SipTransport transport, IPEndPoint from, IPEndPoint to)
    {
        foreach (var open in otherEnds.Values)
            if (open.Transport == transport && open.Local.Equals(to) && open.Remote.Equals(from) && otherEnds.TryGetValue(open.Connection, out var mine))
                return mine;
        if (!members.ContainsKey(to)) return new Flow(transport, to, from, Interlocked.Increment(ref lastConnection));
        var here = new Flow(transport, to, from, Interlocked.Increment(ref lastConnection));
        var there = new Flow(transport, from, to, Interlocked.Increment(ref lastConnection));
        otherEnds[here.Connection] = there;
        otherEnds[there.Connection] = here;
        return here;
    }

    internal bool Carry(Flow flow, ReadOnlyMemory<byte> message)
    {
        var arrival = flow;
        if (flow.Connection == 0) arrival = new Flow(flow.Transport, flow.Local, flow.Remote);
        else if (!otherEnds.TryGetValue(flow.Connection, out arrival!)) return false;
        Interlocked.Increment(ref sent);
        var packet = new LoopbackPacket(flow, message);
        Trace?.Invoke(packet);
        var fate = Weather(packet);
        // A connection neither loses, doubles nor reorders; it breaks.
        if (flow.IsReliable) Deliver(arrival, message, TimeSpan.Zero);
        else
            for (var copies = fate.Copies; copies > 0; copies--) Deliver(arrival, message, fate.Delay);
        return true;
    }

    private void Deliver(Flow arrival, ReadOnlyMemory<byte> message, TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
        {
            Arrive(arrival, message);
            return;
        }
        Interlocked.Increment(ref inFlight);
        ITimer? timer = null;
        timer = time.CreateTimer(_ =>
        {
            Interlocked.Decrement(ref inFlight);
            timer?.Dispose();
            Arrive(arrival, message);
        }, null, delay, Timeout.InfiniteTimeSpan);
    }

    private void Arrive(Flow arrival, ReadOnlyMemory<byte> message)
    {
        if (!members.TryGetValue(arrival.Local, out var member)) return;
        var result = SipValidator.ParseAndJudge(message.Span);
        if (result.Message is { } parsed) parsed.Source = arrival.Remote;
        member.User?.OnReceived(result, arrival);
    }
}

/// <summary>One message under way.</summary>
internal sealed record LoopbackPacket(Flow Flow, ReadOnlyMemory<byte> Message)
{
    /// <summary>Its first line, such as <c>INVITE sip:...</c> or <c>SIP/2.0 180 Ringing</c>.</summary>
    public string FirstLine => Text[..Math.Max(0, Text.IndexOf('\r', StringComparison.Ordinal))];

    /// <summary>All of it.</summary>
    public string Text => System.Text.Encoding.UTF8.GetString(Message.Span);
}

/// <summary>What happens to a packet: how many copies arrive, and how late. Different delays reorder.</summary>
internal readonly record struct Fate(int Copies, TimeSpan Delay = default)
{
    public static Fate Arrives => new(1);

    public static Fate Lost => new(0);

    public static Fate Doubled => new(2);

    public static Fate Late(TimeSpan delay) => new(1, delay);
}

/// <summary>A member's back door to the network in memory.</summary>
internal sealed class LoopbackTransport(LoopbackNetwork network, IPEndPoint address) : ISipSender
{
    /// <summary>Who hears what comes.</summary>
    public ITransportUser? User { get; set; }

    /// <summary>Where it is.</summary>
    public IPEndPoint Address => address;

    /// <summary>True: everything it sends fails.</summary>
    public bool Fails { get; set; }

    /// <inheritdoc/>
    public bool Send(Flow flow, ReadOnlyMemory<byte> message) => !Fails && network.Carry(flow, message);

    /// <inheritdoc/>
    public Flow? FlowTo(SipTransport transport, IPEndPoint remote) =>
        transport == SipTransport.Udp ? new Flow(transport, remote, address) : network.Connect(transport, address, remote);

    /// <inheritdoc/>
    public PublicAddress AddressFor(Flow flow) => new(address.Address.ToString(), address.Port, flow.Transport.ToString().ToUpperInvariant());

    /// <inheritdoc/>
    public Flow FlowForResponse(SipRequest request, Flow receivedOn) => receivedOn.Transport != SipTransport.Udp
        ? receivedOn
        : new Flow(SipTransport.Udp, ResponseRoute.AddressFor(request, receivedOn.Remote), receivedOn.Local);
}
