namespace Pbx.Sip.Messages;

/// <summary>The header fields that this stack knows by number; anything else is <see cref="Other"/> and found by name.</summary>
internal enum HeaderId : byte
{
    /// <summary>A header field without a number of its own.</summary>
    Other,
    Accept, AcceptEncoding, AcceptLanguage, AlertInfo, Allow, AllowEvents, AuthenticationInfo, Authorization, CallId, CallInfo,
    Contact, ContentDisposition, ContentEncoding, ContentLanguage, ContentLength, ContentType, CSeq, Date, Diversion, ErrorInfo,
    Event, Expires, From, HistoryInfo, InReplyTo, MaxForwards, MimeVersion, MinExpires, MinSE, Organization, PAssertedIdentity,
    PPreferredIdentity, Path, Priority, Privacy, ProxyAuthenticate, ProxyAuthorization, ProxyRequire, RAck, Reason, RecordRoute,
    ReferTo, ReferredBy, RemotePartyId, Replaces, ReplyTo, Require, RetryAfter, Route, RSeq, Server, ServiceRoute, SessionExpires,
    SipETag, SipIfMatch, Subject, SubscriptionState, Supported, Timestamp, To, Unsupported, UserAgent, Via, Warning, WwwAuthenticate,
}
