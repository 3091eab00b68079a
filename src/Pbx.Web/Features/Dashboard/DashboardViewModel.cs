using Pbx.Core.Common;
using Pbx.Core.Live;
using Pbx.Core.Sites;
using Pbx.Core.Snapshot;
using Pbx.Web.Shell;

namespace Pbx.Web.Features.Dashboard;

/// <summary>The state of a site now and when it changes next.</summary>
public sealed record SiteNow(string Key, string Name, SiteState State, string? Holiday, DateTimeOffset? NextChangeLocal);

/// <summary>Something that an administrator should look at.</summary>
public sealed record Concern(ConcernKind Kind, string Subject, string Url);

/// <summary>What kinds of concern there are.</summary>
public enum ConcernKind
{
    /// <summary>No trunk is configured: nobody outside can be reached.</summary>
    NoTrunk,
    /// <summary>The server's certificate ends soon, has ended, or is not the one that was set.</summary>
    Certificate,
    /// <summary>A trunk is down.</summary>
    TrunkDown,
    /// <summary>No mail server is set: messages wait in the outbox.</summary>
    NoMailServer,
    /// <summary>A queue has no agents.</summary>
    QueueWithoutAgents,
    /// <summary>A site has no prompt for its closure.</summary>
    NoClosurePrompt,
}

/// <summary>Everything that the dashboard shows at one instant.</summary>
public sealed class DashboardViewModel(TimeProvider clock)
{
    /// <summary>The state of each site, by name.</summary>
    public IReadOnlyList<SiteNow> Sites(PbxSnapshot snapshot)
    {
        var now = clock.GetUtcNow();
        return
        [
            .. snapshot.Sites.Values.OrderBy(s => s.Name, StringComparer.CurrentCulture).Select(site =>
            {
                var closure = snapshot.Closures.GetValueOrDefault(site.Key);
                var moment = SiteClock.StateAt(site, closure, now);
                var next = SiteClock.NextChange(site, closure, now);
                return new SiteNow(site.Key, site.Name, moment.State, moment.Holiday?.Name, next is { } at ? SiteTimes.ToLocal(at, site.TimeZone) : null);
            }),
        ];
    }

    /// <summary>What an administrator should look at, the worst first.</summary>
    public static IReadOnlyList<Concern> Concerns(PbxSnapshot snapshot, IReadOnlyList<LiveTrunk> trunks) =>
    [
        .. trunks.Where(t => t.State == LiveTrunkState.Down).Select(t =>
            new Concern(ConcernKind.TrunkDown, snapshot.Trunks.GetValueOrDefault(t.Trunk)?.Name ?? t.Trunk, ConsoleUrls.Item(ObjectKind.Trunk, t.Trunk))),
        .. snapshot.Trunks.IsEmpty ? [new Concern(ConcernKind.NoTrunk, "", ConsoleUrls.New(ObjectKind.Trunk))] : Array.Empty<Concern>(),
        .. snapshot.Settings.Mail.Host is null ? [new Concern(ConcernKind.NoMailServer, "", ConsoleUrls.Mail)] : Array.Empty<Concern>(),
        .. snapshot.Queues.Values.Where(q => q.Agents.Count == 0).Select(q => new Concern(ConcernKind.QueueWithoutAgents, q.Name, ConsoleUrls.Item(ObjectKind.Queue, q.Key))),
        .. snapshot.Sites.Values.Where(s => s.ClosurePrompt is null).Select(s => new Concern(ConcernKind.NoClosurePrompt, s.Name, ConsoleUrls.Item(ObjectKind.Site, s.Key))),
    ];
}
