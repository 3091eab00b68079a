using Pbx.Core.Extensions;
using Pbx.Core.Queues;
using Pbx.Core.Sites;
using Pbx.Core.Snapshot;

namespace Pbx.Core.CallFlow.Waiting;

/// <summary>
/// Whether an agent is logged in, computed from what was done by hand and from the hours. An exceptional closure does not count.
/// </summary>
internal sealed class AgentHours
{
    private readonly Dictionary<string, (Site Site, bool Open, DateTimeOffset? Next)> sites = [];
    private readonly Dictionary<(Site Site, DateTimeOffset ChangedAt), DateTimeOffset> manualEnds = [];

    /// <summary>
    /// By hand: a log-out of the one queue stands against a log-in to all; a log-in to the one queue stands against an older log-out of
    /// all. Nothing done: logged in.
    /// </summary>
    public static bool IsLoggedIn(PbxSnapshot snapshot, string extension, string queue)
    {
        var all = snapshot.AgentLogins.GetValueOrDefault(extension);
        var one = snapshot.AgentLogins.GetValueOrDefault($"{extension}/{queue}");
        if (one is { LoggedIn: false }) return false;
        if (all is not { LoggedIn: false }) return true;
        return one is not null && one.ChangedAt > all.ChangedAt;
    }

    /// <summary>True when the agent's hours keep it out of a queue now: it follows them, they are not open, and no later log-in by hand lasts.</summary>
    public bool IsOutside(PbxSnapshot snapshot, Extension extension, string queue, DateTimeOffset now)
    {
        if (!extension.FollowsOfficeHours || !snapshot.Sites.TryGetValue(extension.Site, out var site) || Now(site, now).Open) return false;
        return !Lasts(snapshot.AgentLogins.GetValueOrDefault(extension.Key), site, now)
            && !Lasts(snapshot.AgentLogins.GetValueOrDefault($"{extension.Key}/{queue}"), site, now);
    }

    /// <summary>The instant at which the hours of a site change next; null: none in sight.</summary>
    public DateTimeOffset? NextChange(Site site, DateTimeOffset now) => Now(site, now).Next;

    /// <summary>Looks all up anew: the clock was set, perhaps back to before what is remembered.</summary>
    public void Forget() => sites.Clear();

    private (Site Site, bool Open, DateTimeOffset? Next) Now(Site site, DateTimeOffset now)
    {
        if (sites.TryGetValue(site.Key, out var known) && ReferenceEquals(known.Site, site) && (known.Next is null || now < known.Next))
            return known;
        var open = SiteClock.HoursAt(site, now).State == SiteState.Open;
        return sites[site.Key] = (site, open, SiteClock.NextHoursChange(site, now));
    }

    /// <summary>A log-in by hand outside hours lasts until the next change of the hours after it.</summary>
    private bool Lasts(AgentLogin? login, Site site, DateTimeOffset now)
    {
        if (login is not { LoggedIn: true } || login.ChangedAt > now) return false;
        if (!manualEnds.TryGetValue((site, login.ChangedAt), out var end))
        {
            var outside = SiteClock.HoursAt(site, login.ChangedAt).State != SiteState.Open;
            end = outside ? SiteClock.NextHoursChange(site, login.ChangedAt) ?? DateTimeOffset.MaxValue : DateTimeOffset.MinValue;
            if (manualEnds.Count > 10_000) manualEnds.Clear();
            manualEnds[(site, login.ChangedAt)] = end;
        }
        return now < end;
    }
}
