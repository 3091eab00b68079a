using System.Diagnostics.CodeAnalysis;

namespace Pbx.Sip.Endpoint;

/// <summary>
/// A bounded ring from many producers to the shard's thread, without locks: each cell has a sequence number that says whose turn it is.
/// The last part of it is reserved: new work finds it full while work of things that exist still finds room.
/// </summary>
internal sealed class ShardRing
{
    private readonly Cell[] cells;
    private readonly int mask;
    private readonly int roomForNew;
    private PaddedCounter head;
    private PaddedCounter tail;

    /// <summary>A ring of that capacity (a power of two), of which <paramref name="reserved"/> cells are not for new work.</summary>
    public ShardRing(int capacity, int reserved)
    {
        if (capacity < 2 || (capacity & (capacity - 1)) != 0) throw new ArgumentOutOfRangeException(nameof(capacity));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(reserved, capacity);
        cells = new Cell[capacity];
        for (var i = 0; i < capacity; i++) cells[i].Sequence = i;
        mask = capacity - 1;
        roomForNew = capacity - reserved;
    }

    /// <summary>Work that waits, nearly: producers may be at it.</summary>
    public int Count => (int)Math.Max(0, Volatile.Read(ref tail.Value) - Volatile.Read(ref head.Value));

    /// <summary>When the oldest piece that waits was added; null when none waits. A hint, read from any thread.</summary>
    public long? OldestTimestamp
    {
        get
        {
            var position = Volatile.Read(ref head.Value);
            ref var cell = ref cells[position & mask];
            if (Volatile.Read(ref cell.Sequence) != position + 1) return null;
            return Volatile.Read(ref cell.Timestamp);
        }
    }

    /// <summary>Adds work from any thread; false when there is no room for it.</summary>
    public bool TryAdd(Action<object?> handler, object? state, long timestamp, bool isNew)
    {
        while (true)
        {
            var position = Volatile.Read(ref tail.Value);
            if (isNew && position - Volatile.Read(ref head.Value) >= roomForNew) return false;
            ref var cell = ref cells[position & mask];
            var ahead = Volatile.Read(ref cell.Sequence) - position;
            if (ahead < 0) return false;
            if (ahead > 0 || Interlocked.CompareExchange(ref tail.Value, position + 1, position) != position) continue;
            (cell.Handler, cell.State) = (handler, state);
            Volatile.Write(ref cell.Timestamp, timestamp);
            Volatile.Write(ref cell.Sequence, position + 1);
            return true;
        }
    }

    /// <summary>Takes the oldest work; the shard's thread only.</summary>
    public bool TryTake([NotNullWhen(true)] out Action<object?>? handler, out object? state)
    {
        var position = head.Value;
        ref var cell = ref cells[position & mask];
        if (Volatile.Read(ref cell.Sequence) != position + 1)
        {
            (handler, state) = (null, null);
            return false;
        }
        (handler, state) = (cell.Handler!, cell.State);
        (cell.Handler, cell.State) = (null, null);
        Volatile.Write(ref cell.Sequence, position + cells.Length);
        Volatile.Write(ref head.Value, position + 1);
        return true;
    }

    private struct Cell
    {
        public long Sequence;
        public long Timestamp;
        public Action<object?>? Handler;
        public object? State;
    }

    /// <summary>Alone on its cache line: producers and consumer do not slow each other.</summary>
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit, Size = 192)]
    private struct PaddedCounter
    {
        [System.Runtime.InteropServices.FieldOffset(64)]
        public long Value;
    }
}
