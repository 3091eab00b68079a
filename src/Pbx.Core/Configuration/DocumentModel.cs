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
using Pbx.Core.Snapshot;
using Pbx.Core.Trunks;
using Pbx.Core.Voicemail;

namespace Pbx.Core.Configuration;

/// <summary>The shape of a document: the settings, and one list per kind, each in the order of its keys.</summary>
internal sealed record DocumentModel
{
    /// <summary>The settings of the system.</summary>
    public SystemSettings Settings { get; init; } = new();

    /// <summary>Sites.</summary>
    public ValueList<Site> Sites { get; init; } = [];

    /// <summary>Prompts. A spoken one needs its text only.</summary>
    public ValueList<Prompt> Prompts { get; init; } = [];

    /// <summary>Mailboxes.</summary>
    public ValueList<Mailbox> Mailboxes { get; init; } = [];

    /// <summary>Extensions with their devices.</summary>
    public ValueList<Extension> Extensions { get; init; } = [];

    /// <summary>Trunks.</summary>
    public ValueList<Trunk> Trunks { get; init; } = [];

    /// <summary>Inbound rules.</summary>
    public ValueList<InboundRule> InboundRules { get; init; } = [];

    /// <summary>Outbound rules.</summary>
    public ValueList<OutboundRule> OutboundRules { get; init; } = [];

    /// <summary>IVR menus.</summary>
    public ValueList<IvrMenu> IvrMenus { get; init; } = [];

    /// <summary>Queues.</summary>
    public ValueList<Queue> Queues { get; init; } = [];

    /// <summary>Ring groups.</summary>
    public ValueList<RingGroup> RingGroups { get; init; } = [];

    /// <summary>Announcements.</summary>
    public ValueList<Announcement> Announcements { get; init; } = [];

    /// <summary>All objects of the document.</summary>
    public IEnumerable<IConfigObject> Items() =>
    [
        Settings, .. Sites, .. Prompts, .. Mailboxes, .. Extensions, .. Trunks, .. InboundRules, .. OutboundRules, .. IvrMenus, .. Queues,
        .. RingGroups, .. Announcements,
    ];

    /// <summary>The document of a snapshot.</summary>
    public static DocumentModel Of(PbxSnapshot snapshot) => new()
    {
        Settings = snapshot.Settings, Sites = Sorted(snapshot.Sites.Values), Prompts = Sorted(snapshot.Prompts.Values),
        Mailboxes = Sorted(snapshot.Mailboxes.Values), Extensions = Sorted(snapshot.Extensions.Values), Trunks = Sorted(snapshot.Trunks.Values),
        InboundRules = Sorted(snapshot.InboundRules.Values), OutboundRules = Sorted(snapshot.OutboundRules.Values),
        IvrMenus = Sorted(snapshot.IvrMenus.Values), Queues = Sorted(snapshot.Queues.Values), RingGroups = Sorted(snapshot.RingGroups.Values),
        Announcements = Sorted(snapshot.Announcements.Values),
    };

    private static ValueList<T> Sorted<T>(IEnumerable<T> items)
        where T : IConfigObject => items.OrderBy(i => i.Key, StringComparer.Ordinal).ToValueList();
}
