using Pbx.Core.Announcements;
using Pbx.Core.Common;
using Pbx.Core.Ivr;
using Pbx.Core.Queues;
using Pbx.Core.Sites;
using Pbx.Core.Snapshot;

namespace Pbx.Core.Tests.CallFlow;

/// <summary>
/// Closed, break and holiday destinations of an inbound rule and of each place that has them: what is not set lets the call in, and is never
/// taken from another of the three. An extension that follows the hours is outside them at all three.
/// </summary>
public sealed class TimeRouteTests
{
    private const string In = "in";

    public static TheoryData<string, SiteState, string, string, string> Cases => new()
    {
        // The place, the state of its site; where calls go with all three routes set, with the closed one alone, with none.
        { "rule", SiteState.Closed, "announcement:c", "announcement:c", In },
        { "rule", SiteState.Break, "announcement:b", In, In },
        { "rule", SiteState.Holiday, "announcement:h", "closure:paris", "closure:paris" },
        { "menu", SiteState.Closed, "announcement:c", "announcement:c", In },
        { "menu", SiteState.Break, "announcement:b", In, In },
        { "menu", SiteState.Holiday, "announcement:h", In, In },
        { "queue", SiteState.Closed, "announcement:c", "announcement:c", In },
        { "queue", SiteState.Break, "announcement:b", In, In },
        { "queue", SiteState.Holiday, "announcement:h", In, In },
        { "extension", SiteState.Closed, "announcement:c", "announcement:c", "mailbox:box" },
        { "extension", SiteState.Break, "announcement:b", "announcement:c", "mailbox:box" },
        { "extension", SiteState.Holiday, "announcement:h", "announcement:c", "mailbox:box" },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Site_NotOpen_TakesTheRouteOfItsState_AndNoOther(string place, SiteState state, string all, string closedOnly, string none)
    {
        Assert.Equal(all, Goes(place, state, new() { Closed = To("c"), Break = To("b"), Holiday = To("h") }));
        Assert.Equal(closedOnly, Goes(place, state, new() { Closed = To("c") }));
        Assert.Equal(none, Goes(place, state, new()));
    }

    [Theory, InlineData("rule"), InlineData("menu"), InlineData("queue"), InlineData("extension")]
    public void Site_Open_LetsTheCallIn(string place) =>
        Assert.Equal(In, Goes(place, SiteState.Open, new() { Closed = To("c"), Break = To("b"), Holiday = To("h") }));

    /// <summary>Where a call ends up that reaches the place in that state of its site.</summary>
    private static string Goes(string place, SiteState state, TimeRoutes routes)
    {
        var company = Company(routes);
        var call = new CallDriver(company) { Now = InState(state) };
        if (place == "rule") call.FromOutside();
        else call.FromInside(place switch { "menu" => "800", "queue" => "801", _ => "101" }, "ben");
        // Colleagues' own calls are judged by no rule, so the state noted is the place's; a place that has no route does not ask.
        if (call.State.At is not ("ivr:m" or "queue:q" or "extension:ben" or "extension:anne"))
            Assert.True(call.Noted(JourneyCodes.TimeDecision, place is "menu" or "queue" ? "site:lyon" : "site:paris", state.ToString().ToLowerInvariant()));
        return call.State.At is "ivr:m" or "queue:q" or "extension:ben" or "extension:anne" ? In : call.State.At;
    }

    private static PbxSnapshot Company(TimeRoutes routes)
    {
        var company = CallDriver.Company(null,
            new IvrMenu { Key = "m", Name = "M", Number = "800", Site = "lyon", Prompt = "welcome", TimeRoutes = routes },
            new Queue { Key = "q", Name = "Q", Number = "801", Site = "lyon", TimeRoutes = routes },
            WithHours(new Site { Key = "lyon", Name = "Lyon" }));
        foreach (var key in new[] { "c", "b", "h" })
            company = company.With(new Announcement { Key = key, Name = key, Site = "paris", Prompt = "wait", Next = Destination.HangUp });
        return company.With(WithHours(company.Sites["paris"]))
            .With(company.InboundRules["main"] with { TimeRoutes = routes })
            .With(company.Extensions["anne"] with { FollowsOfficeHours = true, TimeRoutes = routes });
    }

    private static Site WithHours(Site site) => site with
    {
        OfficeHours = [new(DayOfWeek.Monday, new(8, 0), new(18, 0)), new(DayOfWeek.Monday, new(12, 0), new(13, 0), IntervalKind.Break)],
        Holidays = [new Holiday { Name = "Pont", Date = new(2026, 11, 24) }],
    };

    private static DateTimeOffset InState(SiteState state) => state switch
    {
        SiteState.Open => At(23, 10),
        SiteState.Break => At(23, 12),
        SiteState.Closed => At(23, 20),
        SiteState.Holiday => At(24, 10),
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    private static DateTimeOffset At(int day, int hour) => new(2026, 11, day, hour, 30, 0, TimeSpan.FromHours(1));

    private static Destination To(string announcement) => new(DestinationKind.Announcement, announcement);
}
