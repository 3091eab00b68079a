namespace Pbx.Sip.Media;

/// <summary>
/// Hands out port pairs (even for RTP, the next for RTCP: RFC 3550 section 11) in turn, so that a port given back rests as long as the range
/// allows and at least for the time set. Any thread.
/// </summary>
internal sealed class PortAllocator
{
    private readonly Lock gate = new();
    private readonly Queue<(int Port, long FreeAt)> waiting = new();
    private readonly TimeProvider time;
    private readonly TimeSpan rest;
    private int taken;

    /// <summary>A range, both ends included.</summary>
    public PortAllocator(int first, int last, TimeSpan rest, TimeProvider time)
    {
        this.time = time;
        this.rest = rest;
        var pairs = Enumerable.Range(0, Math.Max(0, (last - first + 1) / 2)).Select(i => first + (first & 1) + (2 * i)).Where(port => port + 1 <= last).ToArray();
        var start = pairs.Length == 0 ? 0 : Random.Shared.Next(pairs.Length); // after a restart the ports of the last run rest too
        for (var i = 0; i < pairs.Length; i++) waiting.Enqueue((pairs[(start + i) % pairs.Length], long.MinValue));
    }

    /// <summary>Pairs in use.</summary>
    public int Taken
    {
        get { lock (gate) return taken; }
    }

    /// <summary>Takes a pair and returns its even port; false when all are in use or resting.</summary>
    public bool TryTake(out int port)
    {
        lock (gate)
        {
            port = 0;
            if (!waiting.TryPeek(out var next) || next.FreeAt > time.GetTimestamp()) return false;
            port = waiting.Dequeue().Port;
            taken++;
            return true;
        }
    }

    /// <summary>Gives a pair back.</summary>
    public void Return(int port)
    {
        lock (gate)
        {
            taken--;
            waiting.Enqueue((port, time.GetTimestamp() + (long)(rest.TotalSeconds * time.TimestampFrequency)));
        }
    }
}
