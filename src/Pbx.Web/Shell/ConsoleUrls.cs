using Pbx.Core.Common;

namespace Pbx.Web.Shell;

/// <summary>The only place that writes the addresses of pages.</summary>
public static class ConsoleUrls
{
    /// <summary>In place of a key: a new object. No key can hold a plus.</summary>
    public const string NewKey = "+new";

    /// <summary>The dashboard.</summary>
    public const string Home = "/";

    /// <summary>The receptionist's switches.</summary>
    public const string Closures = "/closures";

    /// <summary>Live calls, registrations, trunks and queues.</summary>
    public const string Live = "/live";

    /// <summary>The call records.</summary>
    public const string Records = "/records";

    /// <summary>Mail settings and outbox.</summary>
    public const string Mail = "/mail";

    /// <summary>The server's certificates.</summary>
    public const string Certificates = "/certificates";

    /// <summary>The people who sign in.</summary>
    public const string Users = "/users";

    /// <summary>The tokens of programs.</summary>
    public const string Tokens = "/tokens";

    /// <summary>Bans, alerts, and limits of calls outside.</summary>
    public const string Protection = "/protection";

    /// <summary>Sign-in.</summary>
    public const string SignIn = "/signin";

    /// <summary>What a browser asks before a sign-in by passkey.</summary>
    public const string PasskeyOptions = "/signin/passkey";

    /// <summary>First-visit set-up.</summary>
    public const string Setup = "/setup";

    /// <summary>Address of the list of a kind; it is also what the API calls the kind.</summary>
    public static string Segment(ObjectKind kind) => kind switch
    {
        ObjectKind.Settings => "settings",
        ObjectKind.Site => "sites",
        ObjectKind.Extension => "extensions",
        ObjectKind.Trunk => "trunks",
        ObjectKind.InboundRule => "inbound-rules",
        ObjectKind.OutboundRule => "outbound-rules",
        ObjectKind.IvrMenu => "ivr-menus",
        ObjectKind.Queue => "queues",
        ObjectKind.RingGroup => "ring-groups",
        ObjectKind.Announcement => "announcements",
        ObjectKind.Mailbox => "mailboxes",
        ObjectKind.Prompt => "prompts",
        ObjectKind.ClosureSwitch => "closures",
        ObjectKind.AgentLogin => "agent-logins",
    };

    /// <summary>The list of a kind.</summary>
    public static string List(ObjectKind kind) => "/" + Segment(kind);

    /// <summary>One object.</summary>
    public static string Item(ObjectKind kind, string key) => kind switch
    {
        ObjectKind.Settings or ObjectKind.ClosureSwitch or ObjectKind.AgentLogin => List(kind),
        _ => $"/{Segment(kind)}/{Uri.EscapeDataString(key)}",
    };

    /// <summary>A new object.</summary>
    public static string New(ObjectKind kind) => $"/{Segment(kind)}/{NewKey}";

    /// <summary>The object that a destination leads to; null when it leads to none.</summary>
    public static string? Of(Destination destination) => destination.Kind switch
    {
        DestinationKind.Extension => Item(ObjectKind.Extension, destination.Value),
        DestinationKind.Queue => Item(ObjectKind.Queue, destination.Value),
        DestinationKind.RingGroup => Item(ObjectKind.RingGroup, destination.Value),
        DestinationKind.IvrMenu => Item(ObjectKind.IvrMenu, destination.Value),
        DestinationKind.Announcement => Item(ObjectKind.Announcement, destination.Value),
        DestinationKind.Mailbox => Item(ObjectKind.Mailbox, destination.Value),
        DestinationKind.External or DestinationKind.HangUp => null,
    };

    /// <summary>The object that an error's path (<c>queues/support/agents/0</c>) is about, or null.</summary>
    public static string? OfPath(string path)
    {
        var parts = path.Split('/', 3);
        if (parts.Length < 2) return null;
        foreach (var kind in Enum.GetValues<ObjectKind>())
        {
            if (Matches(parts[0], Segment(kind))) return Item(kind, parts[1]);
        }
        return null;
    }

    private static bool Matches(string written, string segment) =>
        written.Replace("-", "", StringComparison.Ordinal).Equals(segment.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
}
