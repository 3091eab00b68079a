using Pbx.Sip.Messages;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Transactions;

/// <summary>A request of ours on its way: a client machine, and what its user sees of it.</summary>
internal sealed class ClientTransaction(TransactionLayer layer, SipRequest request, Flow flow, IClientTransactionUser user)
    : TransactionDriver(layer, MachineFor(layer, request, flow), TransactionKey.OfClient(request), flow), IClientTransaction
{
    private CancelState cancel;
    private string? cancelReason;
    private bool isFinal;

    private enum CancelState
    {
        NotAsked,
        Asked,
        Sent,
    }

    /// <inheritdoc/>
    public SipRequest Request => request;

    /// <inheritdoc/>
    public Flow Flow => SendsBy;

    /// <inheritdoc/>
    public void Cancel(string? reason = null)
    {
        if (request.Method != SipMethods.Invite || cancel != CancelState.NotAsked || isFinal || IsTerminated) return;
        (cancel, cancelReason) = (CancelState.Asked, reason);
        // RFC 3261 §9.1: not before a provisional response, or it may overtake the INVITE.
        if (StateName == nameof(InviteClientTransaction.States.Proceeding)) SendCancel();
    }

    protected override void Deliver(SipMessage? message)
    {
        var response = (SipResponse)message!;
        isFinal |= !response.IsProvisional;
        if (response.IsProvisional && cancel == CancelState.Asked) SendCancel();
        user.OnResponse(this, response);
    }

    protected override void Fail(TransactionFailure failure) => user.OnFailed(this, failure);

    protected override SipMessage? Make(EffectKind kind, SipMessage? about) =>
        SipRequestBuilder.AckOf(request, (SipResponse)about!).Build();

    protected override void Forget() => Layer.Forget(this);

    private void SendCancel()
    {
        cancel = CancelState.Sent;
        var builder = SipRequestBuilder.CancelOf(request);
        if (cancelReason is not null) builder.Add(HeaderId.Reason, cancelReason);
        Layer.Begin(new ClientTransaction(Layer, builder.Build(), Flow, NobodyListens.Instance));
        Take(Input.Cancel);
    }

    private static ITransactionMachine MachineFor(TransactionLayer layer, SipRequest request, Flow flow) =>
        request.Method == SipMethods.Invite
            ? new InviteClientTransaction(layer.Times, flow.IsReliable)
            : new NonInviteClientTransaction(layer.Times, flow.IsReliable);

    /// <summary>The answer to a CANCEL says nothing: what counts is the final response to the INVITE.</summary>
    private sealed class NobodyListens : IClientTransactionUser
    {
        public static readonly NobodyListens Instance = new();

        public void OnResponse(IClientTransaction transaction, SipResponse response)
        {
        }

        public void OnFailed(IClientTransaction transaction, TransactionFailure failure)
        {
        }
    }
}
