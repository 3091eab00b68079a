namespace Pbx.Sip.Defence;

/// <summary>A table of fixed size: when it is full, what was touched longest ago makes room. Not for several threads at once.</summary>
internal sealed class RecentTable<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Dictionary<TKey, LinkedListNode<KeyValuePair<TKey, TValue>>> places = [];
    private readonly LinkedList<KeyValuePair<TKey, TValue>> byAge = new();

    /// <summary>How many there are.</summary>
    public int Count => places.Count;

    /// <summary>All, the one touched longest ago first.</summary>
    public IEnumerable<KeyValuePair<TKey, TValue>> All => byAge;

    /// <summary>The value of a key, without touching it.</summary>
    public TValue? Find(TKey key) => places.TryGetValue(key, out var place) ? place.Value.Value : default;

    /// <summary>Puts or replaces a value; gives the key that had to go for it.</summary>
    public bool Put(TKey key, TValue value, out TKey gone)
    {
        gone = key;
        if (places.Remove(key, out var old)) byAge.Remove(old);
        var full = places.Count >= capacity;
        if (full)
        {
            gone = byAge.First!.Value.Key;
            places.Remove(gone);
            byAge.RemoveFirst();
        }
        places[key] = byAge.AddLast(KeyValuePair.Create(key, value));
        return full;
    }

    /// <summary>Takes one out.</summary>
    public bool Remove(TKey key)
    {
        if (!places.Remove(key, out var place)) return false;
        byAge.Remove(place);
        return true;
    }
}
