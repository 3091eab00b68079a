using Microsoft.Extensions.Logging;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Live;
using Pbx.Sip.Authentication;
using Pbx.Sip.Diagnostics;
using Pbx.Sip.Endpoint;
using Pbx.Sip.Messages;
using Pbx.Sip.Network;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Defence;

/// <summary>
/// Meets what comes: nothing is said to the banned and to scanners, providers and credentials worth judging enter, all others are
/// strangers. Keeps nothing of them but the bans of scanners. From any thread.
/// </summary>
internal sealed class Gate(DefenceOptions options, DigestServer digest, DigestPolicy policy, BanList bans, KnownAddresses known, AllowList allowed, IProviders providers,
    ClearPolicy clearPolicy, IRefusals refusals, ISnapshotSource snapshots, SteadyClock time, ILogger<Gate> logger) : IGate
{
    /// <summary>Bans of scanners that are written to the log in a minute: addresses can be forged by the million.</summary>
    private const int LogLines = 30;

    private readonly RateWindows logged = new();

    /// <inheritdoc/>
    public bool IsShut(Flow flow) => bans.IsBanned(Source.Of(flow.Remote.Address));

    /// <inheritdoc/>
    public Welcome Judge(SipRequest request, Flow flow)
    {
        var source = Source.Of(flow.Remote.Address);
        if (providers.IsProviders(request, flow)) return Welcome.Enter;
        if (bans.IsBanned(source)) return Welcome.Silence;
        if (Scanners.Sent(request))
        {
            Ban(source, request, flow);
            return Welcome.Silence;
        }
        return digest.Look(request, options.Realm, time.GetUtcNow()) == CredentialsState.Fresh ? Welcome.Enter : Welcome.Stranger;
    }

    /// <inheritdoc/>
    public SipResponse Challenge(SipRequest request, Flow flow, string toTag, bool brief)
    {
        if (clearPolicy.Refusal(request, flow, toTag) is { } refusal)
        {
            refusals.Add(request, flow, null, RefusalCause.InClear);
            return refusal;
        }
        var now = time.GetUtcNow();
        var algorithms = policy.Offered(snapshots.Current, request, options.Realm);
        var stale = digest.Look(request, options.Realm, now) == CredentialsState.Stale;
        return digest.Challenge(request, toTag, options.Realm, brief ? algorithms.Take(1) : algorithms, stale, now).Build();
    }

    private void Ban(Source source, SipRequest request, Flow flow)
    {
        if (known.IsHome(source) || allowed.Contains(flow.Remote.Address) || providers.IsProviderAt(flow.Remote.Address)) return;
        var ban = bans.Add(source, BanCause.Scanner, PacketText.Of(request), hasProved: flow.IsReliable);
        if (logged.Add(0, time.GetUtcNow()) <= LogLines) logger.Banned(ban.Address, "a scanner", ban.Until);
    }
}
