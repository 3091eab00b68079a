using System.Diagnostics.CodeAnalysis;

namespace Pbx.Sip.Messages;

/// <summary>A request.</summary>
internal sealed class SipRequest : SipMessage
{
    private SipUri? _uri;

    /// <summary>A request over bytes that are not changed any more.</summary>
    public SipRequest(string method, string requestUri, ReadOnlyMemory<byte> bytes, HeaderSlot[] slots, int bodyStart, int bodyLength)
        : base(bytes, slots, bodyStart, bodyLength)
    {
        Method = method;
        RequestUriText = requestUri;
    }

    /// <summary>The method; the constants of <see cref="SipMethods"/> when it is one of them.</summary>
    public string Method { get; }

    /// <summary>The Request-URI as written.</summary>
    public string RequestUriText { get; }

    /// <summary>The Request-URI; readable after validation.</summary>
    public SipUri RequestUri => TryRequestUri(out var uri) ? uri : throw new InvalidOperationException("Malformed Request-URI.");

    /// <summary>The Request-URI when it is well formed.</summary>
    public bool TryRequestUri([NotNullWhen(true)] out SipUri? uri)
    {
        if (_uri is null && SipUri.TryParse(RequestUriText, out var parsed))
            _uri = parsed;
        uri = _uri;
        return uri is not null;
    }

    /// <summary>True when it belongs to a dialog: To has a tag (RFC 3261 §12.2.2).</summary>
    public bool IsInDialog => To.Tag is not null;
}
