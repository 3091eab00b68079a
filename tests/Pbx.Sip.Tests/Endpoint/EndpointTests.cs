using System.Net;
using System.Text;
using Pbx.Sip.Endpoint;
using Pbx.Sip.Messages;
using Pbx.Sip.Scheduling;
using Pbx.Sip.Transactions;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Tests.Endpoint;

public sealed class EndpointTests : IDisposable
{
    private static readonly Flow Peer = new(SipTransport.Udp, new IPEndPoint(IPAddress.Parse("10.0.0.1"), 5060), new IPEndPoint(IPAddress.Parse("10.0.0.9"), 5060));

    private readonly LoopbackWorld world = new();
    private readonly RecordingRoom room = new(SipMethods.Invite, SipMethods.Register);
    private readonly SipStack stack;
    private readonly List<SipParseResult> answers = [];
    private readonly LoopbackTransport peer;

    public EndpointTests()
    {
        (stack, _) = world.Join("10.0.0.1", 2, room);
        peer = world.Network.Join(new IPEndPoint(IPAddress.Parse("10.0.0.9"), 5060));
        peer.User = new Listener(answers);
    }

    public void Dispose() => world.Dispose();

    [Theory]
    [InlineData("OPTIONS", "", 200)]
    [InlineData("OPTIONS", "Max-Forwards: 0", 200)]
    [InlineData("INVITE", "Max-Forwards: 0", 483)]
    [InlineData("INVITE", "Require: nothingSupportsThis", 420)]
    [InlineData("OPTIONS", "Require: 100rel", 200)]
    [InlineData("SUBSCRIBE", "", 405)]
    [InlineData("FROBNICATE", "", 501)]
    [InlineData("BYE", "", 481)]
    [InlineData("INVITE", "Accept: text/plain", 406)]
    [InlineData("INVITE", "Content-Type: text/plain", 415, "hello")]
    [InlineData("REGISTER", "Content-Encoding: gzip", 415)]
    public void Endpoint_RequestThatNoRoomSees_IsAnsweredAsTheRfcAsks(string method, string header, int status, string body = "")
    {
        var toTag = method == "BYE" ? ";tag=unknown" : "";
        Receive(Request(method, "1", header, toTag, body));
        var answer = Assert.IsType<SipResponse>(Assert.Single(answers).Message);
        Assert.Equal(status, answer.Status);
        Assert.NotNull(answer.ToTag);
        Assert.Empty(room.Requests);
        if (status == 420) Assert.Equal("nothingSupportsThis", answer.Header(HeaderId.Unsupported));
        if (status is 405 or 501 or 200) Assert.Contains("INVITE", answer.Header(HeaderId.Allow), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SIP/7.0", 505)]
    [InlineData("SIP/2.0", 416, "nobodyknows:this")]
    [InlineData("SIP/2.0", 400, "sip:a@b", "Max-Forwards: many")]
    public void FrontDoor_RejectedRequest_IsAnsweredWithoutState(string version, int status, string uri = "sip:a@b", string header = "")
    {
        Receive(Request("OPTIONS", "1", header, uri: uri, version: version));
        Assert.Equal(status, ((SipResponse)Assert.Single(answers).Message!).Status);
        Assert.Equal(0, stack.Counters.Read()["transactions"]);
    }

    [Fact]
    public void FrontDoor_MalformedAckAndResponse_AreDropped()
    {
        Receive(Request("ACK", "1", "Max-Forwards: many"));
        Receive("SIP/2.0 200 OK\r\nVia: broken\r\n\r\n");
        Receive("rubbish\r\n\r\n");
        Assert.Empty(answers);
    }

    [Fact]
    public void Endpoint_Draining_NewCallsGet503AndOptionsAreStillAnswered()
    {
        stack.Drain(true);
        Receive(Request("INVITE", "1"));
        Receive(Request("OPTIONS", "2"));
        Assert.Equal([503, 200], answers.Select(a => ((SipResponse)a.Message!).Status));
        Assert.NotNull(((SipResponse)answers[0].Message!).RetryAfter);
    }

    [Fact]
    public void FrontDoor_ShardIsBehind_NewRequestsGet503AndTheOthersPass()
    {
        // Nothing is pumped: what was posted ages. Both shards get more than a short queue.
        for (var i = 0; i < 400; i++) Post(Request("OPTIONS", $"early-{i}", branch: $"z9hG4bK-{i}"));
        world.Clock.Advance(TimeSpan.FromMilliseconds(101));
        Post(Request("INVITE", "late"));
        var answer = (SipResponse)Assert.Single(answers).Message!;
        Assert.Equal(503, answer.Status);
        Assert.InRange(answer.RetryAfter!.Value, 2u, 9u);
        Post(Request("BYE", "inside", toTag: ";tag=x"));
        world.Settle();
        Assert.Contains(answers, a => ((SipResponse)a.Message!).Status == 481);
    }

    [Fact]
    public void FrontDoor_FewWaitLong_NobodyIsTurnedAway()
    {
        for (var i = 0; i < 20; i++) Post(Request("OPTIONS", $"early-{i}", branch: $"z9hG4bK-{i}"));
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        Post(Request("INVITE", "late"));
        world.Settle();
        Assert.Single(room.Requests);
    }

    [Fact]
    public void Endpoint_MergedRequest_Is482()
    {
        Receive(Request("INVITE", "1", branch: "z9hG4bK-one"));
        Receive(Request("INVITE", "1", branch: "z9hG4bK-two"));
        Assert.Equal(482, ((SipResponse)Assert.Single(answers).Message!).Status);
        Assert.Single(room.Requests);
    }

    [Fact]
    public void Endpoint_CancelBeforeAnswer_Is200AndTheUserEndsTheInvite()
    {
        var user = new CancelUser();
        room.OnRequest = transaction => transaction.User = user;
        Receive(Request("INVITE", "1"));
        Receive(Request("CANCEL", "1"));
        Assert.Equal([200, 487], answers.Select(a => ((SipResponse)a.Message!).Status));
        var tags = answers.Select(a => ((SipResponse)a.Message!).ToTag).Distinct();
        Assert.Single(tags);
    }

    [Fact]
    public void Endpoint_CancelOfNothing_Is481()
    {
        Receive(Request("CANCEL", "1"));
        Assert.Equal(481, ((SipResponse)Assert.Single(answers).Message!).Status);
    }

    [Fact]
    public void Endpoint_InviteUnansweredFor200Ms_Sends100()
    {
        Receive(Request("INVITE", "1"));
        world.Advance(TimeSpan.FromMilliseconds(190));
        Assert.Empty(answers);
        world.Advance(TimeSpan.FromMilliseconds(30));
        var answer = (SipResponse)Assert.Single(answers).Message!;
        Assert.Equal(100, answer.Status);
        Assert.Null(answer.ToTag);
    }

    /// <summary>Scenario 9 of the first issue in small: one address, two shards, every message finds its call.</summary>
    [Fact]
    public void TwoShards_OneAddress_EveryMessageFindsItsCall()
    {
        room.OnRequest = transaction => transaction.Respond(SipResponseBuilder.For(transaction.Request, 486, transaction.LocalTag).Build());
        for (var i = 0; i < 1000; i++) Receive(Request("INVITE", $"call-{i}", branch: $"z9hG4bK-{i}"));
        Assert.Equal(1000, answers.Count);
        var shards = answers.GroupBy(a => ShardIds.ShardOf(((SipResponse)a.Message!).ToTag)).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal([0, 1], shards.Keys.Order());
        Assert.All(shards.Values, count => Assert.InRange(count, 300, 700));
        // The ACK of each carries our tag and stops the repetition of each answer.
        for (var i = 0; i < 1000; i++)
            Receive(Request("ACK", $"call-{i}", toTag: $";tag={((SipResponse)answers[i].Message!).ToTag}", branch: $"z9hG4bK-{i}"));
        world.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(1000, answers.Count);
        Assert.Equal(0, stack.Counters.Read()["transactions"]);
        Assert.Equal(0, stack.Counters.Read()["timers"]);
    }

    private static string Request(string method, string callId, string header = "", string toTag = "", string body = "", string uri = "sip:bob@10.0.0.1",
        string version = "SIP/2.0", string branch = "z9hG4bK-1")
    {
        var maxForwards = header.StartsWith("Max-Forwards", StringComparison.Ordinal) ? "" : "Max-Forwards: 70\r\n";
        return $"{method} {uri} {version}\r\nVia: SIP/2.0/UDP 10.0.0.9:5060;branch={branch}\r\n{maxForwards}"
            + $"From: <sip:alice@10.0.0.9>;tag=a\r\nTo: <sip:bob@10.0.0.1>{toTag}\r\nCall-ID: {callId}\r\nCSeq: 1 {method}\r\n"
            + (header.Length > 0 ? header + "\r\n" : "") + $"Content-Length: {body.Length}\r\n\r\n{body}";
    }

    private void Receive(string message)
    {
        Post(message);
        world.Settle();
    }

    private void Post(string message) => peer.Send(Peer, Encoding.UTF8.GetBytes(message));

    private sealed class Listener(List<SipParseResult> heard) : ITransportUser
    {
        public void OnReceived(SipParseResult result, Flow flow) => heard.Add(result);

        public void OnFlowLost(Flow flow)
        {
        }
    }

    private sealed class CancelUser : IServerTransactionUser
    {
        public void OnCancelled(IServerTransaction transaction, SipRequest cancel) =>
            transaction.Respond(SipResponseBuilder.For(transaction.Request, 487, transaction.LocalTag).Build());
    }
}
