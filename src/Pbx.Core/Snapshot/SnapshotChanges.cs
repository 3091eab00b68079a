using Pbx.Core.Announcements;
using Pbx.Core.Common;
using Pbx.Core.Extensions;
using Pbx.Core.Ivr;
using Pbx.Core.Prompts;
using Pbx.Core.Queues;
using Pbx.Core.RingGroups;
using Pbx.Core.Routing;
using Pbx.Core.Settings;
using Pbx.Core.Sites;
using Pbx.Core.Trunks;
using Pbx.Core.Voicemail;

namespace Pbx.Core.Snapshot;

/// <summary>
/// Makes the next snapshot from one object put or removed, sharing everything else. Does not validate: where two objects claim one
/// number, the later one has it, and validation reports it before anything is published.
/// </summary>
public static class SnapshotChanges
{
    /// <summary>The snapshot with this object in place of the one of its kind and key.</summary>
    public static PbxSnapshot With(this PbxSnapshot snapshot, IConfigObject item) => item switch
    {
        SystemSettings settings => snapshot with { Settings = settings },
        Site site => snapshot with { Sites = snapshot.Sites.SetItem(site.Key, site) },
        Extension extension => snapshot.Without(new ObjectRef(ObjectKind.Extension, extension.Key)).Add(extension),
        Trunk trunk => snapshot with { Trunks = snapshot.Trunks.SetItem(trunk.Key, trunk) },
        InboundRule rule => snapshot with { InboundRules = snapshot.InboundRules.SetItem(rule.Key, rule) },
        OutboundRule rule => snapshot with { OutboundRules = snapshot.OutboundRules.SetItem(rule.Key, rule) },
        IvrMenu menu => snapshot.Renumber(menu) with { IvrMenus = snapshot.IvrMenus.SetItem(menu.Key, menu) },
        Queue queue => snapshot.Renumber(queue) with { Queues = snapshot.Queues.SetItem(queue.Key, queue) },
        RingGroup group => snapshot.Renumber(group) with { RingGroups = snapshot.RingGroups.SetItem(group.Key, group) },
        Announcement announcement => snapshot.Renumber(announcement) with
        {
            Announcements = snapshot.Announcements.SetItem(announcement.Key, announcement),
        },
        Mailbox mailbox => snapshot.Renumber(mailbox) with { Mailboxes = snapshot.Mailboxes.SetItem(mailbox.Key, mailbox) },
        Prompt prompt => snapshot with { Prompts = snapshot.Prompts.SetItem(prompt.Key, prompt) },
        ClosureSwitch closure => snapshot with { Closures = snapshot.Closures.SetItem(closure.Key, closure) },
        AgentLogin login => snapshot with { AgentLogins = snapshot.AgentLogins.SetItem(login.Key, login) },
        _ => throw new ArgumentException($"{item.GetType()} is no kind of configuration object.", nameof(item)),
    };

    /// <summary>The snapshot without the object named; the same snapshot when there is none.</summary>
    public static PbxSnapshot Without(this PbxSnapshot snapshot, ObjectRef name)
    {
        if (snapshot.Find(name) is not { } item) return snapshot;
        if (item is ITargetObject { Number: { } number } target) snapshot = snapshot.Unnumber(number, target.AsDestination);
        return name.Kind switch
        {
            ObjectKind.Settings => snapshot with { Settings = new SystemSettings() },
            ObjectKind.Site => snapshot with { Sites = snapshot.Sites.Remove(name.Key) },
            ObjectKind.Extension => snapshot with
            {
                Extensions = snapshot.Extensions.Remove(name.Key),
                // Another extension may have taken over a user's name in the same change.
                DeviceUsers = snapshot.DeviceUsers.RemoveRange(((Extension)item).Devices.Select(d => d.UserName)
                    .Where(user => snapshot.DeviceUsers.TryGetValue(user, out var holder) && holder.Extension == name.Key)),
            },
            ObjectKind.Trunk => snapshot with { Trunks = snapshot.Trunks.Remove(name.Key) },
            ObjectKind.InboundRule => snapshot with { InboundRules = snapshot.InboundRules.Remove(name.Key) },
            ObjectKind.OutboundRule => snapshot with { OutboundRules = snapshot.OutboundRules.Remove(name.Key) },
            ObjectKind.IvrMenu => snapshot with { IvrMenus = snapshot.IvrMenus.Remove(name.Key) },
            ObjectKind.Queue => snapshot with { Queues = snapshot.Queues.Remove(name.Key) },
            ObjectKind.RingGroup => snapshot with { RingGroups = snapshot.RingGroups.Remove(name.Key) },
            ObjectKind.Announcement => snapshot with { Announcements = snapshot.Announcements.Remove(name.Key) },
            ObjectKind.Mailbox => snapshot with { Mailboxes = snapshot.Mailboxes.Remove(name.Key) },
            ObjectKind.Prompt => snapshot with { Prompts = snapshot.Prompts.Remove(name.Key) },
            ObjectKind.ClosureSwitch => snapshot with { Closures = snapshot.Closures.Remove(name.Key) },
            ObjectKind.AgentLogin => snapshot with { AgentLogins = snapshot.AgentLogins.Remove(name.Key) },
        };
    }

    private static PbxSnapshot Add(this PbxSnapshot snapshot, Extension extension) => snapshot.Renumber(extension) with
    {
        Extensions = snapshot.Extensions.SetItem(extension.Key, extension),
        DeviceUsers = snapshot.DeviceUsers.SetItems(extension.Devices.Select(
            d => KeyValuePair.Create(d.UserName, (extension.Key, d.Key)))),
    };

    private static PbxSnapshot Renumber(this PbxSnapshot snapshot, ITargetObject target)
    {
        var before = snapshot.Find(target.AsDestination)?.Number;
        if (before is not null && before != target.Number) snapshot = snapshot.Unnumber(before, target.AsDestination);
        return target.Number is { } number
            ? snapshot with { Numbers = snapshot.Numbers.SetItem(number, target.AsDestination) }
            : snapshot;
    }

    private static PbxSnapshot Unnumber(this PbxSnapshot snapshot, string number, Destination owner) =>
        snapshot.Numbers.TryGetValue(number, out var held) && held == owner
            ? snapshot with { Numbers = snapshot.Numbers.Remove(number) }
            : snapshot;
}
