using Pbx.Sip.Messages;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Dialogs;

/// <summary>
/// A dialog (RFC 3261 section 12): tags, route set, targets and sequence numbers, and nothing of what is done in it. Belongs to its
/// shard's thread.
/// </summary>
internal sealed class Dialog
{
    private readonly NameAddress local;
    private readonly NameAddress remote;
    private uint localCSeq;
    private uint? remoteCSeq;

    private Dialog(DialogId id, NameAddress local, NameAddress remote, SipUri remoteTarget, SipUri localTarget, Flow flow)
    {
        Id = id;
        this.local = local;
        this.remote = remote;
        RemoteTarget = remoteTarget;
        LocalTarget = localTarget;
        Flow = flow;
    }

    /// <summary>What names it.</summary>
    public DialogId Id { get; }

    /// <summary>Where requests go to: the peer's Contact, refreshed by target refresh requests (section 12.2).</summary>
    public SipUri RemoteTarget { get; private set; }

    /// <summary>Our Contact.</summary>
    public SipUri LocalTarget { get; }

    /// <summary>The way to the peer: what its last request came by. Phones behind routers can be reached by nothing else.</summary>
    public Flow Flow { get; private set; }

    /// <summary>The proxies between, nearest first (section 12.1).</summary>
    public IReadOnlyList<SipUri> RouteSet { get; private set; } = [];

    /// <summary>The number of our last request.</summary>
    public uint LocalCSeq => localCSeq;

    /// <summary>
    /// The dialog that our response with this tag to an INVITE makes (section 12.1.1).
    /// </summary>
    public static Dialog OfServer(SipRequest invite, string localTag, SipUri localTarget, Flow flow) => new(
        new DialogId(invite.CallId, localTag, invite.From.Tag ?? ""), invite.To.WithTag(localTag), invite.From,
        invite.ContactUri ?? invite.From.Uri, localTarget, flow)
    {
        RouteSet = [.. invite.RecordRoutes.Select(route => route.Uri)],
        remoteCSeq = invite.CSeq.Number,
    };

    /// <summary>The dialog that a tagged response to our INVITE makes (section 12.1.2).</summary>
    public static Dialog OfClient(SipRequest invite, SipResponse response, SipUri localTarget, Flow flow) => new(
        DialogId.OfReceived(response), invite.From, response.To, response.ContactUri ?? invite.RequestUri, localTarget, flow)
    {
        RouteSet = [.. response.RecordRoutes.Select(route => route.Uri).Reverse()],
        localCSeq = invite.CSeq.Number,
    };

    /// <summary>
    /// A request inside the dialog (section 12.2.1.1), with the next sequence number and our Contact; an ACK takes its INVITE's number.
    /// </summary>
    public SipRequestBuilder NewRequest(string method, uint? cseq = null)
    {
        var number = cseq ?? ++localCSeq;
        var target = RemoteTarget.WithoutHeaders();
        var routes = RouteSet;
        if (routes.Count > 0 && !routes[0].IsLooseRouter)
        {
            // RFC 3261 §12.2.1.1: a strict router wants itself in the Request-URI and the target as last route.
            var strict = routes[0].WithoutHeaders();
            routes = [.. routes.Skip(1), target];
            target = strict;
        }
        return SipRequestBuilder.Create(method, target, local, remote, Id.CallId, number).Routes(routes).Contact(LocalTarget);
    }

    /// <summary>True when a request comes in order (section 12.2.2), which it then has; ACK and CANCEL are not asked.</summary>
    public bool Advance(SipRequest request)
    {
        if (remoteCSeq is { } last && request.CSeq.Number <= last) return false;
        remoteCSeq = request.CSeq.Number;
        return true;
    }

    /// <summary>Takes the new Contact of a target refresh (INVITE, UPDATE, or a 2xx to ours).</summary>
    public void RefreshTarget(SipMessage message)
    {
        if (message.ContactUri is { } target) RemoteTarget = target;
    }

    /// <summary>The peer was heard by this way: a phone whose router gave it another port, or that connected anew, is answered there.</summary>
    public void HeardBy(Flow flow) => Flow = flow;

    /// <summary>
    /// The route set is computed anew from the 2xx (section 13.2.2.4): only an early dialog's may change.
    /// </summary>
    public void Confirm(SipResponse response)
    {
        RouteSet = [.. response.RecordRoutes.Select(route => route.Uri).Reverse()];
        RefreshTarget(response);
    }

    /// <summary>The number of a request that is sent again (credentials).</summary>
    public uint NextCSeq() => ++localCSeq;
}
