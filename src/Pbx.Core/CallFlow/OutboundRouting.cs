using Pbx.Core.Common;
using Pbx.Core.Extensions;
using Pbx.Core.Routing;
using Pbx.Core.Snapshot;
using Pbx.Core.Trunks;

namespace Pbx.Core.CallFlow;

/// <summary>One trunk to try for a number outside.</summary>
/// <param name="Rule">Key of the outbound rule; null for an emergency number.</param>
/// <param name="Trunk">Key of the trunk.</param>
/// <param name="Number">The number as it is sent there.</param>
/// <param name="PresentedNumber">The caller number shown.</param>
/// <param name="LastResort">The trunk is used although it is full or seems to be down.</param>
public sealed record TrunkAttempt(string? Rule, string Trunk, string Number, string PresentedNumber, bool LastResort = false)
{
    /// <summary>The number without what the provider wants in front of it.</summary>
    public string Bare { get; init; } = Number;
}

/// <summary>How a number outside can be reached.</summary>
/// <param name="Attempts">The trunks in the order in which they are tried.</param>
/// <param name="Emergency">An emergency number: it passes whoever dials.</param>
/// <param name="Forbidden">A rule knows the number, but not for this caller.</param>
public sealed record OutboundPlan(ValueList<TrunkAttempt> Attempts, bool Emergency, bool Forbidden);

/// <summary>Plans calls to outside by the outbound rules.</summary>
public static class OutboundRouting
{
    private const int MaxAttempts = 8;

    /// <summary>
    /// The plan for a number as dialled or as a destination says it. <paramref name="caller"/> is the calling extension, or null for a call
    /// that a destination sends outside; <paramref name="site"/> is the site that it is at.
    /// </summary>
    public static OutboundPlan Plan(PbxSnapshot snapshot, string number, Extension? caller, string? site)
    {
        if (snapshot.Settings.EmergencyNumbers.Contains(number)) return Emergency(snapshot, number, caller, site);
        var country = site is null ? null : snapshot.Sites.GetValueOrDefault(site)?.Country;
        var forms = NumberPlan.DialledForms(number, country ?? "FR");
        var attempts = new List<TrunkAttempt>();
        var forbidden = false;
        foreach (var rule in snapshot.OutboundRules.Values.OrderBy(r => r.Priority).ThenBy(r => r.Key, StringComparer.Ordinal))
        {
            if (forms.FirstOrDefault(f => DialPattern.Matches(rule.Pattern, f)) is not { } form) continue;
            if (MayUse(rule, caller, site)) Add(snapshot, rule, form, caller, attempts);
            else forbidden = true;
        }
        return new(attempts.Take(MaxAttempts).ToValueList(), Emergency: false, forbidden && attempts.Count == 0);
    }

    private static OutboundPlan Emergency(PbxSnapshot snapshot, string number, Extension? caller, string? site)
    {
        var configured = snapshot.Settings.EmergencyTrunks.Select(k => snapshot.Trunks.GetValueOrDefault(k)).OfType<Trunk>()
            .Where(t => t.Enabled);
        var all = snapshot.Trunks.Values.Where(t => t.Enabled).OrderBy(t => t.Site != site).ThenBy(t => t.Key, StringComparer.Ordinal);
        // The configured ones first; were none of them usable, the call must still pass.
        var trunks = configured.Concat(all).DistinctBy(t => t.Key).ToArray();
        // Were all of them full or down: the limits, which are ours, give way, for the provider may still have room; and a provider that did not
        // answer a minute ago may answer now.
        var beyond = trunks.Select(t => Attempt(t, lastResort: true));
        return new(trunks.Select(t => Attempt(t, lastResort: false)).Concat(beyond).ToValueList(), true, false);

        TrunkAttempt Attempt(Trunk trunk, bool lastResort) => new(null, trunk.Key, number, Presented(null, caller, trunk), lastResort);
    }

    private static bool MayUse(OutboundRule rule, Extension? caller, string? site) =>
        (rule.Sites.Count == 0 || (site is not null && rule.Sites.Contains(site)))
        && (rule.Extensions.Count == 0 || (caller is not null && rule.Extensions.Contains(caller.Key)));

    private static void Add(PbxSnapshot snapshot, OutboundRule rule, string number, Extension? caller, List<TrunkAttempt> attempts)
    {
        foreach (var step in rule.Steps)
        {
            if (!snapshot.Trunks.TryGetValue(step.Trunk, out var trunk) || !trunk.Enabled) continue;
            var bare = number[Math.Min(step.Strip, number.Length)..];
            attempts.Add(new(rule.Key, trunk.Key, step.Prepend + bare, Presented(step.PresentedNumber, caller, trunk)) { Bare = bare });
        }
    }

    private static string Presented(string? step, Extension? caller, Trunk trunk) =>
        step ?? caller?.PresentedNumber ?? trunk.PresentedNumber ?? (trunk.Numbers.Count > 0 ? trunk.Numbers[0] : "");
}
