using System.Globalization;
using Pbx.Sip.Dialogs;
using Pbx.Sip.Endpoint;
using Pbx.Sip.Messages;
using Pbx.Sip.Scheduling;
using Pbx.Sip.Transactions;

namespace Pbx.Sip.Engine.Registrar;

/// <summary>
/// A device's subscription to its mailbox: a dialog made by SUBSCRIBE, refreshed and ended by it, in which NOTIFY is sent (RFC 6665 §4.2).
/// Belongs to its shard's thread.
/// </summary>
internal sealed class SummarySubscription : IDialogUsage, IClientTransactionUser
{
    private readonly SipEndpoint endpoint;
    private readonly Dialog dialog;
    private readonly Func<string> summary;
    private readonly Action<SummarySubscription> ended;
    private readonly ShardTimer timer;
    private readonly string? eventId;
    private long acceptedAt;
    private uint granted;
    private string? waiting;
    private bool isNotifying;
    private bool isEnded;

    /// <summary>The subscription that a SUBSCRIBE asks for; nothing is sent yet.</summary>
    public SummarySubscription(SipEndpoint endpoint, IServerTransaction subscribe, string extension, string device, Func<string> summary,
        Action<SummarySubscription> ended)
    {
        (this.endpoint, this.summary, this.ended, Extension, Device) = (endpoint, summary, ended, extension, device);
        var target = endpoint.Transactions.AddressFor(subscribe.Flow)
            .Contact(subscribe.Request.RequestUri.User, subscribe.Request.RequestUri.Scheme == UriScheme.Sips);
        dialog = Dialog.OfServer(subscribe.Request, subscribe.LocalTag, target, subscribe.Flow);
        eventId = subscribe.Request.Event?.Parameters["id"];
        timer = endpoint.Shard.CreateTimer(() => End("timeout"));
    }

    /// <summary>Key of the extension.</summary>
    public string Extension { get; }

    /// <summary>Key of the device.</summary>
    public string Device { get; }

    /// <summary>Accepts the SUBSCRIBE that made it, and says how things stand (RFC 6665 §4.2.1.2).</summary>
    public void Begin(IServerTransaction subscribe)
    {
        endpoint.Dialogs.Add(dialog.Id, this);
        Accept(subscribe);
    }

    /// <inheritdoc/>
    public void OnRequest(IServerTransaction transaction, SipRequest request)
    {
        if (!dialog.Advance(request))
            transaction.Respond(SipResponseBuilder.For(request, 500, transaction.LocalTag).Build());
        else if (request.Method != SipMethods.Subscribe)
            transaction.Respond(SipResponseBuilder.For(request, 405, transaction.LocalTag).Add(HeaderId.Allow, SipMethods.Subscribe).Build());
        else
        {
            dialog.RefreshTarget(request);
            Accept(transaction);
        }
    }

    /// <inheritdoc/>
    public void OnAck(SipRequest ack)
    {
        // Nothing here is accepted with INVITE, so an ACK is a mistake of the peer's.
    }

    /// <summary>Tells the device how things stand now.</summary>
    public void Notify() => Send(State());

    /// <summary>Ends it, with a last NOTIFY that says why.</summary>
    public void End(string reason)
    {
        if (isEnded)
            return;
        // The last word is not held back for an answer to the one before.
        isNotifying = false;
        Send($"terminated;reason={reason}");
        Forget();
    }

    /// <inheritdoc/>
    public void OnResponse(IClientTransaction transaction, SipResponse response)
    {
        if (response.IsProvisional)
            return;
        isNotifying = false;
        // RFC 6665 §4.2.2: a device that refuses the news has forgotten the subscription.
        if (!response.IsSuccess)
            Forget();
        else if (waiting is { } state)
            Send(state);
    }

    /// <inheritdoc/>
    public void OnFailed(IClientTransaction transaction, TransactionFailure failure)
    {
        isNotifying = false;
        Forget();
    }

    private void Accept(IServerTransaction transaction)
    {
        // RFC 3842 §4.5: an hour is what is used when nothing is asked.
        var seconds = Math.Min(transaction.Request.Expires ?? 3600, 3600);
        (acceptedAt, granted) = (endpoint.Shard.Timestamp, seconds);
        transaction.Respond(SipResponseBuilder.For(transaction.Request, 200, dialog.Id.LocalTag)
            .Add(HeaderId.Expires, seconds.ToString(CultureInfo.InvariantCulture)).Contact(dialog.LocalTarget).Build());
        if (seconds == 0)
        {
            End("timeout");
            return;
        }
        timer.Start(TimeSpan.FromSeconds(seconds));
        Notify();
    }

    private string State() => string.Create(CultureInfo.InvariantCulture,
        $"active;expires={Math.Max(0, (int)Math.Ceiling(granted - endpoint.Shard.Time.GetElapsedTime(acceptedAt).TotalSeconds))}");

    // One at a time: two NOTIFYs could overtake each other over UDP, and the lamp would tell the older news.
    private void Send(string state)
    {
        if (isEnded)
            return;
        waiting = isNotifying ? state : null;
        if (isNotifying)
            return;
        isNotifying = true;
        var notify = dialog.NewRequest(SipMethods.Notify)
            .Add(HeaderId.Event, eventId is null ? MessageSummary.Event : $"{MessageSummary.Event};id={eventId}")
            .Add(HeaderId.SubscriptionState, state).Body(MessageSummary.ContentType, summary());
        endpoint.Transactions.Send(notify, dialog.Flow, this);
    }

    private void Forget()
    {
        if (isEnded)
            return;
        isEnded = true;
        timer.Stop();
        endpoint.Dialogs.Remove(dialog.Id, this);
        ended(this);
    }
}
