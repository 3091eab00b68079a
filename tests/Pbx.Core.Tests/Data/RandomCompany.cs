using System.Globalization;
using CsCheck;
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

namespace Pbx.Core.Tests.Data;

/// <summary>
/// Random configurations that are valid: each object only refers to objects of a lower floor, so that no call can go round. All kinds,
/// all fields and all lists (empty ones too) occur.
/// </summary>
internal sealed class RandomCompany(int seed)
{
    private readonly Random random = new(seed);
    private readonly List<IConfigObject> items = [];
    private readonly List<Destination> floor0 = [Destination.HangUp, new(DestinationKind.HangUp, "busy"), new(DestinationKind.External, "+33199000001")];
    private readonly List<Destination> floor1 = [];
    private readonly List<Destination> floor2 = [];
    private int number = 200;

    public static Gen<IReadOnlyList<IConfigObject>> Gen { get; } =
        CsCheck.Gen.Int[0, int.MaxValue].Select(seed => (IReadOnlyList<IConfigObject>)new RandomCompany(seed).Make());

    private List<IConfigObject> Make()
    {
        var sites = Keys("site", 1, 3);
        var prompts = Keys("prompt", 1, 4);
        var mailboxes = Keys("box", 1, 3);
        var extensions = Keys("ext", 1, 5);
        var queues = Keys("queue", 1, 3);
        var trunks = Keys("trunk", 1, 2);
        items.AddRange(prompts.Select(Prompt));
        floor0.AddRange(mailboxes.Select(m => new Destination(DestinationKind.Mailbox, m)));
        items.AddRange(mailboxes.Select(m => Mailbox(m, sites, prompts, extensions, queues)));
        items.AddRange(extensions.Select(e => Extension(e, sites, mailboxes)));
        floor1.AddRange([.. floor0, .. extensions.Select(e => new Destination(DestinationKind.Extension, e))]);
        items.AddRange(Keys("say", 0, 3).Select(a => Announcement(a, sites, prompts)));
        floor2.AddRange([.. floor1, .. items.OfType<Announcement>().Select(a => a.AsDestination)]);
        items.AddRange(queues.Select(q => Queue(q, sites, prompts, extensions)));
        items.AddRange(Keys("group", 0, 2).Select(g => RingGroup(g, sites, extensions)));
        floor2.AddRange(items.OfType<ITargetObject>().Where(t => t.Kind is ObjectKind.Queue or ObjectKind.RingGroup).Select(t => t.AsDestination));
        items.AddRange(Keys("menu", 0, 2).Select(m => Menu(m, sites, prompts)));
        floor2.AddRange(items.OfType<IvrMenu>().Select(m => m.AsDestination));
        items.AddRange(sites.Select(s => Site(s, prompts, mailboxes)));
        items.AddRange(trunks.Select((t, i) => Trunk(t, i, sites)));
        items.AddRange(Keys("in", 0, 3).Select((r, i) => Inbound(r, i, sites, trunks)));
        items.AddRange(Keys("out", 0, 2).Select((r, i) => Outbound(r, i, sites, extensions, trunks)));
        items.Add(Settings(prompts, trunks));
        return items;
    }

    private SystemSettings Settings(List<string> prompts, List<string> trunks) => new()
    {
        CompanyName = Text(), SpeechCommand = "say {text} {wav} {language}", Music = Maybe(prompts), EmergencyTrunks = Some(trunks), DrainSeconds = random.Next(0, 60),
        Mail = new MailSettings { Host = Maybe("mail.example"), Port = random.Next(1, 65535), Security = One<MailSecurity>(), UserName = Maybe("u"), Password = MaybeSecret(), From = "pbx@example.com" },
        DialCodes = DialCode.Preset.Take(random.Next(0, 9)).ToValueList(), MinExpiresSeconds = random.Next(30, 100), MaxContacts = random.Next(1, 20),
    };

    private Site Site(string key, List<string> prompts, List<string> mailboxes) => new()
    {
        Key = key, Name = Text(), TimeZone = One("Europe/Paris", "America/New_York", "Indian/Reunion"), Language = One("fr", "en"), Country = One("FR", "BE"),
        StandardNumber = Maybe("+33199000100"), PublicHolidays = One<PublicHolidays>(), OnHoliday = MaybeGo(floor2), ClosurePrompt = Maybe(prompts),
        ClosureMailbox = Maybe(mailboxes), DefaultDestination = Go(floor2),
        OfficeHours = Many(0, 4, i => new OfficeInterval((DayOfWeek)((i + 1) % 7), Time(), Time(), i == 0 ? IntervalKind.Open : One<IntervalKind>())),
        Holidays = Many(0, 3, i => Holiday(new DateOnly(2026, random.Next(1, 13), random.Next(1, 29)))),
    };

    private Holiday Holiday(DateOnly date) => new()
    {
        Name = Text(), Date = date, EveryYear = Coin(), Destination = MaybeGo(floor2), LastDate = Coin() ? date.AddDays(random.Next(1, 20)) : null,
        Start = Coin() ? new TimeOnly(random.Next(12), 30) : null, End = Coin() ? new TimeOnly(random.Next(13, 24), 0) : null,
    };

    private Prompt Prompt(string key) => Coin()
        ? new Prompt { Key = key, Name = Text(), Language = One("fr", "en"), Text = $"Bonjour {Text()}", Spoken = true }
        : new Prompt { Key = key, Name = Text(), Audio = new string('a', 64), DurationMilliseconds = random.Next(1, 9999) };

    private Mailbox Mailbox(string key, List<string> sites, List<string> prompts, List<string> extensions, List<string> queues) => new()
    {
        Key = key, Name = Text(), Number = MaybeNumber(), Site = One(sites), Greeting = Maybe(prompts), Pin = new Secret("4711"), MinSeconds = random.Next(1, 9),
        MaxSeconds = random.Next(10, 300), SilenceSeconds = random.Next(2, 9), MaxMessages = random.Next(1, 99), MailExtensions = Some(extensions),
        MailQueues = Some(queues), MailAddresses = Many(0, 2, i => $"a{i}@example.com"), Attachment = One<AttachmentFormat>(),
    };

    private Extension Extension(string key, List<string> sites, List<string> mailboxes) => new()
    {
        Key = key, Name = Text(), Number = Number(), Site = One(sites), Email = Maybe($"{key}@example.com"), RingSeconds = random.Next(5, 300), DoNotDisturb = Coin(),
        Mailbox = Maybe(mailboxes), OnBusy = MaybeGo(floor0), OnNoAnswer = MaybeGo(floor0), OnNotRegistered = MaybeGo(floor0),
        OnDoNotDisturb = MaybeGo(floor0), FollowsOfficeHours = Coin(), TimeRoutes = Times(floor0), PresentedNumber = Maybe("+33199000101"),
        Devices = Many(0, 3, i => new Device
        {
            Key = $"d{i}", Name = Text(), UserName = $"{key}-{i}", Password = new Secret($"secret-{Text()}-{i}-of-{key}"),
            Digest = One(DigestAlgorithms.Md5, DigestAlgorithms.Sha256, DigestAlgorithms.Md5 | DigestAlgorithms.Sha256),
        }),
    };

    private Announcement Announcement(string key, List<string> sites, List<string> prompts) => new()
    {
        Key = key, Name = Text(), Number = MaybeNumber(), Site = One(sites), Prompt = One(prompts), SkipKey = Maybe("#"), Next = Go(floor1),
    };

    private Queue Queue(string key, List<string> sites, List<string> prompts, List<string> extensions) => new()
    {
        Key = key, Name = Text(), Number = MaybeNumber(), Site = One(sites), Strategy = One<RingStrategy>(), Agents = Some(extensions).Select(e => new QueueAgent(e, random.Next(1, 4))).ToValueList(),
        RingSeconds = random.Next(5, 60), MaxWaitSeconds = random.Next(60, 600), RetrySeconds = random.Next(0, 20), WrapUpSeconds = random.Next(0, 20),
        Priority = random.Next(-5, 5), MaxCallers = random.Next(0, 5), WaitWithoutAgents = Coin(), IntroPrompt = Maybe(prompts), WaitingPrompt = Maybe(prompts),
        WaitingEverySeconds = random.Next(5, 60), Music = Maybe(prompts), ExitKey = Maybe("*"), OnExit = MaybeGo(floor1), OnNoAnswer = Go(floor1), TimeRoutes = Times(floor1),
    };

    private RingGroup RingGroup(string key, List<string> sites, List<string> extensions) => new()
    {
        Key = key, Name = Text(), Number = MaybeNumber(), Site = One(sites), Members = [extensions[0], .. Some(extensions[1..])], Mode = One<RingMode>(), RingSeconds = random.Next(5, 60),
        OnNoAnswer = Go(floor0),
    };

    private IvrMenu Menu(string key, List<string> sites, List<string> prompts) => new()
    {
        Key = key, Name = Text(), Number = MaybeNumber(), Site = One(sites), Prompt = One(prompts), DialNumbers = Coin(), TimeoutSeconds = random.Next(1, 60), Repeats = random.Next(0, 10),
        Keys = Many(0, 5, i => new IvrKey(i.ToString(CultureInfo.InvariantCulture), Go(floor2), Text())), OnTimeout = Go(floor2), OnInvalid = Go(floor2),
        MaxInvalid = random.Next(1, 10), InvalidPrompt = Maybe(prompts), InterDigitSeconds = random.Next(1, 10), TimeRoutes = Times(floor2),
    };

    private Trunk Trunk(string key, int index, List<string> sites) => new()
    {
        Key = key, Name = Text(), Site = One(sites), Enabled = Coin(), Registers = false, Host = $"sip{index}.example", Port = Coin() ? random.Next(1, 65535) : null, Transport = One<TrunkTransport>(),
        Domain = Maybe("example"), UserName = Maybe("account"), AuthenticationName = Maybe("auth"), Password = MaybeSecret(), ExpiresSeconds = random.Next(60, 7200),
        SourceAddresses = Many(0, 2, i => $"192.0.2.{(index * 10) + i}"), Numbers = Many(0, 3, i => $"+3319900{index}20{i}"), Country = "FR", PresentedNumber = Maybe("+33199000102"),
        DefaultDestination = Go(floor2), MaxCalls = random.Next(0, 9), QualifySeconds = random.Next(0, 60),
    };

    private InboundRule Inbound(string key, int index, List<string> sites, List<string> trunks) => new()
    {
        Key = key, Name = Text(), Site = One(sites), Called = $"+3319900030{index}{One("", "*")}", Caller = Maybe("+336*"), Trunk = Maybe(trunks), Open = Go(floor2), TimeRoutes = Times(floor2),
    };

    private OutboundRule Outbound(string key, int index, List<string> sites, List<string> extensions, List<string> trunks) => new()
    {
        Key = key, Name = Text(), Priority = index, Pattern = $"0{index}ZXX*", Sites = Some(sites), Extensions = Some(extensions),
        Steps = [new OutboundStep { Trunk = trunks[0] }, .. Some(trunks[1..]).Select(t => new OutboundStep { Trunk = t, Strip = random.Next(0, 3), Prepend = One("", "00"), PresentedNumber = Maybe("+33199000103") })],
    };

    private TimeRoutes Times(List<Destination> floor) => new() { Closed = MaybeGo(floor), Break = MaybeGo(floor), Holiday = MaybeGo(floor) };

    private List<string> Keys(string prefix, int least, int most) => [.. Enumerable.Range(1, random.Next(least, most + 1)).Select(i => $"{prefix}-{i}")];

    private ValueList<T> Many<T>(int least, int most, Func<int, T> make) => Enumerable.Range(0, random.Next(least, most + 1)).Select(make).ToValueList();

    private ValueList<string> Some(List<string> keys) => keys.Where(_ => Coin()).OrderBy(_ => random.Next()).ToValueList();

    private T One<T>()
        where T : struct, Enum => One(Enum.GetValues<T>());

    private T One<T>(params IReadOnlyList<T> all) => all[random.Next(all.Count)];

    private string? Maybe(List<string> keys) => Coin() ? One<string>(keys) : null;

    private string? Maybe(string text) => Coin() ? text : null;

    private Secret? MaybeSecret() => Coin() ? new Secret($"secret-{Text()}!") : null;

    private Destination Go(List<Destination> floor) => One<Destination>(floor);

    private Destination? MaybeGo(List<Destination> floor) => Coin() ? Go(floor) : null;

    private string Number() => (number++).ToString(CultureInfo.InvariantCulture);

    private string? MaybeNumber() => Coin() ? Number() : null;

    private string Text() => One("Accueil", "Été à Noël", "Ventes \"pro\"", "O'Hara & Söhne", "日本");

    private TimeOnly Time() => new(random.Next(24), random.Next(60), random.Next(5) == 0 ? random.Next(60) : 0);

    private bool Coin() => random.Next(2) == 0;
}
