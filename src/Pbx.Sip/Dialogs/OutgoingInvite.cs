using Pbx.Sip.Messages;
using Pbx.Sip.Transactions;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Dialogs;

/// <summary>
/// An INVITE that we send (RFC 3261 section 13.2): its early dialogs, the one that is accepted, and those that are accepted too late
/// or beside it, which are acknowledged and ended here.
/// </summary>
internal sealed class OutgoingInvite : InviteUsage, IClientTransactionUser
{
    private readonly IInviteSender sender;
    private readonly SipRequestBuilder request;
    private readonly Flow flow;
    private readonly SipUri contact;
    private readonly bool offered;
    private readonly Dictionary<string, EarlyDialog> dialogs = [];
    private IClientTransaction? transaction;
    private bool cancelled;
    private bool decided;
    private int attempts;

    private OutgoingInvite(DialogServices services, IInviteSender sender, SipRequestBuilder request, Flow flow, string? offer, string? user)
        : base(services, sender)
    {
        this.sender = sender;
        this.request = request;
        this.flow = flow;
        contact = services.Transactions.AddressFor(flow).Contact(user, request.RequestUri.Scheme == UriScheme.Sips);
        offered = offer is not null;
        LocalDescription = offer;
        Offer = offered ? OfferState.Ours : OfferState.Stable;
    }

    internal override bool IsCaller => true;

    /// <summary>
    /// Sends an INVITE that has its mandatory headers; Contact, Allow, Supported, Session-Expires and the offer are added here.
    /// </summary>
    /// <param name="services">The shard's.</param>
    /// <param name="sender">Who hears what comes of it.</param>
    /// <param name="request">Request-URI, Route, From with tag, To, Call-ID, CSeq and what the sender adds.</param>
    /// <param name="flow">The way.</param>
    /// <param name="offer">Our description; null: the peer is to offer.</param>
    /// <param name="user">User part of our Contact.</param>
    public static OutgoingInvite Send(DialogServices services, IInviteSender sender, SipRequestBuilder request, Flow flow, string? offer,
        string? user)
    {
        var invite = new OutgoingInvite(services, sender, request, flow, offer, user);
        request.Contact(invite.contact).Set(HeaderId.Allow, DialogServices.Allow).Set(HeaderId.Supported, DialogServices.Supported)
            .Set(HeaderId.SessionExpires, SessionInterval.Number(SessionInterval.Preferred))
            .Set(HeaderId.MinSE, SessionInterval.Number(SessionInterval.Shortest));
        if (offer is not null) request.Body(DialogServices.Sdp, offer);
        invite.Start();
        return invite;
    }

    /// <summary>
    /// Does not want it any more: CANCEL, or BYE when it was accepted. The user is told nothing more; a 2xx that crosses is acknowledged and
    /// ended by BYE.
    /// </summary>
    public void Cancel(string? reason = null)
    {
        if (IsEstablished)
        {
            Bye(reason);
            return;
        }
        if (cancelled || decided) return;
        cancelled = true;
        EndQuietly();
        transaction?.Cancel(reason);
    }

    /// <inheritdoc/>
    public void OnResponse(IClientTransaction transaction, SipResponse response)
    {
        if (transaction != this.transaction) return;
        if (response.Status == 100)
        {
            if (!cancelled && !decided) sender.OnTrying(this);
            return;
        }
        LearnFrom(response);
        if (response.IsProvisional) OnProvisional(response);
        else if (response.IsSuccess) OnSuccess(response);
        else OnRefusal(response);
    }

    /// <inheritdoc/>
    public void OnFailed(IClientTransaction transaction, TransactionFailure failure)
    {
        if (transaction == this.transaction) Decide(failure == TransactionFailure.TimedOut ? 408 : 503, null);
    }

    /// <inheritdoc/>
    protected override Dialog? DialogOf(SipRequest request) =>
        dialogs.TryGetValue(request.From.Tag ?? "", out var early) ? early.Dialog : null;

    /// <inheritdoc/>
    protected override void Forget()
    {
        foreach (var early in dialogs.Values) Services.Dialogs.Remove(early.Dialog.Id, this);
    }

    private void Start()
    {
        attempts++;
        transaction = Services.Transactions.Send(request, flow, this);
    }

    private void OnProvisional(SipResponse response)
    {
        if (cancelled || decided || response.To.Tag is null)
        {
            if (!cancelled && !decided) sender.OnProgress(this, response);
            return;
        }
        var early = EarlyOf(response);
        if (response.HasToken(HeaderId.Require, "100rel") && !Prack(early, response)) return;
        if (offered && DialogServices.Description(response) is { } answer)
        {
            // RFC 3261 §13.2.1: in an unreliable response it only foretells the answer, which the 2xx repeats.
            if (response.Has(HeaderId.RSeq)) Offer = OfferState.Stable;
            early.Described = true;
            sender.OnAnswer(this, answer);
        }
        if (!decided && !cancelled) sender.OnProgress(this, response);
    }

    /// <summary>Acknowledges a reliable response (RFC 3262 section 4); false for a repetition or one out of order.</summary>
    private bool Prack(EarlyDialog early, SipResponse response)
    {
        if (response.RSeq is not { } number || (early.LastReliable is { } last && number != last + 1)) return false;
        early.LastReliable = number;
        early.Dialog.RefreshTarget(response);
        var prack = early.Dialog.NewRequest(SipMethods.Prack)
            .Add(HeaderId.RAck, new RAck(number, response.CSeq.Number, SipMethods.Invite).ToString());
        if (!offered && !early.Described && DialogServices.Description(response) is { } offer && sender.OnOffer(this, offer) is { } answer)
        {
            early.Described = true;
            prack.Body(DialogServices.Sdp, LocalDescription = answer);
        }
        Send(early.Dialog, prack, _ => { });
        return true;
    }

    private void OnSuccess(SipResponse response)
    {
        var early = EarlyOf(response);
        if (early.Ack is { } ack)
        {
            Services.Transactions.Resend(ack, early.Dialog.Flow);
            return;
        }
        early.Dialog.Confirm(response);
        var wanted = !cancelled && !decided;
        var description = DialogServices.Description(response);
        string? answer = null;
        if (wanted && !offered && !early.Described)
        {
            answer = description is null ? null : sender.OnOffer(this, description);
            wanted = answer is not null;
        }
        var builder = early.Dialog.NewRequest(SipMethods.Ack, response.CSeq.Number);
        if (answer is not null) builder.Body(DialogServices.Sdp, LocalDescription = answer);
        early.Ack = Services.Transactions.SendAck(builder, early.Dialog.Flow);
        if (!wanted)
        {
            EndOther(early);
            if (!cancelled && !decided) Decide(488, response);
            return;
        }
        Establish(early, response, offered ? description : null);
    }

    private void Establish(EarlyDialog early, SipResponse response, string? answer)
    {
        if (answer is null && offered && !early.Described)
        {
            EndOther(early);
            Decide(488, response);
            return;
        }
        decided = true;
        Dialog = early.Dialog;
        Offer = OfferState.Stable;
        IsEstablished = true;
        ForgetOthers(early);
        Session.Restart(SessionInterval.Accepted(response));
        if (answer is not null) sender.OnAnswer(this, answer);
        if (!IsOver) sender.OnAccepted(this, response);
    }

    private void OnRefusal(SipResponse response)
    {
        if (!cancelled && attempts < 4 && Again(response))
        {
            request.Set(HeaderId.CSeq, new CSeq(transaction!.Request.CSeq.Number + 1, SipMethods.Invite).ToString());
            Forget();
            dialogs.Clear();
            Start();
            return;
        }
        Decide(response.Status, response);
    }

    private bool Again(SipResponse response) => response.Status switch
    {
        401 or 407 => attempts < 3 && sender.OnChallenged(this, response, request),
        422 when response.MinSE is { } least => Lengthen(least),
        _ => false,
    };

    /// <summary>RFC 4028 section 7.4: again with the interval that the peer wants at least.</summary>
    private bool Lengthen(uint least)
    {
        request.Set(HeaderId.SessionExpires, SessionInterval.Number(Math.Max(least, SessionInterval.Preferred)))
            .Set(HeaderId.MinSE, SessionInterval.Number(least));
        return true;
    }

    private void Decide(int status, SipResponse? response)
    {
        if (cancelled || decided) return;
        decided = true;
        EndQuietly();
        sender.OnRefused(this, status, response);
    }

    private EarlyDialog EarlyOf(SipResponse response)
    {
        var tag = response.To.Tag ?? "";
        if (dialogs.TryGetValue(tag, out var known)) return known;
        var early = new EarlyDialog(Dialog.OfClient(transaction!.Request, response, contact, flow));
        dialogs.Add(tag, early);
        Services.Dialogs.Add(early.Dialog.Id, this);
        return early;
    }

    /// <summary>RFC 3261 section 13.2.2.4: a 2xx that is not wanted any more is ended by BYE.</summary>
    private void EndOther(EarlyDialog early)
    {
        var bye = early.Dialog.NewRequest(SipMethods.Bye);
        Send(early.Dialog, bye, _ => Services.Dialogs.Remove(early.Dialog.Id, this));
    }

    private void ForgetOthers(EarlyDialog kept)
    {
        foreach (var early in dialogs.Values)
        {
            if (early != kept) Services.Dialogs.Remove(early.Dialog.Id, this);
        }
    }

    private sealed class EarlyDialog(Dialog dialog)
    {
        public Dialog Dialog { get; } = dialog;

        public uint? LastReliable { get; set; }

        public bool Described { get; set; }

        public SipRequest? Ack { get; set; }
    }
}
