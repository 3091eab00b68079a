using System.Globalization;
using Pbx.Core.Common;
using Pbx.Core.Extensions;
using Pbx.Core.Prompts;
using Pbx.Core.Routing;
using Pbx.Core.Sites;
using Pbx.Core.Snapshot;
using Pbx.Core.Trunks;
using Pbx.Web.Localization;

namespace Pbx.Web.Shell.Fields;

/// <summary>The names of objects and destinations, as people read and search them.</summary>
public static class ObjectNames
{
    /// <summary>The name of an object, its number before it when it has one.</summary>
    public static string Of(IConfigObject item) => item switch
    {
        Extension extension => $"{extension.Number} {extension.Name}",
        ITargetObject { Number: { Length: > 0 } number } target => $"{target.Name} ({number})",
        ITargetObject target => target.Name,
        Site site => site.Name,
        Trunk trunk => trunk.Name,
        InboundRule rule => rule.Name,
        OutboundRule rule => rule.Name,
        Prompt prompt => prompt.Name,
        _ => item.Key,
    };

    /// <summary>The name of the object of a key; empty for none.</summary>
    public static string Of(PbxSnapshot snapshot, ObjectKind kind, string? key, Texts texts) =>
        string.IsNullOrEmpty(key) ? "" : snapshot.Find(new ObjectRef(kind, key)) is { } item ? Of(item) : texts.MissingObject(key);

    /// <summary>A destination in words; null gives the text for none.</summary>
    public static string Of(PbxSnapshot snapshot, Destination? destination, Texts texts, string none = "") => destination switch
    {
        null => none,
        { Kind: DestinationKind.HangUp } => $"{texts.DestinationKindName(DestinationKind.HangUp)} ({texts.HangUpCause(destination.Value)})",
        { Kind: DestinationKind.External } => $"{texts.DestinationKindName(DestinationKind.External)} {destination.Value}",
        { Value: "" } => $"{texts.DestinationKindName(destination.Kind)} : {texts.ChooseTarget}",
        _ => WithKind(texts.DestinationKindName(destination.Kind), snapshot.Find(destination) is { } target ? Of(target) : texts.MissingObject(destination.Value)),
    };

    /// <summary>The kind before the name, unless the name says it already ("SVI Paris").</summary>
    private static string WithKind(string kind, string name) =>
        name.StartsWith(kind.Split(' ')[0], StringComparison.CurrentCultureIgnoreCase) ? name : $"{kind} {name}";

    /// <summary>All objects of a kind.</summary>
    public static IEnumerable<IConfigObject> All(PbxSnapshot snapshot, ObjectKind kind) => kind switch
    {
        ObjectKind.Settings => [snapshot.Settings],
        ObjectKind.Site => snapshot.Sites.Values,
        ObjectKind.Extension => snapshot.Extensions.Values,
        ObjectKind.Trunk => snapshot.Trunks.Values,
        ObjectKind.InboundRule => snapshot.InboundRules.Values,
        ObjectKind.OutboundRule => snapshot.OutboundRules.Values,
        ObjectKind.IvrMenu => snapshot.IvrMenus.Values,
        ObjectKind.Queue => snapshot.Queues.Values,
        ObjectKind.RingGroup => snapshot.RingGroups.Values,
        ObjectKind.Announcement => snapshot.Announcements.Values,
        ObjectKind.Mailbox => snapshot.Mailboxes.Values,
        ObjectKind.Prompt => snapshot.Prompts.Values,
        ObjectKind.ClosureSwitch => snapshot.Closures.Values,
        ObjectKind.AgentLogin => snapshot.AgentLogins.Values,
    };

    /// <summary>The keys of the objects whose name holds every word, by name.</summary>
    public static IReadOnlyList<string> Search(PbxSnapshot snapshot, ObjectKind kind, string? text, Texts texts)
    {
        var words = (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var compare = texts.Culture.CompareInfo;
        return
        [
            .. All(snapshot, kind)
                .Select(item => (item.Key, Name: Of(item)))
                .Where(o => words.All(word => compare.IndexOf(o.Name, word, CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace) >= 0))
                .OrderBy(o => o.Name, Comparer<string>.Create((x, y) => compare.Compare(x, y, CompareOptions.IgnoreCase | CompareOptions.NumericOrdering)))
                .Select(o => o.Key),
        ];
    }

    /// <summary>The kind of object that a kind of destination leads to; null when it leads to none.</summary>
    public static ObjectKind? KindOf(DestinationKind kind) => kind switch
    {
        DestinationKind.Extension => ObjectKind.Extension,
        DestinationKind.Queue => ObjectKind.Queue,
        DestinationKind.RingGroup => ObjectKind.RingGroup,
        DestinationKind.IvrMenu => ObjectKind.IvrMenu,
        DestinationKind.Announcement => ObjectKind.Announcement,
        DestinationKind.Mailbox => ObjectKind.Mailbox,
        DestinationKind.External or DestinationKind.HangUp => null,
    };
}
