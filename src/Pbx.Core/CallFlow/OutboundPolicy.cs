using Pbx.Core.CallRecords;
using Pbx.Core.Extensions;
using Pbx.Core.Routing;
using Pbx.Core.Settings;
using Pbx.Core.Sites;
using Pbx.Core.Snapshot;

namespace Pbx.Core.CallFlow;

/// <summary>
/// What may be called outside, so that a stolen password costs little. Not asked for emergency calls, which always pass. Pure.
/// </summary>
public static class OutboundPolicy
{
    /// <summary>Why this extension may not call out now, whatever the number.</summary>
    public static OutboundRefusal OfCaller(PbxSnapshot snapshot, Extension caller, OutboundUse use, DateTimeOffset now)
    {
        if (caller.OutboundInHoursOnly && snapshot.Sites.TryGetValue(caller.Site, out var site) && SiteClock.HoursAt(site, now).State != SiteState.Open)
            return OutboundRefusal.OutsideHours;
        var limits = snapshot.Settings.Outbound;
        if (IsUsedUp(limits.CallsPerHour, use.CallsThisHour)) return OutboundRefusal.CallsPerHour;
        if (IsUsedUp(limits.CallsPerDay, use.CallsToday)) return OutboundRefusal.CallsPerDay;
        if (IsUsedUp(limits.MinutesPerHour, use.MinutesThisHour)) return OutboundRefusal.MinutesPerHour;
        return IsUsedUp(limits.MinutesPerDay, use.MinutesToday) ? OutboundRefusal.MinutesPerDay : OutboundRefusal.None;
    }

    /// <summary>Why a number may not be called, as it is sent to a trunk in a country.</summary>
    public static OutboundRefusal OfNumber(PbxSnapshot snapshot, string sent, string country)
    {
        var limits = snapshot.Settings.Outbound;
        var (region, isPremium) = NumberPlan.Judge(sent, country);
        if (region is not null && region != country && !IsAllowed(snapshot, limits, region)) return OutboundRefusal.Country;
        return isPremium && !limits.PremiumNumbers ? OutboundRefusal.Premium : OutboundRefusal.None;
    }

    /// <summary>True for the refusals that a person is to hear of at once: a limit was hit.</summary>
    public static bool IsLimit(OutboundRefusal refusal) => refusal >= OutboundRefusal.CallsPerHour;

    private static bool IsAllowed(PbxSnapshot snapshot, OutboundLimits limits, string region) =>
        limits.Countries.Contains(region) || snapshot.Sites.Values.Any(site => site.Country == region);

    private static bool IsUsedUp(int limit, int used) => limit > 0 && used >= limit;
}
