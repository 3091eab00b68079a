using Pbx.Core.Snapshot;

namespace Pbx.Web.Shell;

/// <summary>A closure that is in force.</summary>
/// <param name="Site">Key of the site.</param>
/// <param name="SiteName">Its name.</param>
/// <param name="UntilLocal">When it ends, in the site's time; null: when somebody switches it off.</param>
public sealed record ActiveClosure(string Site, string SiteName, DateTimeOffset? UntilLocal);

/// <summary>Says which closures are in force now, for the banner on every page.</summary>
public interface IClosureStates
{
    /// <summary>The closures in force, by name of the site.</summary>
    IReadOnlyList<ActiveClosure> Active(PbxSnapshot snapshot);
}

/// <summary>Closures by the clock of this machine.</summary>
internal sealed class ClosureStates(TimeProvider clock) : IClosureStates
{
    /// <inheritdoc/>
    public IReadOnlyList<ActiveClosure> Active(PbxSnapshot snapshot)
    {
        var now = clock.GetUtcNow();
        return
        [
            .. from closure in snapshot.Closures.Values
               where closure.On && (closure.Until is not { } until || now < until)
               let site = snapshot.Sites.GetValueOrDefault(closure.Key)
               where site is not null
               orderby site.Name
               select new ActiveClosure(site.Key, site.Name, closure.Until is { } end ? SiteTimes.ToLocal(end, site.TimeZone) : null),
        ];
    }
}
