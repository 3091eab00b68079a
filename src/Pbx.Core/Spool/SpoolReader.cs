namespace Pbx.Core.Spool;

/// <summary>Reads the committed lines of the spool in order, in batches, and deletes the files whose lines are all done with.</summary>
internal sealed class SpoolReader
{
    private const int ChunkSize = 256 * 1024;
    private readonly Lock gate = new();
    private readonly LinkedList<SpoolSegment> segments = new();
    private long offset;
    private long pending;

    /// <summary>Lines not done with.</summary>
    public long Pending => Interlocked.Read(ref pending);

    /// <summary>Takes over a segment found at start: counts its lines and cuts off what is damaged. Returns its good lines.</summary>
    public IReadOnlyList<SpoolEntry> Recover(SpoolSegment segment, out long damagedBytes)
    {
        var entries = new List<SpoolEntry>();
        var position = Read(segment, 0, segment.Committed, int.MaxValue, entries);
        damagedBytes = segment.Committed - position;
        segment.CutAt(position);
        Interlocked.Add(ref pending, entries.Count);
        Add(segment);
        return entries;
    }

    /// <summary>A segment that the writer is about to append to.</summary>
    public void Add(SpoolSegment segment)
    {
        lock (gate) segments.AddLast(segment);
    }

    /// <summary>That many lines more have been committed.</summary>
    public void Committed(int lines) => Interlocked.Add(ref pending, lines);

    /// <summary>The next lines; empty when there are none. They come again until <see cref="Done"/>.</summary>
    public SpoolBatch Peek(int most)
    {
        lock (gate)
        {
            while (segments.First is { } first)
            {
                var entries = new List<SpoolEntry>();
                // Looked at once: the writer goes on appending meanwhile.
                var end = first.Value.Committed;
                var position = Read(first.Value, offset, end, most, entries);
                if (entries.Count == 0 && position < end)
                    throw new InvalidDataException($"{first.Value.Path} was damaged at {position} while in use.");
                if (entries.Count > 0 || first.Next is null) return new SpoolBatch(entries, position);
                Remove(first);
            }
            return new SpoolBatch([], 0);
        }
    }

    /// <summary>The lines of the batch are in the database.</summary>
    public void Done(SpoolBatch batch)
    {
        lock (gate)
        {
            offset = batch.End;
            Interlocked.Add(ref pending, -batch.Entries.Count);
            while (segments.First is { Next: not null } first && offset >= first.Value.Committed) Remove(first);
        }
    }

    /// <summary>Closes the files; they stay unless all is done with.</summary>
    public void Close()
    {
        lock (gate)
        {
            var empty = Pending == 0;
            foreach (var segment in segments)
            {
                segment.Dispose();
                if (empty) File.Delete(segment.Path);
            }
            segments.Clear();
        }
    }

    private void Remove(LinkedListNode<SpoolSegment> node)
    {
        segments.Remove(node);
        node.Value.Dispose();
        File.Delete(node.Value.Path);
        offset = 0;
    }

    /// <summary>Adds the lines from a position on, at most so many; returns where it stopped: at the end, enough, or damage.</summary>
    private static long Read(SpoolSegment segment, long position, long end, int most, List<SpoolEntry> entries)
    {
        var chunkSize = ChunkSize;
        while (position < end && entries.Count < most)
        {
            var chunk = segment.Read(position, (int)Math.Min(chunkSize, end - position));
            var used = 0;
            while (entries.Count < most && SpoolFrame.TryRead(chunk.AsSpan(used), out var size) is { } entry)
            {
                entries.Add(entry);
                used += size;
            }
            position += used;
            if (used > 0) continue;
            // A line longer than a chunk is rare (a call of very many steps): read again with all that a line may have.
            if (chunk.Length < chunkSize || chunkSize > ChunkSize) break;
            chunkSize = SpoolFrame.MaxContent + ChunkSize;
        }
        return position;
    }
}

/// <summary>Lines read together.</summary>
/// <param name="Entries">The lines, in order.</param>
/// <param name="End">Where the next line begins in their segment.</param>
internal sealed record SpoolBatch(IReadOnlyList<SpoolEntry> Entries, long End);
