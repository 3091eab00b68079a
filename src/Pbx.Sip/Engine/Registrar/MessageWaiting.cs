using System.Collections.Concurrent;
using Pbx.Core.Configuration;
using Pbx.Core.Voicemail;
using Pbx.Sip.Diagnostics;
using Pbx.Sip.Endpoint;
using Pbx.Sip.Messages;
using Pbx.Sip.Transactions;

namespace Pbx.Sip.Engine.Registrar;

/// <summary>
/// The lamp for messages (RFC 3842): devices that subscribe are told in their dialog, all others by a NOTIFY that they did not ask for,
/// when they register and when a count changes.
/// </summary>
internal sealed class MessageWaiting : IEndpointRoom, IDisposable
{
    private readonly Registrar registrar;
    private readonly DeviceAuthenticator authenticator;
    private readonly DeviceWays ways;
    private readonly ISnapshotSource snapshots;
    private readonly IVoicemail voicemail;
    private readonly RegistrarOptions options;
    private readonly List<(SipEndpoint Endpoint, List<SummarySubscription> Subscriptions)> shards = [];
    private readonly ConcurrentDictionary<(string Extension, string Device), int> subscribed = new();
    private readonly IDisposable subscription;

    /// <summary>Listens to counts and registrations from now on.</summary>
    public MessageWaiting(Registrar registrar, DeviceAuthenticator authenticator, DeviceWays ways, ISnapshotSource snapshots, IVoicemail voicemail,
        SipCounters counters, RegistrarOptions options)
    {
        (this.registrar, this.authenticator, this.ways, this.snapshots, this.voicemail, this.options) =
            (registrar, authenticator, ways, snapshots, voicemail, options);
        counters.AddGauge("subscriptions", () => subscribed.Values.Sum());
        registrar.Appeared += OnAppeared;
        subscription = voicemail.Subscribe(OnCountChanged);
    }

    /// <inheritdoc/>
    public void Enter(SipEndpoint endpoint)
    {
        List<SummarySubscription> subscriptions = [];
        shards.Add((endpoint, subscriptions));
        endpoint.Handle(SipMethods.Subscribe, transaction => OnSubscribe(endpoint, subscriptions, transaction));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        registrar.Appeared -= OnAppeared;
        subscription.Dispose();
    }

    private void OnSubscribe(SipEndpoint endpoint, List<SummarySubscription> subscriptions, IServerTransaction transaction)
    {
        var request = transaction.Request;
        if (request.Event is not { } package || !package.Is(MessageSummary.Event))
        {
            transaction.Respond(SipResponseBuilder.For(request, 489, transaction.LocalTag).Add(HeaderId.AllowEvents, MessageSummary.Event).Build());
            return;
        }
        var identity = authenticator.Identify(transaction);
        if (identity.Answer is { } answer)
        {
            transaction.Respond(answer);
            return;
        }
        var key = (identity.Extension!.Key, identity.Device!.Key);
        // A device that restarts subscribes anew and leaves the old subscription to its time.
        var same = subscriptions.Where(other => (other.Extension, other.Device) == key).ToList();
        if (same.Count >= options.MaxSubscriptions)
            same[0].End("deactivated");
        var made = new SummarySubscription(endpoint, transaction, key.Item1, key.Item2,
            () => MessageSummary.Of(snapshots.Current, voicemail, key.Item1, endpoint.Transactions.AddressFor(transaction.Flow).Host),
            ended =>
            {
                subscriptions.Remove(ended);
                Count(key, -1);
            });
        subscriptions.Add(made);
        Count(key, +1);
        made.Begin(transaction);
    }

    private void Count((string Extension, string Device) key, int difference)
    {
        if (subscribed.AddOrUpdate(key, difference, (_, count) => count + difference) == 0)
            subscribed.TryRemove(KeyValuePair.Create(key, 0));
    }

    private void OnCountChanged(string mailbox)
    {
        foreach (var extension in snapshots.Current.Extensions.Values.Where(extension => extension.Mailbox == mailbox))
        {
            foreach (var (endpoint, subscriptions) in shards)
                endpoint.Shard.Post(() => subscriptions.Where(made => made.Extension == extension.Key).ToList().ForEach(made => made.Notify()));
            foreach (var binding in registrar.Find(extension.Key))
                NotifyUnasked(binding);
        }
    }

    private void OnAppeared(Binding binding)
    {
        if (snapshots.Current.Extensions.GetValueOrDefault(binding.Extension)?.Mailbox is not null)
            NotifyUnasked(binding);
    }

    private void NotifyUnasked(Binding binding)
    {
        if (shards.Count == 0 || subscribed.ContainsKey((binding.Extension, binding.Device)) || ways.WayTo(binding) is not { } way)
            return;
        var endpoint = shards[0].Endpoint;
        endpoint.Shard.Post(() =>
        {
            var address = endpoint.Transactions.AddressFor(way.Flow);
            var number = snapshots.Current.Extensions.GetValueOrDefault(binding.Extension)?.Number ?? "";
            var us = new NameAddress(null, new SipUri(number, address.Host));
            var notify = SipRequestBuilder.Create(SipMethods.Notify, way.Target, us.WithTag(endpoint.Shard.Ids.NewTag()), us,
                    endpoint.Shard.Ids.NewCallId(), 1)
                .Routes(way.Routes).Contact(address.Contact(number, way.Target.Scheme == UriScheme.Sips)).Add(HeaderId.Event, MessageSummary.Event)
                // RFC 6665 §4.1.3 has no such NOTIFY; that it is at its end already is how the field writes it.
                .Add(HeaderId.SubscriptionState, "terminated;reason=noresource")
                .Body(MessageSummary.ContentType, MessageSummary.Of(snapshots.Current, voicemail, binding.Extension, address.Host));
            endpoint.Transactions.Send(notify, way.Flow, Indifferent.Instance);
        });
    }

    /// <summary>Devices that do not know such a NOTIFY refuse it, and nothing follows from that.</summary>
    private sealed class Indifferent : IClientTransactionUser
    {
        public static readonly Indifferent Instance = new();

        public void OnResponse(IClientTransaction transaction, SipResponse response)
        {
        }

        public void OnFailed(IClientTransaction transaction, TransactionFailure failure)
        {
        }
    }
}
