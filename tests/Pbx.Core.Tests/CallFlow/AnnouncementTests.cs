using Pbx.Core.Announcements;
using Pbx.Core.CallFlow;
using Pbx.Core.Common;

namespace Pbx.Core.Tests.CallFlow;

public sealed class AnnouncementTests
{
    private static readonly Announcement Info = new()
    {
        Key = "info", Name = "Info", Site = "paris", Prompt = "intro", SkipKey = "#", Next = new(DestinationKind.Extension, "ben"),
    };

    [Fact]
    public void Announcement_IsAnsweredAndHeardToItsEnd_ThenItsDestination()
    {
        var call = Start(Info);
        Assert.IsType<CallAction.Answer>(call.Last[0]);
        Assert.True(call.Plays("intro"));
        call.PlayEnds();

        Assert.Equal("extension:ben", call.State.At);
        Assert.Equal(new DialTarget.ToExtension("ben"), call.Asked<CallAction.Dial>().Target);
    }

    [Fact]
    public void SkipKey_GoesOnAtOnce_AndOtherKeysDoNot()
    {
        var call = Start(Info).Keys("1*");
        Assert.Empty(call.Last);
        call.Keys("#");

        Assert.Contains(new CallAction.StopPlay(LegId.Caller), call.Last);
        Assert.True(call.Noted(JourneyCodes.KeyPressed, "announcement:info", "#"));
        Assert.Equal("extension:ben", call.State.At);
    }

    [Fact]
    public void WithoutSkipKey_NoKeySkips() => Assert.Equal("announcement:info", Start(Info with { SkipKey = null }).Keys("#*0").State.At);

    private static CallDriver Start(Announcement announcement) =>
        new CallDriver(CallDriver.Company(announcement.AsDestination, announcement)).FromOutside();
}
