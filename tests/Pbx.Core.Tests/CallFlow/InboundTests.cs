using Pbx.Core.CallFlow;
using Pbx.Core.CallRecords;
using Pbx.Core.Common;
using Pbx.Core.Routing;
using Pbx.Core.Sites;
using Pbx.Core.Snapshot;

namespace Pbx.Core.Tests.CallFlow;

public sealed class InboundTests
{
    private static readonly Destination Ben = new(DestinationKind.Extension, "ben");
    private static readonly Destination Anne = new(DestinationKind.Extension, "anne");
    private static readonly Destination Box = new(DestinationKind.Mailbox, "box");

    [Theory]
    [InlineData("+33140000000"), InlineData("0140000000"), InlineData("0033140000000"), InlineData("33140000000"), InlineData("01 40 00 00 00")]
    public void Called_HoweverTheProviderWritesIt_MatchesTheRuleInE164(string called)
    {
        var call = new CallDriver(CallDriver.Company()).FromOutside(called);

        Assert.True(call.Noted(JourneyCodes.RuleMatched, "inboundrule:main", "+33140000000"));
        Assert.True(call.Noted(JourneyCodes.TimeDecision, "site:paris", "open"));
        Assert.True(call.Noted(JourneyCodes.WentTo, "extension:ben"));
        Assert.Equal(new DialTarget.ToExtension("ben"), call.Asked<CallAction.Dial>().Target);
        Assert.Equal("+33612345678", call.Asked<CallAction.Dial>().CallerNumber);
    }

    [Fact]
    public void Rule_MostSpecificWins()
    {
        static InboundRule Rule(string key, string called, string? caller = null) =>
            new() { Key = key, Name = key, Site = "paris", Called = called, Caller = caller, Open = Ben };
        var snapshot = PbxSnapshot.Empty.With(Rule("any", "*")).With(Rule("any-caller", "*", "+336*")).With(Rule("prefix", "+331400*"))
            .With(Rule("longer", "+3314000000*")).With(Rule("exact", "+33140000000")).With(Rule("exact-caller", "+33140000000", "+33612345678"));

        string? Find(string called, string caller) => InboundRouting.Find(snapshot, "t", called, caller)?.Key;

        Assert.Equal("exact-caller", Find("+33140000000", "+33612345678"));
        Assert.Equal("exact", Find("+33140000000", "+33712345678"));
        Assert.Equal("longer", Find("+33140000009", ""));
        Assert.Equal("prefix", Find("+33140012345", "+33612345678"));
        Assert.Equal("any-caller", Find("+4930123456", "+33612345678"));
        Assert.Equal("any", Find("+4930123456", ""));
    }

    [Fact]
    public void NoRule_TakesTheTrunksDefault_AndIsNotedAsUnmatched()
    {
        var call = new CallDriver(CallDriver.Company()).FromOutside("0199999999");

        Assert.True(call.Noted(JourneyCodes.Unmatched, "trunk:t", "+33199999999"));
        Assert.Equal(HangUpCause.Unavailable, call.Asked<CallAction.HangUp>().Cause);
        Assert.Equal((CallOutcome.Failed, true), (call.State.Outcome, call.State.Unmatched));
        Assert.False(new CallDriver(CallDriver.Company()).FromOutside().State.Unmatched);
        // However it goes on, it stays marked.
        var company = CallDriver.Company();
        var answered = new CallDriver(company.With(company.Trunks["t"] with { DefaultDestination = Ben })).FromOutside("0199999999")
            .Send(new CallInput.LegAnswered(new(1), "desk"), new CallInput.LegHungUp(new(1)));
        Assert.Equal((CallOutcome.Answered, true), (answered.State.Outcome, answered.State.Unmatched));
    }

    [Fact]
    public void Closure_PlaysItsPromptThenTheMailbox_ElseHangsUp()
    {
        var company = CallDriver.Company().With(new ClosureSwitch { Key = "paris", On = true });
        var call = new CallDriver(company).FromOutside();
        Assert.True(call.Noted(JourneyCodes.TimeDecision, "site:paris", "closure"));
        Assert.True(call.Plays("closed"));
        Assert.IsType<CallAction.HangUp>(call.PlayEnds().Last[^1]);

        var withBox = new CallDriver(company.With(company.Sites["paris"] with { ClosureMailbox = "box" })).FromOutside().PlayEnds();
        Assert.True(withBox.Says(Phrases.StandardGreeting));
    }

    [Fact]
    public void Holiday_TakesItsOwnTreatment_ElseTheRules_ElseTheSites_ElseTheClosureAnnouncement()
    {
        var company = CallDriver.Company();
        var site = company.Sites["paris"];
        var day = new Holiday { Name = "Pont", Date = new(2026, 11, 23) };
        var rule = company.InboundRules["main"];

        Assert.True(Went(company.With(site with { Holidays = [day with { Destination = Anne }], OnHoliday = Box })
            .With(rule with { TimeRoutes = new() { Holiday = Ben } }), "extension:anne"));
        Assert.True(Went(company.With(site with { Holidays = [day], OnHoliday = Box }).With(rule with { TimeRoutes = new() { Holiday = Anne } }), "extension:anne"));
        Assert.True(Went(company.With(site with { Holidays = [day], OnHoliday = Box }), "mailbox:box"));
        Assert.True(new CallDriver(company.With(site with { Holidays = [day] })).FromOutside().Plays("closed"));
    }

    [Theory]
    [InlineData(9, "extension:ben")]
    [InlineData(12, "extension:anne")]
    [InlineData(20, "mailbox:box")]
    public void Hours_OfTheRulesSite_Decide(int hour, string expected)
    {
        var company = CallDriver.Company();
        company = company.With(company.Sites["paris"] with
        {
            OfficeHours = [new(DayOfWeek.Monday, new(8, 0), new(18, 0)), new(DayOfWeek.Monday, new(12, 0), new(13, 0), IntervalKind.Break)],
        }).With(company.InboundRules["main"] with { TimeRoutes = new() { Closed = Box, Break = Anne } });
        var call = new CallDriver(company) { Now = new DateTimeOffset(2026, 11, 23, hour, 30, 0, TimeSpan.FromHours(1)) };

        Assert.True(call.FromOutside().Noted(JourneyCodes.WentTo, expected));
    }

    [Fact]
    public void Loop_ThatWaitsForNothing_IsEndedAfter64Moves()
    {
        // Saved before validation knew of it: the guard is the last one.
        var company = CallDriver.Company().With(new Extensions.Extension
        {
            Key = "ben", Name = "Ben", Number = "102", Site = "paris", DoNotDisturb = true, OnBusy = new(DestinationKind.Extension, "ben"),
        });

        var call = new CallDriver(company).FromOutside();

        Assert.True(call.State.Ended);
        Assert.True(call.Noted(JourneyCodes.LoopGuard));
        Assert.Equal(64, call.Journey.Count(s => s.Code == JourneyCodes.WentTo));
    }

    private static bool Went(PbxSnapshot snapshot, string to) => new CallDriver(snapshot).FromOutside().Noted(JourneyCodes.WentTo, to);
}
