using Pbx.Sip.Messages;
using Pbx.Sip.Scheduling;
using Pbx.Sip.Transactions;

namespace Pbx.Sip.Dialogs;

/// <summary>Our re-INVITEs: one at a time, again after glare (RFC 3261 section 14.1), the newest wish only.</summary>
internal sealed class ReInvite : IClientTransactionUser
{
    private readonly DialogServices services;
    private readonly InviteUsage usage;
    private readonly ShardTimer glare;
    private string? wanted;
    private SipRequestBuilder? request;
    private (uint CSeq, SipRequest Ack)? acknowledged;
    private bool challenged;

    /// <summary>Nothing to send yet.</summary>
    public ReInvite(DialogServices services, InviteUsage usage)
    {
        (this.services, this.usage) = (services, usage);
        glare = services.Shard.CreateTimer(TrySend);
    }

    /// <summary>True while one waits for its final response.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>Wants this offered.</summary>
    public void Request(string offer)
    {
        wanted = offer;
        TrySend();
    }

    /// <summary>Sends what is wanted if it may go out now.</summary>
    public void TrySend()
    {
        if (wanted is not { } offer || IsRunning || glare.IsRunning || !usage.MayOffer || usage.Dialog is not { } dialog) return;
        wanted = null;
        challenged = false;
        IsRunning = true;
        usage.Offer = OfferState.Ours;
        usage.LocalDescription = offer;
        request = dialog.NewRequest(SipMethods.Invite).Add(HeaderId.Allow, DialogServices.Allow)
            .Add(HeaderId.Supported, DialogServices.Supported).Body(DialogServices.Sdp, offer);
        usage.Session.AddTo(request);
        services.Transactions.Send(request, dialog.Flow, this);
    }

    /// <summary>Wants nothing any more. One that runs is acknowledged all the same.</summary>
    public void Stop()
    {
        wanted = null;
        glare.Stop();
    }

    /// <inheritdoc/>
    public void OnResponse(IClientTransaction transaction, SipResponse response)
    {
        if (response.IsProvisional || usage.Dialog is not { } dialog) return;
        if (response.IsSuccess && Acknowledge(dialog, transaction.Request, response)) return;
        if (response.Status is 401 or 407 && !challenged && request is not null && usage.Challenged(response, request))
        {
            challenged = true;
            request.Set(HeaderId.CSeq, new CSeq(dialog.NextCSeq(), SipMethods.Invite).ToString());
            services.Transactions.Send(request, dialog.Flow, this);
            return;
        }
        IsRunning = false;
        usage.Offer = OfferState.Stable;
        if (usage.IsOver) return;
        if (response.IsSuccess) Accepted(dialog, response);
        else Refused(response.Status);
        TrySend();
    }

    /// <inheritdoc/>
    public void OnFailed(IClientTransaction transaction, TransactionFailure failure)
    {
        IsRunning = false;
        usage.Lost();
    }

    /// <summary>Acknowledges each 2xx; true when this one is a repetition.</summary>
    private bool Acknowledge(Dialog dialog, SipRequest invite, SipResponse response)
    {
        var number = invite.CSeq.Number;
        if (acknowledged is { } before && before.CSeq == number)
        {
            services.Transactions.Resend(before.Ack, dialog.Flow);
            return true;
        }
        dialog.RefreshTarget(response);
        acknowledged = (number, services.Transactions.SendAck(dialog.NewRequest(SipMethods.Ack, number), dialog.Flow));
        return false;
    }

    private void Accepted(Dialog dialog, SipResponse response)
    {
        usage.Session.Restart(SessionInterval.Accepted(response));
        if (DialogServices.Description(response) is { } answer) usage.Answered(answer);
    }

    private void Refused(int status)
    {
        switch (status)
        {
            case 408 or 481: usage.Lost(); break;
            case 491:
                // RFC 3261 §14.1: in units of 10 ms, 2.1 to 4 s for the owner of the Call-ID, 0 to 2 s for the other.
                wanted ??= usage.LocalDescription;
                glare.Start(TimeSpan.FromMilliseconds(10 * (usage.IsCaller ? services.Random.Next(210, 401) : services.Random.Next(0, 201))));
                break;
            default: usage.Session.Refused(); break;
        }
    }
}
