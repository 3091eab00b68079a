namespace Pbx.Sip.Messages;

/// <summary>
/// Makes a request. The transaction layer puts its Via on top last (<see cref="PushVia"/>), then calls <see cref="Build"/>; a builder can
/// be built again after changes, for a retry with credentials.
/// </summary>
internal sealed class SipRequestBuilder : SipMessageBuilder
{
    private SipRequestBuilder(string method, SipUri uri)
    {
        Method = method;
        RequestUri = uri;
    }

    /// <summary>The method.</summary>
    public string Method { get; }

    /// <summary>The Request-URI.</summary>
    public SipUri RequestUri { get; private set; }

    /// <summary>A request with nothing but Max-Forwards; the caller adds From, To, Call-ID and CSeq.</summary>
    public static SipRequestBuilder Create(string method, SipUri uri) =>
        new SipRequestBuilder(method, uri).Set(HeaderId.MaxForwards, "70");

    /// <summary>A request with all its mandatory headers but Via (RFC 3261 §8.1.1).</summary>
    public static SipRequestBuilder Create(string method, SipUri uri, NameAddress from, NameAddress to, string callId, uint cseq) =>
        Create(method, uri).Add(HeaderId.From, from.ToString()).Add(HeaderId.To, to.ToString()).Add(HeaderId.CallId, callId)
            .Add(HeaderId.CSeq, new CSeq(cseq, method).ToString());

    /// <summary>A copy of a request with its Via, to be changed and built again.</summary>
    public static SipRequestBuilder From(SipRequest request)
    {
        var builder = new SipRequestBuilder(request.Method, request.RequestUri);
        builder.CopyAll(request);
        return builder;
    }

    /// <summary>CANCEL of a request that was sent (§9.1): same Request-URI, Via, From, To, Call-ID, CSeq number and Route.</summary>
    public static SipRequestBuilder CancelOf(SipRequest request)
    {
        var builder = Companion(SipMethods.Cancel, request);
        builder.Copy(request, HeaderId.To);
        return builder;
    }

    /// <summary>ACK of a final response other than 2xx (§17.1.1.3): To is that of the response.</summary>
    public static SipRequestBuilder AckOf(SipRequest invite, SipResponse response)
    {
        var builder = Companion(SipMethods.Ack, invite);
        builder.Copy(response, HeaderId.To);
        return builder;
    }

    private static SipRequestBuilder Companion(string method, SipRequest request)
    {
        var builder = new SipRequestBuilder(method, request.RequestUri);
        builder.Add(HeaderId.Via, request.Via.ToString());
        builder.Copy(request, HeaderId.Route);
        builder.Set(HeaderId.MaxForwards, "70");
        builder.Copy(request, HeaderId.From);
        builder.Copy(request, HeaderId.CallId);
        builder.Add(HeaderId.CSeq, new CSeq(request.CSeq.Number, method).ToString());
        return builder;
    }

    /// <summary>Puts a Via on top.</summary>
    public SipRequestBuilder PushVia(Via via)
    {
        Prepend(HeaderId.Via, via.ToString());
        return this;
    }

    /// <summary>Replaces all Vias by this one, for a retry in a new transaction.</summary>
    public SipRequestBuilder ReplaceVia(Via via)
    {
        Drop(HeaderId.Via);
        return PushVia(via);
    }

    /// <summary>Adds a header field.</summary>
    public SipRequestBuilder Add(HeaderId id, string value)
    {
        Append(id, value);
        return this;
    }

    /// <summary>Adds a header field by name.</summary>
    public SipRequestBuilder Add(string name, string value)
    {
        Append(name, value);
        return this;
    }

    /// <summary>Adds a header field in place of all of its kind.</summary>
    public SipRequestBuilder Set(HeaderId id, string value)
    {
        Drop(id);
        Append(id, value);
        return this;
    }

    /// <summary>Takes all header fields of a kind out.</summary>
    public SipRequestBuilder Remove(HeaderId id)
    {
        Drop(id);
        return this;
    }

    /// <summary>Sets the Contact.</summary>
    public SipRequestBuilder Contact(SipUri uri) => Set(HeaderId.Contact, $"<{uri}>");

    /// <summary>Adds a route set, in order, each hop with a Route of its own.</summary>
    public SipRequestBuilder Routes(IEnumerable<SipUri> routes)
    {
        foreach (var route in routes)
            Append(HeaderId.Route, $"<{route}>");
        return this;
    }

    /// <summary>Sets another Request-URI.</summary>
    public SipRequestBuilder To(SipUri uri)
    {
        RequestUri = uri;
        return this;
    }

    /// <summary>Sets the body.</summary>
    public SipRequestBuilder Body(string contentType, ReadOnlyMemory<byte> body)
    {
        SetBody(contentType, body);
        return this;
    }

    /// <summary>Sets a text body.</summary>
    public SipRequestBuilder Body(string contentType, string body) => Body(contentType, Utf8(body));

    /// <summary>Takes the body out.</summary>
    public SipRequestBuilder WithoutBody()
    {
        DropBody();
        return this;
    }

    /// <summary>Writes the request. The builder can be changed and built again.</summary>
    public SipRequest Build()
    {
        var writer = new SipWriter();
        var uri = RequestUri.ToString();
        writer.StartLine($"{Method} {uri} SIP/2.0");
        var bodyStart = WriteTo(writer);
        return new SipRequest(Method, uri, writer.Bytes, writer.Slots, bodyStart, BodyLength);
    }
}
