using Pbx.Core.Announcements;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Demo;
using Pbx.Core.Extensions;
using Pbx.Core.Prompts;
using Pbx.Core.Queues;
using Pbx.Core.Sites;
using Pbx.Core.Snapshot;
using Pbx.Core.Voicemail;

namespace Pbx.Core.Tests.Data;

/// <summary>Small configurations.</summary>
internal static class Samples
{
    public static Site Site(string key = "paris") => new() { Key = key, Name = "Paris" };

    public static Extension Extension(string number = "101", string site = "paris", params ReadOnlySpan<Device> devices) => new()
    {
        Key = $"e{number}", Name = $"Extension {number}", Number = number, Site = site, Devices = ValueList.Create(devices),
    };

    public static Device Device(string key = "desk", string user = "101-desk") => new() { Key = key, Name = "Desk", UserName = user };

    public static Queue Queue(string key = "support", params string[] agents) => new()
    {
        Key = key, Name = "Support", Site = "paris", Agents = agents.Select(a => new QueueAgent(a)).ToValueList(),
        OnNoAnswer = new Destination(DestinationKind.External, "+33199000199"),
    };

    public static Announcement Announcement(string key, Destination next) =>
        new() { Key = key, Name = key, Site = "paris", Prompt = "hello", Next = next };

    public static Prompt Prompt(string text = "Bonjour") => new() { Key = "hello", Name = "Hello", Text = text, Spoken = true };

    public static Mailbox Mailbox(string key = "box") => new() { Key = key, Name = "Box", Site = "paris" };

    public static Change.Put Put(IConfigObject item) => new(item);

    public static Change.Remove Remove(IConfigObject item) => new(new ObjectRef(item.Kind, item.Key), item.Version);

    public static IReadOnlyList<Change> DemoChanges() => DemoCompany.Create();

    /// <summary>All that a snapshot says, but for its revision and the versions of its objects.</summary>
    public static ValueList<IConfigObject> Contents(this PbxSnapshot snapshot) =>
        snapshot.All().Select(item => item.WithVersion(0)).ToValueList();
}
