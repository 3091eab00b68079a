using Pbx.Sip.Messages;
using Pbx.Sip.Scheduling;
using Pbx.Sip.Transactions;

namespace Pbx.Sip.Engine.Trunks;

/// <summary>
/// One request to a provider with one outcome: its final response, or null when none came in time. A provider that is silent for some
/// seconds is given up before its transaction is, so that the next server can be tried.
/// </summary>
internal sealed class TrunkRequest : IClientTransactionUser
{
    /// <summary>How long a server may be silent.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    private readonly ShardTimer patience;
    private Action<SipResponse?>? done;

    /// <summary>Waits for the outcome of a request that is sent with this as its user.</summary>
    public TrunkRequest(IShard shard, Action<SipResponse?> done)
    {
        this.done = done;
        patience = shard.CreateTimer(() => End(null));
        patience.Start(Patience);
    }

    /// <summary>The outcome does not matter any more.</summary>
    public void Forget()
    {
        patience.Stop();
        done = null;
    }

    void IClientTransactionUser.OnResponse(IClientTransaction transaction, SipResponse response)
    {
        if (!response.IsProvisional) End(response);
    }

    void IClientTransactionUser.OnFailed(IClientTransaction transaction, TransactionFailure failure) => End(null);

    private void End(SipResponse? response)
    {
        var hears = done;
        Forget();
        hears?.Invoke(response);
    }
}
