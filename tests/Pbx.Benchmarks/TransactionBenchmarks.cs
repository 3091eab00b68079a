using System.Net;
using System.Text;
using BenchmarkDotNet.Attributes;
using Pbx.Sip.Messages;
using Pbx.Sip.Scheduling;
using Pbx.Sip.Transactions;
using Pbx.Sip.Transport;

namespace Pbx.Benchmarks;

/// <summary>A retransmission finds its transaction among many and is answered again.</summary>
[MemoryDiagnoser]
public class TransactionBenchmarks
{
    private static readonly Flow Flow = new(SipTransport.Udp, new IPEndPoint(IPAddress.Parse("198.51.100.7"), 5060), new IPEndPoint(IPAddress.Parse("192.0.2.1"), 5060));

    private readonly List<SipMessage> requests = [];
    private TransactionLayer layer = null!;
    private int next;

    /// <summary>Transactions that linger: 3,000 registrations a second for 32 s.</summary>
    [Params(1_000, 100_000)]
    public int Lingering { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        layer = new TransactionLayer(new StillShard(), new NowhereSender(), TransactionTimes.Standard, new PromptUser());
        for (var i = 0; i < Lingering; i++)
        {
            var text = Encoding.UTF8.GetString(SampleMessages.Register).Replace("524287-1-3", $"524287-{i}-3", StringComparison.Ordinal);
            var request = SipParser.Parse(Encoding.UTF8.GetBytes(text)).Message!;
            requests.Add(request);
            layer.Receive(request, Flow);
        }
        if (layer.Count != Lingering) throw new InvalidOperationException("A request was not taken.");
    }

    [Benchmark]
    public void Match()
    {
        layer.Receive(requests[next], Flow);
        next = (next + 7919) % requests.Count;
    }

    /// <summary>A shard whose time stands still.</summary>
    private sealed class StillShard : IShard
    {
        private readonly TimerWheel wheel = new(TimeProvider.System);

        public int Number => 0;

        public TimeProvider Time => TimeProvider.System;

        public long Timestamp => 0;

        public ShardIds Ids { get; } = new(0);

        public bool IsCurrent => true;

        public ShardTimer CreateTimer(Action fired) => new(wheel, fired);

        public void Post(Action work) => work();

        public bool Post(WorkClass workClass, Action<object?> handler, object? state)
        {
            handler(state);
            return true;
        }
    }

    private sealed class NowhereSender : ISipSender
    {
        public bool Send(Flow flow, ReadOnlyMemory<byte> message) => true;

        public Flow? FlowTo(SipTransport transport, IPEndPoint remote) => null;

        public PublicAddress AddressFor(Flow flow) => new("192.0.2.1", 5060, "UDP");

        public Flow FlowForResponse(SipRequest request, Flow receivedOn) => receivedOn;
    }

    private sealed class PromptUser : ITransactionUser
    {
        public void OnRequest(IServerTransaction transaction) =>
            transaction.Respond(SipResponseBuilder.For(transaction.Request, 200, transaction.LocalTag).Build());

        public void OnAck(SipRequest ack, Flow flow)
        {
        }

        public void OnStrayResponse(SipResponse response, Flow flow)
        {
        }
    }
}
