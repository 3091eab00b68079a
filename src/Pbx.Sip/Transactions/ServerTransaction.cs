using Pbx.Sip.Messages;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Transactions;

/// <summary>
/// A request that came, as its user sees it. The table holds the husk; the husk holds this, with the whole request, only until the
/// final response.
/// </summary>
internal sealed class ServerTransaction(ServerHusk husk, SipRequest request, Flow flow) : IServerTransaction
{
    /// <inheritdoc/>
    public SipRequest Request => request;

    /// <inheritdoc/>
    public Flow Flow => flow;

    /// <inheritdoc/>
    public string LocalTag => husk.LocalTag;

    /// <inheritdoc/>
    public bool IsAnswered => husk.IsAnswered;

    /// <inheritdoc/>
    public IServerTransactionUser? User { get; set; }

    /// <inheritdoc/>
    public bool Respond(SipResponse response) => husk.Respond(response);
}

/// <summary>What lingers of a request that came: key, machine, and the bytes of the answer.</summary>
internal sealed class ServerHusk : TransactionDriver
{
    private readonly MergeKey? mergeKey;
    private ServerTransaction? handle;
    private string? localTag;
    private bool accepted;

    /// <summary>Begins with the request.</summary>
    public ServerHusk(TransactionLayer layer, TransactionKey key, SipRequest request, Flow flow)
        : base(layer, MachineFor(layer, request, flow), key, layer.Sender.FlowForResponse(request, flow))
    {
        handle = new ServerTransaction(this, request, flow);
        mergeKey = Transactions.MergeKey.Of(request);
    }

    /// <summary>By what a merged request finds it.</summary>
    public MergeKey? MergeKey => mergeKey;

    /// <summary>True once a final response was sent.</summary>
    public bool IsAnswered { get; private set; }

    /// <summary>The tag of our responses.</summary>
    public string LocalTag => localTag ??= Layer.Shard.Ids.NewTag();

    /// <summary>The user's side; null once answered.</summary>
    public ServerTransaction? Handle => handle;

    /// <summary>Sends a response of the user.</summary>
    public bool Respond(SipResponse response)
    {
        if (IsTerminated || (IsAnswered && !(accepted && response.IsSuccess))) return false;
        if (!response.IsProvisional)
        {
            IsAnswered = true;
            accepted = response.IsSuccess && Key.Method == SipMethods.Invite;
            handle = null;
        }
        Take(Input.Response(response.Status), response);
        return true;
    }

    protected override void Deliver(SipMessage? message)
    {
        if (message is SipRequest { Method: SipMethods.Ack } ack) Layer.User.OnAck(ack, SendsBy);
        else Layer.Deliver(this);
    }

    protected override void Fail(TransactionFailure failure)
    {
    }

    protected override SipMessage? Make(EffectKind kind, SipMessage? about) =>
        handle is null ? null : SipResponseBuilder.For(handle.Request, 100).Build();

    protected override void Forget() => Layer.Forget(this);

    private static ITransactionMachine MachineFor(TransactionLayer layer, SipRequest request, Flow flow) =>
        request.Method == SipMethods.Invite
            ? new InviteServerTransaction(layer.Times, flow.IsReliable)
            : new NonInviteServerTransaction(layer.Times, flow.IsReliable);
}
