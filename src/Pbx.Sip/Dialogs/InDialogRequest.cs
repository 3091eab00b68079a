using Pbx.Sip.Messages;
using Pbx.Sip.Transactions;

namespace Pbx.Sip.Dialogs;

/// <summary>A request other than INVITE inside a dialog, until its final response; answered challenges make a second try.</summary>
internal sealed class InDialogRequest : IClientTransactionUser
{
    private readonly InviteUsage usage;
    private readonly Dialog dialog;
    private readonly SipRequestBuilder request;
    private readonly Action<SipResponse?> final;
    private bool challenged;

    private InDialogRequest(InviteUsage usage, Dialog dialog, SipRequestBuilder request, Action<SipResponse?> final) =>
        (this.usage, this.dialog, this.request, this.final) = (usage, dialog, request, final);

    /// <summary>Sends it.</summary>
    public static void Send(InviteUsage usage, Dialog dialog, SipRequestBuilder request, Action<SipResponse?> final) =>
        new InDialogRequest(usage, dialog, request, final).Start();

    /// <inheritdoc/>
    public void OnResponse(IClientTransaction transaction, SipResponse response)
    {
        if (response.IsProvisional) return;
        if (response.Status is 401 or 407 && !challenged && usage.Challenged(response, request))
        {
            challenged = true;
            request.Set(HeaderId.CSeq, new CSeq(dialog.NextCSeq(), request.Method).ToString());
            Start();
            return;
        }
        final(response);
    }

    /// <inheritdoc/>
    public void OnFailed(IClientTransaction transaction, TransactionFailure failure) => final(null);

    private void Start() => usage.Services.Transactions.Send(request, dialog.Flow, this);
}
