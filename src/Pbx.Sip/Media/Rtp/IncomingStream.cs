namespace Pbx.Sip.Media.Rtp;

/// <summary>
/// Counts what comes in: loss and jitter (RFC 3550 sections 6.4.1 and appendices A.1, A.3, A.8). A far end that starts a new SSRC goes on in
/// the same totals.
/// </summary>
internal struct IncomingStream
{
    private const int MaxDropout = 3000;
    private const int MaxMisorder = 100;

    private bool started;
    private ushort highest;
    private uint cycles;
    private uint first;
    private uint received;
    private uint expectedBefore;
    private uint receivedBefore;
    private long lostEarlier;
    private double transit;
    private int suspect;
    private bool timed;

    /// <summary>The sender's SSRC.</summary>
    public uint Ssrc { get; private set; }

    /// <summary>Packets accepted, all together.</summary>
    public long Received { get; private set; }

    /// <summary>Interarrival jitter in seconds.</summary>
    public double Jitter { get; private set; }

    /// <summary>The extended highest sequence number.</summary>
    public readonly uint HighestSequence => cycles + highest;

    /// <summary>Packets lost, all together; late ones that came after all are not.</summary>
    public readonly long Lost => lostEarlier + (started ? Math.Max(0, Expected - received) : 0);

    /// <summary>True once a packet came.</summary>
    public readonly bool Started => started;

    private readonly long Expected => (long)HighestSequence - first + 1;

    /// <summary>How far a packet's sequence lies ahead of the highest of the same SSRC.</summary>
    public readonly int AheadBy(ushort sequence) => (short)(sequence - highest);

    /// <summary>
    /// Counts a packet that arrived at <paramref name="now"/> (microseconds). A clock of 0 leaves jitter alone: the packets of an event repeat a
    /// timestamp.
    /// </summary>
    public void Count(in RtpHeader header, long now, int clockRate)
    {
        if (!started || header.Ssrc != Ssrc) Restart(header);
        else if (!Advance(header.Sequence)) Restart(header);
        received++;
        Received++;
        if (clockRate == 0) return;
        var arrival = (now / 1e6) - ((double)header.Timestamp / clockRate);
        if (timed)
        {
            var difference = Math.Abs(arrival - transit);
            if (difference < 10) Jitter += (difference - Jitter) / 16; // a jump of the far end's clock is no jitter
        }
        transit = arrival;
        timed = true;
    }

    /// <summary>Fraction lost since the last call, in 1/256 (RFC 3550 appendix A.3).</summary>
    public byte TakeFractionLost()
    {
        var expected = (uint)Expected - expectedBefore;
        var got = received - receivedBefore;
        expectedBefore = (uint)Expected;
        receivedBefore = received;
        return expected == 0 || got >= expected ? (byte)0 : (byte)Math.Min(255, ((expected - got) << 8) / expected);
    }

    // False when the sender has evidently started its count anew: two packets in a row far from where it was.
    private bool Advance(ushort sequence)
    {
        var ahead = (ushort)(sequence - highest);
        if (ahead < MaxDropout)
        {
            if (sequence < highest) cycles += 0x10000;
            highest = sequence;
            suspect = -1;
            return true;
        }
        if (ahead > 0x10000 - MaxMisorder) return true;
        if (suspect == sequence) return false;
        suspect = (ushort)(sequence + 1);
        return true;
    }

    private void Restart(in RtpHeader header)
    {
        lostEarlier = Lost;
        started = true;
        Ssrc = header.Ssrc;
        highest = header.Sequence;
        first = header.Sequence;
        cycles = 0;
        received = 0;
        expectedBefore = 0;
        receivedBefore = 0;
        suspect = -1;
        timed = false;
    }
}
