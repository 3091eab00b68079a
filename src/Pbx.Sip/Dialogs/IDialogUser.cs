using Pbx.Sip.Messages;
using Pbx.Sip.Transactions;

namespace Pbx.Sip.Dialogs;

/// <summary>
/// What the room above an INVITE dialog must implement. All is called on the shard's thread, in order. Session descriptions are text: this
/// room only knows which of them is an offer and which an answer (RFC 3261 section 13, RFC 3264).
/// </summary>
internal interface IDialogUser
{
    /// <summary>The peer offers (also by re-INVITE, UPDATE, or in the 2xx to an INVITE without offer): the answer, or null to refuse (488).</summary>
    string? OnOffer(InviteUsage usage, string offer);

    /// <summary>The peer wants us to offer (re-INVITE without description): what we offer, or null to refuse (488).</summary>
    string? OnOfferWanted(InviteUsage usage);

    /// <summary>The peer answers our offer.</summary>
    void OnAnswer(InviteUsage usage, string answer);

    /// <summary>A key was sent by INFO.</summary>
    void OnDigit(InviteUsage usage, char key);

    /// <summary>Credentials for a challenge (401, 407): puts them into the request; false when there are none.</summary>
    bool OnChallenged(InviteUsage usage, SipResponse challenge, SipRequestBuilder request) => false;

    /// <summary>
    /// The dialog of an accepted INVITE is over, or an incoming INVITE was given up before it was accepted. Once, and nothing after it.
    /// </summary>
    void OnEnded(InviteUsage usage, InviteEnd end);
}

/// <summary>What the room above an INVITE that we send must implement besides.</summary>
internal interface IInviteSender : IDialogUser
{
    /// <summary>Somebody is there and has taken it: 100, the first of any response. Others are told by the calls below.</summary>
    void OnTrying(OutgoingInvite invite)
    {
    }

    /// <summary>A provisional response other than 100. Its description, if any, has been told as an answer before.</summary>
    void OnProgress(OutgoingInvite invite, SipResponse response);

    /// <summary>Accepted: the dialog stands. The answer has been told before.</summary>
    void OnAccepted(OutgoingInvite invite, SipResponse response);

    /// <summary>
    /// Not accepted, once and nothing after it: the final status, 408 when nobody answered, 503 when it could not be sent, 487 after our
    /// CANCEL.
    /// </summary>
    void OnRefused(OutgoingInvite invite, int status, SipResponse? response);
}

/// <summary>How an INVITE dialog ended.</summary>
internal enum InviteEnd
{
    /// <summary>The peer sent BYE.</summary>
    Bye,
    /// <summary>The peer sent CANCEL before it was accepted.</summary>
    Cancelled,
    /// <summary>We ended it.</summary>
    Ours,
    /// <summary>The 2xx was never acknowledged.</summary>
    NoAck,
    /// <summary>A provisional response was never acknowledged (RFC 3262 section 3).</summary>
    NoPrack,
    /// <summary>Nobody refreshed the session in time (RFC 4028).</summary>
    Expired,
    /// <summary>The peer knows nothing of the dialog any more, or does not answer in it (RFC 5057).</summary>
    Gone,
    /// <summary>The peer's answer cannot be used, or never came.</summary>
    NoSession,
}

/// <summary>Something that lives in a dialog and takes its requests.</summary>
internal interface IDialogUsage
{
    /// <summary>A request inside the dialog, with the transaction by which it is answered.</summary>
    void OnRequest(IServerTransaction transaction, SipRequest request);

    /// <summary>The ACK of a 2xx.</summary>
    void OnAck(SipRequest ack);
}
