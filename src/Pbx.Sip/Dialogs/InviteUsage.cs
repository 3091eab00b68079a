using Pbx.Sip.Messages;
using Pbx.Sip.Transactions;

namespace Pbx.Sip.Dialogs;

/// <summary>Who owes whom an answer (RFC 3264 section 4): at most one offer is open at a time.</summary>
internal enum OfferState
{
    /// <summary>Nobody does.</summary>
    Stable,
    /// <summary>The peer owes us one.</summary>
    Ours,
    /// <summary>We owe the peer one.</summary>
    Theirs,
}

/// <summary>
/// One INVITE dialog's life, whichever side began it: requests inside it, re-INVITE and UPDATE both ways, session timer, BYE. How
/// it begins is <see cref="IncomingInvite"/>'s and <see cref="OutgoingInvite"/>'s.
/// </summary>
internal abstract class InviteUsage : IDialogUsage
{
    private readonly IDialogUser user;
    private readonly ReInvite reinvite;
    private UnacknowledgedAccept? unacknowledged;
    private bool byeWanted;
    private string? byeReason;

    /// <summary>A usage without a dialog yet.</summary>
    protected InviteUsage(DialogServices services, IDialogUser user)
    {
        this.user = user;
        Services = services;
        reinvite = new ReInvite(services, this);
        Session = new SessionTimer(services, this);
    }

    /// <summary>The dialog; null before an outgoing INVITE got a tagged response.</summary>
    public Dialog? Dialog { get; protected set; }

    /// <summary>True from the 2xx on, until the end.</summary>
    public bool IsEstablished { get; protected set; }

    /// <summary>True once the user was told of the end, or ended it.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The shard's.</summary>
    public DialogServices Services { get; }

    /// <summary>Who owes an answer.</summary>
    internal OfferState Offer { get; set; }

    /// <summary>The session timer.</summary>
    internal SessionTimer Session { get; }

    /// <summary>Our description as the peer knows it.</summary>
    internal string? LocalDescription { get; set; }

    /// <summary>True when the peer takes UPDATE.</summary>
    internal bool PeerUpdates { get; private set; }

    /// <summary>The INVITE's user. Asked nothing and told nothing once it is over.</summary>
    protected IDialogUser User => user;

    /// <summary>True when we called: decides the glare timer (RFC 3261 section 14.1).</summary>
    internal abstract bool IsCaller { get; }

    /// <summary>True when an offer of ours may go out now.</summary>
    internal bool MayOffer => IsEstablished && !IsOver && Offer == OfferState.Stable && unacknowledged is null;

    /// <summary>Offers a new description by re-INVITE, as soon as the peer may be offered one; the newest wins.</summary>
    public void Reoffer(string offer) => reinvite.Request(offer);

    /// <summary>
    /// Ends the dialog by BYE; when our 2xx is not acknowledged yet, as soon as it is (RFC 3261 section 15). The user is told nothing more.
    /// </summary>
    public void Bye(string? reason = null)
    {
        if (IsOver) return;
        IsOver = true;
        ByeLater(reason);
    }

    /// <inheritdoc/>
    public void OnRequest(IServerTransaction transaction, SipRequest request)
    {
        if (DialogOf(request) is not { } dialog)
        {
            Refuse(transaction, 481);
            return;
        }
        // RFC 3261 §12.2.2: out of order.
        if (!dialog.Advance(request))
        {
            Refuse(transaction, 500);
            return;
        }
        dialog.HeardBy(transaction.Flow);
        LearnFrom(request);
        switch (request.Method)
        {
            case SipMethods.Bye: OnBye(transaction); break;
            case SipMethods.Invite: OnReInvite(dialog, transaction, request); break;
            case SipMethods.Update: OnUpdate(dialog, transaction, request); break;
            case SipMethods.Info: OnInfo(transaction, request); break;
            case SipMethods.Prack: OnPrack(transaction, request); break;
            case SipMethods.Options: transaction.Respond(Response(transaction, 200).Build()); break;
            default: Refuse(transaction, 405); break;
        }
    }

    /// <inheritdoc/>
    public virtual void OnAck(SipRequest ack)
    {
        if (unacknowledged is not { } accept || !accept.Acknowledge(ack)) return;
        unacknowledged = null;
        if (byeWanted)
        {
            SendBye(byeReason);
            return;
        }
        TakeAnswerInAck(ack);
        if (!IsOver) reinvite.TrySend();
    }

    /// <summary>Which of its dialogs a request belongs to.</summary>
    protected virtual Dialog? DialogOf(SipRequest request) => Dialog;

    /// <summary>PRACK of a response of ours; only an incoming INVITE has such.</summary>
    protected virtual void OnPrack(IServerTransaction transaction, SipRequest prack) => Refuse(transaction, 481);

    /// <summary>The peer ends it. Whatever else is open in the dialog ends too.</summary>
    protected virtual void OnBye(IServerTransaction transaction)
    {
        transaction.Respond(Response(transaction, 200).Build());
        Finish(InviteEnd.Bye);
    }

    /// <summary>Sends a 2xx to an INVITE and repeats it until its ACK.</summary>
    protected void Accept(IServerTransaction transaction, SipResponse response) =>
        unacknowledged = new UnacknowledgedAccept(Services, transaction, response, NeverAcknowledged);

    /// <summary>Tells the user of the end and lets go of the dialog.</summary>
    internal void Finish(InviteEnd end)
    {
        StopTimers();
        Forget();
        if (IsOver) return;
        IsOver = true;
        user.OnEnded(this, end);
    }

    /// <summary>Lets go of the dialog without telling the user, who ended it.</summary>
    protected void EndQuietly()
    {
        StopTimers();
        Forget();
        IsOver = true;
    }

    /// <summary>Takes its dialogs out of the table.</summary>
    protected virtual void Forget()
    {
        if (Dialog is { } dialog) Services.Dialogs.Remove(dialog.Id, this);
    }

    /// <summary>Ends it from our side for a reason of the protocol: BYE, and the user is told.</summary>
    internal void EndByBye(InviteEnd end, string? reason = null)
    {
        if (IsOver) return;
        IsOver = true;
        ByeLater(reason);
        user.OnEnded(this, end);
    }

    /// <summary>A refresh of the session is due and ours (RFC 4028 section 7.4): UPDATE where the peer takes it, else re-INVITE.</summary>
    internal void Refresh()
    {
        if (IsOver || Dialog is not { } dialog) return;
        if (!PeerUpdates && LocalDescription is { } same)
        {
            reinvite.Request(same);
            return;
        }
        var update = dialog.NewRequest(SipMethods.Update).Add(HeaderId.Supported, DialogServices.Supported);
        Session.AddTo(update);
        Send(dialog, update, OnRefreshed);
    }

    /// <summary>
    /// Asks the peer whether it still has the dialog (OPTIONS inside it); one that does not answer, or knows it no more, ends it.
    /// </summary>
    public void Probe()
    {
        if (IsOver || !IsEstablished || Dialog is not { } dialog) return;
        Send(dialog, dialog.NewRequest(SipMethods.Options), response =>
        {
            if (response is null || response.Status is 408 or 481) Lost();
        });
    }

    /// <summary>Nobody refreshed the session (RFC 4028 section 10).</summary>
    internal void Expire() => EndByBye(InviteEnd.Expired, "SIP;cause=408;text=\"Session timer expired\"");

    /// <summary>The peer knows the dialog no more or does not answer in it (RFC 5057 section 5.1).</summary>
    internal void Lost()
    {
        if (IsOver) Finish(InviteEnd.Gone);
        else EndByBye(InviteEnd.Gone);
    }

    /// <summary>Sends a request inside the dialog; <paramref name="final"/> hears its final response, null when there was none.</summary>
    internal void Send(Dialog dialog, SipRequestBuilder request, Action<SipResponse?> final) =>
        InDialogRequest.Send(this, dialog, request, final);

    /// <summary>Asks the user for credentials, also for the BYE of a dialog that is over for it.</summary>
    internal bool Challenged(SipResponse challenge, SipRequestBuilder request) => user.OnChallenged(this, challenge, request);

    /// <summary>The answer to our offer came.</summary>
    internal void Answered(string answer)
    {
        Offer = OfferState.Stable;
        if (!IsOver) user.OnAnswer(this, answer);
    }

    /// <summary>What the peer says of itself in any message: which methods it takes.</summary>
    internal void LearnFrom(SipMessage message)
    {
        if (message.Has(HeaderId.Allow)) PeerUpdates = message.HasToken(HeaderId.Allow, SipMethods.Update);
    }

    /// <summary>A response in this dialog with our Contact.</summary>
    protected SipResponseBuilder Response(IServerTransaction transaction, int status) =>
        SipResponseBuilder.For(transaction.Request, status, Dialog?.Id.LocalTag);

    /// <summary>Answers with a status and nothing else.</summary>
    protected void Refuse(IServerTransaction transaction, int status)
    {
        var response = Response(transaction, status);
        if (status == 405) response.Add(HeaderId.Allow, DialogServices.Allow);
        // RFC 3261 §14.2: a random wait of up to 10 s.
        if (status == 500) response.Add(HeaderId.RetryAfter, SessionInterval.Number((uint)Services.Random.Next(1, 10)));
        transaction.Respond(response.Build());
    }

    /// <summary>A 1xx or 2xx that gives our Contact and says what we take.</summary>
    protected SipResponseBuilder Success(Dialog dialog, IServerTransaction transaction, int status = 200) => Response(transaction, status)
        .Contact(dialog.LocalTarget).Add(HeaderId.Allow, DialogServices.Allow).Add(HeaderId.Supported, DialogServices.Supported);

    /// <summary>Stops what would still send something.</summary>
    protected virtual void StopTimers()
    {
        unacknowledged?.Stop();
        unacknowledged = null;
        Session.Stop();
        reinvite.Stop();
    }

    private void OnReInvite(Dialog dialog, IServerTransaction transaction, SipRequest request)
    {
        var refusal = IsOver ? 481
            : reinvite.IsRunning || Offer == OfferState.Ours || unacknowledged is not null ? 491 // RFC 3261 §14.2: glare.
            : !IsEstablished || Offer == OfferState.Theirs ? 500
            : 0;
        if (refusal != 0)
        {
            Refuse(transaction, refusal);
            return;
        }
        if (SessionInterval.TooShort(request))
        {
            transaction.Respond(Response(transaction, 422).Add(HeaderId.MinSE, SessionInterval.Number(SessionInterval.Shortest)).Build());
            return;
        }
        var offer = DialogServices.Description(request);
        var ours = offer is null ? user.OnOfferWanted(this) : user.OnOffer(this, offer);
        if (ours is null)
        {
            Refuse(transaction, 488);
            return;
        }
        dialog.RefreshTarget(request);
        if (offer is null) Offer = OfferState.Ours;
        LocalDescription = ours;
        var response = Success(dialog, transaction).Body(DialogServices.Sdp, ours);
        Session.Answer(request, response);
        Accept(transaction, response.Build());
    }

    private void OnUpdate(Dialog dialog, IServerTransaction transaction, SipRequest update)
    {
        var offer = DialogServices.Description(update);
        // RFC 3311 §5.2.
        var refusal = IsOver ? 481 : offer is null ? 0 : Offer == OfferState.Ours || reinvite.IsRunning ? 491 : Offer == OfferState.Theirs ? 500 : 0;
        var answer = offer is null || refusal != 0 ? null : user.OnOffer(this, offer);
        if (refusal == 0 && offer is not null && answer is null) refusal = 488;
        if (refusal != 0)
        {
            Refuse(transaction, refusal);
            return;
        }
        dialog.RefreshTarget(update);
        var response = Success(dialog, transaction);
        Session.Answer(update, response);
        if (answer is not null) response.Body(DialogServices.Sdp, LocalDescription = answer);
        transaction.Respond(response.Build());
    }

    private void OnInfo(IServerTransaction transaction, SipRequest info)
    {
        if (IsOver)
        {
            Refuse(transaction, 481);
            return;
        }
        var key = InfoDigits.Read(info);
        // RFC 6086 §4.2.2: an INFO without body is legacy keep-alive; one with a body that we do not know is 415.
        transaction.Respond(Response(transaction, key is null && info.Body.Length > 0 ? 415 : 200).Build());
        if (key is { } digit) user.OnDigit(this, digit);
    }

    private void TakeAnswerInAck(SipRequest ack)
    {
        if (Offer != OfferState.Ours) return;
        if (DialogServices.Description(ack) is { } answer) Answered(answer);
        else EndByBye(InviteEnd.NoSession, "SIP;cause=488;text=\"No answer in ACK\"");
    }

    private void NeverAcknowledged()
    {
        unacknowledged = null;
        // RFC 3261 §13.3.1.4: the dialog stands, but the session does not: BYE.
        if (byeWanted) SendBye(byeReason);
        else EndByBye(InviteEnd.NoAck);
    }

    private void ByeLater(string? reason)
    {
        if (unacknowledged is null)
        {
            SendBye(reason);
            return;
        }
        (byeWanted, byeReason) = (true, reason);
        Session.Stop();
        reinvite.Stop();
    }

    private void SendBye(string? reason)
    {
        StopTimers();
        if (Dialog is not { } dialog) return;
        var bye = dialog.NewRequest(SipMethods.Bye);
        if (reason is not null) bye.Add(HeaderId.Reason, reason);
        Send(dialog, bye, _ => Forget());
    }

    private void OnRefreshed(SipResponse? response)
    {
        if (IsOver) return;
        switch (response?.Status)
        {
            case null or 408 or 481: Lost(); break;
            case >= 200 and < 300: Session.Restart(SessionInterval.Accepted(response) ?? Session.Agreed); break;
            default: Session.Refused(); break;
        }
    }
}
