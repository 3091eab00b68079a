namespace Pbx.Sip.Media.Rtp;

/// <summary>
/// Puts packets back in order for whoever decodes them: what comes in order passes at once; behind a gap up to three packets wait for the
/// missing one, then it counts as lost. Payloads lie in one preallocated array.
/// </summary>
internal sealed class ReorderBuffer
{
    private const int Slots = 4;
    private const int MaxPayload = 960;
    private const long MaxWait = 80_000;

    private readonly byte[] payloads = new byte[Slots * MaxPayload];
    private readonly RtpHeader[] headers = new RtpHeader[Slots];
    private readonly bool[] filled = new bool[Slots];
    private ushort expected;
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
        if (!started || header.Ssrc != ssrc || ahead is > 100 or < -100)
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
            if (held < Slots - 1 && now - waitingSince < MaxWait) return false;
            while (!IsThere(expected)) expected++;
        }
        var slot = expected % Slots;
        header = headers[slot];
        payload = payloads.AsSpan(slot * MaxPayload, header.PayloadLength);
        filled[slot] = false;
        held--;
        expected++;
        return true;
    }

    private bool IsThere(ushort sequence) => filled[sequence % Slots] && headers[sequence % Slots].Sequence == sequence;

    private void Keep(in RtpHeader header, ReadOnlySpan<byte> payload, long now)
    {
        var slot = header.Sequence % Slots;
        if (filled[slot]) return; // the same again, or further ahead than there is room for
        if (held++ == 0) waitingSince = now;
        filled[slot] = true;
        headers[slot] = header;
        payload.CopyTo(payloads.AsSpan(slot * MaxPayload));
    }
}
