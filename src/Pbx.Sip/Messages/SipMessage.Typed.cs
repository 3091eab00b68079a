using System.Globalization;

namespace Pbx.Sip.Messages;

/// <content>
/// The headers with meaning. Those that every message must have may be read only after <see cref="SipValidator"/> found the message
/// right; reading a malformed one is a bug and throws <see cref="InvalidOperationException"/>. All others give null or nothing when
/// absent or malformed.
/// </content>
internal abstract partial class SipMessage
{
    private string? _callId;
    private CSeq? _cseq;
    private NameAddress? _from;
    private NameAddress? _to;
    private IReadOnlyList<Via>? _vias;
    private IReadOnlyList<NameAddress>? _contacts;

    /// <summary>The Call-ID.</summary>
    public string CallId => _callId ??= Header(HeaderId.CallId) ?? throw Unreadable(HeaderId.CallId);

    /// <summary>The CSeq.</summary>
    public CSeq CSeq => _cseq ??= TryCSeq() ?? throw Unreadable(HeaderId.CSeq);

    /// <summary>From.</summary>
    public NameAddress From => _from ??= TryAddress(HeaderId.From) ?? throw Unreadable(HeaderId.From);

    /// <summary>To.</summary>
    public NameAddress To => _to ??= TryAddress(HeaderId.To) ?? throw Unreadable(HeaderId.To);

    /// <summary>The tag of From; null when the peer is of RFC 2543.</summary>
    public string? FromTag => From.Tag;

    /// <summary>The tag of To; null outside a dialog.</summary>
    public string? ToTag => To.Tag;

    /// <summary>The topmost Via.</summary>
    public Via Via => Vias is [var top, ..] ? top : throw Unreadable(HeaderId.Via);

    /// <summary>All Vias, topmost first.</summary>
    public IReadOnlyList<Via> Vias => _vias ??= TryVias() ?? throw Unreadable(HeaderId.Via);

    /// <summary>The contacts; empty when there are none, or when it is <c>*</c>.</summary>
    public IReadOnlyList<NameAddress> Contacts => _contacts ??= HasStarContact ? [] : Addresses(HeaderId.Contact);

    /// <summary>The first contact's URI, which is the remote target of a dialog; null when there is none.</summary>
    public SipUri? ContactUri => Contacts is [var first, ..] ? first.Uri : null;

    /// <summary>True when Contact is <c>*</c> (RFC 3261 §10.2.2).</summary>
    public bool HasStarContact => Header(HeaderId.Contact) is { } text && text.AsSpan().Trim(" \t") is "*";

    /// <summary>The Record-Route set, in order.</summary>
    public IReadOnlyList<NameAddress> RecordRoutes => Addresses(HeaderId.RecordRoute);

    /// <summary>The Route set, in order.</summary>
    public IReadOnlyList<NameAddress> Routes => Addresses(HeaderId.Route);

    /// <summary>Expires in seconds; null when absent or malformed.</summary>
    public uint? Expires => Number(HeaderId.Expires);

    /// <summary>Min-Expires in seconds.</summary>
    public uint? MinExpires => Number(HeaderId.MinExpires);

    /// <summary>Max-Forwards.</summary>
    public uint? MaxForwards => Number(HeaderId.MaxForwards);

    /// <summary>Content-Length as written.</summary>
    public uint? ContentLength => Number(HeaderId.ContentLength);

    /// <summary>Retry-After in seconds; its comment and parameters are left out.</summary>
    public uint? RetryAfter => LeadingNumber(HeaderId.RetryAfter);

    /// <summary>Content-Type, such as <c>application/sdp</c>.</summary>
    public TokenValue? ContentType => Token(HeaderId.ContentType);

    /// <summary>Event of SUBSCRIBE and NOTIFY.</summary>
    public TokenValue? Event => Token(HeaderId.Event);

    /// <summary>Subscription-State of NOTIFY.</summary>
    public TokenValue? SubscriptionState => Token(HeaderId.SubscriptionState);

    /// <summary>Session-Expires (RFC 4028).</summary>
    public SessionExpires? SessionExpires => Token(HeaderId.SessionExpires) is { } value
        && uint.TryParse(value.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? new SessionExpires(seconds, value.Parameters["refresher"])
            : null;

    /// <summary>Min-SE in seconds (RFC 4028).</summary>
    public uint? MinSE => LeadingNumber(HeaderId.MinSE);

    /// <summary>RSeq of a reliable provisional response (RFC 3262).</summary>
    public uint? RSeq => Number(HeaderId.RSeq);

    /// <summary>RAck of PRACK (RFC 3262).</summary>
    public RAck? RAck => Header(HeaderId.RAck) is { } text && Messages.RAck.TryParse(text, out var value) ? value : null;

    /// <summary>Replaces (RFC 3891).</summary>
    public Replaces? Replaces => Header(HeaderId.Replaces) is { } text ? Messages.Replaces.Parse(text) : null;

    /// <summary>Refer-To (RFC 3515).</summary>
    public NameAddress? ReferTo => TryAddress(HeaderId.ReferTo);

    /// <summary>The caller's identities as the network vouches for them (RFC 3325).</summary>
    public IReadOnlyList<NameAddress> AssertedIdentities => Addresses(HeaderId.PAssertedIdentity);

    /// <summary>Reasons (RFC 3326), each with its protocol as value and <c>cause</c> and <c>text</c> as parameters.</summary>
    public IReadOnlyList<TokenValue> Reasons
    {
        get
        {
            List<TokenValue>? values = null;
            foreach (var text in Tokens(HeaderId.Reason))
                if (TokenValue.TryParse(text, out var value))
                    (values ??= []).Add(value);
            return values ?? (IReadOnlyList<TokenValue>)[];
        }
    }

    /// <summary>Challenges or credentials of that kind, in order; malformed ones left out.</summary>
    public IReadOnlyList<AuthenticationValue> Authentications(HeaderId id)
    {
        List<AuthenticationValue>? values = null;
        foreach (ref readonly var slot in Slots)
            if (slot.Id == id && AuthenticationValue.Parse(Text(slot.ValueStart, slot.ValueLength)) is { } value)
                (values ??= []).Add(value);
        return values ?? (IReadOnlyList<AuthenticationValue>)[];
    }

    /// <summary>The one address of that kind; null when absent or malformed.</summary>
    public NameAddress? TryAddress(HeaderId id) =>
        Header(id) is { } text && NameAddress.TryParse(text, out var value) ? value : null;

    /// <summary>CSeq, or null when absent or malformed.</summary>
    public CSeq? TryCSeq() => Header(HeaderId.CSeq) is { } text && CSeq.TryParse(text, out var value) ? value : null;

    /// <summary>All Vias, or null when there is none or one is malformed.</summary>
    public IReadOnlyList<Via>? TryVias()
    {
        List<Via> values = [];
        foreach (ref readonly var slot in Slots)
            if (slot.Id == HeaderId.Via && !Via.TryParseList(Text(slot.ValueStart, slot.ValueLength), values))
                return null;
        return values.Count > 0 ? values : null;
    }

    private TokenValue? Token(HeaderId id) => Header(id) is { } text && TokenValue.TryParse(text, out var value) ? value : null;

    private uint? Number(HeaderId id) =>
        Header(id) is { } text && uint.TryParse(text.AsSpan().Trim(" \t"), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    private uint? LeadingNumber(HeaderId id)
    {
        if (Header(id) is not { } text)
            return null;
        var scanner = new SipScanner(text);
        scanner.SkipSpace();
        return uint.TryParse(scanner.TakeDigits(), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    private static InvalidOperationException Unreadable(HeaderId id) =>
        new($"{HeaderNames.Of(id)} is absent or malformed: the message was not validated.");
}
