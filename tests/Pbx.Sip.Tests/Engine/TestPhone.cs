using System.Globalization;
using System.Net;
using Pbx.Sip.Messages;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Tests.Engine;

/// <summary>
/// A phone whose every step a test decides. It answers nothing by itself and keeps what it gets, so that any order of messages can be
/// forced.
/// </summary>
internal sealed class TestPhone
{
    private readonly EngineBench bench;
    private int branches;

    public TestPhone(EngineBench bench, string number, int port, SipTransport transport)
    {
        this.bench = bench;
        Number = number;
        Address = new IPEndPoint(IPAddress.Parse("192.0.2.10"), port);
        Flow = new Flow(transport, Address, EngineBench.Server);
    }

    public string Number { get; }

    public IPEndPoint Address { get; }

    public Flow Flow { get; }

    public string Codecs { get; set; } = "8 0";

    public List<SipRequest> Requests { get; } = [];

    public List<SipResponse> Responses { get; } = [];

    public IEnumerable<int> Statuses => Responses.Select(response => response.Status);

    public SipUri Uri => new(Number, Address);

    public string Sdp(string direction = "sendrecv", string? codecs = null) =>
        $"v=0\r\no=- {Number} 1 IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 192.0.2.10\r\nt=0 0\r\nm=audio {Address.Port + 1000} RTP/AVP {codecs ?? Codecs}\r\na={direction}\r\n";

    /// <summary>Takes out the first request of that method that has not been taken yet.</summary>
    public SipRequest Take(string method)
    {
        var request = Requests.FirstOrDefault(request => request.Method == method)
            ?? throw new InvalidOperationException($"{Number} got no {method}; it got: {string.Join(", ", Requests.Select(r => r.Method))}.");
        Requests.Remove(request);
        return request;
    }

    public bool Has(string method) => Requests.Exists(request => request.Method == method);

    public SipResponse Last(int status) => Responses.LastOrDefault(response => response.Status == status)
        ?? throw new InvalidOperationException($"{Number} got no {status}; it got: {string.Join(", ", Statuses)}.");

    /// <summary>Sends an INVITE.</summary>
    public TestCall Invite(string called, string? sdp = "", Action<SipRequestBuilder>? more = null)
    {
        var from = new NameAddress(null, new SipUri(Number, "pbx.test")).WithTag($"from{Number}{++branches}");
        var request = SipRequestBuilder.Create(SipMethods.Invite, new SipUri(called, "pbx.test"), from, new NameAddress(null, new SipUri(called, "pbx.test")),
            $"call-{Number}-{branches}", 1).Contact(Uri);
        if (sdp is not null) request.Body("application/sdp", sdp.Length == 0 ? Sdp() : sdp);
        more?.Invoke(request);
        return new TestCall(this, Send(request));
    }

    public SipRequest Send(SipRequestBuilder request)
    {
        var built = request.PushVia(new Via("UDP", "192.0.2.10", Address.Port,
            SipParameters.None.With("branch", $"z9hG4bK{Number}{(++branches).ToString(CultureInfo.InvariantCulture)}"))).Build();
        Send(built);
        return built;
    }

    public void Send(SipMessage message) => bench.Deliver(message, this);

    /// <summary>Answers a request.</summary>
    public void Reply(SipRequest request, int status, string? sdp = null, string? tag = null, Action<SipResponseBuilder>? more = null)
    {
        var response = SipResponseBuilder.For(request, status, tag ?? $"to{Number}");
        if (request.Method == SipMethods.Invite) response.Contact(Uri);
        if (sdp is not null) response.Body("application/sdp", sdp);
        more?.Invoke(response);
        Send(response.Build());
    }

    /// <summary>Ends a call that it began, the way that fits how far it has come.</summary>
    public void HangUp(TestCall call)
    {
        var answers = Responses.FindAll(response => response.CallId == call.Invite.CallId);
        if (answers.Exists(response => response.Status == 200 && response.CSeq.Method == SipMethods.Invite))
        {
            call.Ack();
            call.Bye();
        }
        else if (answers.Find(response => response.Status >= 300) is { } refusal)
        {
            call.AckOf(refusal);
        }
        else
        {
            call.Cancel();
        }
    }

    /// <summary>Does what its standard asks: ends what it was asked to end, refuses what it still rings for.</summary>
    public void Settle()
    {
        foreach (var request in Requests.ToList())
        {
            switch (request.Method)
            {
                case SipMethods.Bye or SipMethods.Cancel or SipMethods.Options or SipMethods.Update or SipMethods.Prack:
                    Reply(request, 200);
                    break;
                case SipMethods.Invite:
                    Reply(request, Requests.Exists(other => other.Method == SipMethods.Cancel && other.CallId == request.CallId) ? 487 : 486);
                    break;
            }
            Requests.Remove(request);
        }
    }

    /// <summary>A request inside the dialog that an INVITE of the server made.</summary>
    public SipRequestBuilder Inside(SipRequest invite, string method, uint cseq, string? tag = null) => SipRequestBuilder.Create(method, invite.ContactUri!,
        invite.To.WithTag(tag ?? $"to{Number}"), invite.From, invite.CallId, cseq).Contact(Uri);
}

/// <summary>A call that a <see cref="TestPhone"/> began.</summary>
internal sealed class TestCall(TestPhone phone, SipRequest invite)
{
    private uint cseq = 1;

    public SipRequest Invite => invite;

    public SipResponse Answer => phone.Last(200);

    public void Cancel() => phone.Send(SipRequestBuilder.CancelOf(invite).Build());

    public void Ack(string? sdp = null)
    {
        var ack = Inside(SipMethods.Ack, cseq);
        if (sdp is not null) ack.Body("application/sdp", sdp);
        phone.Send(ack);
    }

    /// <summary>The ACK of a final response other than 2xx.</summary>
    public void AckOf(SipResponse response) => phone.Send(SipRequestBuilder.AckOf(invite, response).Build());

    public void Bye() => phone.Send(Inside(SipMethods.Bye, ++cseq));

    public void ReInvite(string sdp) => phone.Send(Inside(SipMethods.Invite, ++cseq).Body("application/sdp", sdp));

    public void Info(string type, string body) => phone.Send(Inside(SipMethods.Info, ++cseq).Body(type, body));

    public SipRequest Prack(SipResponse progress) => phone.Send(Inside(SipMethods.Prack, ++cseq, progress)
        .Add(HeaderId.RAck, new RAck(progress.RSeq!.Value, 1, SipMethods.Invite).ToString()));

    private SipRequestBuilder Inside(string method, uint number, SipResponse? with = null)
    {
        var response = with ?? phone.Responses.Last(r => r.CallId == invite.CallId && r.To.Tag is not null && r.ContactUri is not null);
        return SipRequestBuilder.Create(method, response.ContactUri!, invite.From, response.To, invite.CallId, number).Contact(phone.Uri);
    }
}
