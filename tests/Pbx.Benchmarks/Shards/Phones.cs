using System.Net;
using Pbx.Sip.Endpoint;
using Pbx.Sip.Messages;
using Pbx.Sip.Transport;

namespace Pbx.Benchmarks.Shards;

/// <summary>What phones did so far.</summary>
/// <param name="Done">Operations that came to their end.</param>
/// <param name="Failed">Operations that did not.</param>
/// <param name="Seconds">Time that they took for reading answers and writing requests.</param>
internal readonly record struct PhoneCounts(long Done, long Failed, double Seconds);

/// <summary>
/// All phones, and the network between them and the server, in its memory. They have no threads: an answer is read, and the next request written and
/// handed to the front door, by the shard that sent the answer. So nothing competes with the shards, each of them always has something to do, and what
/// is read of a request costs them what it costs the threads that read sockets.
/// </summary>
internal sealed class Phones : ISipSender
{
    public const int FirstPort = 10000;
    private static readonly IPEndPoint Server = new(IPAddress.Loopback, 5060);

    private readonly Line[] lines;
    private readonly FrontDoor door;
    private volatile bool ended;

    public Phones(LoadKind kind, int count, FrontDoor door)
    {
        this.door = door;
        lines = [.. Enumerable.Range(0, count).Select(i => kind == LoadKind.Calls
            ? (Line)new CallLine(this, i, new Flow(SipTransport.Udp, new IPEndPoint(House.Provider, FirstPort + i), Server))
            : new RegisterLine(this, i, new Flow(SipTransport.Udp, new IPEndPoint(IPAddress.Loopback, FirstPort + i), Server)))];
    }

    /// <summary>True once no further operation is to begin.</summary>
    public bool Ended => ended;

    public PhoneCounts Counts => new(lines.Sum(line => line.Done), lines.Sum(line => line.Failed),
        lines.Sum(line => line.Ticks) / (double)TimeProvider.System.TimestampFrequency);

    /// <summary>Every phone begins its first operation; from then on each goes on by itself.</summary>
    public void Begin()
    {
        foreach (var line in lines) line.Begin();
    }

    /// <summary>What has begun comes to its end; tells of what went wrong.</summary>
    public void End()
    {
        ended = true;
        for (var i = 0; lines.Any(line => line.IsBusy); i++)
        {
            if (i == 200) throw new InvalidOperationException($"{lines.Count(line => line.IsBusy)} phones wait for an answer.");
            Thread.Sleep(50);
        }
        if (lines.Select(line => line.Trouble).FirstOrDefault(trouble => trouble is not null) is { } trouble) Console.Error.WriteLine(trouble);
    }

    /// <summary>A datagram of a phone arrives, as a socket's thread would take it.</summary>
    public void Arrive(ReadOnlySpan<byte> datagram, Flow flow)
    {
        var result = SipValidator.ParseAndJudge(datagram);
        if (result.Message is { } message) message.Source = flow.Remote;
        door.OnReceived(result, flow);
    }

    public bool Send(Flow flow, ReadOnlyMemory<byte> message)
    {
        lines[flow.Remote.Port - FirstPort].Receive(message.Span);
        return true;
    }

    public Flow? FlowTo(SipTransport transport, IPEndPoint remote) => new(transport, remote, Server);

    public PublicAddress AddressFor(Flow flow) => new("127.0.0.1", Server.Port, "UDP");

    public Flow FlowForResponse(SipRequest request, Flow receivedOn) => receivedOn;
}
