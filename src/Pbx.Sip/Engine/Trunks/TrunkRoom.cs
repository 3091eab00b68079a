using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Live;
using Pbx.Core.Snapshot;
using Pbx.Core.Trunks;
using Pbx.Sip.Authentication;
using Pbx.Sip.Defence;
using Pbx.Sip.Endpoint;
using Pbx.Sip.Engine.Calls;
using Pbx.Sip.Engine.Live;
using Pbx.Sip.Messages;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Engine.Trunks;

/// <summary>
/// The trunks: an agent for each enabled one, kept in step with the configuration while calls go on; the ways that calls take through them;
/// and who calls from them.
/// </summary>
internal sealed class TrunkRoom : IEndpointRoom, IBackgroundRoom, ITrunkWays, IProviders, IDisposable
{
    private static readonly TimeSpan LiveInterval = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<string, int> calls = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> sounds = new(StringComparer.Ordinal);
    private readonly List<SipEndpoint> endpoints = [];
    private readonly Lock gate = new();
    private readonly ISnapshotSource configuration;
    private readonly ServerLocator locator;
    private readonly TimeProvider time;
    private readonly ILogger<TrunkRoom> logger;
    private readonly LiveTopic<ValueList<LiveTrunk>> live;
    private ImmutableSortedDictionary<string, TrunkAgent> agents = ImmutableSortedDictionary.Create<string, TrunkAgent>(StringComparer.Ordinal);
    private ImmutableDictionary<string, TrunkStatus> barred = ImmutableDictionary<string, TrunkStatus>.Empty;
    private IDisposable? subscription;
    private bool stopped;

    /// <summary>A room without agents until it is started.</summary>
    public TrunkRoom(ISnapshotSource configuration, ServerLocator locator, TimeProvider time, ILogger<TrunkRoom> logger)
    {
        (this.configuration, this.locator, this.time, this.logger) = (configuration, locator, time, logger);
        live = new LiveTopic<ValueList<LiveTrunk>>(time, LiveInterval, Rows);
    }

    /// <summary>The trunks as pages show them.</summary>
    public ILiveTopic<ValueList<LiveTrunk>> Live => live;

    /// <inheritdoc/>
    public void Enter(SipEndpoint endpoint)
    {
        endpoints.Add(endpoint);
        endpoint.FlowLost += flow =>
        {
            foreach (var agent in agents.Values) agent.OnFlowLost(endpoint, flow);
        };
    }

    /// <inheritdoc/>
    public void Start()
    {
        subscription = configuration.Subscribe(Follow);
        Follow(configuration.Current);
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        subscription?.Dispose();
        List<TrunkAgent> ending;
        lock (gate)
        {
            stopped = true;
            ending = [.. agents.Values];
            agents = agents.Clear();
        }
        await Task.WhenAny(Task.WhenAll(ending.Select(agent => agent.StopAsync())), Task.Delay(Timeout.Infinite, cancellationToken)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Find(string trunk, string number, string presentedNumber, bool lastResort, Action<IReadOnlyList<Way>> found)
    {
        if (!agents.TryGetValue(trunk, out var agent) || !configuration.Current.Trunks.TryGetValue(trunk, out var current)
            || agent.Status is not { } status || FlowOf(agent, current, status, lastResort) is not { } flow)
        {
            found([]);
            return;
        }
        // A connection that has gone since is made again by sending. One description serves all servers, so they are of one family.
        List<IPEndPoint> others = [.. status.Servers.Where(server => !server.Equals(flow.Remote) && server.AddressFamily == flow.Remote.AddressFamily)];
        found([WayTo(flow, 0)]);

        Way WayTo(Flow server, int next)
        {
            var digest = new DigestClient(TrunkAddress.AuthenticationNameOf(current), current.Password?.Reveal() ?? "");
            return TrunkWay.Make(current, server, status, number, presentedNumber) with
            {
                Credentials = current.Password is null ? null : (challenge, request) => Answer(digest, challenge, request),
                Silent = () => agent.CallFailed(server),
                Security = configuration.Current.SecurityOf(current),
                Next = next == others.Count ? null : () => agent.FlowTo(others[next]) is { } other ? WayTo(other, next + 1) : null,
            };
        }
    }

    private Flow? FlowOf(TrunkAgent agent, Trunk trunk, TrunkStatus status, bool lastResort)
    {
        if (status is { State: LiveTrunkState.Up, Flow: { } flow })
            return lastResort || trunk.MaxCalls == 0 || calls.GetValueOrDefault(trunk.Key) <= trunk.MaxCalls ? flow : null;
        return lastResort && !status.Servers.IsEmpty ? agent.FlowTo(status.Servers[0]) : null;
    }

    /// <inheritdoc/>
    public void CallsChanged(string trunk, int difference)
    {
        calls.AddOrUpdate(trunk, Math.Max(0, difference), (_, count) => Math.Max(0, count + difference));
        live.Touch();
    }

    /// <inheritdoc/>
    public void Sounded(string trunk, string keys)
    {
        if (sounds.GetValueOrDefault(trunk) == keys || !agents.ContainsKey(trunk)) return;
        sounds[trunk] = keys;
        live.Touch();
    }

    /// <inheritdoc/>
    public TrunkCaller? Identify(SipRequest invite, Flow flow)
    {
        var snapshot = configuration.Current;
        var known = new List<(Trunk, TrunkStatus)>();
        foreach (var (key, agent) in agents)
            if (snapshot.Trunks.TryGetValue(key, out var trunk)) known.Add((trunk, agent.Status));
        if (TrunkCallers.Find(snapshot, known, invite, flow) is not { } from) return null;
        var (number, name) = TrunkCallers.CallerOf(invite);
        var security = snapshot.SecurityOf(from);
        return new TrunkCaller(from.Key, TrunkCallers.CalledBy(from, invite), number, name, security,
            security == CallSecurity.EncryptedOnly && ClearPolicy.IsClear(flow), from.MaxCalls > 0 && calls.GetValueOrDefault(from.Key) >= from.MaxCalls);
    }

    /// <inheritdoc/>
    public bool IsProviders(SipRequest request, Flow flow) => !agents.IsEmpty && Identify(request, flow) is not null;

    /// <inheritdoc/>
    public bool IsProviderAt(IPAddress address)
    {
        var snapshot = configuration.Current;
        foreach (var (key, agent) in agents)
            if (snapshot.Trunks.TryGetValue(key, out var trunk) && TrunkCallers.IsAddressOf(trunk, agent.Status, address)) return true;
        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        subscription?.Dispose();
        live.Dispose();
    }

    /// <summary>Stops what is gone or reached in another way now, starts what is new; everything else is left alone.</summary>
    private void Follow(PbxSnapshot snapshot)
    {
        lock (gate)
        {
            if (stopped) return;
            foreach (var (key, agent) in agents)
            {
                if (snapshot.Trunks.TryGetValue(key, out var trunk) && MayRun(snapshot, trunk) && TrunkAddress.IsSameConnection(trunk, agent.Trunk)) continue;
                agents = agents.Remove(key);
                sounds.TryRemove(key, out var _);
                _ = agent.StopAsync();
            }
            barred = snapshot.Trunks.Values.Where(trunk => trunk.Enabled && !snapshot.IsTransportAllowed(trunk)).ToImmutableDictionary(trunk => trunk.Key,
                trunk => barred.GetValueOrDefault(trunk.Key) ?? TrunkStatus.Barred(time.GetUtcNow()), StringComparer.Ordinal);
            foreach (var trunk in snapshot.Trunks.Values)
            {
                if (!MayRun(snapshot, trunk) || agents.ContainsKey(trunk.Key)) continue;
                var endpoint = endpoints[(int)((uint)string.GetHashCode(trunk.Key, StringComparison.Ordinal) % (uint)endpoints.Count)];
                var agent = new TrunkAgent(trunk, endpoint, locator, logger, live.Touch);
                agents = agents.Add(trunk.Key, agent);
                agent.Start();
            }
        }
        live.Touch();
    }

    private static bool MayRun(PbxSnapshot snapshot, Trunk trunk) => trunk.Enabled && snapshot.IsTransportAllowed(trunk);

    private static bool Answer(DigestClient digest, SipResponse challenge, SipRequestBuilder request)
    {
        if (!digest.Accept(challenge)) return false;
        digest.Authorize(request);
        return true;
    }

    private ValueList<LiveTrunk> Rows()
    {
        var (running, idle) = (agents, barred);
        return configuration.Current.Trunks.Values.OrderBy(trunk => trunk.Key, StringComparer.Ordinal).Select(trunk =>
        {
            var status = running.GetValueOrDefault(trunk.Key)?.Status ?? idle.GetValueOrDefault(trunk.Key) ?? TrunkStatus.Unknown(time.GetUtcNow());
            return new LiveTrunk(trunk.Key, trunk.Enabled ? status.State : LiveTrunkState.Disabled, status.Detail, status.Since,
                calls.GetValueOrDefault(trunk.Key), sounds.GetValueOrDefault(trunk.Key));
        }).ToValueList();
    }
}
