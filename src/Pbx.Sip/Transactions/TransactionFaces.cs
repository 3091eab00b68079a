using Pbx.Sip.Messages;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Transactions;

/// <summary>What the room above the transactions must implement. All is called on the shard's thread.</summary>
internal interface ITransactionUser
{
    /// <summary>A new request, not a retransmission; never ACK or CANCEL.</summary>
    void OnRequest(IServerTransaction transaction);

    /// <summary>An ACK that belongs to no transaction: that of a 2xx, or a stray one.</summary>
    void OnAck(SipRequest ack, Flow flow);

    /// <summary>A response that belongs to no transaction: a late 2xx, or a stray one.</summary>
    void OnStrayResponse(SipResponse response, Flow flow);
}

/// <summary>
/// A request that came, to be answered. Its user may hold it as long as it likes: what lingers for retransmissions is only a husk.
/// </summary>
internal interface IServerTransaction
{
    /// <summary>The request.</summary>
    SipRequest Request { get; }

    /// <summary>What it came by.</summary>
    Flow Flow { get; }

    /// <summary>The tag that goes into To of our responses when the request has none; the same for all of them.</summary>
    string LocalTag { get; }

    /// <summary>True once a final response was sent.</summary>
    bool IsAnswered { get; }

    /// <summary>
    /// Sends a response. A 2xx to INVITE may be sent again (RFC 6026: its user retransmits it until the ACK); everything else after
    /// a final response is ignored. False when it was not sent.
    /// </summary>
    bool Respond(SipResponse response);

    /// <summary>Called back when the INVITE is cancelled before it was answered. Without a user it is answered with 487 then.</summary>
    IServerTransactionUser? User { get; set; }
}

/// <summary>What may happen to a request before we answered it.</summary>
internal interface IServerTransactionUser
{
    /// <summary>CANCEL came (and was answered): answer the INVITE with 487 (RFC 3261 section 9.2).</summary>
    void OnCancelled(IServerTransaction transaction, SipRequest cancel);
}

/// <summary>A request of ours, from sending to the final response.</summary>
internal interface IClientTransaction
{
    /// <summary>The request as sent, with our Via.</summary>
    SipRequest Request { get; }

    /// <summary>What it was sent by.</summary>
    Flow Flow { get; }

    /// <summary>
    /// Cancels an INVITE (RFC 3261 section 9.1): at once when a provisional response came, else as soon as one comes. The final response
    /// still comes (487, or a 2xx that was faster); without one for 64 T1 the transaction fails with a time-out.
    /// </summary>
    /// <param name="reason">Value of a Reason header (RFC 3326), such as <c>SIP;cause=200;text="Call completed elsewhere"</c>.</param>
    void Cancel(string? reason = null);
}

/// <summary>Who hears the responses to a request of ours. All is called on the shard's thread, never from within Send.</summary>
internal interface IClientTransactionUser
{
    /// <summary>
    /// A response. For INVITE every 2xx comes, also each retransmission and those of other branches (RFC 6026): its user sends the
    /// ACK. Any other final response comes once, acknowledged already.
    /// </summary>
    void OnResponse(IClientTransaction transaction, SipResponse response);

    /// <summary>No final response will come.</summary>
    void OnFailed(IClientTransaction transaction, TransactionFailure failure);
}

/// <summary>Why a transaction ended without a final response.</summary>
internal enum TransactionFailure
{
    /// <summary>Nobody answered in time (timers B, F, H): treat as 408.</summary>
    TimedOut,
    /// <summary>It could not be sent, or the connection was lost: treat as 503 (RFC 3261 section 8.1.3.1).</summary>
    TransportFailed,
}

/// <summary>The face of a shard's transactions to the rooms above. On the shard's thread only.</summary>
internal interface ITransactions
{
    /// <summary>
    /// Sends a request (not ACK) by the flow in a new transaction: puts our Via with a new branch on top, replacing any. Failing to send
    /// is reported to the user later, never within this call.
    /// </summary>
    IClientTransaction Send(SipRequestBuilder request, Flow flow, IClientTransactionUser user);

    /// <summary>
    /// Sends the ACK of a 2xx, which has no transaction (RFC 3261 section 13.2.2.4), with a Via and branch of its own. Keep the result to
    /// <see cref="Resend"/> it when the 2xx comes again.
    /// </summary>
    SipRequest SendAck(SipRequestBuilder ack, Flow flow);

    /// <summary>Sends a message again as it is.</summary>
    void Resend(SipMessage message, Flow flow);

    /// <summary>How our Contact is written for the peer of a flow.</summary>
    PublicAddress AddressFor(Flow flow);

    /// <summary>The values of the timers.</summary>
    TransactionTimes Times { get; }
}
