using Pbx.Core.Announcements;
using Pbx.Core.Common;
using Pbx.Core.Extensions;
using Pbx.Core.Prompts;
using Pbx.Core.Queues;
using Pbx.Core.RingGroups;
using Pbx.Core.Sites;
using Pbx.Core.Snapshot;
using Pbx.Core.Trunks;
using Pbx.Core.Voicemail;

namespace Pbx.Sip.Tests.Engine;

/// <summary>A small company: extensions 100 to 104, an announcement, a queue, a ring group, a mailbox, a trunk.</summary>
internal static class Company
{
    public static PbxSnapshot Small(Func<Queue, Queue>? queue = null)
    {
        var snapshot = PbxSnapshot.Empty.With(new Site { Key = "main", Name = "Main", TimeZone = "Europe/Paris" })
            .With(new Prompt { Key = "hello", Name = "Hello", Audio = "00", DurationMilliseconds = 2000 })
            .With(new Announcement { Key = "info", Name = "Info", Number = "300", Site = "main", Prompt = "hello", Next = Destination.HangUp })
            .With(new Mailbox { Key = "box", Name = "Box", Number = "400", Site = "main" });
        foreach (var number in new[] { "100", "101", "102", "103", "104" })
            snapshot = snapshot.With(new Extension { Key = number, Number = number, Name = $"Person {number}", Site = "main", RingSeconds = 60, Security = CallSecurity.ClearAllowed });
        var support = new Queue
        {
            Key = "support", Name = "Support", Number = "500", Site = "main", Agents = [new QueueAgent("101"), new QueueAgent("102")],
            OnNoAnswer = new Destination(DestinationKind.Announcement, "info"),
        };
        return snapshot.With(queue?.Invoke(support) ?? support)
            .With(new RingGroup { Key = "group", Name = "Group", Number = "600", Site = "main", Members = ["101", "102"] })
            .With(new Trunk { Key = "trunk", Name = "Trunk", Site = "main", Host = "provider.test", Numbers = ["+33140000000"] });
    }
}
