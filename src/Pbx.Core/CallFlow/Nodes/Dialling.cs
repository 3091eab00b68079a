using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Pbx.Core.Common;
using Pbx.Core.Routing;

namespace Pbx.Core.CallFlow.Nodes;

/// <summary>What the people inside dial: emergency numbers, dial codes, internal numbers, then numbers outside.</summary>
internal static class Dialling
{
    // Sorted once for each set of numbers, which snapshots share until a number changes.
    private static readonly ConditionalWeakTable<ImmutableDictionary<string, Destination>, string[]> Sorted = [];

    public static void Dial(Turn turn, string number)
    {
        if (turn.Settings.EmergencyNumbers.Contains(number)) GoOutside(turn, number);
        else if (turn.Settings.DialCodes.FirstOrDefault(c => c.Code == number) is { } code) DialFunctions.Enter(turn, code.Function);
        else if (turn.Snapshot.Numbers.TryGetValue(number, out var destination)) turn.Go(destination);
        else if (OwnNumber(turn, number) is { } rule) ArrivingNode.Follow(turn, rule);
        else GoOutside(turn, number);
    }

    // A number of our own is served here, as a call from outside would be, instead of going out and coming back.
    private static InboundRule? OwnNumber(Turn turn, string number)
    {
        if (!turn.Snapshot.Sites.TryGetValue(turn.State.Site ?? "", out var site)) return null;
        var called = NumberPlan.ToE164(number, site.Country);
        var rule = InboundRouting.FindOwn(turn.Snapshot, called, turn.State.Caller);
        if (rule is not null) turn.Note(JourneyCodes.RuleMatched, new ObjectRef(ObjectKind.InboundRule, rule.Key), called);
        return rule;
    }

    /// <summary>True when a longer internal number starts with these digits.</summary>
    public static bool HasLongerNumber(Turn turn, string digits)
    {
        var sorted = Sorted.GetValue(turn.Snapshot.Numbers, static numbers =>
        {
            var keys = numbers.Keys.ToArray();
            Array.Sort(keys, StringComparer.Ordinal);
            return keys;
        });
        var at = Array.BinarySearch(sorted, digits, StringComparer.Ordinal);
        var next = at < 0 ? ~at : at + 1;
        return next < sorted.Length && sorted[next].StartsWith(digits, StringComparison.Ordinal);
    }

    private static void GoOutside(Turn turn, string number)
    {
        if (number.Length == 0) turn.HangUp(HangUpCause.NotFound);
        else turn.Go(new Destination(DestinationKind.External, number));
    }
}
