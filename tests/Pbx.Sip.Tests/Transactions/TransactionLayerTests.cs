using System.Net;
using CsCheck;
using Pbx.Sip.Endpoint;
using Pbx.Sip.Messages;
using Pbx.Sip.Tests.Endpoint;
using Pbx.Sip.Transactions;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Tests.Transactions;

/// <summary>Two whole stacks over a network in memory, whose weather the test makes.</summary>
public sealed class TransactionLayerTests : IDisposable
{
    private static readonly IPEndPoint ServerAddress = new(IPAddress.Parse("10.0.0.2"), 5060);

    private readonly LoopbackWorld world = new();
    private readonly RecordingRoom room = new(SipMethods.Invite, SipMethods.Register);
    private readonly SipStack client;
    private readonly SipStack server;
    private readonly LoopbackTransport clientTransport;
    private readonly ClientUser user = new();

    public TransactionLayerTests()
    {
        (client, clientTransport) = world.Join("10.0.0.1");
        (server, _) = world.Join("10.0.0.2", 2, room);
    }

    public void Dispose() => world.Dispose();

    [Fact]
    public void Request_NeverAnswered_TimesOutAfter64T1()
    {
        world.Network.Weather = _ => Fate.Lost;
        Send(SipMethods.Register);
        world.Advance(TimeSpan.FromSeconds(31.9));
        Assert.Empty(user.Failures);
        world.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal([TransactionFailure.TimedOut], user.Failures);
        // RFC 3261 §17.1.2.2 counts 11 sendings of a non-INVITE request.
        Assert.Equal(11, world.Trace.Count(line => line.Contains("REGISTER", StringComparison.Ordinal)));
        AssertNothingLeft();
    }

    [Fact]
    public void Invite_NeverAnswered_IsSentSevenTimes()
    {
        world.Network.Weather = _ => Fate.Lost;
        Send(SipMethods.Invite);
        world.Advance(TimeSpan.FromSeconds(33));
        Assert.Equal([TransactionFailure.TimedOut], user.Failures);
        Assert.Equal(7, world.Trace.Count(line => line.Contains("INVITE", StringComparison.Ordinal)));
        AssertNothingLeft();
    }

    [Fact]
    public void Request_TransportFails_IsReportedButNotWithinSend()
    {
        clientTransport.Fails = true;
        var failuresWithin = -1;
        client.Endpoints[0].Shard.Post(() =>
        {
            Begin(SipMethods.Register, Flow());
            failuresWithin = user.Failures.Count;
        });
        world.Settle();
        Assert.Equal(0, failuresWithin);
        Assert.Equal([TransactionFailure.TransportFailed], user.Failures);
        AssertNothingLeft();
    }

    [Fact]
    public void Request_ConnectionLost_Fails()
    {
        Flow flow = null!;
        client.Endpoints[0].Shard.Post(() => Begin(SipMethods.Register, flow = clientTransport.FlowTo(SipTransport.Tcp, ServerAddress)!));
        world.Settle();
        Assert.Single(room.Requests);
        world.Network.Break(flow);
        world.Settle();
        Assert.Equal([TransactionFailure.TransportFailed], user.Failures);
    }

    [Fact]
    public void Invite_Refused_IsAcknowledgedAndBothSidesEnd()
    {
        room.OnRequest = Answer(486);
        Send(SipMethods.Invite);
        Assert.Equal([486], user.Statuses);
        Assert.Contains(world.Trace, line => line.Contains("ACK", StringComparison.Ordinal));
        world.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal([486], user.Statuses);
        AssertNothingLeft();
    }

    [Fact]
    public void Invite_AckLost_TheAnswerIsRepeatedAndAcknowledgedAgain()
    {
        room.OnRequest = Answer(486);
        var acks = 0;
        world.Network.Weather = packet => packet.FirstLine.StartsWith("ACK", StringComparison.Ordinal) && ++acks < 3 ? Fate.Lost : Fate.Arrives;
        Send(SipMethods.Invite);
        world.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(3, acks);
        Assert.Equal([486], user.Statuses);
        AssertNothingLeft();
    }

    [Fact]
    public void Invite_CancelledBeforeAnyResponse_CancelWaitsForIt()
    {
        IClientTransaction invite = null!;
        room.OnRequest = transaction => transaction.User = new AnswersCancel();
        client.Endpoints[0].Shard.Post(() =>
        {
            invite = Begin(SipMethods.Invite, Flow());
            invite.Cancel("SIP;cause=200;text=\"Call completed elsewhere\"");
        });
        world.Settle();
        Assert.DoesNotContain(world.Trace, line => line.Contains("CANCEL", StringComparison.Ordinal));
        world.Advance(TimeSpan.FromMilliseconds(250));
        Assert.Equal([100, 487], user.Statuses);
        Assert.Contains("Call completed elsewhere", AnswersCancel.LastReason, StringComparison.Ordinal);
        world.Advance(TimeSpan.FromSeconds(40));
        AssertNothingLeft();
    }

    [Fact]
    public void Invite_CancelledAndThePeerSaysNothingMore_TimesOut()
    {
        IClientTransaction invite = null!;
        client.Endpoints[0].Shard.Post(() => invite = Begin(SipMethods.Invite, Flow()));
        world.Advance(TimeSpan.FromMilliseconds(250));
        world.Network.Weather = _ => Fate.Lost;
        client.Endpoints[0].Shard.Post(() => invite.Cancel());
        world.Advance(TimeSpan.FromSeconds(33));
        Assert.Equal([TransactionFailure.TimedOut], user.Failures);
    }

    [Fact]
    public void Invite_AcceptedTwice_BothAreDelivered()
    {
        room.OnRequest = transaction =>
        {
            var accepted = SipResponseBuilder.For(transaction.Request, 200, transaction.LocalTag).Build();
            Assert.True(transaction.Respond(accepted));
            Assert.True(transaction.Respond(accepted));
            Assert.False(transaction.Respond(SipResponseBuilder.For(transaction.Request, 486, transaction.LocalTag).Build()));
        };
        Send(SipMethods.Invite);
        Assert.Equal([200, 200], user.Statuses);
        world.Advance(TimeSpan.FromSeconds(40));
        AssertNothingLeft();
    }

    [Fact]
    public void Transactions_AnyWeather_EndInOneFinalAnswerOrFailureAndLeaveNothing() =>
        Gen.Select(Gen.Int[0, 99].Array[400], Gen.Int[0, 60], Gen.Bool).Sample((dice, loss, invite) =>
        {
            using var storm = new LoopbackWorld();
            var rooms = new RecordingRoom(SipMethods.Invite, SipMethods.Register) { OnRequest = Answer(486) };
            var (from, transport) = storm.Join("10.0.0.1");
            storm.Join("10.0.0.2", 2, rooms);
            var throws = 0;
            storm.Network.Weather = _ =>
            {
                var value = dice[throws++ % dice.Length];
                // The last sending is 31.5 s after the first, and ended transactions are known for 32 s: who is later than the half second between is new.
                return value < loss ? Fate.Lost : value > 90 ? Fate.Doubled : Fate.Late(TimeSpan.FromMilliseconds(value * 5));
            };
            var listener = new ClientUser();
            var request = Request(invite ? SipMethods.Invite : SipMethods.Register);
            from.Endpoints[0].Shard.Post(() => from.Endpoints[0].Transactions.Send(request, transport.FlowTo(SipTransport.Udp, ServerAddress)!, listener));
            storm.Advance(TimeSpan.FromSeconds(120));
            Assert.Equal(1, listener.Statuses.Count(status => status >= 200) + listener.Failures.Count);
            Assert.InRange(rooms.Requests.Count, 0, 1);
            Assert.Equal(0, from.Counters.Read()["transactions"] + from.Counters.Read()["timers"]);
        }, iter: 300);

    private static Action<IServerTransaction> Answer(int status) => transaction =>
        transaction.Respond(SipResponseBuilder.For(transaction.Request, status, transaction.LocalTag).Build());

    private static SipRequestBuilder Request(string method) => SipRequestBuilder.Create(method, SipUri.Parse("sip:bob@10.0.0.2"),
        new NameAddress(null, SipUri.Parse("sip:alice@10.0.0.1")).WithTag("a"), new NameAddress(null, SipUri.Parse("sip:bob@10.0.0.2")), "the-call", 1);

    private Flow Flow() => clientTransport.FlowTo(SipTransport.Udp, ServerAddress)!;

    private IClientTransaction Begin(string method, Flow flow) => client.Endpoints[0].Transactions.Send(Request(method), flow, user);

    private void Send(string method)
    {
        client.Endpoints[0].Shard.Post(() => Begin(method, Flow()));
        world.Settle();
    }

    private void AssertNothingLeft()
    {
        foreach (var stack in new[] { client, server })
        {
            Assert.Equal(0, stack.Counters.Read()["transactions"]);
            Assert.Equal(0, stack.Counters.Read()["timers"]);
        }
    }

    private sealed class ClientUser : IClientTransactionUser
    {
        public List<int> Statuses { get; } = [];

        public List<TransactionFailure> Failures { get; } = [];

        public void OnResponse(IClientTransaction transaction, SipResponse response) => Statuses.Add(response.Status);

        public void OnFailed(IClientTransaction transaction, TransactionFailure failure) => Failures.Add(failure);
    }

    private sealed class AnswersCancel : IServerTransactionUser
    {
        public static string LastReason { get; private set; } = "";

        public void OnCancelled(IServerTransaction transaction, SipRequest cancel)
        {
            LastReason = cancel.Header(HeaderId.Reason) ?? "";
            transaction.Respond(SipResponseBuilder.For(transaction.Request, 487, transaction.LocalTag).Build());
        }
    }
}
