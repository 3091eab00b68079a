using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging;
using Pbx.Core.Live;
using Pbx.Core.Trunks;
using Pbx.Sip.Diagnostics;
using Pbx.Sip.Endpoint;
using Pbx.Sip.Messages;
using Pbx.Sip.Scheduling;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Engine.Trunks;

/// <summary>
/// Keeps one trunk usable: finds its servers, registers or watches, goes on to the next server when one fails, and waits longer each time
/// when all do. Lives in one shard; its <see cref="Status"/> may be read by all.
/// </summary>
internal sealed class TrunkAgent
{
    /// <summary>A connection that nobody watches and that is lost sooner than this never served: longer than connecting may take.</summary>
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(10);

    private readonly SipEndpoint endpoint;
    private readonly ServerLocator locator;
    private readonly ILogger logger;
    private readonly Action changed;
    private readonly TrunkRegistration? registration;
    private readonly ShardTimer retry;
    private readonly ShardTimer watch;
    private TrunkRequest? options;
    private ImmutableArray<IPEndPoint> servers = [];
    private int server;
    private int failedServers;
    private int failures;
    private bool stopped;
    private Flow? tried;
    private long triedAt;
    private volatile TrunkStatus status;

    /// <summary>An agent that has not begun. <paramref name="changed"/> is called on its shard with each new status.</summary>
    public TrunkAgent(Trunk trunk, SipEndpoint endpoint, ServerLocator locator, ILogger logger, Action changed)
    {
        Trunk = trunk;
        (this.endpoint, this.locator, this.logger, this.changed) = (endpoint, locator, logger, changed);
        registration = trunk.Registers ? new TrunkRegistration(endpoint, trunk, Try) : null;
        retry = endpoint.Shard.CreateTimer(Locate);
        watch = endpoint.Shard.CreateTimer(Watch);
        status = TrunkStatus.Unknown(Now);
    }

    /// <summary>The trunk as configured when it began.</summary>
    public Trunk Trunk { get; }

    /// <summary>What is known now.</summary>
    public TrunkStatus Status => status;

    private DateTimeOffset Now => endpoint.Shard.Time.GetUtcNow();

    private bool IsWatched => registration is not null || Trunk.QualifySeconds > 0;

    private Flow? CurrentFlow => servers.IsEmpty ? null : FlowTo(servers[server]);

    /// <summary>Begins. From any thread.</summary>
    public void Start() => endpoint.Shard.Post(Locate);

    /// <summary>Ends, unregistering as well as it goes. From any thread; completes when the provider has answered, or has not in time.</summary>
    public Task StopAsync()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        endpoint.Shard.Post(() =>
        {
            stopped = true;
            retry.Stop();
            watch.Stop();
            options?.Forget();
            if (registration is null) ended.SetResult();
            else registration.Unregister(ended.SetResult);
        });
        return ended.Task;
    }

    /// <summary>The way to one of the provider's servers. From any thread.</summary>
    public Flow? FlowTo(IPEndPoint address) => TrunkAddress.FlowTo(Trunk, address, endpoint.Sender);

    /// <summary>A call got no answer by this flow: the next call goes elsewhere if there is an elsewhere. From any thread.</summary>
    public void CallFailed(Flow flow) => endpoint.Shard.Post(() =>
    {
        if (stopped || status.Flow != flow) return;
        NoteSteadiness();
        OnServerFailed(TrunkWords.CallUnanswered, null);
    });

    /// <summary>
    /// The connection to the provider is lost: another is made at once, unless it was lost as soon as it was made and no question to the provider
    /// would find that out. Each shard hears of it; the trunk's own acts.
    /// </summary>
    public void OnFlowLost(SipEndpoint heardBy, Flow flow)
    {
        if (heardBy != endpoint || stopped || status.Flow != flow || status.State != LiveTrunkState.Up) return;
        if (IsWatched || NoteSteadiness()) Try();
        else OnServerFailed($"{TrunkWords.NoConnection} {servers[server]}", null);
    }

    private void Locate()
    {
        if (stopped) return;
        _ = LocateAsync();
    }

    /// <summary>Asks for the servers outside the shard; the answer comes back as an event. Does not throw: the locator does not.</summary>
    private async Task LocateAsync()
    {
        var found = await locator.FindAsync(Trunk.Host, Trunk.Port, TrunkAddress.TransportOf(Trunk)).ConfigureAwait(false);
        endpoint.Shard.Post(() => OnLocated(found));
    }

    private void OnLocated(IReadOnlyList<IPEndPoint> found)
    {
        if (stopped) return;
        (servers, server, failedServers) = ([.. found], 0, 0);
        if (servers.IsEmpty) Wait($"{Trunk.Host} {TrunkWords.NoAddress}", null);
        else Try();
    }

    /// <summary>Registers, or asks for a sign of life, at the current server.</summary>
    private void Try()
    {
        if (stopped) return;
        (tried, triedAt) = (CurrentFlow, endpoint.Shard.Time.GetTimestamp());
        if (tried is not { } flow) OnServerFailed(TrunkWords.NoListener, null);
        else if (registration is not null) registration.Register(flow, OnRegistration);
        else if (Trunk.QualifySeconds > 0) Ask(flow);
        else OnUsable(TrunkWords.NotWatched, []);
    }

    /// <summary>An unwatched connection proves itself by lasting: then what failed before it is forgotten. True when it has.</summary>
    private bool NoteSteadiness()
    {
        var steady = endpoint.Shard.Time.GetElapsedTime(triedAt) >= Steady;
        if (steady) (failures, failedServers) = (0, 0);
        return steady;
    }

    private void OnRegistration(RegistrationOutcome outcome, string words, SipResponse? response)
    {
        switch (outcome)
        {
            case RegistrationOutcome.Registered:
                if (status.State != LiveTrunkState.Up) logger.TrunkRegistered(Trunk.Key, servers[server].ToString(), registration!.Granted);
                OnUsable(words, [.. response!.Addresses(HeaderId.ServiceRoute).Select(route => route.Uri)]);
                break;
            case RegistrationOutcome.ServerFailed:
                OnServerFailed(words, response?.RetryAfter);
                break;
            case RegistrationOutcome.Refused:
                Wait(words, (uint)Backoff.AfterRefusal.TotalSeconds);
                break;
        }
    }

    private void OnUsable(string words, ImmutableArray<SipUri> routes)
    {
        // Of a connection that is being made and not watched nothing is known yet: see NoteSteadiness.
        if (IsWatched || Trunk.Transport == TrunkTransport.Udp) (failures, failedServers) = (0, 0);
        retry.Stop();
        var flow = CurrentFlow;
        Show(LiveTrunkState.Up, words + Protection(flow), flow, routes);
        if (Trunk.QualifySeconds > 0) watch.Start(TimeSpan.FromSeconds(Trunk.QualifySeconds));
    }

    /// <summary>How the connection is protected, for the console; empty for one in clear.</summary>
    private string Protection(Flow? flow) => flow?.Security is not { } security ? ""
        : Trunk.AcceptsAnyCertificate ? $"; {security.Version}, {TrunkWords.CertificateUnchecked}" : $"; {security.Version}";

    /// <summary>The next server at once; when all have failed, later, with their addresses asked for anew.</summary>
    private void OnServerFailed(string words, uint? retryAfter)
    {
        // Why there was no connection says more than that there was no answer.
        if (tried?.Trouble is { } trouble) words = $"{TrunkWords.NoConnection} {servers[server]}: {trouble}";
        options?.Forget();
        watch.Stop();
        if (++failedServers >= servers.Length)
        {
            Wait(words, retryAfter);
            return;
        }
        server = (server + 1) % servers.Length;
        Try();
    }

    private void Wait(string words, uint? retryAfter)
    {
        watch.Stop();
        registration?.Forget();
        var delay = Backoff.After(++failures, Random.Shared.NextDouble());
        if (retryAfter is { } asked && TimeSpan.FromSeconds(Math.Min(asked, 3600)) is var longer && longer > delay) delay = longer;
        logger.TrunkFailed(Trunk.Key, words, (int)delay.TotalSeconds);
        Show(LiveTrunkState.Down, words, null, []);
        retry.Start(delay);
    }

    private void Watch()
    {
        tried = CurrentFlow;
        if (tried is { } flow) Ask(flow);
    }

    /// <summary>OPTIONS: any answer is a sign of life (RFC 3261 section 11).</summary>
    private void Ask(Flow flow)
    {
        options?.Forget();
        options = new TrunkRequest(endpoint.Shard, OnAsked);
        var us = new NameAddress(null, endpoint.Sender.AddressFor(flow).Contact(Trunk.UserName));
        var them = TrunkAddress.Of(Trunk, null);
        endpoint.Transactions.Send(SipRequestBuilder.Create(SipMethods.Options, them, us.WithTag(endpoint.Shard.Ids.NewTag()), new NameAddress(null, them),
            endpoint.Shard.Ids.NewCallId(), 1).Contact(us.Uri), flow, options);
    }

    private void OnAsked(SipResponse? response)
    {
        if (stopped) return;
        if (response is null or { Status: 503 }) OnServerFailed(response is null ? $"{TrunkWords.NoAnswerTo} OPTIONS" : $"{TrunkWords.OutOfService} (503)", response?.RetryAfter);
        else if (registration is null) OnUsable($"{TrunkWords.Answers} ({response.Status})", []);
        else watch.Start(TimeSpan.FromSeconds(Trunk.QualifySeconds));
    }

    private void Show(LiveTrunkState state, string detail, Flow? flow, ImmutableArray<SipUri> routes)
    {
        var since = state == status.State ? status.Since : Now;
        if (state != status.State) logger.TrunkState(Trunk.Key, state.ToString());
        status = new TrunkStatus(state, detail, since, [.. servers[server..], .. servers[..server]], flow, routes);
        changed();
    }
}
