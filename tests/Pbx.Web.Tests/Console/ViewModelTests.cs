using Pbx.Core.Common;
using Pbx.Core.Extensions;
using Pbx.Core.Ivr;
using Pbx.Core.Queues;
using Pbx.Core.Settings;
using Pbx.Core.Sites;
using Pbx.Core.Snapshot;
using Pbx.Core.Trunks;
using Pbx.Web.Features.Audit;
using Pbx.Web.Features.Closures;
using Pbx.Web.Features.Extensions;
using Pbx.Web.Features.Ivr;
using Pbx.Web.Features.Queues;
using Pbx.Web.Features.Records;
using Pbx.Web.Features.Sites;
using Pbx.Web.Features.Trunks;
using Pbx.Web.Localization;
using Pbx.Web.Shell;
using Pbx.Web.Shell.Editing;
using Pbx.Web.Shell.Fields;

namespace Pbx.Web.Tests.Console;

public class ViewModelTests
{
    private static readonly Site Paris = new() { Key = "paris", Name = "Paris", OfficeHours = WeekHours.Usual };

    [Fact]
    public void NewExtension_AfterOthers_TakesTheNextNumberAndOneDevice()
    {
        var snapshot = PbxSnapshot.Empty.With(Paris)
            .With(new Extension { Key = "104", Name = "A", Number = "104", Site = "paris" })
            .With(new Queue { Key = "q", Name = "Q", Number = "105", Site = "paris" });
        var extension = new ExtensionsViewModel().New(snapshot);
        Assert.Equal(("106", "paris"), (extension.Number, extension.Site));
        Assert.Equal("106", extension.Devices.Single().UserName);
    }

    [Fact]
    public void Renumber_OfAnExtension_RenamesTheDeviceThatHadItsNumber()
    {
        var extension = new Extension { Key = "1", Name = "", Number = "100", Site = "s", Devices = [new Device { Key = "a", UserName = "100" }, new Device { Key = "b", UserName = "other" }] };
        Assert.Equal(["200", "other"], ExtensionsViewModel.Renumbered(extension, "200").Devices.Select(d => d.UserName));
    }

    [Fact]
    public void Credentials_AfterASave_AreOnlyTheNewOnes()
    {
        var before = new Extension { Key = "1", Name = "", Number = "100", Site = "s", Devices = [new Device { Key = "a", UserName = "100", Password = new Secret("one") }] };
        var after = before with { Devices = [.. before.Devices, new Device { Key = "b", UserName = "100-2", Password = new Secret("two") }] };
        Assert.Equal(["two"], ExtensionsViewModel.NewCredentials(before, after).Select(c => c.Password));
        Assert.Equal(2, ExtensionsViewModel.NewCredentials(null, after).Count);
    }

    [Fact]
    public void List_Filtered_IgnoresCaseAndAccentsAndSortsNumbersAsNumbers()
    {
        var snapshot = PbxSnapshot.Empty.With(Paris)
            .With(new Extension { Key = "20", Name = "Éric", Number = "20", Site = "paris" })
            .With(new Extension { Key = "100", Name = "Erica", Number = "100", Site = "paris" })
            .With(new Extension { Key = "3", Name = "Anne", Number = "3", Site = "paris" });
        var model = new ExtensionsViewModel();
        Assert.Equal(["20", "100"], model.Matching(snapshot, Texts.French, "eric par").Select(e => e.Key));
        Assert.Equal(["100", "20", "3"], model.Matching(snapshot, Texts.French, null, 0, descending: true).Select(e => e.Key));
    }

    [Fact]
    public void FreeDigit_OfAMenu_IsTheFirstUnusedKey()
    {
        var menu = new IvrMenu { Key = "m", Name = "", Site = "s", Prompt = "p", Keys = [new IvrKey("1", Destination.HangUp), new IvrKey("2", Destination.HangUp)] };
        Assert.Equal("3", IvrMenusViewModel.FreeDigit(menu));
    }

    [Theory]
    [InlineData(CallSecurity.ClearAllowed, CallSecurity.ClearAllowed, true, "Enabled")]
    [InlineData(CallSecurity.EncryptedOnly, CallSecurity.ClearAllowed, true, "Stopped: TLS required")]
    [InlineData(CallSecurity.ClearAllowed, CallSecurity.EncryptedOnly, true, "Stopped: TLS required")]
    [InlineData(CallSecurity.EncryptedOnly, CallSecurity.ClearAllowed, false, "Disabled")]
    public void State_OfATrunkInClear_SaysThatEncryptionStopsIt(CallSecurity own, CallSecurity system, bool enabled, string expected)
    {
        var snapshot = PbxSnapshot.Empty.With(new SystemSettings { Security = system });
        var trunk = new Trunk { Key = "t", Name = "", Site = "s", Host = "h", Security = own, Enabled = enabled };
        Assert.Equal(expected, new TrunksViewModel().Columns[^1].Text(trunk, snapshot, Texts.English));
    }

    [Fact]
    public void AgentsOf_AReorderedList_KeepsTheTiers()
    {
        var queue = new Queue { Key = "q", Name = "", Site = "s", Agents = [new QueueAgent("a", 2), new QueueAgent("b")] };
        Assert.Equal([new QueueAgent("c"), new QueueAgent("a", 2)], QueuesViewModel.AgentsOf(queue, ["c", "a"]));
    }

    [Fact]
    public void Lists_MovedAndReplaced_LeaveTheOldOneAlone()
    {
        ValueList<int> list = [1, 2, 3];
        Assert.Equal([2, 1, 3], Lists.Moved(list, 0, 1));
        Assert.Equal([1, 2, 3], Lists.Moved(list, 0, -1));
        Assert.Equal([1, 3], Lists.Without(list, 1));
        Assert.Equal([1, 9, 3], Lists.With(list, 1, 9));
    }

    [Theory]
    [InlineData("Accueil Paris", "accueil-paris")]
    [InlineData("  Été & hiver ", "ete-hiver")]
    [InlineData("***", "x")]
    public void Key_OfAName_IsLowerCaseLettersDigitsAndHyphens(string name, string key) => Assert.Equal(key, KeyNames.Free(name, _ => true));

    [Theory]
    [InlineData("queues/support/agents/0/extension", "/queues/support")]
    [InlineData("inboundRules/main/open", "/inbound-rules/main")]
    [InlineData("nothing", null)]
    public void Url_OfAnErrorPath_LeadsToItsObject(string path, string? url) => Assert.Equal(url, ConsoleUrls.OfPath(path));

    [Fact]
    public void Closure_UntilTheNextOpening_PassesNightAndBreak()
    {
        // Monday 23 November 2026, 17:00 in Paris: open until 18:00; the next opening is Tuesday at nine.
        var model = new ClosuresViewModel(new FixedClock(new DateTimeOffset(2026, 11, 23, 16, 0, 0, TimeSpan.Zero)));
        Assert.Equal(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero), model.EndOf(Paris, ClosureEnd.NextOpening, null)!.Value.ToUniversalTime());
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 23, 0, 0, TimeSpan.Zero), model.EndOf(Paris, ClosureEnd.EndOfDay, null)!.Value.ToUniversalTime());
        Assert.Equal(new DateTimeOffset(2026, 11, 25, 9, 30, 0, TimeSpan.Zero), model.EndOf(Paris, ClosureEnd.At, new DateTime(2026, 11, 25, 10, 30, 0))!.Value.ToUniversalTime());
        Assert.Null(model.EndOf(Paris, ClosureEnd.Open, null));
    }

    [Fact]
    public void Week_CopiedFromMonday_KeepsTheWeekend()
    {
        ValueList<OfficeInterval> hours = [new(DayOfWeek.Monday, new(8, 0), new(12, 0)), new(DayOfWeek.Friday, new(1, 0), new(2, 0)), new(DayOfWeek.Sunday, new(9, 0), new(10, 0))];
        var copied = WeekHours.MondayToFriday(hours);
        Assert.Equal(6, copied.Count);
        Assert.Equal(5, copied.Count(i => i.Start == new TimeOnly(8, 0)));
        Assert.Contains(copied, i => i.Day == DayOfWeek.Sunday);
    }

    [Fact]
    public void Audit_OfAChange_NamesTheFieldsThatDiffer()
    {
        Assert.Equal(["b"], AuditWords.ChangedFields("""{"a":1,"b":2}""", """{"a":1,"b":3}"""));
        Assert.Equal("- b: 2\n+ b: 3", AuditWords.Difference("""{"a":1,"b":2}""", """{"a":1,"b":3}"""));
    }

    [Fact]
    public void Journey_OfEveryCode_IsASentenceInBothLanguages()
    {
        var snapshot = PbxSnapshot.Empty.With(new Queue { Key = "support", Name = "Support", Site = "paris" });
        foreach (var field in typeof(JourneyCodes).GetFields())
        {
            var step = new JourneyStep((string)field.GetValue(null)!, "queue:support", "x");
            Assert.NotEqual(JourneyWords.Of(snapshot, step, Texts.French), $"{step.Code} queue:support x");
            Assert.False(string.IsNullOrWhiteSpace(JourneyWords.Of(snapshot, step, Texts.English)));
        }
        Assert.Equal("Poste 101 ne répond pas (hors ligne 480)", JourneyWords.Of(snapshot, new JourneyStep(JourneyCodes.NotAnswered, "Poste 101", "not-registered 480"), Texts.French));
        Assert.Equal("Call ended (normal, by the caller)", JourneyWords.Of(snapshot, new JourneyStep(JourneyCodes.Ended, "", "normal, caller"), Texts.English));
        Assert.Equal("Vers File d’attente Support", JourneyWords.Of(snapshot, new JourneyStep(JourneyCodes.WentTo, "queue:support"), Texts.French));
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    [Theory]
    [InlineData("queue:support", "File d’attente", "support", "/queues/support")]
    [InlineData("user:anne@example.test", "Utilisateur", "anne@example.test", "/users")]
    [InlineData("token:export", "Jeton d’API", "export", "/tokens")]
    public void AuditLine_OfAnything_NamesItAndLeadsToIt(string subject, string kind, string key, string address)
    {
        var change = new Pbx.Core.Configuration.ChangeInfo(1, subject, new("anne", Pbx.Core.Configuration.ChangeSource.Console), DateTimeOffset.UnixEpoch, null, "{}");
        Assert.Equal((kind, key, address), (AuditWords.KindOf(change, Texts.French), AuditWords.KeyOf(change), AuditWords.AddressOf(change)));
    }

    [Theory, InlineData("SVI Paris", "SVI Paris"), InlineData("Accueil", "SVI Accueil")]
    public void Destination_WhoseNameSaysItsKind_IsNotNamedTwice(string name, string expected)
    {
        var snapshot = PbxSnapshot.Empty.With(new IvrMenu { Key = "m", Name = name, Site = "paris", Prompt = "p" });
        Assert.Equal(expected, ObjectNames.Of(snapshot, new Destination(DestinationKind.IvrMenu, "m"), Texts.French));
    }
}
