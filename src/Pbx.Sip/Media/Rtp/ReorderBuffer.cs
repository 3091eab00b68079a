namespace Pbx.Sip.Media.Rtp;

/// <summary>
/// Puts packets back in order for whoever decodes them: what comes in order passes at once; behind a gap packets wait for the missing one until three
/// wait, or one is there that is more than three ahead, or 80 ms have passed; then it counts as lost. The room is made when the first packet waits: most legs never need it.
/// </summary>
internal sealed class ReorderBuffer
{
    /// <summary>How many wait at most, and how far ahead they may be, before the missing one is given up.</summary>
    private const int Reach = 3;

    /// <summary>Room for those that wait, wherever in the next third of a second they belong.</summary>
    private const int Slots = 16;
    private const int MaxPayload = 960;
    private const long MaxWait = 80_000;

    private RtpHeader[] headers = [];
    private long[] arrivals = [];
    private bool[] filled = [];
    private byte[] payloads = [];
    private ushort expected;
    private ushort farthest;
    private uint ssrc;
    private bool started;
    private long waitingSince;
    private int held;

    /// <summary>Forgets what it holds.</summary>
    public void Reset()
    {
        started = false;
        held = 0;
        Array.Clear(filled);
    }

    /// <summary>Offers a packet; true when it is the next in order and may be used right away. After that, take what waits behind it.</summary>
    public bool Offer(in RtpHeader header, ReadOnlySpan<byte> payload, long now)
    {
        if (payload.Length > MaxPayload) return false;
        var ahead = (short)(header.Sequence - expected);
        // Where so much is missing nobody waits for it, and what waits is as old.
        if (!started || header.Ssrc != ssrc || ahead is >= Slots or < -100)
        {
            Reset();
            started = true;
            ssrc = header.Ssrc;
            expected = (ushort)(header.Sequence + 1);
            return true;
        }
        if (ahead < 0) return false;
        if (ahead == 0)
        {
            expected++;
            return true;
        }
        Keep(header, payload, now);
        return false;
    }

    /// <summary>Takes the next packet that waits, once it is due; call until it gives none.</summary>
    public bool TryTake(long now, out RtpHeader header, out ReadOnlySpan<byte> payload)
    {
        header = default;
        payload = default;
        if (held == 0) return false;
        if (!IsThere(expected))
        {
            if (held < Reach && (short)(farthest - expected) <= Reach && now - waitingSince < MaxWait) return false;
            while (!IsThere(expected)) expected++;
        }
        var slot = expected % Slots;
        header = headers[slot];
        payload = payloads.AsSpan(slot * MaxPayload, header.PayloadLength);
        filled[slot] = false;
        expected++;
        if (--held > 0) waitingSince = OldestArrival();
        return true;
    }

    private bool IsThere(ushort sequence) => filled[sequence % Slots] && headers[sequence % Slots].Sequence == sequence;

    private void Keep(in RtpHeader header, ReadOnlySpan<byte> payload, long now)
    {
        if (payloads.Length == 0) (headers, arrivals, filled, payloads) = (new RtpHeader[Slots], new long[Slots], new bool[Slots], new byte[Slots * MaxPayload]);
        var slot = header.Sequence % Slots;
        if (filled[slot]) return; // the same again
        if (held++ == 0) (waitingSince, farthest) = (now, header.Sequence);
        else if ((short)(header.Sequence - farthest) > 0) farthest = header.Sequence;
        filled[slot] = true;
        headers[slot] = header;
        arrivals[slot] = now;
        payload.CopyTo(payloads.AsSpan(slot * MaxPayload));
    }

    private long OldestArrival()
    {
        var oldest = long.MaxValue;
        for (var slot = 0; slot < Slots; slot++)
            if (filled[slot] && arrivals[slot] < oldest) oldest = arrivals[slot];
        return oldest;
    }
}
