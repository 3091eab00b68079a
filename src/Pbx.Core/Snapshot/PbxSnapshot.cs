using System.Collections.Immutable;
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
/// The whole configuration at one revision: immutable, so that a decision reads one consistent state, and sharing all that did
/// not change with the revision before. Look-ups are by key only.
/// </summary>
public sealed record PbxSnapshot
{
    /// <summary>The configuration of a system that has none.</summary>
    public static PbxSnapshot Empty { get; } = new();

    /// <summary>Counts up with each published change.</summary>
    public long Revision { get; init; }

    /// <summary>The settings of the system.</summary>
    public SystemSettings Settings { get; init; } = new();

    /// <summary>How strictly an extension's media is encrypted, by its own setting and the system's.</summary>
    public CallSecurity SecurityOf(Extension extension) => Stricter(extension.Security);

    /// <summary>How strictly a trunk is encrypted, by its own setting and the system's.</summary>
    public CallSecurity SecurityOf(Trunk trunk) => Stricter(trunk.Security);

    /// <summary>
    /// Whether a trunk's transport is as well encrypted as it must be: one held to encryption speaks TLS or nothing, for keys of sound that are sent
    /// in clear protect nothing (RFC 4568 section 7).
    /// </summary>
    public bool IsTransportAllowed(Trunk trunk) => trunk.Transport == TrunkTransport.Tls || SecurityOf(trunk) != CallSecurity.EncryptedOnly;

    private CallSecurity Stricter(CallSecurity own) => own > Settings.Security ? own : Settings.Security;

    /// <summary>Sites by key.</summary>
    public ImmutableDictionary<string, Site> Sites { get; init; } = ImmutableDictionary<string, Site>.Empty;

    /// <summary>Extensions by key.</summary>
    public ImmutableDictionary<string, Extension> Extensions { get; init; } = ImmutableDictionary<string, Extension>.Empty;

    /// <summary>Trunks by key.</summary>
    public ImmutableDictionary<string, Trunk> Trunks { get; init; } = ImmutableDictionary<string, Trunk>.Empty;

    /// <summary>Inbound rules by key.</summary>
    public ImmutableDictionary<string, InboundRule> InboundRules { get; init; } = ImmutableDictionary<string, InboundRule>.Empty;

    /// <summary>Outbound rules by key.</summary>
    public ImmutableDictionary<string, OutboundRule> OutboundRules { get; init; } = ImmutableDictionary<string, OutboundRule>.Empty;

    /// <summary>IVR menus by key.</summary>
    public ImmutableDictionary<string, IvrMenu> IvrMenus { get; init; } = ImmutableDictionary<string, IvrMenu>.Empty;

    /// <summary>Queues by key.</summary>
    public ImmutableDictionary<string, Queue> Queues { get; init; } = ImmutableDictionary<string, Queue>.Empty;

    /// <summary>Ring groups by key.</summary>
    public ImmutableDictionary<string, RingGroup> RingGroups { get; init; } = ImmutableDictionary<string, RingGroup>.Empty;

    /// <summary>Announcements by key.</summary>
    public ImmutableDictionary<string, Announcement> Announcements { get; init; } = ImmutableDictionary<string, Announcement>.Empty;

    /// <summary>Mailboxes by key.</summary>
    public ImmutableDictionary<string, Mailbox> Mailboxes { get; init; } = ImmutableDictionary<string, Mailbox>.Empty;

    /// <summary>Prompts by key.</summary>
    public ImmutableDictionary<string, Prompt> Prompts { get; init; } = ImmutableDictionary<string, Prompt>.Empty;

    /// <summary>Closure switches by key of the site; a site without one is not closed.</summary>
    public ImmutableDictionary<string, ClosureSwitch> Closures { get; init; } = ImmutableDictionary<string, ClosureSwitch>.Empty;

    /// <summary>Log-ins by hand, by their key.</summary>
    public ImmutableDictionary<string, AgentLogin> AgentLogins { get; init; } = ImmutableDictionary<string, AgentLogin>.Empty;

    /// <summary>What each internal number reaches.</summary>
    public ImmutableDictionary<string, Destination> Numbers { get; init; } = ImmutableDictionary<string, Destination>.Empty;

    /// <summary>Which device each digest user name belongs to: key of the extension and key of the device.</summary>
    public ImmutableDictionary<string, (string Extension, string Device)> DeviceUsers { get; init; } =
        ImmutableDictionary<string, (string Extension, string Device)>.Empty;

    /// <summary>The object named, or null.</summary>
    public IConfigObject? Find(ObjectRef name) => name.Kind switch
    {
        ObjectKind.Settings => name.Key == SystemSettings.TheKey ? Settings : null,
        ObjectKind.Site => Sites.GetValueOrDefault(name.Key),
        ObjectKind.Extension => Extensions.GetValueOrDefault(name.Key),
        ObjectKind.Trunk => Trunks.GetValueOrDefault(name.Key),
        ObjectKind.InboundRule => InboundRules.GetValueOrDefault(name.Key),
        ObjectKind.OutboundRule => OutboundRules.GetValueOrDefault(name.Key),
        ObjectKind.IvrMenu => IvrMenus.GetValueOrDefault(name.Key),
        ObjectKind.Queue => Queues.GetValueOrDefault(name.Key),
        ObjectKind.RingGroup => RingGroups.GetValueOrDefault(name.Key),
        ObjectKind.Announcement => Announcements.GetValueOrDefault(name.Key),
        ObjectKind.Mailbox => Mailboxes.GetValueOrDefault(name.Key),
        ObjectKind.Prompt => Prompts.GetValueOrDefault(name.Key),
        ObjectKind.ClosureSwitch => Closures.GetValueOrDefault(name.Key),
        ObjectKind.AgentLogin => AgentLogins.GetValueOrDefault(name.Key),
    };

    /// <summary>The object that a destination leads to, or null for an external number, a hang-up, or one that is gone.</summary>
    public ITargetObject? Find(Destination destination) => destination.Kind switch
    {
        DestinationKind.Extension => Extensions.GetValueOrDefault(destination.Value),
        DestinationKind.Queue => Queues.GetValueOrDefault(destination.Value),
        DestinationKind.RingGroup => RingGroups.GetValueOrDefault(destination.Value),
        DestinationKind.IvrMenu => IvrMenus.GetValueOrDefault(destination.Value),
        DestinationKind.Announcement => Announcements.GetValueOrDefault(destination.Value),
        DestinationKind.Mailbox => Mailboxes.GetValueOrDefault(destination.Value),
        DestinationKind.External or DestinationKind.HangUp => null,
    };
}
