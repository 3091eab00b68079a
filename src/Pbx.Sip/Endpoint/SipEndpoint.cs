using Pbx.Sip.Diagnostics;
using Pbx.Sip.Dialogs;
using Pbx.Sip.Messages;
using Pbx.Sip.Scheduling;
using Pbx.Sip.Transactions;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Endpoint;

/// <summary>
/// Where a shard's requests go: into the dialog they belong to, or to the room that registered for their method. What needs no room is
/// answered here (RFC 3261 section 8.2). On the shard's thread only.
/// </summary>
internal sealed class SipEndpoint : ITransactionUser
{
    private readonly Dictionary<string, Action<IServerTransaction>> handlers = [];
    private readonly TransactionLayer transactions;
    private readonly SipCounters counters;
    private volatile bool draining;

    /// <summary>The endpoint of a shard.</summary>
    public SipEndpoint(Shard shard, ISipSender sender, TransactionTimes timers, SipCounters counters)
    {
        Shard = shard;
        this.counters = counters;
        transactions = new TransactionLayer(shard, sender, timers, this);
        Sender = sender;
        counters.AddGauge("transactions", () => transactions.Count);
        counters.AddGauge("invite-dialogs", () => Dialogs.Invites);
        counters.AddGauge("timers", () => shard.Timers);
        counters.AddGauge("work-waiting", () => shard.Waiting);
    }

    /// <summary>Its shard.</summary>
    public IShard Shard { get; }

    /// <summary>The shard's transactions.</summary>
    public ITransactions Transactions => transactions;

    /// <summary>The shard's dialogs.</summary>
    public DialogTable Dialogs { get; } = new();

    /// <summary>The back door.</summary>
    public ISipSender Sender { get; }

    /// <summary>Told of a lost connection, after its transactions.</summary>
    public event Action<Flow>? FlowLost;

    /// <summary>True once no new call is taken; from any thread, and at once.</summary>
    public bool IsDraining
    {
        get => draining;
        set => draining = value;
    }

    /// <summary>The methods that rooms take outside of dialogs. All rooms have entered before anything is received.</summary>
    public IReadOnlyCollection<string> Taken => handlers.Keys;

    /// <summary>Transactions now, lingering ones included; from any thread.</summary>
    public int Held => transactions.Count;

    /// <summary>The methods that are taken, as Allow names them.</summary>
    public string Allow => StatelessAnswers.Allow(handlers.Keys);

    /// <summary>Registers who takes requests of a method outside of dialogs. OPTIONS is answered without, unless somebody registers.</summary>
    public void Handle(string method, Action<IServerTransaction> handler) => handlers.Add(method, handler);

    /// <summary>A valid message for this shard.</summary>
    public void Receive(SipMessage message, Flow flow) => transactions.Receive(message, flow);

    /// <summary>A connection is lost.</summary>
    public void OnFlowLost(Flow flow)
    {
        transactions.OnFlowLost(flow);
        FlowLost?.Invoke(flow);
    }

    void ITransactionUser.OnRequest(IServerTransaction transaction) => ReceiveRequest(transaction);

    void ITransactionUser.OnStrayResponse(SipResponse response, Flow flow) => ReceiveStrayResponse(response);

    /// <summary>The ACK of a 2xx goes to its dialog; one that belongs to nothing is dropped (section 17.2.3: ACK is never answered).</summary>
    void ITransactionUser.OnAck(SipRequest ack, Flow flow)
    {
        if (Dialogs.Find(ack) is { } usage) usage.OnAck(ack);
        else counters.CountStray();
    }

    /// <summary>A new request that is neither ACK nor CANCEL.</summary>
    public void ReceiveRequest(IServerTransaction transaction)
    {
        if (StatelessAnswers.Refusal(transaction.Request, transaction.LocalTag, handlers.Keys) is { } refusal) transaction.Respond(refusal);
        // A registration is in no dialog, whatever tag an old phone puts into To (section 10.2).
        else if (transaction.Request.IsInDialog && transaction.Request.Method != SipMethods.Register) ReceiveInsideDialog(transaction);
        else ReceiveOutsideDialog(transaction);
    }

    /// <summary>A request whose To has a tag (section 12.2.2).</summary>
    public void ReceiveInsideDialog(IServerTransaction transaction)
    {
        if (Dialogs.Find(transaction.Request) is { } usage) usage.OnRequest(transaction, transaction.Request);
        else transaction.Respond(SipResponseBuilder.For(transaction.Request, 481).Build());
    }

    /// <summary>A request that belongs to no dialog.</summary>
    public void ReceiveOutsideDialog(IServerTransaction transaction)
    {
        var request = transaction.Request;
        if (IsDraining && request.Method == SipMethods.Invite)
            transaction.Respond(SipResponseBuilder.For(request, 503, transaction.LocalTag).Add(HeaderId.RetryAfter, "60").Build());
        else if (handlers.TryGetValue(request.Method, out var handler)) handler(transaction);
        else if (request.Method == SipMethods.Options) transaction.Respond(StatelessAnswers.ToOptions(request, transaction.LocalTag, handlers.Keys));
        else transaction.Respond(StatelessAnswers.NotAllowed(request, transaction.LocalTag, handlers.Keys));
    }

    /// <summary>
    /// A response to nothing that we know: dropped (section 18.1.2). A 2xx that comes after its transaction has ended is repeated by
    /// the peer until its own timer, which ends the session (RFC 6026 section 8.4).
    /// </summary>
    public void ReceiveStrayResponse(SipResponse response)
    {
        _ = response;
        counters.CountStray();
    }
}
