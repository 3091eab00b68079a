using System.Diagnostics;
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
using Pbx.Core.Tests.CallFlow;
using Pbx.Core.Trunks;
using Pbx.Core.Voicemail;

namespace Pbx.Core.Tests.Validation;

public sealed class SnapshotValidatorTests
{
    public static TheoryData<string, string, IConfigObject> Mistakes => new()
    {
        { "key-invalid", "sites/Paris/key", new Site { Key = "Paris", Name = "P" } },
        { "name-missing", "sites/x/name", new Site { Key = "x", Name = " " } },
        { "time-zone-unknown", "sites/x/timeZone", new Site { Key = "x", Name = "X", TimeZone = "Europe/Lutece" } },
        { "language-unknown", "sites/x/language", new Site { Key = "x", Name = "X", Language = "de" } },
        { "public-number-invalid", "sites/x/standardNumber", new Site { Key = "x", Name = "X", StandardNumber = "01 40" } },
        { "hours-only-breaks", "sites/x/officeHours", new Site { Key = "x", Name = "X", OfficeHours = [new(DayOfWeek.Monday, new(9, 0), new(10, 0), IntervalKind.Break)] } },
        { "holiday-reversed", "sites/x/holidays/0/lastDate", new Site { Key = "x", Name = "X", Holidays = [new() { Name = "H", Date = new(2026, 2, 2), LastDate = new(2026, 2, 1) }] } },
        { "holiday-empty", "sites/x/holidays/0/end", new Site { Key = "x", Name = "X", Holidays = [new() { Name = "H", Date = new(2026, 2, 2), Start = new(10, 0), End = new(9, 0) }] } },
        { "number-taken", "extensions/x/number", Extension("x", "101") },
        { "number-taken", "extensions/x/number", Extension("x", "999") },
        { "number-taken", "extensions/x/number", Extension("x", "112") },
        { "number-invalid", "extensions/x/number", Extension("x", "12a") },
        { "out-of-range", "extensions/x/ringSeconds", Extension("x", "107") with { RingSeconds = 4 } },
        { "email-invalid", "extensions/x/email", Extension("x", "107") with { Email = "anne at home" } },
        { "reference-missing", "extensions/x/mailbox", Extension("x", "107") with { Mailbox = "gone" } },
        { "reference-missing", "extensions/x/onBusy", Extension("x", "107") with { OnBusy = new(DestinationKind.Queue, "gone") } },
        { "hangup-cause-unknown", "extensions/x/onBusy", Extension("x", "107") with { OnBusy = new(DestinationKind.HangUp, "angry") } },
        { "external-invalid", "extensions/x/onBusy", Extension("x", "107") with { OnBusy = new(DestinationKind.External, "call me") } },
        { "user-name-invalid", "extensions/x/devices/0/userName", Extension("x", "107") with { Devices = [new() { Key = "d", UserName = "a b" }] } },
        { "user-name-missing", "trunks/x/userName", new Trunk { Key = "x", Name = "X", Site = "paris", Host = "sip.example.net", Registers = true } },
        { "host-invalid", "trunks/x/host", new Trunk { Key = "x", Name = "X", Site = "paris", Host = "not a host" } },
        { "address-invalid", "trunks/x/sourceAddresses/0", new Trunk { Key = "x", Name = "X", Site = "paris", Host = "h", SourceAddresses = ["1.2.3.4/99"] } },
        { "pattern-invalid", "inboundRules/x/called", new InboundRule { Key = "x", Name = "X", Site = "paris", Called = "abc", Open = Destination.HangUp } },
        { "dialled-pattern-invalid", "outboundRules/x/pattern", new OutboundRule { Key = "x", Name = "X", Pattern = "0?", Steps = [new() { Trunk = "t" }] } },
        { "steps-missing", "outboundRules/x/steps", new OutboundRule { Key = "x", Name = "X", Pattern = "0*" } },
        { "reference-missing", "outboundRules/x/steps/0/trunk", new OutboundRule { Key = "x", Name = "X", Pattern = "0*", Steps = [new() { Trunk = "gone" }] } },
        { "menu-key-twice", "ivrMenus/x/keys/1/digits", Menu() with { Keys = [new("1", Destination.HangUp), new("1", Destination.HangUp)] } },
        { "key-pressed-invalid", "ivrMenus/x/keys/0/digits", Menu() with { Keys = [new("A", Destination.HangUp)] } },
        { "reference-missing", "ivrMenus/x/prompt", Menu() with { Prompt = "gone" } },
        { "agent-twice", "queues/x/agents/1/extension", new Queue { Key = "x", Name = "X", Site = "paris", Agents = [new("anne"), new("anne")] } },
        { "reference-missing", "queues/x/agents/0/extension", new Queue { Key = "x", Name = "X", Site = "paris", Agents = [new("gone")] } },
        { "key-pressed-invalid", "queues/x/exitKey", new Queue { Key = "x", Name = "X", Site = "paris", ExitKey = "12" } },
        { "member-twice", "ringGroups/x/members/1", new RingGroup { Key = "x", Name = "X", Site = "paris", Members = ["ben", "ben"] } },
        { "pin-invalid", "mailboxes/x/pin", new Mailbox { Key = "x", Name = "X", Site = "paris", Pin = new Secret("12") } },
        { "email-invalid", "mailboxes/x/mailAddresses/0", new Mailbox { Key = "x", Name = "X", Site = "paris", MailAddresses = ["@"] } },
        { "text-missing", "prompts/x/text", new Prompt { Key = "x", Name = "X", Spoken = true } },
        { "number-taken", "settings/dialCodes/0/code", new SystemSettings { DialCodes = [new("112", DialFunction.EchoTest)] } },
        { "sender-missing", "settings/mail/from", new SystemSettings { Mail = new() { Host = "mail.example.net" } } },
    };

    [Theory, MemberData(nameof(Mistakes))]
    public void Mistake_IsNamedWithItsPath(string code, string path, IConfigObject item)
    {
        var errors = SnapshotValidator.Validate(CallDriver.Company().With(item));

        Assert.Contains(errors, e => e.Code == code && e.Path == path && e.Message.Length > 10);
    }

    [Fact]
    public void Company_WithoutMistake_HasNone() => Assert.Empty(SnapshotValidator.Validate(CallDriver.Company()));

    [Fact]
    public void AllMistakes_AreFoundAtOnce()
    {
        var errors = SnapshotValidator.Validate(CallDriver.Company()
            .With(Extension("x", "101") with { RingSeconds = 0, Mailbox = "gone" }).With(new Site { Key = "y", Name = "" }));

        Assert.Equal(4, errors.Count);
    }

    [Fact]
    public void Loop_OfQueuesThatAreLeftAtOnce_IsRefusedByName()
    {
        var company = CallDriver.Company().With(QueueTo("q", new(DestinationKind.Announcement, "a")))
            .With(new Prompt { Key = "empty", Name = "Empty" })
            .With(new Announcement { Key = "a", Name = "A", Site = "paris", Prompt = "empty", Next = new(DestinationKind.Queue, "q") });

        var loop = Assert.Single(SnapshotValidator.Validate(company));
        Assert.Equal("loop", loop.Code);
        Assert.Contains(" → ", loop.Arguments[0]);
        Assert.Contains("queue:q", loop.Message);
        Assert.Contains("announcement:a", loop.Message);

        Assert.Empty(SnapshotValidator.Validate(company.With(company.Announcements["a"] with { Prompt = "welcome" })));
        Assert.Empty(SnapshotValidator.Validate(company.With(company.Queues["q"] with { WaitWithoutAgents = true })));
    }

    [Fact]
    public void Loop_OfExtensionsThatForwardWhenBusy_IsRefused_AndWhenNobodyAnswers_IsNot()
    {
        var company = CallDriver.Company();
        var (anne, ben) = (company.Extensions["anne"], company.Extensions["ben"]);
        var busy = company.With(anne with { OnBusy = ben.AsDestination }).With(ben with { OnBusy = anne.AsDestination });
        var unanswered = company.With(anne with { OnNoAnswer = ben.AsDestination }).With(ben with { OnNoAnswer = anne.AsDestination });

        Assert.Equal("loop", Assert.Single(SnapshotValidator.Validate(busy)).Code);
        Assert.Empty(SnapshotValidator.Validate(unanswered));
    }

    [Fact]
    public void TenThousandExtensions_AreValidatedQuickly()
    {
        var snapshot = CallDriver.Company();
        for (var i = 0; i < 10_000; i++)
        {
            snapshot = snapshot.With(Extension($"e{i}", $"{20000 + i}") with
            {
                Devices = [new() { Key = "d", UserName = $"u{i}" }], Mailbox = "box", OnBusy = i == 0 ? null : new(DestinationKind.Extension, $"e{i - 1}"),
            });
        }
        var watch = Stopwatch.StartNew();
        Assert.Empty(SnapshotValidator.Validate(snapshot));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{watch.Elapsed}");
    }

    private static Extension Extension(string key, string number) => new() { Key = key, Name = key, Number = number, Site = "paris" };

    private static IvrMenu Menu() => new() { Key = "x", Name = "X", Site = "paris", Prompt = "welcome" };

    private static Queue QueueTo(string key, Destination next) => new() { Key = key, Name = key, Site = "paris", OnNoAnswer = next };
}
