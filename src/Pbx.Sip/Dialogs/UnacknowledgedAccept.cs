using Pbx.Sip.Messages;
using Pbx.Sip.Scheduling;
using Pbx.Sip.Transactions;

namespace Pbx.Sip.Dialogs;

/// <summary>
/// A 2xx to an INVITE that nobody has acknowledged yet: sent again from T1, doubling up to T2, until the ACK comes or 64*T1 have passed
/// (RFC 3261 section 13.3.1.4); by whatever transport, since the hops behind the next may be UDP.
/// </summary>
internal sealed class UnacknowledgedAccept
{
    private readonly IServerTransaction transaction;
    private readonly SipResponse response;
    private readonly TransactionTimes times;
    private readonly ShardTimer again;
    private readonly ShardTimer givenUp;
    private TimeSpan interval;

    /// <summary>Sends the 2xx for the first time.</summary>
    public UnacknowledgedAccept(DialogServices services, IServerTransaction transaction, SipResponse response, Action neverAcknowledged)
    {
        (this.transaction, this.response, times) = (transaction, response, services.Transactions.Times);
        again = services.Shard.CreateTimer(Again);
        givenUp = services.Shard.CreateTimer(() =>
        {
            again!.Stop();
            neverAcknowledged();
        });
        interval = times.T1;
        transaction.Respond(response);
        again.Start(interval);
        givenUp.Start(times.Timeout);
    }

    /// <summary>True when this ACK belongs to it; it then ends.</summary>
    public bool Acknowledge(SipRequest ack)
    {
        if (ack.CSeq.Number != transaction.Request.CSeq.Number) return false;
        Stop();
        return true;
    }

    /// <summary>Ends it.</summary>
    public void Stop()
    {
        again.Stop();
        givenUp.Stop();
    }

    private void Again()
    {
        transaction.Respond(response);
        interval = interval * 2 > times.T2 ? times.T2 : interval * 2;
        again.Start(interval);
    }
}
