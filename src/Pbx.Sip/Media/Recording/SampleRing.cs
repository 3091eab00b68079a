namespace Pbx.Sip.Media.Recording;

/// <summary>Samples on their way from a media loop to the writer's thread: one writes, the other reads, neither waits.</summary>
internal sealed class SampleRing
{
    private const int Capacity = 1 << 16; // 8 s at 8 kHz
    private readonly short[] samples = new short[Capacity];
    private long written;
    private long read;

    /// <summary>Adds samples; false when the reader is too far behind, and then none are added.</summary>
    public bool TryWrite(ReadOnlySpan<short> input)
    {
        if (written - Volatile.Read(ref read) + input.Length > Capacity) return false;
        var at = (int)(written % Capacity);
        var first = Math.Min(input.Length, Capacity - at);
        input[..first].CopyTo(samples.AsSpan(at));
        input[first..].CopyTo(samples);
        Volatile.Write(ref written, written + input.Length);
        return true;
    }

    /// <summary>Takes samples; returns how many.</summary>
    public int Read(Span<short> output)
    {
        var count = (int)Math.Min(output.Length, Volatile.Read(ref written) - read);
        var at = (int)(read % Capacity);
        var first = Math.Min(count, Capacity - at);
        samples.AsSpan(at, first).CopyTo(output);
        samples.AsSpan(0, count - first).CopyTo(output[first..]);
        Volatile.Write(ref read, read + count);
        return count;
    }
}
