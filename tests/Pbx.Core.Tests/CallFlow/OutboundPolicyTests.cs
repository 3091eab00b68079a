using Pbx.Core.CallFlow;
using Pbx.Core.CallRecords;
using Pbx.Core.Common;
using Pbx.Core.Live;
using Pbx.Core.Routing;
using Pbx.Core.Settings;
using Pbx.Core.Sites;
using Pbx.Core.Snapshot;

namespace Pbx.Core.Tests.CallFlow;

/// <summary>What calls outside may cost.</summary>
public sealed class OutboundPolicyTests
{
    private static readonly OutboundUse AllUsedUp = new(1_000_000, 1_000_000, 1_000_000, 1_000_000);

    /// <summary>A company in France whose rule lets everything out, as a careless administrator would.</summary>
    private static PbxSnapshot Careless(OutboundLimits? limits = null) => CallDriver.Company(null,
        new OutboundRule { Key = "all", Name = "All", Pattern = "*", Steps = [new() { Trunk = "t" }] },
        new OutboundRule { Key = "nine", Name = "Nine", Pattern = "9*", Priority = 1, Steps = [new() { Trunk = "t", Strip = 1 }] },
        new SystemSettings { Outbound = limits ?? new OutboundLimits() });

    [Theory]
    [InlineData("0612345678", "")]
    [InlineData("0140000001", "")]
    [InlineData("+33612345678", "")]
    [InlineData("0033612345678", "")]
    [InlineData("3631", "")]
    [InlineData("0800123456", "")]
    [InlineData("00493012345678", "country")]
    [InlineData("+442079460000", "country")]
    [InlineData("0018765551234", "country")]
    [InlineData("0088216123456", "country")]
    [InlineData("00870776123456", "country")]
    [InlineData("+97912345678", "country")]
    [InlineData("00999123456789", "country")]
    [InlineData("0899123456", "premium")]
    [InlineData("118218", "premium")]
    [InlineData("+33899123456", "premium")]
    public void Number_IsJudgedByWhereItLeads(string dialled, string refusal)
    {
        var call = new CallDriver(Careless()).FromInside(dialled);

        Assert.Equal(refusal.Length == 0, call.Last.OfType<CallAction.Dial>().Any());
        if (refusal.Length == 0) return;
        Assert.True(call.Noted(JourneyCodes.OutboundRefused, $"external:{dialled}", refusal));
        Assert.True(call.Says(Phrases.OutboundRefused));
        Assert.DoesNotContain(call.Last, action => action is CallAction.Alert);
        Assert.Equal(HangUpCause.Forbidden, call.PlayEnds().Asked<CallAction.HangUp>().Cause);
        Assert.Equal(CallOutcome.Failed, call.State.Outcome);
    }

    [Fact]
    public void Number_BehindAnExchangePrefix_IsJudgedAsItIsSent()
    {
        var company = Careless();
        company = company.With(company.OutboundRules["all"] with { Pattern = "0*" });
        Assert.Empty(new CallDriver(company).FromInside("900493012345678").Last.OfType<CallAction.Dial>());
        Assert.Single(new CallDriver(company).FromInside("90612345678").Last.OfType<CallAction.Dial>());
    }

    [Theory]
    [InlineData("00*", 2, "", "00493012345678")]
    [InlineData("00*", 2, "77", "00493012345678")]
    [InlineData("0*", 0, "1234", "00493012345678")]
    [InlineData("900*", 3, "", "900493012345678")]
    public void Number_WrittenAsTheProviderWants_IsJudgedAllTheSame(string pattern, int strip, string prepend, string dialled)
    {
        var company = CallDriver.Company(null,
            new OutboundRule { Key = "abroad", Name = "Abroad", Pattern = pattern, Steps = [new() { Trunk = "t", Strip = strip, Prepend = prepend }] });
        Assert.True(new CallDriver(company).FromInside(dialled).Noted(JourneyCodes.OutboundRefused, "", "country"));
        var allowed = company.With(company.Settings with { Outbound = new OutboundLimits { Countries = ["DE"] } });
        Assert.Single(new CallDriver(allowed).FromInside(dialled).Last.OfType<CallAction.Dial>());
    }

    [Fact]
    public void Country_AllowedOrOfASite_MayBeCalled_AndPremiumWhenItIsSet()
    {
        Assert.Single(new CallDriver(Careless(new OutboundLimits { Countries = ["DE"] })).FromInside("00493012345678").Last.OfType<CallAction.Dial>());
        var abroad = Careless().With(new Site { Key = "berlin", Name = "Berlin", Country = "DE" });
        Assert.Single(new CallDriver(abroad).FromInside("00493012345678").Last.OfType<CallAction.Dial>());
        Assert.Single(new CallDriver(Careless(new OutboundLimits { PremiumNumbers = true })).FromInside("0899123456").Last.OfType<CallAction.Dial>());
    }

    [Theory]
    [InlineData(59, 0, 0, 0, "")]
    [InlineData(60, 0, 0, 0, "calls-per-hour")]
    [InlineData(0, 299, 0, 0, "")]
    [InlineData(0, 300, 0, 0, "calls-per-day")]
    [InlineData(0, 0, 179, 0, "")]
    [InlineData(0, 0, 180, 0, "minutes-per-hour")]
    [InlineData(0, 0, 0, 900, "minutes-per-day")]
    public void Limit_IsReached_TheNextCallIsRefusedSaidAndTold(int callsHour, int callsDay, int minutesHour, int minutesDay, string refusal)
    {
        var use = new OutboundUse(callsHour, callsDay, minutesHour, minutesDay);
        var call = new CallDriver(Careless()) { Use = use }.FromInside("0612345678");

        Assert.Equal(refusal.Length == 0, call.Last.OfType<CallAction.Dial>().Any());
        if (refusal.Length == 0) return;
        Assert.Equal(new CallAction.Alert(AlertKind.OutboundLimit, "anne", refusal), call.Asked<CallAction.Alert>());
        Assert.True(call.Says(Phrases.OutboundLimit));
        Assert.True(call.Noted(JourneyCodes.OutboundRefused, "external:0612345678", refusal));
        var unlimited = new OutboundLimits { CallsPerHour = 0, CallsPerDay = 0, MinutesPerHour = 0, MinutesPerDay = 0 };
        Assert.Single(new CallDriver(Careless(unlimited)) { Use = AllUsedUp }.FromInside("0612345678").Last.OfType<CallAction.Dial>());
    }

    [Theory]
    [InlineData("2026-11-23T10:00:00Z", true)]
    [InlineData("2026-11-23T20:00:00Z", false)]
    [InlineData("2026-11-22T10:00:00Z", false)]
    public void Extension_InHoursOnly_CallsOutInItsHours(string at, bool allowed)
    {
        var company = Careless();
        company = company.With(company.Extensions["anne"] with { OutboundInHoursOnly = true })
            .With(company.Sites["paris"] with { OfficeHours = [new(DayOfWeek.Monday, new(9, 0), new(18, 0))] });
        var now = DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(allowed, new CallDriver(company) { Now = now }.FromInside("0612345678").Last.OfType<CallAction.Dial>().Any());
        Assert.True(new CallDriver(company) { Now = now }.FromInside("0612345678", "ben").Last.OfType<CallAction.Dial>().Any());
        Assert.True(new CallDriver(company) { Now = now }.FromInside("112").Last.OfType<CallAction.Dial>().Any());
        if (!allowed) Assert.True(new CallDriver(company) { Now = now } is var call && call.FromInside("0612345678").Noted(JourneyCodes.OutboundRefused, "", "outside-hours"));
    }

    [Theory]
    [InlineData("112"), InlineData("15"), InlineData("17"), InlineData("18")]
    public void EmergencyCall_PassesWithEveryLimitReached(string number)
    {
        var company = Careless(new OutboundLimits { CallsPerHour = 1, CallsPerDay = 1, MinutesPerHour = 1, MinutesPerDay = 1 });
        company = company.With(company.Extensions["anne"] with { OutboundInHoursOnly = true })
            .With(company.Sites["paris"] with { OfficeHours = [new(DayOfWeek.Tuesday, new(9, 0), new(18, 0))] })
            .Without(new ObjectRef(ObjectKind.OutboundRule, "all"));

        var call = new CallDriver(company) { Use = AllUsedUp }.FromInside(number);

        Assert.Equal("t", Assert.IsType<DialTarget.ToTrunk>(call.Asked<CallAction.Dial>().Target).Trunk);
    }
}
