using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Pbx.Core.Routing;
using Pbx.Core.Snapshot;

namespace Pbx.Core.CallFlow;

/// <summary>
/// Finds the inbound rule of a call: the most specific wins. An exact called number goes before a prefix (the longer first) before any;
/// then likewise the caller; then a rule of this trunk before one of any trunk; then the key, so that it is never by chance.
/// </summary>
public static class InboundRouting
{
    // Sorted once for each set of rules, which snapshots share until a rule changes.
    private static readonly ConditionalWeakTable<ImmutableDictionary<string, InboundRule>, Index> Indexes = [];

    /// <summary>The rule for a call; null: none matches. Numbers in E.164.</summary>
    public static InboundRule? Find(PbxSnapshot snapshot, string trunk, string called, string caller)
    {
        var index = Indexes.GetValue(snapshot.InboundRules, static rules => new Index(rules));
        return First(index.Exact.GetValueOrDefault(called, []), trunk, called, caller) ?? First(index.Others, trunk, called, caller);
    }

    /// <summary>The rule of one of our own numbers, called from inside; null: the number is not ours. In E.164.</summary>
    public static InboundRule? FindOwn(PbxSnapshot snapshot, string called, string caller)
    {
        var index = Indexes.GetValue(snapshot.InboundRules, static rules => new Index(rules));
        return index.Exact.GetValueOrDefault(called, []).FirstOrDefault(r => r.Caller is null || Matches(r.Caller, caller));
    }

    private static InboundRule? First(IEnumerable<InboundRule> sorted, string trunk, string called, string caller)
    {
        foreach (var rule in sorted)
        {
            if (rule.Trunk is not null && rule.Trunk != trunk) continue;
            if (Matches(rule.Called, called) && (rule.Caller is null || Matches(rule.Caller, caller))) return rule;
        }
        return null;
    }

    private static bool Matches(string pattern, string number) => pattern.EndsWith('*')
        ? number.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal)
        : pattern == number;

    private static int Specificity(string? pattern) => pattern switch
    {
        null => -1,
        _ when pattern.EndsWith('*') => pattern.Length - 1,
        _ => int.MaxValue,
    };

    private sealed class Index
    {
        public Index(ImmutableDictionary<string, InboundRule> rules)
        {
            var sorted = rules.Values.OrderByDescending(r => Specificity(r.Called)).ThenByDescending(r => Specificity(r.Caller))
                .ThenBy(r => r.Trunk is null).ThenBy(r => r.Key, StringComparer.Ordinal).ToList();
            Exact = sorted.Where(r => !r.Called.EndsWith('*')).GroupBy(r => r.Called).ToDictionary(g => g.Key, g => g.ToArray());
            Others = [.. sorted.Where(r => r.Called.EndsWith('*'))];
        }

        public Dictionary<string, InboundRule[]> Exact { get; }

        public InboundRule[] Others { get; }
    }
}
