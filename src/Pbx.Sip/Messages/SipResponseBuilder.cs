namespace Pbx.Sip.Messages;

/// <summary>Makes the response to a request (RFC 3261 §8.2.6).</summary>
internal sealed class SipResponseBuilder : SipMessageBuilder
{
    private readonly int _status;
    private readonly string _phrase;

    private SipResponseBuilder(int status, string? phrase)
    {
        _status = status;
        _phrase = phrase ?? SipStatus.PhraseOf(status);
    }

    /// <summary>
    /// Starts a response: all Vias (the topmost with what the transport saw, §18.2.1), From, To with the tag, Call-ID, CSeq, and
    /// Record-Route when it can form a dialog. Works for malformed requests too, as far as their headers are there.
    /// </summary>
    /// <param name="request">The request answered.</param>
    /// <param name="status">The status.</param>
    /// <param name="toTag">Our tag; put on To when To has none. Null only for 100 (§8.2.6.2).</param>
    /// <param name="phrase">The phrase; null: the standard one.</param>
    public static SipResponseBuilder For(SipRequest request, int status, string? toTag = null, string? phrase = null)
    {
        var builder = new SipResponseBuilder(status, phrase);
        builder.CopyVias(request);
        builder.Copy(request, HeaderId.From);
        builder.CopyTo(request, toTag);
        builder.Copy(request, HeaderId.CallId);
        builder.Copy(request, HeaderId.CSeq);
        if (status == 100)
            builder.Copy(request, HeaderId.Timestamp);
        else if (status is > 100 and < 300 && SipMethods.FormsDialog(request.Method))
            builder.Copy(request, HeaderId.RecordRoute);
        return builder;
    }

    private void CopyVias(SipRequest request)
    {
        if (request.Source is not { } source || request.TryVias() is not { } vias)
        {
            Copy(request, HeaderId.Via);
            return;
        }
        for (var i = 0; i < vias.Count; i++)
            Append(HeaderId.Via, (i == 0 ? vias[0].SeenFrom(source) : vias[i]).ToString());
    }

    private void CopyTo(SipRequest request, string? tag)
    {
        if (tag is null || request.TryAddress(HeaderId.To) is not { Tag: null })
        {
            Copy(request, HeaderId.To);
            return;
        }
        foreach (ref readonly var slot in request.Slots)
            if (slot.Id == HeaderId.To)
                Append(HeaderId.To, $"{System.Text.Encoding.UTF8.GetString(request.ValueOf(slot))};tag={tag}");
    }

    /// <summary>Adds a header field.</summary>
    public SipResponseBuilder Add(HeaderId id, string value)
    {
        Append(id, value);
        return this;
    }

    /// <summary>Adds a header field by name.</summary>
    public SipResponseBuilder Add(string name, string value)
    {
        Append(name, value);
        return this;
    }

    /// <summary>Sets the Contact.</summary>
    public SipResponseBuilder Contact(SipUri uri)
    {
        Drop(HeaderId.Contact);
        Append(HeaderId.Contact, $"<{uri}>");
        return this;
    }

    /// <summary>Sets the body.</summary>
    public SipResponseBuilder Body(string contentType, ReadOnlyMemory<byte> body)
    {
        SetBody(contentType, body);
        return this;
    }

    /// <summary>Sets a text body.</summary>
    public SipResponseBuilder Body(string contentType, string body) => Body(contentType, Utf8(body));

    /// <summary>Writes the response.</summary>
    public SipResponse Build()
    {
        var writer = new SipWriter();
        writer.StartLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"SIP/2.0 {_status} {_phrase}"));
        var bodyStart = WriteTo(writer);
        return new SipResponse(_status, _phrase, writer.Bytes, writer.Slots, bodyStart, BodyLength);
    }
}
