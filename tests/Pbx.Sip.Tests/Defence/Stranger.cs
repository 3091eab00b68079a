using System.Net;
using System.Text;
using Pbx.Sip.Authentication;
using Pbx.Sip.Messages;
using Pbx.Sip.Tests.Endpoint;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Tests.Defence;

/// <summary>Somebody with an address of its own who asks the server at 10.0.0.1 and hears its answers.</summary>
internal sealed class Stranger : ITransportUser
{
    private static int count;
    private readonly LoopbackWorld world;
    private readonly LoopbackTransport transport;
    private readonly Flow line;
    private readonly string address;
    private readonly List<SipResponse> heard = [];

    public Stranger(LoopbackWorld world, string address)
    {
        (this.world, this.address) = (world, address);
        line = new Flow(SipTransport.Udp, IPEndPoint.Parse("10.0.0.1:5060"), IPEndPoint.Parse($"{address}:5060"));
        transport = world.Network.Join(line.Local);
        transport.User = this;
    }

    /// <summary>A new request with nothing but what must be there; a Call-ID and a branch of its own, of fixed length.</summary>
    public SipRequestBuilder Request(string method, string user = "100", string uri = "sip:pbx.example")
    {
        var number = Interlocked.Increment(ref count);
        var person = new NameAddress(null, SipUri.Parse($"sip:{user}@pbx.example"));
        return SipRequestBuilder.Create(method, SipUri.Parse(uri), person.WithTag("f"), person, $"call-{number:d8}", 1)
            .ReplaceVia(new Via("UDP", address, 5060, SipParameters.None.With("branch", $"z9hG4bK{number:d8}")));
    }

    public SipRequestBuilder Register(string user = "100") =>
        Request(SipMethods.Register, user).Add(HeaderId.Contact, $"<sip:{user}@{address}:5060>").Add(HeaderId.Expires, "300");

    /// <summary>All answers to a request.</summary>
    public IReadOnlyList<SipResponse> AskAll(ReadOnlyMemory<byte> message)
    {
        heard.Clear();
        transport.Send(line, message);
        world.Settle();
        return [.. heard];
    }

    public IReadOnlyList<SipResponse> AskAll(string message) => AskAll(Encoding.UTF8.GetBytes(message));

    /// <summary>The only answer; null for silence.</summary>
    public SipResponse? Ask(SipRequestBuilder request) => AskAll(request.Build().Bytes).SingleOrDefault(answer => answer.Status >= 200);

    /// <summary>Asks, and answers the challenge: the status of the second answer; null for silence.</summary>
    public int? Guess(string account, string password, string method = SipMethods.Register, string? number = null)
    {
        if (Ask(Request(method, number ?? account)) is not { Status: 401 } challenge) return null;
        return Ask(Answer(challenge, account, password, number is null ? Register(account) : Register(number)))?.Status;
    }

    /// <summary>The request with credentials for a challenge.</summary>
    public static SipRequestBuilder Answer(SipResponse challenge, string account, string password, SipRequestBuilder request)
    {
        var client = new DigestClient(account, password);
        Assert.True(client.Accept(challenge));
        client.Authorize(request);
        return request;
    }

    void ITransportUser.OnReceived(SipParseResult result, Flow flow)
    {
        if (result.Message is SipResponse response) heard.Add(response);
        else if (result.Message is SipRequest { Method: SipMethods.Notify } notify)
            transport.Send(line, SipResponseBuilder.For(notify, 200, "phone").Build().Bytes);
    }

    void ITransportUser.OnFlowLost(Flow flow)
    {
    }
}
