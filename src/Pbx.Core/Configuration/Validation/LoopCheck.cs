using Pbx.Core.Announcements;
using Pbx.Core.Common;
using Pbx.Core.Extensions;
using Pbx.Core.Ivr;
using Pbx.Core.Prompts;
using Pbx.Core.Queues;
using Pbx.Core.RingGroups;
using Pbx.Core.Snapshot;

namespace Pbx.Core.Configuration.Validation;

/// <summary>
/// Refuses a configuration in which a call can go round for ever without waiting on the caller or an agent. Followed are the ways out of a
/// place that can be taken at once: a time route, an extension that is busy or not registered, a queue or group with nobody to ring, an
/// announcement without sound, a menu without time-out. A key, a prompt and a ringing phone are waiting.
/// </summary>
internal static class LoopCheck
{
    /// <summary>True when a change of one object can close a loop: it is new, leads on at once to somewhere else, or is a sound that lasts no time now.</summary>
    public static bool Concerns(PbxSnapshot snapshotBefore, IConfigObject? before, PbxSnapshot snapshotAfter, IConfigObject? after) => after switch
    {
        ITargetObject place => before is not ITargetObject old
            || !WaysOutAtOnce(snapshotAfter, place).SequenceEqual(WaysOutAtOnce(snapshotBefore, old)),
        Prompt prompt => IsSilent(snapshotAfter, prompt.Key) && !IsSilent(snapshotBefore, prompt.Key),
        _ => false,
    };

    public static void Check(PbxSnapshot snapshot, Findings findings)
    {
        var done = new HashSet<Destination>();
        foreach (var start in snapshot.All().OfType<ITargetObject>())
        {
            if (!done.Contains(start.AsDestination)) Walk(snapshot, start, done, findings);
        }
    }

    /// <summary>Depth first with a stack of its own: a chain of forwards may be longer than the thread's stack is deep.</summary>
    private static void Walk(PbxSnapshot snapshot, ITargetObject start, HashSet<Destination> done, Findings findings)
    {
        var path = new List<(Destination Place, IEnumerator<Destination> Ways)>();
        var onPath = new HashSet<Destination>();
        Enter(start);
        while (path.Count > 0)
        {
            var (place, ways) = path[^1];
            if (!ways.MoveNext())
            {
                path.RemoveAt(path.Count - 1);
                onPath.Remove(place);
                done.Add(place);
            }
            else if (onPath.Contains(ways.Current)) Report(snapshot, path, ways.Current, findings);
            else if (!done.Contains(ways.Current) && snapshot.Find(ways.Current) is { } next) Enter(next);
        }

        void Enter(ITargetObject place)
        {
            path.Add((place.AsDestination, WaysOutAtOnce(snapshot, place).OfType<Destination>().Distinct().ToList().GetEnumerator()));
            onPath.Add(place.AsDestination);
        }
    }

    private static void Report(PbxSnapshot snapshot, List<(Destination Place, IEnumerator<Destination> Ways)> path, Destination back, Findings findings)
    {
        var loop = path.Select(p => p.Place).SkipWhile(p => p != back).Append(back).ToList();
        var named = string.Join(" → ", loop);
        var first = snapshot.Find(back)!;
        findings.Add("loop", References.PathOf(new ObjectRef(first.Kind, first.Key)),
            $"A call could go round for ever without waiting: {named}. Let one of them lead elsewhere.", named);
    }

    private static IEnumerable<Destination?> WaysOutAtOnce(PbxSnapshot snapshot, ITargetObject place) => place switch
    {
        Extension extension =>
        [
            extension.OnBusy, extension.OnNotRegistered, extension.OnDoNotDisturb,
            .. extension.RingSeconds <= 0 ? [extension.OnNoAnswer] : Array.Empty<Destination?>(),
            .. extension.FollowsOfficeHours ? Routes(extension.TimeRoutes) : [],
        ],
        Queue queue => [.. IsLeftAtOnce(queue) ? [queue.OnNoAnswer] : Array.Empty<Destination?>(), .. Routes(queue.TimeRoutes)],
        RingGroup group => [group.OnNoAnswer],
        IvrMenu menu =>
        [
            .. menu.TimeoutSeconds <= 0 ? [menu.OnTimeout] : Array.Empty<Destination?>(),
            .. Routes(menu.TimeRoutes),
        ],
        Announcement announcement => IsSilent(snapshot, announcement.Prompt) ? [announcement.Next] : [],
        _ => [],
    };

    private static Destination?[] Routes(TimeRoutes routes) => [routes.Closed, routes.Break, routes.Holiday];

    private static bool IsLeftAtOnce(Queue queue) => !queue.WaitWithoutAgents || queue.MaxCallers > 0 || queue.MaxWaitSeconds <= 0;

    private static bool IsSilent(PbxSnapshot snapshot, string key)
    {
        if (!snapshot.Prompts.TryGetValue(key, out var prompt)) return true;
        return prompt.Audio is not null ? prompt.DurationMilliseconds <= 0 : !prompt.Spoken || string.IsNullOrWhiteSpace(prompt.Text);
    }
}
