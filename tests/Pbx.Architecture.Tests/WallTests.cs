namespace Pbx.Architecture.Tests;

public sealed class WallTests
{
    /// <summary>Room, and what it must not know.</summary>
    public static TheoryData<string, string[]> Walls => new()
    {
        { "Pbx.Core", ["Pbx.Sip", "Pbx.Web"] },
        { "Pbx.Core.CallFlow", ["Pbx.Core.Data", "Pbx.Core.Configuration", "Pbx.Core.Mail", "Pbx.Core.Spool"] },
        { "Pbx.Core.Snapshot", ["Pbx.Core.Data", "Pbx.Core.Configuration", "Pbx.Core.CallFlow"] },
        { "Pbx.Sip", ["Pbx.Web", "Pbx.Core.Data"] },
        { "Pbx.Sip.Messages", ["Pbx.Core", "Pbx.Sip.Transport", "Pbx.Sip.Transactions", "Pbx.Sip.Dialogs", "Pbx.Sip.Endpoint", "Pbx.Sip.Engine", "Pbx.Sip.Media", "Pbx.Sip.Sdp"] },
        { "Pbx.Sip.Sdp", ["Pbx.Core.CallFlow", "Pbx.Core.Snapshot", "Pbx.Core.Configuration", "Pbx.Core.Data", "Pbx.Sip.Messages", "Pbx.Sip.Transport", "Pbx.Sip.Transactions", "Pbx.Sip.Dialogs", "Pbx.Sip.Engine", "Pbx.Sip.Media"] },
        { "Pbx.Sip.Network", ["Pbx.Core", "Pbx.Sip.Messages", "Pbx.Sip.Transport", "Pbx.Sip.Defence", "Pbx.Sip.Endpoint", "Pbx.Sip.Engine"] },
        { "Pbx.Sip.Transport", ["Pbx.Core", "Pbx.Sip.Transactions", "Pbx.Sip.Dialogs", "Pbx.Sip.Endpoint", "Pbx.Sip.Engine", "Pbx.Sip.Media"] },
        { "Pbx.Sip.Transactions", ["Pbx.Core", "Pbx.Sip.Dialogs", "Pbx.Sip.Endpoint", "Pbx.Sip.Engine", "Pbx.Sip.Media"] },
        { "Pbx.Sip.Authentication", ["Pbx.Core", "Pbx.Sip.Defence", "Pbx.Sip.Transactions", "Pbx.Sip.Dialogs", "Pbx.Sip.Engine", "Pbx.Sip.Media"] },
        { "Pbx.Sip.Dialogs", ["Pbx.Core", "Pbx.Sip.Engine", "Pbx.Sip.Media"] },
        { "Pbx.Sip.Defence", ["Pbx.Core.CallFlow", "Pbx.Core.Data", "Pbx.Sip.Transactions", "Pbx.Sip.Dialogs", "Pbx.Sip.Engine", "Pbx.Sip.Media", "Pbx.Sip.Sdp"] },
        { "Pbx.Sip.Endpoint", ["Pbx.Core", "Pbx.Sip.Defence", "Pbx.Sip.Engine", "Pbx.Sip.Media"] },
        { "Pbx.Sip.Media", ["Pbx.Sip.Messages", "Pbx.Sip.Transport", "Pbx.Sip.Transactions", "Pbx.Sip.Dialogs", "Pbx.Sip.Endpoint", "Pbx.Sip.Engine"] },
        { "Pbx.Web", ["Pbx.Core.Data", "Pbx.Sip.Dialogs", "Pbx.Sip.Transactions", "Pbx.Sip.Media", "Pbx.Sip.Transport"] },
    };

    [Theory, MemberData(nameof(Walls))]
    public void Room_DoesNotKnow_WhatIsBehindItsWall(string room, string[] forbidden)
    {
        var broken = Rooms.Arrows.Where(a => Within(a.From, room) && forbidden.Any(f => Within(a.To, f))).Select(a => a.Example);

        Assert.Empty(broken);
    }

    [Theory, InlineData("Pbx.Core"), InlineData("Pbx.Sip")]
    public void Rooms_OfOneAssembly_DoNotReferToEachOtherInACircle(string assembly)
    {
        // A room is the first folder below the assembly: what lies deeper is its own affair.
        var arrows = Rooms.Arrows.Where(a => Within(a.From, assembly) && Within(a.To, assembly))
            .Select(a => (From: Room(a.From, assembly), To: Room(a.To, assembly), a.Example)).Where(a => a.From != a.To).ToList();
        var reach = arrows.GroupBy(a => a.From).ToDictionary(g => g.Key, g => g.Select(a => a.To).ToHashSet());
        bool Reaches(string from, string to, HashSet<string> seen) =>
            seen.Add(from) && reach.TryGetValue(from, out var next) && (next.Contains(to) || next.Any(n => Reaches(n, to, seen)));

        var circles = arrows.Where(a => Reaches(a.To, a.From, [])).Select(a => $"{a.From} -> {a.To} ({a.Example})").Distinct();

        Assert.Empty(circles);
    }

    [Fact]
    public void Engine_DoesNotBranchOnConfiguration_ItSeesOnlyActions()
    {
        string[] configuration = ["Pbx.Core.Ivr", "Pbx.Core.Queues", "Pbx.Core.RingGroups", "Pbx.Core.Announcements", "Pbx.Core.Routing", "Pbx.Core.Sites"];

        var broken = Rooms.Arrows.Where(a => Within(a.From, "Pbx.Sip.Engine.Calls") && configuration.Any(c => Within(a.To, c))).Select(a => a.Example);

        Assert.Empty(broken);
    }

    private static bool Within(string name, string room) => name == room || name.StartsWith(room + ".", StringComparison.Ordinal);

    private static string Room(string name, string assembly) => name.Length == assembly.Length ? "" : name[(assembly.Length + 1)..].Split('.')[0];
}
