using Pbx.Core.Sites;

namespace Pbx.Core.Snapshot;

/// <summary>Asks <see cref="SiteClock"/> by the key of a site.</summary>
public static class SnapshotClock
{
    /// <summary>The state of a site at an instant; open when there is no such site.</summary>
    public static SiteMoment StateAt(this PbxSnapshot snapshot, string site, DateTimeOffset instant) =>
        snapshot.Sites.TryGetValue(site, out var found)
            ? SiteClock.StateAt(found, snapshot.Closures.GetValueOrDefault(site), instant)
            : new SiteMoment(SiteState.Open);

    /// <summary>The next instant at which its state differs; null when none is in sight.</summary>
    public static DateTimeOffset? NextChange(this PbxSnapshot snapshot, string site, DateTimeOffset instant) =>
        snapshot.Sites.TryGetValue(site, out var found)
            ? SiteClock.NextChange(found, snapshot.Closures.GetValueOrDefault(site), instant)
            : null;
}
