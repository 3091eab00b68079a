namespace Pbx.Sip.Authentication;

/// <summary>
/// Which counts of which nonces were used, so that nothing can be replayed (RFC 7616 §3.4, nc). Memory is bounded: when it is full, the
/// oldest entries go, and nonces as old as those then count as stale. From any thread.
/// </summary>
internal sealed class NonceCounts(int capacity = 20_000)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Window> _windows = [];
    private readonly Queue<(string Nonce, long ExpiresAt)> _order = new();
    private long _floor;

    private struct Window
    {
        public uint Highest;
        public ulong Seen;
    }

    /// <summary>How many nonces are remembered.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _windows.Count;
        }
    }

    /// <summary>Takes a count; false when it was used before, is too far behind, or can no longer be known.</summary>
    public bool TryUse(string nonce, uint count, long expiresAt, DateTimeOffset now)
    {
        if (count == 0)
            return false;
        lock (_gate)
        {
            Forget(now.ToUnixTimeSeconds());
            if (_windows.TryGetValue(nonce, out var window))
            {
                if (!Advance(ref window, count))
                    return false;
                _windows[nonce] = window;
                return true;
            }
            if (expiresAt <= _floor)
                return false;
            _windows.Add(nonce, new Window { Highest = count, Seen = 1 });
            _order.Enqueue((nonce, expiresAt));
            return true;
        }
    }

    // Requests over UDP overtake each other: the last 64 counts may come in any order, each once.
    private static bool Advance(ref Window window, uint count)
    {
        if (count > window.Highest)
        {
            var step = count - window.Highest;
            window.Seen = step >= 64 ? 1 : (window.Seen << (int)step) | 1;
            window.Highest = count;
            return true;
        }
        var behind = window.Highest - count;
        var bit = behind >= 64 ? 0 : 1ul << (int)behind;
        if (bit == 0 || (window.Seen & bit) != 0)
            return false;
        window.Seen |= bit;
        return true;
    }

    private void Forget(long now)
    {
        while (_order.TryPeek(out var oldest) && (oldest.ExpiresAt < now || _windows.Count >= capacity))
        {
            _order.Dequeue();
            _windows.Remove(oldest.Nonce);
            if (oldest.ExpiresAt >= now)
                _floor = Math.Max(_floor, oldest.ExpiresAt);
        }
    }
}
