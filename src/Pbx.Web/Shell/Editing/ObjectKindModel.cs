using System.Globalization;
using Pbx.Core.Common;
using Pbx.Core.Snapshot;
using Pbx.Web.Localization;

namespace Pbx.Web.Shell.Editing;

/// <summary>A column of a list: its title and what it shows of an object.</summary>
/// <param name="Title">Title in the language asked for.</param>
/// <param name="Text">What it shows, for the eye, the filter and the sorting alike.</param>
/// <param name="Wide">Hidden on small screens.</param>
public sealed record ListColumn<T>(Func<Texts, string> Title, Func<T, PbxSnapshot, Texts, string> Text, bool Wide = false);

/// <summary>What list and editor need to know of one kind of object: where it lies, how a new one begins, what its list shows.</summary>
public abstract class ObjectKindModel<T> where T : class, IConfigObject
{
    /// <summary>Which kind.</summary>
    public abstract ObjectKind Kind { get; }

    /// <summary>The columns of the list; the first one leads to the object.</summary>
    public abstract IReadOnlyList<ListColumn<T>> Columns { get; }

    /// <summary>All stored objects, in no order.</summary>
    public abstract IEnumerable<T> All(PbxSnapshot snapshot);

    /// <summary>A new object with everything that can be guessed.</summary>
    public abstract T New(PbxSnapshot snapshot);

    /// <summary>The same object under a key, as one that was never stored.</summary>
    public abstract T AsNew(T item, string key);

    /// <summary>The name shown to people.</summary>
    public abstract string NameOf(T item);

    /// <summary>The stored object of a key, or null.</summary>
    public T? Find(PbxSnapshot snapshot, string key) => snapshot.Find(new ObjectRef(Kind, key)) as T;

    /// <summary>The key that a new object gets: made from its name, and free.</summary>
    public virtual string KeyFor(T item, PbxSnapshot snapshot) => KeyNames.Free(KeyText(item), key => Find(snapshot, key) is null);

    /// <summary>What the key of a new object is made from.</summary>
    protected virtual string KeyText(T item) => NameOf(item);

    /// <summary>The objects whose columns hold every word of the filter, ignoring case and accents, sorted by a column.</summary>
    public IReadOnlyList<T> Matching(PbxSnapshot snapshot, Texts texts, string? filter, int sortColumn = 0, bool descending = false)
    {
        var words = (filter ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var compare = texts.Culture.CompareInfo;
        const CompareOptions Loosely = CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace;
        var matching = All(snapshot).Where(item =>
        {
            var text = string.Join(' ', Columns.Select(c => c.Text(item, snapshot, texts)));
            return words.All(word => compare.IndexOf(text, word, Loosely) >= 0);
        });
        var sorted = matching.OrderBy(item => Columns[sortColumn].Text(item, snapshot, texts),
            Comparer<string>.Create((x, y) => compare.Compare(x, y, CompareOptions.IgnoreCase | CompareOptions.NumericOrdering)));
        return descending ? [.. sorted.Reverse()] : [.. sorted];
    }
}
