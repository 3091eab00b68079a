using Pbx.Core.CallFlow;
using Pbx.Core.Common;
using Pbx.Core.Ivr;
using Pbx.Core.Snapshot;

namespace Pbx.Core.Tests.CallFlow;

public sealed class MenuTests
{
    private static readonly IvrMenu Menu = new()
    {
        Key = "m", Name = "M", Site = "paris", Prompt = "welcome",
        Keys = [new("1", new(DestinationKind.Extension, "anne")), new("2", new(DestinationKind.Extension, "ben")), new("21", Destination.HangUp)],
        OnTimeout = new(DestinationKind.Mailbox, "box"), OnInvalid = new(DestinationKind.HangUp, "busy"),
    };

    [Fact]
    public void Key_DuringThePrompt_CutsIt_AndGoesAtOnce_WhenNoLongerMatchExists()
    {
        var call = Start().Keys("1");

        Assert.Equal(new CallAction.StopPlay(LegId.Caller), call.Last[0]);
        Assert.True(call.Noted(JourneyCodes.KeyPressed, "ivr:m", "1"));
        Assert.Equal(new DialTarget.ToExtension("anne"), call.Asked<CallAction.Dial>().Target);
        // Answered already: the caller hears ringback as sound.
        Assert.Contains(call.Last, a => a is CallAction.Ringback);
    }

    [Fact]
    public void Key_WithALongerMatch_WaitsTwoSeconds()
    {
        var call = Start().Keys("2");
        Assert.Equal(new CallAction.StartTimer(CallTimer.InterDigit, TimeSpan.FromSeconds(2)), call.Last[^1]);
        Assert.True(call.Fires(CallTimer.InterDigit).Noted(JourneyCodes.WentTo, "extension:ben"));

        Assert.True(Start().Keys("21").Noted(JourneyCodes.WentTo, "hangup:normal"));
    }

    [Fact]
    public void NoKey_FiveSecondsAfterThePrompt_RepeatsTwice_ThenTheTimeOutDestination()
    {
        var call = Start();
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal([new CallAction.StartTimer(CallTimer.Timeout, TimeSpan.FromSeconds(5))], call.PlayEnds().Last);
            Assert.True(call.Fires(CallTimer.Timeout).Plays("welcome"));
        }
        call.PlayEnds().Fires(CallTimer.Timeout);
        Assert.True(call.Noted(JourneyCodes.MenuTimeout, "ivr:m"));
        Assert.True(call.Noted(JourneyCodes.WentTo, "mailbox:box"));
    }

    [Fact]
    public void WrongKey_IsSaidThreeTimes_ThenTheInvalidDestination_WithItsTone()
    {
        var call = Start();
        for (var i = 0; i < 2; i++)
        {
            Assert.True(call.Keys("7").Says(Phrases.InvalidKey));
            Assert.True(call.Plays("welcome"));
        }
        Assert.True(call.Keys("7").Says(Phrases.InvalidKey));
        Assert.False(call.Plays("welcome"));
        Assert.Empty(call.Keys("1").Last);

        var tone = call.PlayEnds().Asked<CallAction.Play>();
        Assert.Equal([new Sound.OfTone(Tone.Busy)], tone.Sounds);
        Assert.Equal([new CallAction.HangUp(HangUpCause.Busy)], call.Fires(CallTimer.Timeout).Last.Where(a => a is CallAction.HangUp));
    }

    [Fact]
    public void InternalNumber_MayBeDialled_WhenTheMenuSaysSo()
    {
        var call = new CallDriver(CallDriver.Company(Menu.AsDestination, Menu with { Keys = [], DialNumbers = true })).FromOutside();

        Assert.True(call.Keys("102").Noted(JourneyCodes.WentTo, "extension:ben"));
        Assert.True(new CallDriver(CallDriver.Company(Menu.AsDestination, Menu with { DialNumbers = true })).FromOutside().Keys("1")
            .Fires(CallTimer.InterDigit).Noted(JourneyCodes.WentTo, "extension:anne"));
    }

    [Fact]
    public void Key_ChangedWhileTheCallerListens_LeadsToTheNewPlace()
    {
        var call = Start();
        call.Publish(call.Snapshot.With(Menu with { Keys = [new("1", new(DestinationKind.Mailbox, "box"))] }));
        Assert.Empty(call.Last);

        Assert.True(call.Keys("1").Noted(JourneyCodes.WentTo, "mailbox:box"));
    }

    [Fact]
    public void Deleted_ThePromptGoesOnToItsEnd_ThenItsTimeOutDestination()
    {
        var call = Start();
        call.Publish(call.Snapshot.Without(new(ObjectKind.IvrMenu, "m")));
        Assert.Empty(call.Last);
        call.PlayEnds();
        Assert.True(call.Noted(JourneyCodes.Removed, "ivr:m"));
        Assert.True(call.Noted(JourneyCodes.WentTo, "mailbox:box"));
    }

    [Fact]
    public void OwnSite_NotOpen_TakesItsClosedRoute()
    {
        var company = CallDriver.Company(Menu.AsDestination, Menu with { Site = "lyon", TimeRoutes = new() { Closed = new(DestinationKind.Mailbox, "box") } },
            new Core.Sites.Site { Key = "lyon", Name = "Lyon", OfficeHours = [new(DayOfWeek.Sunday, new(9, 0), new(10, 0))] });

        var call = new CallDriver(company).FromOutside();

        Assert.True(call.Noted(JourneyCodes.TimeDecision, "site:lyon", "closed"));
        Assert.True(call.Noted(JourneyCodes.WentTo, "mailbox:box"));
    }

    private static CallDriver Start()
    {
        var call = new CallDriver(CallDriver.Company(Menu.AsDestination, Menu)).FromOutside();
        Assert.IsType<CallAction.Answer>(call.Last[0]);
        Assert.True(call.Plays("welcome"));
        return call;
    }
}
