using System.Collections.Frozen;

namespace Pbx.Sip.Messages;

/// <summary>Names of header fields: full, compact (RFC 3261 §7.3.3 and the registry), and which may be written as a comma list.</summary>
internal static class HeaderNames
{
    private static readonly (HeaderId Id, string Name, char Compact)[] Table =
    [
        (HeaderId.Accept, "Accept", '\0'), (HeaderId.AcceptEncoding, "Accept-Encoding", '\0'),
        (HeaderId.AcceptLanguage, "Accept-Language", '\0'), (HeaderId.AlertInfo, "Alert-Info", '\0'), (HeaderId.Allow, "Allow", '\0'),
        (HeaderId.AllowEvents, "Allow-Events", 'u'), (HeaderId.AuthenticationInfo, "Authentication-Info", '\0'),
        (HeaderId.Authorization, "Authorization", '\0'), (HeaderId.CallId, "Call-ID", 'i'), (HeaderId.CallInfo, "Call-Info", '\0'),
        (HeaderId.Contact, "Contact", 'm'), (HeaderId.ContentDisposition, "Content-Disposition", '\0'),
        (HeaderId.ContentEncoding, "Content-Encoding", 'e'), (HeaderId.ContentLanguage, "Content-Language", '\0'),
        (HeaderId.ContentLength, "Content-Length", 'l'), (HeaderId.ContentType, "Content-Type", 'c'), (HeaderId.CSeq, "CSeq", '\0'),
        (HeaderId.Date, "Date", '\0'), (HeaderId.Diversion, "Diversion", '\0'), (HeaderId.ErrorInfo, "Error-Info", '\0'),
        (HeaderId.Event, "Event", 'o'), (HeaderId.Expires, "Expires", '\0'), (HeaderId.From, "From", 'f'),
        (HeaderId.HistoryInfo, "History-Info", '\0'), (HeaderId.InReplyTo, "In-Reply-To", '\0'),
        (HeaderId.MaxForwards, "Max-Forwards", '\0'), (HeaderId.MimeVersion, "MIME-Version", '\0'),
        (HeaderId.MinExpires, "Min-Expires", '\0'), (HeaderId.MinSE, "Min-SE", '\0'), (HeaderId.Organization, "Organization", '\0'),
        (HeaderId.PAssertedIdentity, "P-Asserted-Identity", '\0'), (HeaderId.PPreferredIdentity, "P-Preferred-Identity", '\0'),
        (HeaderId.Path, "Path", '\0'), (HeaderId.Priority, "Priority", '\0'), (HeaderId.Privacy, "Privacy", '\0'),
        (HeaderId.ProxyAuthenticate, "Proxy-Authenticate", '\0'), (HeaderId.ProxyAuthorization, "Proxy-Authorization", '\0'),
        (HeaderId.ProxyRequire, "Proxy-Require", '\0'), (HeaderId.RAck, "RAck", '\0'), (HeaderId.Reason, "Reason", '\0'),
        (HeaderId.RecordRoute, "Record-Route", '\0'), (HeaderId.ReferTo, "Refer-To", 'r'), (HeaderId.ReferredBy, "Referred-By", 'b'),
        (HeaderId.RemotePartyId, "Remote-Party-ID", '\0'), (HeaderId.Replaces, "Replaces", '\0'), (HeaderId.ReplyTo, "Reply-To", '\0'),
        (HeaderId.Require, "Require", '\0'), (HeaderId.RetryAfter, "Retry-After", '\0'), (HeaderId.Route, "Route", '\0'),
        (HeaderId.RSeq, "RSeq", '\0'), (HeaderId.Server, "Server", '\0'), (HeaderId.ServiceRoute, "Service-Route", '\0'),
        (HeaderId.SessionExpires, "Session-Expires", 'x'), (HeaderId.SipETag, "SIP-ETag", '\0'),
        (HeaderId.SipIfMatch, "SIP-If-Match", '\0'), (HeaderId.Subject, "Subject", 's'),
        (HeaderId.SubscriptionState, "Subscription-State", '\0'), (HeaderId.Supported, "Supported", 'k'),
        (HeaderId.Timestamp, "Timestamp", '\0'), (HeaderId.To, "To", 't'), (HeaderId.Unsupported, "Unsupported", '\0'),
        (HeaderId.UserAgent, "User-Agent", '\0'), (HeaderId.Via, "Via", 'v'), (HeaderId.Warning, "Warning", '\0'),
        (HeaderId.WwwAuthenticate, "WWW-Authenticate", '\0'),
    ];

    private static readonly string[] Names = Fill();

    private static readonly FrozenDictionary<string, HeaderId> ByName = Table
        .SelectMany(row => row.Compact == '\0'
            ? [KeyValuePair.Create(row.Name, row.Id)]
            : new[] { KeyValuePair.Create(row.Name, row.Id), KeyValuePair.Create(row.Compact.ToString(), row.Id) })
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, HeaderId>.AlternateLookup<ReadOnlySpan<char>> BySpan =
        ByName.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The full name of a known header field.</summary>
    public static string Of(HeaderId id) => Names[(int)id];

    /// <summary>The number of a header field by its full or compact name, in any case; <see cref="HeaderId.Other"/> when unknown.</summary>
    public static HeaderId Find(ReadOnlySpan<char> name) => BySpan.TryGetValue(name, out var id) ? id : HeaderId.Other;

    /// <summary>The same over bytes of a message, without allocation.</summary>
    public static HeaderId Find(ReadOnlySpan<byte> name)
    {
        if (name.Length is 0 or > 32)
            return HeaderId.Other;
        Span<char> text = stackalloc char[32];
        for (var i = 0; i < name.Length; i++)
            text[i] = (char)name[i];
        return Find(text[..name.Length]);
    }

    /// <summary>True when RFC 3261 §20 allows the header field only once in a message.</summary>
    public static bool IsSingle(HeaderId id) => id is HeaderId.CallId or HeaderId.ContentLength or HeaderId.ContentType or HeaderId.CSeq
        or HeaderId.Date or HeaderId.Expires or HeaderId.From or HeaderId.MaxForwards or HeaderId.MinExpires or HeaderId.To
        or HeaderId.Event or HeaderId.SubscriptionState or HeaderId.SessionExpires or HeaderId.MinSE or HeaderId.RAck or HeaderId.RSeq
        or HeaderId.ReferTo or HeaderId.Replaces;

    private static string[] Fill()
    {
        var names = new string[Enum.GetValues<HeaderId>().Length];
        names[0] = "";
        foreach (var (id, name, _) in Table)
            names[(int)id] = name;
        return names;
    }
}
