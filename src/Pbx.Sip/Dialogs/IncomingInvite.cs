using Pbx.Sip.Messages;
using Pbx.Sip.Transactions;

namespace Pbx.Sip.Dialogs;

/// <summary>An INVITE that we received (RFC 3261 section 13.3) and the dialog that it makes.</summary>
internal sealed class IncomingInvite : InviteUsage, IServerTransactionUser
{
    private readonly IServerTransaction transaction;
    private readonly ReliableProgress reliable;
    private readonly bool offeredByPeer;
    private Action? afterPrack;
    private bool described;

    /// <summary>Takes a new INVITE; the dialog is in the table from now on, so that CANCEL, PRACK and BYE find it.</summary>
    public IncomingInvite(DialogServices services, IServerTransaction transaction, IDialogUser user) : base(services, user)
    {
        this.transaction = transaction;
        transaction.User = this;
        Invite = transaction.Request;
        PeerOffer = DialogServices.Description(Invite);
        offeredByPeer = PeerOffer is not null;
        if (offeredByPeer) Offer = OfferState.Theirs;
        LearnFrom(Invite);
        reliable = new ReliableProgress(services, transaction, NeverPracked);
        Dialog = Dialog.OfServer(Invite, transaction.LocalTag, services.Transactions.AddressFor(transaction.Flow).Contact(UserOf(Invite), Invite.RequestUri.Scheme == UriScheme.Sips),
            transaction.Flow);
        services.Dialogs.Add(Dialog.Id, this);
    }

    /// <summary>The INVITE.</summary>
    public SipRequest Invite { get; }

    /// <summary>What the peer offers; null: it wants our offer.</summary>
    public string? PeerOffer { get; }

    /// <summary>True once a 2xx was sent or waits for a PRACK.</summary>
    public bool IsAccepted { get; private set; }

    internal override bool IsCaller => false;

    /// <summary>The refusal of a session interval below ours (RFC 4028 section 9), before anything is made of the INVITE; null: it can be taken.</summary>
    public static SipResponse? Refusal(IServerTransaction transaction) => SessionInterval.TooShort(transaction.Request)
        ? SipResponseBuilder.For(transaction.Request, 422, transaction.LocalTag)
            .Add(HeaderId.MinSE, SessionInterval.Number(SessionInterval.Shortest)).Build()
        : null;

    /// <summary>
    /// A provisional response; reliably where the peer requires it, or takes it and there is a description to lose (RFC 3262 section 3).
    /// </summary>
    public void Progress(int status, string? description = null)
    {
        if (IsOver || IsAccepted) return;
        var response = Tagged(status);
        if (description is not null) Describe(response, description);
        var asked = Invite.HasToken(HeaderId.Require, "100rel") || (description is not null && Invite.HasToken(HeaderId.Supported, "100rel"));
        if (asked) reliable.Send(response);
        else transaction.Respond(response.Build());
    }

    /// <summary>
    /// Accepts; not before the description of a reliable provisional response is acknowledged (RFC 3262 section 3). The description is
    /// our answer, or our offer when the peer wants one; it is left out when a reliable response has agreed on it.
    /// </summary>
    public void Accept(string description)
    {
        if (IsOver || IsAccepted) return;
        IsAccepted = true;
        if (reliable.IsWaiting) afterPrack = () => SendAccept(description);
        else SendAccept(description);
    }

    /// <summary>Refuses with a final response; the user is told nothing more.</summary>
    public void Reject(int status, string? reason = null)
    {
        if (IsOver) return;
        if (IsEstablished)
        {
            Bye(reason);
            return;
        }
        var response = Tagged(status);
        if (reason is not null) response.Add(HeaderId.Reason, reason);
        if (status == 503) response.Add(HeaderId.RetryAfter, "5");
        transaction.Respond(response.Build());
        EndQuietly();
    }

    /// <inheritdoc/>
    public void OnCancelled(IServerTransaction transaction, SipRequest cancel) => GiveUp(InviteEnd.Cancelled);

    /// <inheritdoc/>
    protected override void OnBye(IServerTransaction transaction)
    {
        // RFC 3261 §15.1.2: what is pending is answered 487.
        if (!IsEstablished && !this.transaction.IsAnswered) this.transaction.Respond(Tagged(487).Build());
        base.OnBye(transaction);
    }

    /// <inheritdoc/>
    protected override void OnPrack(IServerTransaction transaction, SipRequest prack)
    {
        if (!reliable.Acknowledge(prack))
        {
            Refuse(transaction, 481);
            return;
        }
        var response = Response(transaction, 200);
        if (DialogServices.Description(prack) is { } description)
        {
            if (Offer == OfferState.Ours) Answered(description);
            else if (Offer == OfferState.Stable && !IsOver && User.OnOffer(this, description) is { } answer)
                response.Body(DialogServices.Sdp, LocalDescription = answer);
        }
        transaction.Respond(response.Build());
        if (reliable.IsWaiting || afterPrack is not { } accept) return;
        afterPrack = null;
        accept();
    }

    /// <inheritdoc/>
    protected override void StopTimers()
    {
        base.StopTimers();
        reliable.Stop();
        afterPrack = null;
    }

    private static string? UserOf(SipRequest invite) => invite.TryRequestUri(out var uri) && uri.User.Length > 0 ? uri.User : null;

    private void SendAccept(string description)
    {
        if (IsOver) return;
        IsEstablished = true;
        var response = Tagged(200);
        if (!described || !Invite.HasToken(HeaderId.Supported, "100rel") || Offer != OfferState.Stable) Describe(response, description);
        Session.Answer(Invite, response);
        Accept(transaction, response.Build());
    }

    private void Describe(SipResponseBuilder response, string description)
    {
        described = true;
        LocalDescription = description;
        Offer = offeredByPeer ? OfferState.Stable : OfferState.Ours;
        response.Body(DialogServices.Sdp, description);
    }

    private SipResponseBuilder Tagged(int status) => status < 300
        ? Success(Dialog!, transaction, status)
        : SipResponseBuilder.For(Invite, status, transaction.LocalTag);

    private void NeverPracked()
    {
        // RFC 3262 §3: rejected with a 5xx.
        if (!transaction.IsAnswered) transaction.Respond(Tagged(504).Build());
        GiveUp(InviteEnd.NoPrack);
    }

    private void GiveUp(InviteEnd end)
    {
        if (!transaction.IsAnswered) transaction.Respond(Tagged(487).Build());
        Finish(end);
    }
}
