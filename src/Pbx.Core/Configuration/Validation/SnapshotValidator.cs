using Pbx.Core.Common;
using Pbx.Core.Snapshot;

namespace Pbx.Core.Configuration.Validation;

/// <summary>Finds every mistake of a configuration at once. Pure.</summary>
public static class SnapshotValidator
{
    private static readonly string[] HangUpCauses = ["normal", "busy", "unavailable", "rejected"];

    /// <summary>All mistakes, with paths such as <c>queues/support/agents/0/extension</c>. Empty when the configuration may be published.</summary>
    public static IReadOnlyList<PbxError> Validate(PbxSnapshot snapshot)
    {
        var findings = new Findings();
        foreach (var item in snapshot.All()) Check(snapshot, item, findings);
        NumberRules.Check(snapshot, findings);
        LoopCheck.Check(snapshot, findings);
        return findings.Errors;
    }

    /// <summary>
    /// The mistakes that a change brings into a configuration without any, at a cost that does not grow with the configuration unless numbers, user names or
    /// ways on change. Objects that name a removed one are not among them: the caller says those in other words.
    /// </summary>
    /// <param name="before">The configuration, with no mistake.</param>
    /// <param name="after">What the change makes of it.</param>
    /// <param name="touched">Every object that differs.</param>
    public static IReadOnlyList<PbxError> ValidateChange(PbxSnapshot before, PbxSnapshot after, IReadOnlyCollection<ObjectRef> touched)
    {
        var findings = new Findings();
        var pairs = touched.Select(name => (Before: before.Find(name), After: after.Find(name))).ToList();
        foreach (var (_, item) in pairs)
        {
            if (item is not null) Check(after, item, findings);
        }
        if (pairs.Any(pair => NumberRules.Concerns(pair.Before, pair.After))) NumberRules.Check(after, findings);
        if (pairs.Any(pair => LoopCheck.Concerns(before, pair.Before, after, pair.After))) LoopCheck.Check(after, findings);
        return findings.Errors;
    }

    private static void Check(PbxSnapshot snapshot, IConfigObject item, Findings findings)
    {
        // States (closure switches, log-ins by hand) are no configuration: one whose object is gone has no effect.
        if (item.Kind is ObjectKind.ClosureSwitch or ObjectKind.AgentLogin) return;
        ObjectRules.Check(item, findings);
        CheckReferences(snapshot, item, findings);
    }

    private static void CheckReferences(PbxSnapshot snapshot, IConfigObject item, Findings findings)
    {
        foreach (var reference in References.From(item))
        {
            if (snapshot.Find(reference.To) is not null) continue;
            findings.Add("reference-missing", reference.Path, $"{reference.To} does not exist: choose another, or create it first.", reference.To.ToString());
        }
        foreach (var (path, destination) in References.DestinationsOf(item))
        {
            if (destination.Kind == DestinationKind.External && !Findings.IsOutsideNumber(destination.Value))
                findings.Add("external-invalid", path, $"'{destination.Value}' cannot be dialled: write the number in digits, such as +33140000000.", destination.Value);
            else if (destination.Kind == DestinationKind.HangUp && !HangUpCauses.Contains(destination.Value))
                findings.Add("hangup-cause-unknown", path, $"'{destination.Value}' is no way to hang up: choose normal, busy, unavailable or rejected.", destination.Value);
        }
    }
}
