using Pbx.Core.Common;
using Pbx.Core.Live;

namespace Pbx.Sip.Engine.Registrar;

/// <summary>
/// The rows of all registrations, by extension, as pages show them. Only those of extensions that changed are made anew: with ten thousand phones, a few refresh in each
/// second, and an open page asks as often. Changes are noted from any thread; one at a time builds.
/// </summary>
/// <param name="extensions">The keys of the extensions that have registrations.</param>
/// <param name="rowsOf">The rows of an extension, in order.</param>
internal sealed class RegistrationRows(Func<IEnumerable<string>> extensions, Func<string, IEnumerable<LiveRegistration>> rowsOf)
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, LiveRegistration[]> rows = new(StringComparer.Ordinal);
    // Null: all, as before anybody asks.
    private HashSet<string>? changed;

    /// <summary>Something of this extension is another now.</summary>
    public void Note(string extension)
    {
        lock (gate) changed?.Add(extension);
    }

    /// <summary>Everything is.</summary>
    public void NoteAll()
    {
        lock (gate) changed = null;
    }

    /// <summary>All rows as they are now.</summary>
    public ValueList<LiveRegistration> Build()
    {
        HashSet<string>? anew;
        // What changes from here on is for the next time.
        lock (gate) (anew, changed) = (changed, []);
        if (anew is null) rows.Clear();
        foreach (var extension in anew ?? extensions())
        {
            LiveRegistration[] made = [.. rowsOf(extension)];
            if (made.Length > 0) rows[extension] = made;
            else rows.Remove(extension);
        }
        return rows.Values.SelectMany(each => each).ToValueList();
    }
}
