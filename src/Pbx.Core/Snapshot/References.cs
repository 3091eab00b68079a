using Pbx.Core.Announcements;
using Pbx.Core.Common;
using Pbx.Core.Extensions;
using Pbx.Core.Ivr;
using Pbx.Core.Queues;
using Pbx.Core.RingGroups;
using Pbx.Core.Routing;
using Pbx.Core.Settings;
using Pbx.Core.Sites;
using Pbx.Core.Trunks;
using Pbx.Core.Voicemail;

namespace Pbx.Core.Snapshot;

/// <summary>A place in one object that names another.</summary>
/// <param name="From">The object that refers.</param>
/// <param name="Path">Where in the configuration, such as <c>queues/support/agents/0/extension</c>.</param>
/// <param name="To">The object referred to.</param>
public sealed record Reference(ObjectRef From, string Path, ObjectRef To);

/// <summary>Who uses what: the one list of all places where an object names another.</summary>
public static class References
{
    /// <summary>Every place in the snapshot that names the object; what a delete dialog shows.</summary>
    public static IReadOnlyList<Reference> To(PbxSnapshot snapshot, ObjectRef target) =>
        [.. snapshot.All().SelectMany(From).Where(reference => reference.To == target)];

    /// <summary>Every object that an object names, with the place.</summary>
    public static IEnumerable<Reference> From(IConfigObject item)
    {
        var from = new ObjectRef(item.Kind, item.Key);
        var root = PathOf(from);
        return Fields(item)
            .Where(field => field.To is not null)
            .Select(field => new Reference(from, $"{root}/{field.Path}", field.To!.Value));
    }

    /// <summary>Every destination that an object names, with the place; external numbers and hang-ups too.</summary>
    public static IEnumerable<(string Path, Destination To)> DestinationsOf(IConfigObject item) =>
        Destinations(item)
            .Where(field => field.To is not null)
            .Select(field => ($"{PathOf(new ObjectRef(item.Kind, item.Key))}/{field.Path}", field.To!));

    /// <summary>The path of an object as errors and documents write it, such as <c>queues/support</c>.</summary>
    public static string PathOf(ObjectRef name) => name.Kind switch
    {
        ObjectKind.Settings => "settings",
        ObjectKind.Site => $"sites/{name.Key}",
        ObjectKind.Extension => $"extensions/{name.Key}",
        ObjectKind.Trunk => $"trunks/{name.Key}",
        ObjectKind.InboundRule => $"inboundRules/{name.Key}",
        ObjectKind.OutboundRule => $"outboundRules/{name.Key}",
        ObjectKind.IvrMenu => $"ivrMenus/{name.Key}",
        ObjectKind.Queue => $"queues/{name.Key}",
        ObjectKind.RingGroup => $"ringGroups/{name.Key}",
        ObjectKind.Announcement => $"announcements/{name.Key}",
        ObjectKind.Mailbox => $"mailboxes/{name.Key}",
        ObjectKind.Prompt => $"prompts/{name.Key}",
        ObjectKind.ClosureSwitch => $"closures/{name.Key}",
        ObjectKind.AgentLogin => $"agentLogins/{name.Key}",
    };

    /// <summary>All objects of a snapshot, kind by kind, each kind by key; the settings first, states last.</summary>
    public static IEnumerable<IConfigObject> All(this PbxSnapshot snapshot)
    {
        yield return snapshot.Settings;
        IEnumerable<IEnumerable<IConfigObject>> kinds =
        [
            snapshot.Sites.Values, snapshot.Prompts.Values, snapshot.Mailboxes.Values, snapshot.Extensions.Values, snapshot.Trunks.Values,
            snapshot.InboundRules.Values, snapshot.OutboundRules.Values, snapshot.IvrMenus.Values, snapshot.Queues.Values,
            snapshot.RingGroups.Values, snapshot.Announcements.Values, snapshot.Closures.Values, snapshot.AgentLogins.Values,
        ];
        foreach (var kind in kinds)
        {
            foreach (var item in kind.OrderBy(o => o.Key, StringComparer.Ordinal)) yield return item;
        }
    }

    private static IEnumerable<(string Path, ObjectRef? To)> Fields(IConfigObject item) =>
        Destinations(item).Select(field => (field.Path, ObjectOf(field.To))).Concat(Plain(item));

    private static ObjectRef? ObjectOf(Destination? destination) => destination?.Kind switch
    {
        DestinationKind.Extension => new(ObjectKind.Extension, destination.Value),
        DestinationKind.Queue => new(ObjectKind.Queue, destination.Value),
        DestinationKind.RingGroup => new(ObjectKind.RingGroup, destination.Value),
        DestinationKind.IvrMenu => new(ObjectKind.IvrMenu, destination.Value),
        DestinationKind.Announcement => new(ObjectKind.Announcement, destination.Value),
        DestinationKind.Mailbox => new(ObjectKind.Mailbox, destination.Value),
        DestinationKind.External or DestinationKind.HangUp or null => null,
    };

    private static IEnumerable<(string Path, Destination? To)> Destinations(IConfigObject item) => item switch
    {
        Site site =>
        [
            ("onHoliday", site.OnHoliday), ("defaultDestination", site.DefaultDestination),
            .. site.Holidays.Select((holiday, i) => ($"holidays/{i}/destination", holiday.Destination)),
        ],
        Extension extension =>
        [
            ("onBusy", extension.OnBusy), ("onNoAnswer", extension.OnNoAnswer), ("onNotRegistered", extension.OnNotRegistered),
            ("onDoNotDisturb", extension.OnDoNotDisturb), .. Times(extension.TimeRoutes),
        ],
        Trunk trunk => [("defaultDestination", trunk.DefaultDestination)],
        InboundRule rule => [("open", rule.Open), .. Times(rule.TimeRoutes)],
        IvrMenu menu =>
        [
            .. menu.Keys.Select((key, i) => ($"keys/{i}/destination", (Destination?)key.Destination)),
            ("onTimeout", menu.OnTimeout), ("onInvalid", menu.OnInvalid), .. Times(menu.TimeRoutes),
        ],
        Queue queue => [("onExit", queue.OnExit), ("onNoAnswer", queue.OnNoAnswer), .. Times(queue.TimeRoutes)],
        RingGroup group => [("onNoAnswer", group.OnNoAnswer)],
        Announcement announcement => [("next", announcement.Next)],
        _ => [],
    };

    private static IEnumerable<(string Path, Destination? To)> Times(TimeRoutes routes) =>
        [("timeRoutes/closed", routes.Closed), ("timeRoutes/break", routes.Break), ("timeRoutes/holiday", routes.Holiday)];

    private static IEnumerable<(string Path, ObjectRef? To)> Plain(IConfigObject item) => item switch
    {
        SystemSettings settings =>
            [("music", Name(ObjectKind.Prompt, settings.Music)), .. Names("emergencyTrunks", ObjectKind.Trunk, settings.EmergencyTrunks)],
        Site site =>
            [("closurePrompt", Name(ObjectKind.Prompt, site.ClosurePrompt)), ("closureMailbox", Name(ObjectKind.Mailbox, site.ClosureMailbox))],
        Extension extension => [At(extension.Site), ("mailbox", Name(ObjectKind.Mailbox, extension.Mailbox))],
        Trunk trunk => [At(trunk.Site)],
        InboundRule rule => [At(rule.Site), ("trunk", Name(ObjectKind.Trunk, rule.Trunk))],
        OutboundRule rule =>
        [
            .. Names("sites", ObjectKind.Site, rule.Sites), .. Names("extensions", ObjectKind.Extension, rule.Extensions),
            .. rule.Steps.Select((step, i) => ($"steps/{i}/trunk", Name(ObjectKind.Trunk, step.Trunk))),
        ],
        IvrMenu menu =>
        [
            At(menu.Site), ("prompt", Name(ObjectKind.Prompt, menu.Prompt)), ("invalidPrompt", Name(ObjectKind.Prompt, menu.InvalidPrompt)),
        ],
        Queue queue =>
        [
            At(queue.Site), .. queue.Agents.Select((agent, i) => ($"agents/{i}/extension", Name(ObjectKind.Extension, agent.Extension))),
            ("introPrompt", Name(ObjectKind.Prompt, queue.IntroPrompt)), ("waitingPrompt", Name(ObjectKind.Prompt, queue.WaitingPrompt)),
            ("music", Name(ObjectKind.Prompt, queue.Music)),
        ],
        RingGroup group => [At(group.Site), .. Names("members", ObjectKind.Extension, group.Members)],
        Announcement announcement => [At(announcement.Site), ("prompt", Name(ObjectKind.Prompt, announcement.Prompt))],
        Mailbox mailbox =>
        [
            At(mailbox.Site), ("greeting", Name(ObjectKind.Prompt, mailbox.Greeting)),
            .. Names("mailExtensions", ObjectKind.Extension, mailbox.MailExtensions), .. Names("mailQueues", ObjectKind.Queue, mailbox.MailQueues),
        ],
        ClosureSwitch closure => [("site", Name(ObjectKind.Site, closure.Key))],
        AgentLogin login => [("extension", Name(ObjectKind.Extension, login.Extension)), ("queue", Name(ObjectKind.Queue, login.Queue))],
        _ => [],
    };

    private static (string Path, ObjectRef? To) At(string site) => ("site", Name(ObjectKind.Site, site));

    private static ObjectRef? Name(ObjectKind kind, string? key) => key is null ? null : new(kind, key);

    private static IEnumerable<(string Path, ObjectRef? To)> Names(string path, ObjectKind kind, ValueList<string> keys) =>
        keys.Select((key, i) => ($"{path}/{i}", Name(kind, key)));
}
