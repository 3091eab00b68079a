using Pbx.Core.CallFlow;
using Pbx.Core.CallRecords;
using Pbx.Core.Common;
using Pbx.Core.Ivr;
using Pbx.Core.Queues;
using Pbx.Core.Routing;
using Pbx.Core.Snapshot;
using Pbx.Core.Trunks;

namespace Pbx.Core.Tests.CallFlow;

public sealed class DiallingTests
{
    [Fact]
    public void AgentCodes_SwitchTheCallersExtension_AndSaySo()
    {
        var company = CallDriver.Company().With(new Queue { Key = "q", Name = "Q", Site = "paris", Agents = [new("anne")] });
        var call = new CallDriver(company).FromInside("*62");
        Assert.Equal(new CallAction.SwitchAgent("anne", true), call.Asked<CallAction.SwitchAgent>());
        Assert.True(call.Noted(JourneyCodes.DialCode, "", "agent-login"));
        Assert.True(call.Send(new CallInput.ChangeDone(true)).Says(Phrases.AgentLoggedIn));
        Assert.IsType<CallAction.HangUp>(call.PlayEnds().Last[^1]);
        Assert.Equal(CallOutcome.Service, call.State.Outcome);

        Assert.True(new CallDriver(company).FromInside("*63").Send(new CallInput.ChangeDone(false)).Says(Phrases.Failed));
        Assert.True(new CallDriver(company).FromInside("*63", "ben").Says(Phrases.NoQueues));
    }

    [Theory]
    [InlineData("1830", "2026-11-23T17:30:00Z")]
    [InlineData("0800", "2026-11-24T07:00:00Z")]
    public void ClosureUntil_TakesTheNextTimeThatTheClockShowsIt(string keys, string until)
    {
        var call = new CallDriver(CallDriver.Company()).FromInside("*72").Keys(keys);

        Assert.Equal(new CallAction.SwitchClosure("paris", true, DateTimeOffset.Parse(until, System.Globalization.CultureInfo.InvariantCulture), "101"), call.Asked<CallAction.SwitchClosure>());
        call.Send(new CallInput.ChangeDone(true));
        Assert.True(call.Says(Phrases.ClosureUntil));
        Assert.Contains(call.Sounds, s => s is Sound.OfTime);
    }

    [Fact]
    public void ClosureUntil_WrongTime_AsksAgain_ThreeTimes()
    {
        var call = new CallDriver(CallDriver.Company()).FromInside("*72").Keys("2560");
        Assert.True(call.Says(Phrases.InvalidTime));
        Assert.True(call.Keys("9999").Keys("7777").Says(Phrases.Goodbye));
    }

    [Theory]
    [InlineData("*71", true), InlineData("*70", false)]
    public void ClosureCodes_SwitchTheCallersSite(string code, bool on) => Assert.Equal(new CallAction.SwitchClosure("paris", on, null, "101"),
        new CallDriver(CallDriver.Company()).FromInside(code).Asked<CallAction.SwitchClosure>());

    [Fact]
    public void EchoTest_EchoesAfterItsIntro_AndOwnNumberIsSpoken()
    {
        Assert.IsType<CallAction.Echo>(new CallDriver(CallDriver.Company()).FromInside("*43").PlayEnds().Last[0]);
        Assert.Contains(new Sound.OfDigits("101", "fr"), new CallDriver(CallDriver.Company()).FromInside("*65").Sounds);
    }

    [Fact]
    public void UnknownNumber_IsNotFound() =>
        Assert.Equal([new CallAction.HangUp(HangUpCause.NotFound)], new CallDriver(CallDriver.Company()).FromInside("4711").Last);

    [Theory]
    [InlineData(LegFailure.Unavailable, 503), InlineData(LegFailure.NoAnswer, 408), InlineData(LegFailure.NotRegistered, 0), InlineData(LegFailure.Unavailable, 302)]
    public void Trunk_ThatCannot_IsFollowedByTheNext(LegFailure failure, int status)
    {
        var call = new CallDriver(Outside()).FromInside("0612345678").Send(new CallInput.LegFailed(new(1), failure, status));

        Assert.Equal(new DialTarget.ToTrunk("second", "33612345678", "+33199999999", 6), call.Asked<CallAction.Dial>().Target);
        Assert.Contains(call.Journey, s => s.Code == JourneyCodes.TrunkFailed && s.Subject == "trunk:t");
        Assert.Equal(CallDirection.Outbound, call.State.Direction);
    }

    [Fact]
    public void Trunk_SilentForSixSeconds_IsCancelled_AndTheNextOneTried()
    {
        var call = new CallDriver(Outside()).FromInside("0612345678");
        Assert.Equal(TimeSpan.FromSeconds(6), call.Asked<CallAction.StartTimer>().After);
        call.Fires(CallTimer.Guard);
        Assert.Equal(new CallAction.CancelLeg(new(1), false), call.Last[0]);
        Assert.Equal("second", Assert.IsType<DialTarget.ToTrunk>(call.Asked<CallAction.Dial>().Target).Trunk);
    }

    [Theory]
    [InlineData(LegFailure.Busy, 486, HangUpCause.Busy)]
    [InlineData(LegFailure.NotFound, 404, HangUpCause.NotFound)]
    [InlineData(LegFailure.Rejected, 603, HangUpCause.Rejected)]
    [InlineData(LegFailure.NoAnswer, 480, HangUpCause.Unavailable)]
    public void CalleesOwnAnswer_IsFinal(LegFailure failure, int status, HangUpCause cause) => Assert.Equal([new CallAction.HangUp(cause)],
        new CallDriver(Outside()).FromInside("0612345678").Send(new CallInput.LegFailed(new(1), failure, status)).Last.Where(a => a is not CallAction.StopTimer));

    [Fact]
    public void EarlyMediaWithoutAnswer_EndsWithTheRingTime()
    {
        var call = new CallDriver(Outside()).FromInside("0612345678").Send(new CallInput.LegRinging(new(1), true));
        Assert.Contains(new CallAction.RelayEarlyMedia(new(1)), call.Last);
        Assert.Equal(HangUpCause.Unavailable, call.Fires(CallTimer.Ring).Asked<CallAction.HangUp>().Cause);
    }

    [Fact]
    public void EmergencyNumber_PassesWithoutARule_OverAnyTrunk_TheCallersSiteFirst()
    {
        var company = CallDriver.Company().With(new Trunk { Key = "a-lyon", Name = "L", Site = "lyon", Host = "192.0.2.3" });
        var call = new CallDriver(company).FromInside("112");

        Assert.Equal("t", Assert.IsType<DialTarget.ToTrunk>(call.Asked<CallAction.Dial>().Target).Trunk);
        call.Send(new CallInput.LegFailed(new(1), LegFailure.Unavailable, 503));
        Assert.Equal("a-lyon", Assert.IsType<DialTarget.ToTrunk>(call.Asked<CallAction.Dial>().Target).Trunk);
    }

    // A provider that does not know 112, or turns it away, is no reason to give up.
    [Theory]
    [InlineData(LegFailure.NotFound, 404, false), InlineData(LegFailure.Busy, 486, false), InlineData(LegFailure.Rejected, 603, false), InlineData(LegFailure.Unavailable, 503, true)]
    public void EmergencyNumber_RefusedByATrunk_GoesByTheNext_AndAtLastByThoseThatAreFullOrDown(LegFailure failure, int status, bool rang)
    {
        var company = Outside();
        company = company.With(company.Trunks["t"] with { MaxCalls = 1 });
        var call = new CallDriver(company).FromInside("112");
        Assert.Equal(("t", false), Following(1));
        Assert.Equal(("second", true), Following(2));
        Assert.Equal(("t", true), Following(3));
        Assert.NotNull(call.Send(new CallInput.LegFailed(new(4), failure, status)).Asked<CallAction.HangUp>());

        (string, bool) Following(int leg)
        {
            if (rang) call.Send(new CallInput.LegRinging(new(leg), false));
            call.Send(new CallInput.LegFailed(new(leg), failure, status));
            var target = Assert.IsType<DialTarget.ToTrunk>(call.Asked<CallAction.Dial>().Target);
            return (target.Trunk, target.LastResort);
        }
    }

    [Fact]
    public void Rules_ThatBothMatch_AreTriedByPriority_ThenByKey()
    {
        static OutboundRule Rule(string key, int priority, string trunk) =>
            new() { Key = key, Name = key, Pattern = "0ZXXXXXXXX", Priority = priority, Steps = [new() { Trunk = trunk }] };
        var trunks = CallDriver.Company(null, new Trunk { Key = "second", Name = "S", Site = "paris", Host = "192.0.2.2" },
            new Trunk { Key = "third", Name = "Z", Site = "paris", Host = "192.0.2.3" });
        var company = trunks.With(Rule("a", 200, "t")).With(Rule("z", 50, "second")).With(Rule("y", 50, "third"));

        var call = new CallDriver(company).FromInside("0612345678");
        foreach (var (leg, rule, trunk) in new[] { (1, "y", "third"), (2, "z", "second"), (3, "a", "t") })
        {
            Assert.Equal(trunk, Assert.IsType<DialTarget.ToTrunk>(call.Asked<CallAction.Dial>().Target).Trunk);
            Assert.Equal($"outboundrule:{rule}", call.Journey.Last(s => s.Code == JourneyCodes.OutboundRule).Subject);
            call.Send(new CallInput.LegFailed(new(leg), LegFailure.Unavailable, 503));
        }
        Assert.Equal(HangUpCause.Congestion, call.Asked<CallAction.HangUp>().Cause);
    }

    /// <summary>What somebody who is already answered hears after each way in which both providers can fail (docs/operating.md).</summary>
    [Theory]
    [InlineData("302", null), InlineData("503", null), InlineData("silence", null)]
    [InlineData("408", Phrases.Unavailable), InlineData("183", Phrases.Unavailable), InlineData("180", Phrases.Unavailable)]
    public void AnsweredCaller_HearsWhatTheProvidersFailureMeans(string what, string? words)
    {
        var call = AnsweredAndOutside();
        if (what is "183" or "180")
        {
            // It rang, and nobody came: that is the callee's, and no other trunk is tried.
            call.Send(new CallInput.LegRinging(new(1), EarlyMedia: what == "183"));
            if (what == "183") Assert.Contains(new CallAction.RelayEarlyMedia(new(1)), call.Last);
            call.Fires(CallTimer.Ring);
        }
        else
        {
            for (var leg = 1; leg <= 2; leg++)
            {
                Assert.NotNull(call.Asked<CallAction.Dial>());
                if (what == "silence") call.Fires(CallTimer.Guard);
                else call.Send(new CallInput.LegFailed(new(leg), what == "408" ? LegFailure.NoAnswer : LegFailure.Unavailable, int.Parse(what, System.Globalization.CultureInfo.InvariantCulture)));
            }
        }

        var play = call.Asked<CallAction.Play>();
        if (words is null) Assert.Equal((new Sound.OfTone(Tone.Congestion), true), (Assert.Single(play.Sounds), play.Loop));
        else Assert.Equal((new Sound.OfPhrase(words, "fr"), false), (play.Sounds[0], play.Loop));
        Assert.Equal(CallOutcome.Failed, call.Send(words is null ? new CallInput.TimerFired(CallTimer.Timeout) : new CallInput.PlayEnded(play.Number)).State.Outcome);
    }

    [Theory]
    [InlineData(LegFailure.NotFound, 404, Phrases.NumberUnknown), InlineData(LegFailure.NoAnswer, 480, Phrases.Unavailable)]
    [InlineData(LegFailure.Busy, 486, null), InlineData(LegFailure.Rejected, 603, null)]
    public void AnsweredCaller_HearsWhyTheNumberOutsideWasNotReached(LegFailure failure, int status, string? words)
    {
        var call = AnsweredAndOutside();

        var play = call.Send(new CallInput.LegFailed(new(1), failure, status)).Asked<CallAction.Play>();

        if (words is null) Assert.Equal((new Sound.OfTone(Tone.Busy), true), (Assert.Single(play.Sounds), play.Loop));
        else Assert.Equal((new Sound.OfPhrase(words, "fr"), false), (play.Sounds[0], play.Loop));
        call.Send(words is null ? new CallInput.TimerFired(CallTimer.Timeout) : new CallInput.PlayEnded(play.Number));
        Assert.NotNull(call.Asked<CallAction.HangUp>());
    }

    [Fact]
    public void Rule_OfOtherExtensions_IsForbidden()
    {
        var company = Outside();
        company = company.With(company.OutboundRules["out"] with { Extensions = ["ben"] });

        Assert.Equal([new CallAction.HangUp(HangUpCause.Forbidden)], new CallDriver(company).FromInside("0612345678").Last);
        Assert.NotNull(new CallDriver(company).FromInside("0612345678", "ben").Asked<CallAction.Dial>());
    }

    [Theory]
    [InlineData("0XXXXXXXXX", "0612345678", true), InlineData("0ZXXXXXXXX", "0012345678", false), InlineData("00*", "004930", true)]
    [InlineData("NX", "19", false), InlineData("NX", "29", true), InlineData("+33*", "+33612345678", true), InlineData("112", "1120", false)]
    public void Pattern_Matches(string pattern, string number, bool expected) => Assert.Equal(expected, DialPattern.Matches(pattern, number));

    /// <summary>A caller from outside who chose in a menu to be sent outside again.</summary>
    private static CallDriver AnsweredAndOutside()
    {
        var menu = new IvrMenu { Key = "m", Name = "M", Site = "paris", Prompt = "welcome", Keys = [new("1", new(DestinationKind.External, "0612345678"))] };
        var outside = Outside();
        return new CallDriver(CallDriver.Company(menu.AsDestination, menu, outside.Trunks["second"], outside.OutboundRules["out"])).FromOutside().Keys("1");
    }

    private static PbxSnapshot Outside() => CallDriver.Company(null,
        new Trunk { Key = "second", Name = "S", Site = "paris", Host = "192.0.2.2", PresentedNumber = "+33199999999" },
        new OutboundRule
        {
            Key = "out", Name = "Out", Pattern = "0ZXXXXXXXX",
            Steps = [new() { Trunk = "t" }, new() { Trunk = "second", Strip = 1, Prepend = "33" }],
        });
}
