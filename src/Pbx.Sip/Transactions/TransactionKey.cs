using System.Globalization;
using Pbx.Sip.Messages;

namespace Pbx.Sip.Transactions;

/// <summary>
/// What a message is matched to its transaction by. Client side (RFC 3261 section 17.1.3): branch and method. Server side (section
/// 17.2.3): also sent-by, since two clients may choose one branch.
/// </summary>
/// <param name="Branch">The branch; for a peer of RFC 2543 the fields that section 17.2.3 lists instead.</param>
/// <param name="Host">Sent-by host; empty on the client side.</param>
/// <param name="Port">Sent-by port as written, or 0.</param>
/// <param name="Method">The method; that of an ACK is INVITE.</param>
internal readonly record struct TransactionKey(string Branch, string Host, int Port, string Method)
{
    /// <summary>The key of a request that came.</summary>
    public static TransactionKey OfServer(SipRequest request)
    {
        var via = request.Via;
        var method = request.Method == SipMethods.Ack ? SipMethods.Invite : request.Method;
        return via.HasMagicBranch
            ? new TransactionKey(via.Branch!, Lower(via.Host), via.Port ?? 0, method)
            : new TransactionKey(OfRfc2543(request, method), "", 0, method);
    }

    /// <summary>The key of the INVITE that a CANCEL means (section 9.2): all the same but the method.</summary>
    public TransactionKey OfInvite() => this with { Method = SipMethods.Invite };

    /// <summary>The key of a request of ours.</summary>
    public static TransactionKey OfClient(SipRequest request) => new(request.Via.Branch!, "", 0, request.Method);

    /// <summary>The key of the request that a response answers; null when it carries no branch.</summary>
    public static TransactionKey? OfClient(SipResponse response) =>
        response.Via.Branch is { } branch ? new TransactionKey(branch, "", 0, response.CSeq.Method) : null;

    /// <summary>
    /// Section 17.2.3 for peers of RFC 2543. The To tag is left out for INVITE and ACK, where the one has none and the other ours; a
    /// re-INVITE differs in its CSeq. CANCEL differs from its INVITE in nothing but the method.
    /// </summary>
    private static string OfRfc2543(SipRequest request, string method)
    {
        var toTag = method is SipMethods.Invite or SipMethods.Cancel ? "" : request.ToTag;
        return string.Create(CultureInfo.InvariantCulture,
            $"{request.RequestUriText}|{toTag}|{request.FromTag}|{request.CallId}|{request.CSeq.Number}|{request.Via}");
    }

    private static string Lower(string host) => host.AsSpan().ContainsAnyInRange('A', 'Z') ? host.ToLowerInvariant() : host;
}

/// <summary>By what a request that came twice by different ways is known (RFC 3261 section 8.2.2.2).</summary>
internal readonly record struct MergeKey(string CallId, string FromTag, uint Number, string Method)
{
    /// <summary>Of a request; null when it cannot be a merged one.</summary>
    public static MergeKey? Of(SipRequest request) =>
        request.Method is SipMethods.Ack or SipMethods.Cancel or SipMethods.Register || request.ToTag is not null || request.FromTag is not { } tag
            ? null
            : new MergeKey(request.CallId, tag, request.CSeq.Number, request.Method);
}
