using Pbx.Core.Sites;
using Pbx.Core.Snapshot;
using Pbx.Web.Shell;

namespace Pbx.Web.Features.Closures;

/// <summary>When a closure that is switched on shall end.</summary>
public enum ClosureEnd
{
    /// <summary>When the site opens next by its hours.</summary>
    NextOpening,
    /// <summary>At midnight.</summary>
    EndOfDay,
    /// <summary>At a date and time.</summary>
    At,
    /// <summary>When somebody switches it off.</summary>
    Open,
}

/// <summary>A site's switch as its card shows it.</summary>
public sealed record ClosureCard(Site Site, SiteState State, bool On, DateTimeOffset? UntilLocal, string ChangedBy, DateTimeOffset? ChangedAtLocal);

/// <summary>Exceptional closures: what is on, and how long a new one lasts.</summary>
public sealed class ClosuresViewModel(TimeProvider clock)
{
    /// <summary>The cards, by name of the site.</summary>
    public IReadOnlyList<ClosureCard> Cards(PbxSnapshot snapshot)
    {
        var now = clock.GetUtcNow();
        return
        [
            .. snapshot.Sites.Values.OrderBy(s => s.Name, StringComparer.CurrentCulture).Select(site =>
            {
                var closure = snapshot.Closures.GetValueOrDefault(site.Key);
                return new ClosureCard(site, SiteClock.StateAt(site, closure, now).State, SiteClock.IsClosed(closure, now),
                    closure?.Until is { } until ? SiteTimes.ToLocal(until, site.TimeZone) : null, closure?.ChangedBy ?? "",
                    closure is null ? null : SiteTimes.ToLocal(closure.ChangedAt, site.TimeZone));
            }),
        ];
    }

    /// <summary>The next instant at which the site's hours open it; null when they never do, or always have it open.</summary>
    public DateTimeOffset? NextOpening(Site site)
    {
        DateTimeOffset? at = clock.GetUtcNow();
        // Closed, break, holiday, closed ...: a long holiday makes a few changes before it opens.
        for (var i = 0; i < 20; i++)
        {
            at = SiteClock.NextHoursChange(site, at.Value);
            if (at is null) return null;
            if (SiteClock.HoursAt(site, at.Value).State == SiteState.Open) return at;
        }
        return null;
    }

    /// <summary>The end that a choice means for a site; null: no end.</summary>
    public DateTimeOffset? EndOf(Site site, ClosureEnd end, DateTime? atLocal)
    {
        var today = SiteClock.LocalTime(site, clock.GetUtcNow()).Date;
        return end switch
        {
            ClosureEnd.NextOpening => NextOpening(site) ?? SiteTimes.ToInstant(today.AddDays(1), site.TimeZone),
            ClosureEnd.EndOfDay => SiteTimes.ToInstant(today.AddDays(1), site.TimeZone),
            ClosureEnd.At when atLocal is { } local => SiteTimes.ToInstant(local, site.TimeZone),
            ClosureEnd.At or ClosureEnd.Open => null,
        };
    }
}
