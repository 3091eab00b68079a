namespace Pbx.Sip.Messages;

/// <summary>Every way in which a message can be wrong. <see cref="SipRejections"/> says what is answered.</summary>
internal enum SipRejection : byte
{
    /// <summary>Nothing is wrong.</summary>
    None,
    /// <summary>Not SIP at all: neither request line nor status line.</summary>
    NotSip,
    /// <summary>The header never ends with an empty line.</summary>
    Truncated,
    /// <summary>A request line with wrong spacing, brackets around the URI, or other faults.</summary>
    BadRequestLine,
    /// <summary>A status line with faults, or a status outside 100 to 699.</summary>
    BadStatusLine,
    /// <summary>A version other than SIP/2.0.</summary>
    UnsupportedVersion,
    /// <summary>Larger than <see cref="SipLimits.MessageBytes"/>.</summary>
    MessageTooLarge,
    /// <summary>More than <see cref="SipLimits.Headers"/> header fields.</summary>
    TooManyHeaders,
    /// <summary>A line longer than <see cref="SipLimits.HeaderBytes"/>.</summary>
    HeaderTooLong,
    /// <summary>A header line without name or colon, or with characters that cannot be in it.</summary>
    BadHeaderLine,
    /// <summary>No Via.</summary>
    NoVia,
    /// <summary>A malformed Via.</summary>
    BadVia,
    /// <summary>More than <see cref="SipLimits.Vias"/> hops.</summary>
    TooManyVias,
    /// <summary>A response whose topmost Via is not the only one: not ours to receive.</summary>
    ForeignResponse,
    /// <summary>No From.</summary>
    NoFrom,
    /// <summary>A malformed From.</summary>
    BadFrom,
    /// <summary>No To.</summary>
    NoTo,
    /// <summary>A malformed To.</summary>
    BadTo,
    /// <summary>No Call-ID.</summary>
    NoCallId,
    /// <summary>No CSeq.</summary>
    NoCSeq,
    /// <summary>A malformed CSeq, or a number of 2^31 or more.</summary>
    BadCSeq,
    /// <summary>CSeq names another method than the request line.</summary>
    MethodMismatch,
    /// <summary>The same with a method that nobody knows (RFC 4475 §3.1.2.18).</summary>
    UnknownMethodMismatch,
    /// <summary>A header field twice that may be there once.</summary>
    DuplicateHeader,
    /// <summary>A malformed Request-URI.</summary>
    BadRequestUri,
    /// <summary>A Request-URI whose scheme is neither sip, sips nor tel.</summary>
    UnsupportedUriScheme,
    /// <summary>A malformed Max-Forwards, or one above 255.</summary>
    BadMaxForwards,
    /// <summary>A malformed Content-Length.</summary>
    BadContentLength,
    /// <summary>A body shorter than Content-Length says.</summary>
    BodyTooShort,
    /// <summary>A malformed Contact.</summary>
    BadContact,
    /// <summary>A malformed Route, Record-Route or Path.</summary>
    BadRoute,
    /// <summary>A malformed Expires.</summary>
    BadNumber,
    /// <summary>Contact with a fault that only REGISTER cares about: <c>*</c> with others or with Expires above 0.</summary>
    BadStarContact,
    /// <summary>No Content-Type although there is a body.</summary>
    NoContentType,
}
