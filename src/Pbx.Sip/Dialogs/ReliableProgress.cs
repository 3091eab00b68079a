using Pbx.Sip.Messages;
using Pbx.Sip.Scheduling;
using Pbx.Sip.Transactions;

namespace Pbx.Sip.Dialogs;

/// <summary>
/// Our reliable provisional responses (RFC 3262 section 3): numbered, sent again until the PRACK, one at a time.
/// </summary>
internal sealed class ReliableProgress
{
    private readonly IServerTransaction transaction;
    private readonly TransactionTimes times;
    private readonly ShardTimer again;
    private readonly ShardTimer givenUp;
    private readonly Queue<SipResponseBuilder> waiting = new();
    private SipResponse? outstanding;
    private TimeSpan interval;
    private uint number;

    /// <summary>None sent yet; <paramref name="neverAcknowledged"/> is called when the peer does not answer for 64*T1.</summary>
    public ReliableProgress(DialogServices services, IServerTransaction transaction, Action neverAcknowledged)
    {
        this.transaction = transaction;
        times = services.Transactions.Times;
        again = services.Shard.CreateTimer(Again);
        givenUp = services.Shard.CreateTimer(neverAcknowledged);
        // RFC 3262 §3: the first number is random in the lower half.
        number = (uint)services.Random.Next(1, int.MaxValue / 2);
    }

    /// <summary>True while one waits for its PRACK.</summary>
    public bool IsWaiting => outstanding is not null;

    /// <summary>Sends a response reliably, now or when the one before is acknowledged.</summary>
    public void Send(SipResponseBuilder response)
    {
        waiting.Enqueue(response);
        if (outstanding is null) Next();
    }

    /// <summary>Takes a PRACK; true when it acknowledges the response that waits (RFC 3262 section 3: else 481).</summary>
    public bool Acknowledge(SipRequest prack)
    {
        if (outstanding is null || prack.RAck is not { } rack) return false;
        if (rack.ResponseNumber != number || rack.CSeqNumber != transaction.Request.CSeq.Number) return false;
        Stop();
        Next();
        return true;
    }

    /// <summary>Stops sending again.</summary>
    public void Stop()
    {
        again.Stop();
        givenUp.Stop();
        outstanding = null;
    }

    private void Next()
    {
        if (!waiting.TryDequeue(out var response)) return;
        number++;
        outstanding = response.Add(HeaderId.Require, "100rel").Add(HeaderId.RSeq, SessionInterval.Number(number)).Build();
        transaction.Respond(outstanding);
        interval = times.T1;
        again.Start(interval);
        givenUp.Start(times.Timeout);
    }

    private void Again()
    {
        if (outstanding is null) return;
        transaction.Respond(outstanding);
        interval *= 2;
        again.Start(interval);
    }
}
