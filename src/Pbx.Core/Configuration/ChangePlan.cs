using System.Collections.Immutable;
using Pbx.Core.Common;
using Pbx.Core.Configuration.Validation;
using Pbx.Core.Snapshot;

namespace Pbx.Core.Configuration;

/// <summary>
/// What a list of changes makes of a snapshot, and every mistake that they bring into it. Pure but for the secrets that it generates.
/// </summary>
internal sealed class ChangePlan
{
    private readonly PbxSnapshot before;
    private readonly List<PbxError> errors = [];
    private readonly List<ObjectRef> stale = [];
    private readonly HashSet<ObjectRef> touched = [];
    private readonly HashSet<ObjectRef> removed = [];

    private readonly IReadOnlySet<string> sounding;

    private ChangePlan(PbxSnapshot before, IReadOnlySet<string> sounding) =>
        (this.before, this.sounding, After) = (before, sounding, before with { Revision = before.Revision + 1 });

    /// <summary>The snapshot that results.</summary>
    public PbxSnapshot After { get; private set; }

    /// <summary>Mistakes; empty when it may be stored (unless <see cref="Stale"/> names any).</summary>
    public IReadOnlyList<PbxError> Errors => errors;

    /// <summary>Objects that somebody else changed or removed since they were read.</summary>
    public IReadOnlyList<ObjectRef> Stale => stale;

    /// <summary>Objects put, changed or removed in truth: what is the same as before is not among them.</summary>
    public IReadOnlyList<ObjectRef> Changed => [.. touched.Where(name => !ReferenceEquals(before.Find(name), After.Find(name)))];

    /// <summary>Makes the plan.</summary>
    /// <param name="before">The snapshot that it starts from.</param>
    /// <param name="changes">What is asked.</param>
    /// <param name="sounding">Keys of prompts whose sound was made for these changes.</param>
    public static ChangePlan Make(PbxSnapshot before, IReadOnlyList<Change> changes, IReadOnlySet<string>? sounding = null)
    {
        var plan = new ChangePlan(before, sounding ?? ImmutableHashSet<string>.Empty);
        foreach (var change in changes) plan.Take(change);
        plan.RemoveStates();
        plan.Validate();
        return plan;
    }

    private void Take(Change change)
    {
        switch (change)
        {
            case Change.Put put:
                Put(put.Item);
                break;
            case Change.Remove remove:
                Remove(remove);
                break;
        }
    }

    private void Put(IConfigObject item)
    {
        var name = new ObjectRef(item.Kind, item.Key);
        var stored = After.Find(name);
        if (touched.Add(name) && !Fresh(name, stored, item.Version)) return;
        removed.Remove(name);
        var complete = Completion.Complete(item, stored, item.Kind == ObjectKind.Prompt && sounding.Contains(item.Key)).WithVersion(After.Revision);
        // An object that says what it said before is no change, and keeps its version.
        if (stored is not null && complete.Equals(stored.WithVersion(After.Revision))) return;
        After = After.With(complete);
    }

    private bool Fresh(ObjectRef name, IConfigObject? stored, long version)
    {
        if (version == (stored?.Version ?? 0)) return true;
        if (version == 0)
        {
            errors.Add(new PbxError("key-taken", References.PathOf(name), $"There is already an object {name}.", name.ToString()));
        }
        else
        {
            stale.Add(name);
        }
        return false;
    }

    private void Remove(Change.Remove remove)
    {
        var stored = After.Find(remove.Name);
        if (remove.Name.Kind == ObjectKind.Settings)
        {
            errors.Add(new PbxError("settings-needed", References.PathOf(remove.Name), "The settings cannot be removed."));
            return;
        }
        if (touched.Add(remove.Name) && stored?.Version != remove.Version)
        {
            stale.Add(remove.Name);
            return;
        }
        After = After.Without(remove.Name);
        removed.Add(remove.Name);
    }

    /// <summary>A state goes with what it is the state of.</summary>
    private void RemoveStates()
    {
        foreach (var closure in After.Closures.Values.Where(c => removed.Contains(new(ObjectKind.Site, c.Key))))
        {
            RemoveState(new ObjectRef(ObjectKind.ClosureSwitch, closure.Key));
        }
        foreach (var login in After.AgentLogins.Values.Where(l => removed.Contains(new(ObjectKind.Extension, l.Extension))
            || (l.Queue is not null && removed.Contains(new(ObjectKind.Queue, l.Queue)))))
        {
            RemoveState(new ObjectRef(ObjectKind.AgentLogin, login.Key));
        }
    }

    private void RemoveState(ObjectRef name)
    {
        touched.Add(name);
        After = After.Without(name);
    }

    private void Validate()
    {
        // Only a removal has to look at everybody.
        IEnumerable<IConfigObject> users = removed.Count == 0 ? [] : After.All();
        var references = users.SelectMany(References.From).Where(r => removed.Contains(r.To)).ToLookup(r => r.To);
        foreach (var used in references)
        {
            var places = used.Select(r => r.Path).ToArray();
            errors.Add(new PbxError("in-use", References.PathOf(used.Key),
                $"{used.Key} is still used by {string.Join(", ", places)}.", [used.Key.ToString(), .. places]));
        }
        foreach (var name in touched.Where(n => n.Kind is ObjectKind.ClosureSwitch or ObjectKind.AgentLogin)) ValidateState(name);
        var dangling = references.SelectMany(used => used).Select(r => r.Path).ToHashSet();
        errors.AddRange(SnapshotValidator.ValidateChange(before, After, touched).Where(e => !dangling.Contains(e.Path)));
    }

    private void ValidateState(ObjectRef name)
    {
        if (After.Find(name) is not { } state) return;
        errors.AddRange(References.From(state).Where(r => After.Find(r.To) is null && !removed.Contains(r.To))
            .Select(r => new PbxError("not-found", r.Path, $"There is no {r.To}.", r.To.ToString())));
    }
}
