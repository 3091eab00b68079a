using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Snapshot;

namespace Pbx.Web.Shell.Editing;

/// <summary>
/// One object being edited: the version that it was read in, the draft, and what saving said. Objects are immutable records, so the
/// draft is replaced as a whole and "changed" is a comparison of values.
/// </summary>
/// <typeparam name="T">The kind of object.</typeparam>
public sealed class ObjectEditor<T> : IEditor where T : class, IConfigObject
{
    private readonly ObjectKindModel<T> model;
    private readonly IConfigurationDoor door;

    /// <summary>Edits a stored object, or a new one when <paramref name="isNew"/>.</summary>
    public ObjectEditor(ObjectKindModel<T> model, IConfigurationDoor door, T item, bool isNew)
    {
        (this.model, this.door, Original, Draft, IsNew) = (model, door, item, item, isNew);
    }

    /// <summary>The object as it was read.</summary>
    public T Original { get; private set; }

    /// <summary>The object as it will be saved.</summary>
    public T Draft { get; private set; }

    /// <summary>Not saved yet.</summary>
    public bool IsNew { get; private set; }

    /// <summary>The draft says something else than what was read.</summary>
    public bool IsDirty => !Draft.Equals(Original);

    /// <summary>A save is under way.</summary>
    public bool Saving { get; private set; }

    /// <summary>What the last save said.</summary>
    public IReadOnlyList<PbxError> Errors { get; private set; } = [];

    /// <summary>Somebody else saved or removed the object while the draft was being changed.</summary>
    public bool IsStale { get; private set; }

    /// <summary>Asks, where something speaks against saving a draft, whether it is meant; false leaves it unsaved.</summary>
    public Func<T, Task<bool>>? Ask { get; set; }

    /// <inheritdoc/>
    public bool ReadOnly => Saving;

    /// <inheritdoc/>
    public event Action? Changed;

    /// <summary>Replaces the draft.</summary>
    public void Set(T draft)
    {
        Draft = draft;
        Changed?.Invoke();
    }

    /// <summary>Goes back to what was read.</summary>
    public void Discard()
    {
        Draft = Original;
        Errors = [];
        Changed?.Invoke();
    }

    /// <summary>
    /// Takes note of a newer stored object: follows it when nothing was changed here, else marks the editor stale.
    /// </summary>
    public void Observe(T? stored)
    {
        if (IsNew || Saving || stored?.Version == Original.Version) return;
        if (stored is null || IsDirty) IsStale = true;
        else Load(stored);
    }

    /// <summary>Drops the draft for the newest stored object; false when it is gone.</summary>
    public bool Reload()
    {
        if (model.Find(door.Current, Original.Key) is not { } stored) return false;
        Load(stored);
        Changed?.Invoke();
        return true;
    }

    /// <summary>Saves the draft; on success the editor holds the stored object.</summary>
    public async Task<bool> SaveAsync()
    {
        if (Saving) return false;
        Saving = true;
        try
        {
            if (Ask is { } ask && !await ask(Draft)) return false;
            var item = IsNew ? model.AsNew(Draft, model.KeyFor(Draft, door.Current)) : Draft;
            var result = await door.ApplyAsync([new Change.Put(item)]);
            Errors = result.Errors;
            IsStale = result.Errors.Any(e => e.Code == "conflict");
            if (!result.Succeeded) return false;
            IsNew = false;
            Load(model.Find(result.Value, item.Key) ?? item);
            return true;
        }
        finally
        {
            Saving = false;
            Changed?.Invoke();
        }
    }

    /// <summary>Removes the stored object.</summary>
    public async Task<bool> RemoveAsync()
    {
        var result = await door.ApplyAsync([new Change.Remove(new ObjectRef(Original.Kind, Original.Key), Original.Version)]);
        Errors = result.Errors;
        return result.Succeeded;
    }

    /// <summary>The objects that use this one and so prevent its removal.</summary>
    public IReadOnlyList<ObjectRef> UsedBy()
    {
        var self = new ObjectRef(Original.Kind, Original.Key);
        return
        [
            .. References.To(door.Current, self).Select(r => r.From).Distinct()
                .Where(from => from != self && from.Kind is not (ObjectKind.ClosureSwitch or ObjectKind.AgentLogin)),
        ];
    }

    /// <inheritdoc/>
    public IEnumerable<PbxError> ErrorsAt(string path) => Errors.Where(e => IsWithin(PathInObject(e.Path), path));

    /// <summary>The part of an error's path behind kind and key.</summary>
    public static string PathInObject(string path)
    {
        var parts = path.Split('/', 3);
        // The settings are one object without a key.
        if (parts is ["settings", _, ..]) return path["settings/".Length..];
        return parts.Length == 3 ? parts[2] : parts.Length == 1 ? path : "";
    }

    private static bool IsWithin(string path, string field) =>
        path.StartsWith(field, StringComparison.OrdinalIgnoreCase) && (path.Length == field.Length || path[field.Length] == '/');

    private void Load(T stored)
    {
        (Original, Draft) = (stored, stored);
        Errors = [];
        IsStale = false;
    }
}
