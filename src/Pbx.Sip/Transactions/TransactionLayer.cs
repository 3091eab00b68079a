using Pbx.Sip.Messages;
using Pbx.Sip.Scheduling;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Transactions;

/// <summary>
/// The transactions of one shard: matches what comes to them, begins new ones, and hands what belongs to none to the room above.
/// On the shard's thread only.
/// </summary>
internal sealed class TransactionLayer(IShard shard, ISipSender sender, TransactionTimes timers, ITransactionUser user) : ITransactions
{
    private readonly TransactionTable table = new();

    /// <summary>Transactions, lingering ones included; from any thread.</summary>
    public int Count => table.Count;

    /// <inheritdoc/>
    public TransactionTimes Times => timers;

    internal IShard Shard => shard;

    internal ISipSender Sender => sender;

    internal ITransactionUser User => user;

    /// <summary>A valid message that came for this shard.</summary>
    public void Receive(SipMessage message, Flow flow)
    {
        if (message is SipResponse response) Receive(response, flow);
        else Receive((SipRequest)message, flow);
    }

    /// <summary>A connection is lost: what waits for an answer on it will not get one.</summary>
    public void OnFlowLost(Flow flow)
    {
        foreach (var client in table.On(flow.Connection)) client.Take(Input.TransportFailed);
    }

    /// <inheritdoc/>
    public IClientTransaction Send(SipRequestBuilder request, Flow flow, IClientTransactionUser listener)
    {
        var transaction = new ClientTransaction(this, WithVia(request, flow), flow, listener);
        Begin(transaction);
        return transaction;
    }

    /// <inheritdoc/>
    public SipRequest SendAck(SipRequestBuilder ack, Flow flow)
    {
        var built = WithVia(ack, flow);
        sender.Send(flow, built.Bytes);
        return built;
    }

    /// <inheritdoc/>
    public void Resend(SipMessage message, Flow flow) => sender.Send(flow, message.Bytes);

    /// <inheritdoc/>
    public PublicAddress AddressFor(Flow flow) => sender.AddressFor(flow);

    internal void Begin(ClientTransaction transaction)
    {
        table.Add(transaction);
        transaction.Take(Input.Begin, transaction.Request);
    }

    internal void Forget(ClientTransaction transaction) => table.Remove(transaction);

    internal void Forget(ServerHusk husk) => table.Remove(husk);

    /// <summary>A new request: CANCEL is answered here, everything else above.</summary>
    internal void Deliver(ServerHusk husk)
    {
        var transaction = husk.Handle!;
        if (transaction.Request.Method == SipMethods.Cancel) Cancel(transaction, husk.Key);
        else user.OnRequest(transaction);
    }

    private void Receive(SipResponse response, Flow flow)
    {
        if (TransactionKey.OfClient(response) is { } key && table.TryFind(key, out ClientTransaction? client))
            client.Take(Input.Response(response.Status), response);
        else user.OnStrayResponse(response, flow);
    }

    private void Receive(SipRequest request, Flow flow)
    {
        var key = TransactionKey.OfServer(request);
        var known = table.TryFind(key, out ServerHusk? husk);
        if (request.Method == SipMethods.Ack)
        {
            if (known) husk!.Take(Input.Ack, request);
            else user.OnAck(request, flow);
        }
        else if (known) husk!.Take(Input.Request, request);
        else if (MergeKey.Of(request) is { } merge && table.HasMerged(merge))
            Refuse(request, flow, 482, "Request Merged");
        else
        {
            husk = new ServerHusk(this, key, request, flow);
            table.Add(husk);
            husk.Take(Input.Begin, request);
        }
    }

    private void Cancel(ServerTransaction cancel, TransactionKey key)
    {
        if (!table.TryFind(key.OfInvite(), out ServerHusk? invite))
        {
            cancel.Respond(SipResponseBuilder.For(cancel.Request, 481, cancel.LocalTag).Build());
            return;
        }
        // §9.2: the answer carries the tag of the INVITE's; 200 even when the INVITE was answered already, to no effect.
        cancel.Respond(SipResponseBuilder.For(cancel.Request, 200, invite.LocalTag).Build());
        if (invite.Handle is not { } waiting) return;
        waiting.User?.OnCancelled(waiting, cancel.Request);
        if (!waiting.IsAnswered && waiting.User is null)
            waiting.Respond(SipResponseBuilder.For(waiting.Request, 487, waiting.LocalTag).Build());
    }

    private void Refuse(SipRequest request, Flow flow, int status, string phrase) =>
        sender.Send(sender.FlowForResponse(request, flow), SipResponseBuilder.For(request, status, shard.Ids.NewTag(), phrase).Build().Bytes);

    private SipRequest WithVia(SipRequestBuilder request, Flow flow)
    {
        var address = sender.AddressFor(flow);
        var parameters = default(SipParameters).With("branch", shard.Ids.NewBranch());
        // RFC 3581 §3: a datagram's answer is wanted at the port that it came from.
        if (!flow.IsReliable) parameters = parameters.With("rport");
        return request.ReplaceVia(new Via(address.Transport, address.Host, address.Port, parameters)).Build();
    }
}
