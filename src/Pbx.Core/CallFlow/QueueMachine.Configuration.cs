using Pbx.Core.CallFlow.Strategies;
using Pbx.Core.CallFlow.Waiting;
using Pbx.Core.Queues;
using Pbx.Core.Snapshot;

namespace Pbx.Core.CallFlow;

/// <content>What a new snapshot and the hours change.</content>
public sealed partial class QueueMachine
{
    private readonly AgentHours hours = new();
    private readonly Dictionary<string, DateTimeOffset> watchedSites = new(StringComparer.Ordinal);

    private DateTimeOffset Wall => now + wallAhead;

    /// <summary>The wall clock was set: who is logged in by hours is another question now.</summary>
    private void RefreshHours()
    {
        hours.Forget();
        foreach (var line in lines.Values) RefreshLogins(line);
        WatchHours();
    }

    private void Refresh(PbxSnapshot newest)
    {
        var before = snapshot;
        snapshot = newest;
        if (ReferenceEquals(before.Queues, newest.Queues) && ReferenceEquals(before.Extensions, newest.Extensions)
            && ReferenceEquals(before.AgentLogins, newest.AgentLogins) && ReferenceEquals(before.Sites, newest.Sites)) return;

        foreach (var key in lines.Keys.Where(k => !newest.Queues.ContainsKey(k)).ToArray()) RemoveLine(lines[key]);
        foreach (var queue in newest.Queues.Values.OrderBy(q => q.Key, StringComparer.Ordinal)) RefreshLine(queue);
        foreach (var line in lines.Values) RefreshLogins(line);
        foreach (var line in lines.Values) PutOutWithoutAgents(line);
        WatchHours();
    }

    private void RemoveLine(Line line)
    {
        lines.Remove(line.Queue.Key);
        foreach (var caller in line.Idle.Concat(line.Ringing).OrderBy(c => c.Number).ToArray()) PutOut(caller, QueueLeaveReason.Removed);
        foreach (var member in line.Members) member.Agent.Members.Remove(member);
        touched.Remove(line);
    }

    private void RefreshLine(Queue queue)
    {
        if (!lines.TryGetValue(queue.Key, out var line)) lines.Add(queue.Key, line = new Line(queue));
        else if (ReferenceEquals(line.Queue, queue)) return;

        var shorter = queue.MaxWaitSeconds < line.Queue.MaxWaitSeconds;
        line.Queue = queue;
        line.Order = RingOrders.Of(queue.Strategy);
        if (shorter)
        {
            foreach (var caller in line.Idle.Concat(line.Ringing)) WatchLongestWait(caller);
        }
        RefreshMembers(line, queue);
        touched.Add(line);
    }

    private void RefreshMembers(Line line, Queue queue)
    {
        var before = line.Members.ToDictionary(m => m.Agent.Key, StringComparer.Ordinal);
        line.Members = [];
        // Sorted by places that change now; whoever is free is added again with the log-ins.
        line.Free.Clear();
        foreach (var entry in queue.Agents)
        {
            if (line.Members.Exists(m => m.Agent.Key == entry.Extension)) continue;
            if (!before.Remove(entry.Extension, out var member))
            {
                member = new Member(AgentOf(entry.Extension), line) { OutsideSince = DateTimeOffset.MinValue };
                member.Agent.Members.Add(member);
            }
            (member.Index, member.Tier) = (line.Members.Count, entry.Tier);
            line.Members.Add(member);
        }
        foreach (var gone in before.Values)
        {
            gone.Agent.Members.Remove(gone);
            if (gone.Agent.Offer is { } offer && offer.Caller.Line == line) Release(offer, withdraw: true);
            if (line.LastOffered == gone) line.LastOffered = null;
        }
    }

    /// <summary>Computes who is logged in. An agent who logs out by hand stops ringing; one whose hours end does not.</summary>
    private void RefreshLogins(Line line)
    {
        foreach (var member in line.Members)
        {
            var key = member.Agent.Key;
            var extension = snapshot.Extensions.GetValueOrDefault(key);
            member.Agent.DoNotDisturb = extension?.DoNotDisturb ?? false;
            member.LoggedIn = extension is not null && AgentHours.IsLoggedIn(snapshot, key, line.Queue.Key);
            var outside = extension is not null && hours.IsOutside(snapshot, extension, line.Queue.Key, Wall);
            member.OutsideSince = outside ? member.OutsideSince ?? now : null;
            if (!member.LoggedIn && member.Agent.Offer is { } offer && offer.Caller.Line == line) Release(offer, withdraw: true);
            Show(member);
        }
        touched.Add(line);
    }

    /// <summary>Those who wait go when nobody is left whom they can count on, unless the queue lets them wait.</summary>
    private void PutOutWithoutAgents(Line line)
    {
        if (line.Queue.WaitWithoutAgents || line.Waiting == 0) return;
        if (line.Members.Exists(m => m is { LoggedIn: true, OutsideSince: null })) return;
        foreach (var caller in line.Idle.Concat(line.Ringing).OrderBy(c => c.Number).ToArray())
        {
            if (!line.Members.Exists(m => m.IsIn(caller))) PutOut(caller, QueueLeaveReason.NoAgents);
        }
    }

    /// <summary>Asks to be woken at the next change of the hours of each site that has agents who follow them.</summary>
    private void WatchHours()
    {
        var sites = lines.Values.SelectMany(l => l.Members).Select(m => snapshot.Extensions.GetValueOrDefault(m.Agent.Key))
            .Where(e => e is { FollowsOfficeHours: true }).Select(e => e!.Site).Distinct().Order(StringComparer.Ordinal).ToList();
        foreach (var key in watchedSites.Keys.Except(sites).ToArray()) watchedSites.Remove(key);
        foreach (var key in sites)
        {
            if (snapshot.Sites.TryGetValue(key, out var site)) WatchHours(key, hours.NextChange(site, Wall));
        }
    }

    private void WatchHours(string site, DateTimeOffset? next)
    {
        if (next is not { } change)
        {
            watchedSites.Remove(site);
            return;
        }
        var at = change - wallAhead;
        if (watchedSites.TryGetValue(site, out var known) && known == at) return;
        watchedSites[site] = at;
        wakes.At(at, _ =>
        {
            if (!watchedSites.TryGetValue(site, out var current) || current != at) return;
            foreach (var line in lines.Values.Where(l => l.Members.Exists(m => SiteOf(m) == site))) RefreshLogins(line);
            if (snapshot.Sites.TryGetValue(site, out var still)) WatchHours(site, hours.NextChange(still, Wall));
        });
    }

    private string? SiteOf(Member member) => snapshot.Extensions.GetValueOrDefault(member.Agent.Key)?.Site;
}
