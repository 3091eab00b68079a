using System.Globalization;
using Pbx.Core.Announcements;
using Pbx.Core.Common;
using Pbx.Core.Configuration.Validation;
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

namespace Pbx.Testing.CallFlow;

/// <summary>A small company made by chance; the same seed makes the same one. It passes validation.</summary>
public sealed class RandomCompany
{
    public const string Trunk = "provider";
    public const string Number = "+33140000000";

    private readonly Random random;
    private readonly int sites, extensions, queues, groups, menus, announcements, mailboxes;

    private RandomCompany(Random random)
    {
        this.random = random;
        sites = random.Next(1, 3);
        extensions = random.Next(1, 7);
        queues = random.Next(0, 4);
        groups = random.Next(0, 3);
        menus = random.Next(0, 4);
        announcements = random.Next(0, 4);
        mailboxes = random.Next(1, 4);
    }

    /// <summary>The company of a seed.</summary>
    public static PbxSnapshot Create(int seed)
    {
        var snapshot = new RandomCompany(new Random(seed)).Build();
        for (var errors = SnapshotValidator.Validate(snapshot); errors.Count > 0; errors = SnapshotValidator.Validate(snapshot))
        {
            var loop = errors.FirstOrDefault(e => e.Code == "loop")
                ?? throw new InvalidOperationException($"seed {seed}: {string.Join("; ", errors.Select(e => $"{e.Path} {e.Message}"))}");
            snapshot = Open(snapshot, Destination.Parse(loop.Arguments[0].Split(' ')[0]));
        }
        return snapshot;
    }

    /// <summary>Breaks a loop: the place sends calls nowhere any more.</summary>
    private static PbxSnapshot Open(PbxSnapshot snapshot, Destination place) => snapshot.Find(place) switch
    {
        Extension e => snapshot.With(e with { OnBusy = null, OnNotRegistered = null, OnDoNotDisturb = null, TimeRoutes = new() }),
        Queue q => snapshot.With(q with { OnNoAnswer = Destination.HangUp, TimeRoutes = new() }),
        RingGroup g => snapshot.With(g with { OnNoAnswer = Destination.HangUp }),
        IvrMenu m => snapshot.With(m with { TimeRoutes = new() }),
        Announcement a => snapshot.With(a with { Next = Destination.HangUp }),
        _ => throw new InvalidOperationException($"no way to open {place}"),
    };

    private PbxSnapshot Build()
    {
        var items = new List<IConfigObject>
        {
            new SystemSettings(),
            new Prompt { Key = "sound", Name = "sound", Spoken = true, Text = "Bonjour", Audio = "00", DurationMilliseconds = 2000 },
            new Prompt { Key = "silent", Name = "silent" },
            new Trunk { Key = Trunk, Name = "provider", Site = "s0", Host = "192.0.2.1", Numbers = [Number], DefaultDestination = Any() },
            new Trunk { Key = "second", Name = "second", Site = "s0", Host = "192.0.2.2", Enabled = random.Next(3) > 0 },
            new OutboundRule { Key = "out", Name = "out", Pattern = "0*", Steps = [new() { Trunk = Trunk }, new() { Trunk = "second", Strip = 1 }] },
            new OutboundRule { Key = "plus", Name = "plus", Pattern = "+*", Steps = [new() { Trunk = "second" }] },
        };
        for (var i = 0; i < sites; i++) items.Add(NewSite(i));
        for (var i = 0; i < mailboxes; i++) items.Add(NewMailbox(i));
        for (var i = 0; i < extensions; i++) items.Add(NewExtension(i));
        for (var i = 0; i < queues; i++) items.Add(NewQueue(i));
        for (var i = 0; i < groups; i++) items.Add(NewGroup(i));
        for (var i = 0; i < menus; i++) items.Add(NewMenu(i));
        for (var i = 0; i < announcements; i++) items.Add(NewAnnouncement(i));
        items.Add(new InboundRule { Key = "main", Name = "main", Site = Site(), Called = Number, Open = Any(), TimeRoutes = Times() });
        if (Chance(2)) items.Add(new InboundRule { Key = "any", Name = "any", Site = Site(), Called = "*", Open = Any() });
        return items.Aggregate(PbxSnapshot.Empty, (snapshot, item) => snapshot.With(item)) with { Revision = 1 };
    }

    private Site NewSite(int i) => new()
    {
        Key = $"s{i}", Name = $"Site {i}",
        OfficeHours = Chance(3) ? [] : [new(DayOfWeek.Monday, new(9, 0), new(18, 0)), new(DayOfWeek.Monday, new(10, random.Next(0, 30)), new(10, 40), IntervalKind.Break)],
        PublicHolidays = PublicHolidays.France,
        OnHoliday = Chance(2) ? Any() : null,
        ClosurePrompt = Chance(2) ? "sound" : null,
        ClosureMailbox = Chance(2) ? Pick("m", mailboxes) : null,
        DefaultDestination = Any(),
    };

    private Mailbox NewMailbox(int i) => new()
    {
        Key = $"m{i}", Name = $"Mailbox {i}", Site = Site(), Number = Num(500 + i), MaxMessages = Chance(5) ? 1 : 100, MaxSeconds = 10,
        Pin = Chance(2) ? new Secret("1234") : null,
    };

    private Extension NewExtension(int i) => new()
    {
        Key = $"e{i}", Name = $"Extension {i}", Site = Site(), Number = Num(100 + i), RingSeconds = random.Next(5, 30),
        Devices = [new Device { Key = "desk", UserName = $"e{i}-desk" }],
        DoNotDisturb = Chance(8), Mailbox = Chance(2) ? Pick("m", mailboxes) : null,
        OnBusy = Maybe(), OnNoAnswer = Maybe(), OnNotRegistered = Maybe(), OnDoNotDisturb = Maybe(),
        FollowsOfficeHours = Chance(3), TimeRoutes = Times(),
    };

    private Queue NewQueue(int i) => new()
    {
        Key = $"q{i}", Name = $"Queue {i}", Site = Site(), Number = Num(300 + i),
        Strategy = (RingStrategy)random.Next(Enum.GetValues<RingStrategy>().Length),
        Agents = [.. Enumerable.Range(0, extensions).Where(_ => Chance(2)).OrderBy(_ => random.Next()).Select(e => new QueueAgent($"e{e}", random.Next(1, 3)))],
        RingSeconds = random.Next(5, 25), MaxWaitSeconds = random.Next(5, 130), RetrySeconds = random.Next(0, 8), WrapUpSeconds = Chance(2) ? 0 : 20,
        Priority = random.Next(0, 3), MaxCallers = Chance(4) ? 1 : 0, WaitWithoutAgents = Chance(3),
        IntroPrompt = Chance(2) ? Sound() : null, WaitingPrompt = Chance(2) ? Sound() : null, WaitingEverySeconds = random.Next(5, 30),
        ExitKey = Chance(2) ? "*" : null, OnExit = Maybe(), OnNoAnswer = Any(), TimeRoutes = Times(),
    };

    private RingGroup NewGroup(int i) => new()
    {
        Key = $"g{i}", Name = $"Group {i}", Site = Site(), Number = Num(400 + i), RingSeconds = random.Next(5, 20), OnNoAnswer = Any(),
        Mode = Chance(2) ? RingMode.Together : RingMode.InOrder, Members = [.. Enumerable.Range(0, extensions).Where(_ => Chance(2)).Select(e => $"e{e}")],
    };

    private IvrMenu NewMenu(int i) => new()
    {
        Key = $"i{i}", Name = $"Menu {i}", Site = Site(), Number = Num(600 + i), Prompt = Sound(), DialNumbers = Chance(2),
        Keys = [.. new[] { "1", "2", "12", "*", "#", "9" }.Where(_ => Chance(2)).Select(k => new IvrKey(k, Any()))],
        TimeoutSeconds = random.Next(1, 6), Repeats = random.Next(0, 3), MaxInvalid = random.Next(1, 4), OnTimeout = Any(), OnInvalid = Any(),
        InvalidPrompt = Chance(2) ? Sound() : null, TimeRoutes = Times(),
    };

    private Announcement NewAnnouncement(int i) => new()
    {
        Key = $"a{i}", Name = $"Announcement {i}", Site = Site(), Number = Num(700 + i), Prompt = Sound(), SkipKey = Chance(2) ? "#" : null, Next = Any(),
    };

    private TimeRoutes Times() => new() { Closed = Chance(3) ? Any() : null, Break = Chance(4) ? Any() : null, Holiday = Chance(4) ? Any() : null };

    private Destination? Maybe() => Chance(2) ? Any() : null;

    private Destination Any()
    {
        (DestinationKind Kind, string Prefix, int Count)[] kinds =
        [
            (DestinationKind.Extension, "e", extensions), (DestinationKind.Queue, "q", queues), (DestinationKind.RingGroup, "g", groups),
            (DestinationKind.IvrMenu, "i", menus), (DestinationKind.Announcement, "a", announcements), (DestinationKind.Mailbox, "m", mailboxes),
        ];
        var (kind, prefix, count) = kinds[random.Next(kinds.Length)];
        if (count > 0) return new(kind, Pick(prefix, count));
        return random.Next(3) switch
        {
            0 => new(DestinationKind.External, "0612345678"),
            1 => new(DestinationKind.HangUp, "busy"),
            _ => Destination.HangUp,
        };
    }

    private string Sound() => Chance(6) ? "silent" : "sound";

    private string Site() => Pick("s", sites);

    private string Pick(string prefix, int count) => prefix + random.Next(count).ToString(CultureInfo.InvariantCulture);

    private static string Num(int number) => number.ToString(CultureInfo.InvariantCulture);

    private bool Chance(int of) => random.Next(of) == 0;
}
