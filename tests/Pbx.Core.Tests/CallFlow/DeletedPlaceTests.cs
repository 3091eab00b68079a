using Pbx.Core.Announcements;
using Pbx.Core.CallFlow;
using Pbx.Core.Common;
using Pbx.Core.Ivr;
using Pbx.Core.RingGroups;
using Pbx.Core.Sites;
using Pbx.Core.Snapshot;

namespace Pbx.Core.Tests.CallFlow;

/// <summary>
/// What a call is in is deleted: it goes to that place's last known destination, and to the site's default only without one. Every destination here
/// is another one, so that none can be taken for the other.
/// </summary>
public sealed class DeletedPlaceTests
{
    private static readonly Destination Own = new(DestinationKind.Announcement, "own");

    [Fact]
    public void RingGroup_WhileItRings_GoesToItsNoAnswerDestination()
    {
        var group = new RingGroup { Key = "g", Name = "G", Site = "lyon", Members = ["anne", "ben"], OnNoAnswer = Own };
        var call = new CallDriver(Company(group.AsDestination, group)).FromOutside();
        Delete(call, ObjectKind.RingGroup, "g");

        Assert.Equal([new CallAction.CancelLeg(new(1), false), new CallAction.CancelLeg(new(2), false)], call.Last.OfType<CallAction.CancelLeg>());
        AssertWent(call, "ringgroup:g", "announcement:own");
    }

    [Fact]
    public void Announcement_IsHeardToItsEnd_ThenGoesToItsNextDestination()
    {
        var announcement = new Announcement { Key = "a", Name = "A", Site = "lyon", Prompt = "intro", Next = Own };
        var call = new CallDriver(Company(announcement.AsDestination, announcement)).FromOutside();
        Delete(call, ObjectKind.Announcement, "a");
        Assert.Empty(call.Last);
        call.PlayEnds();

        AssertWent(call, "announcement:a", "announcement:own");
    }

    [Fact]
    public void Place_WhoseDestinationIsDeletedToo_GoesToTheDefaultOfItsOwnSite()
    {
        var group = new RingGroup { Key = "g", Name = "G", Site = "lyon", Members = ["anne"], OnNoAnswer = Own };
        var call = new CallDriver(Company(group.AsDestination, group)).FromOutside();
        call.Publish(call.Snapshot.Without(new(ObjectKind.RingGroup, "g")).Without(new(ObjectKind.Announcement, "own")));

        AssertWent(call, "ringgroup:g", "announcement:lyon");
    }

    [Fact]
    public void Destination_ThatIsDeletedBeforeItIsTaken_GoesToTheDefaultOfTheSite()
    {
        var menu = new IvrMenu { Key = "m", Name = "M", Site = "lyon", Prompt = "welcome", Repeats = 0, OnTimeout = Own };
        var call = new CallDriver(Company(menu.AsDestination, menu)).FromOutside();
        call.Publish(call.Snapshot.Without(new(ObjectKind.Announcement, "own"))).PlayEnds().Fires(CallTimer.Timeout);

        AssertWent(call, "announcement:own", "announcement:lyon");
    }

    [Fact]
    public void Site_WhoseDefaultIsToHangUp_EndsTheCall()
    {
        var group = new RingGroup { Key = "g", Name = "G", Site = "lyon", Members = ["anne"], OnNoAnswer = Own };
        var company = Company(group.AsDestination, group);
        var call = new CallDriver(company.With(company.Sites["lyon"] with { DefaultDestination = Destination.HangUp })).FromOutside();
        call.Publish(call.Snapshot.Without(new(ObjectKind.RingGroup, "g")).Without(new(ObjectKind.Announcement, "own")));

        Assert.Equal(HangUpCause.Unavailable, call.Asked<CallAction.HangUp>().Cause);
    }

    private static void Delete(CallDriver call, ObjectKind kind, string key) => call.Publish(call.Snapshot.Without(new(kind, key)));

    private static void AssertWent(CallDriver call, string removed, string to)
    {
        Assert.True(call.Noted(JourneyCodes.Removed, removed));
        Assert.Equal(to, call.Journey.Last(s => s.Code == JourneyCodes.WentTo).Subject);
        Assert.Equal(to, call.State.At);
    }

    private static PbxSnapshot Company(Destination open, IConfigObject place) => CallDriver.Company(open, place,
        new Announcement { Key = "own", Name = "Own", Site = "paris", Prompt = "wait", Next = Destination.HangUp },
        new Announcement { Key = "lyon", Name = "Lyon", Site = "lyon", Prompt = "wait", Next = Destination.HangUp },
        new Site { Key = "lyon", Name = "Lyon", DefaultDestination = new(DestinationKind.Announcement, "lyon") });
}
