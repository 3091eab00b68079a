using System.Buffers.Binary;

namespace Pbx.Sip.Media.Dtmf;

/// <summary>
/// Receives telephone-events (RFC 4733 section 2.5.2): packets of one key share a timestamp, so each key counts once however often its
/// packets are repeated, and one whose end packets were all lost ends with the next key or after a pause.
/// </summary>
internal struct TelephoneEventReceiver
{
    private const long LostEndAfter = 250_000;
    private const int Clock = 8000;

    private bool any;
    private uint ssrc;
    private uint timestamp;
    private char down;
    private int duration;
    private long lastAt;

    /// <summary>Takes a packet's payload.</summary>
    public DtmfNews Take(ReadOnlySpan<byte> payload, uint sender, uint eventTimestamp, long now)
    {
        if (payload.Length < 4 || payload[0] >= DtmfKeys.ByEvent.Length) return default;
        var key = DtmfKeys.ByEvent[payload[0]];
        var end = (payload[1] & 0x80) != 0;
        var length = BinaryPrimitives.ReadUInt16BigEndian(payload[2..]);
        var age = (int)(eventTimestamp - timestamp);
        lastAt = now;
        if (any && sender == ssrc && age == 0)
        {
            if (down == 0) return default; // its end was taken already
            duration = Math.Max(duration, length);
            return end ? new(default, Release(out var held), held) : default;
        }
        if (any && sender == ssrc && age < 0) return default; // a late packet of an earlier key
        var heldBefore = 0;
        var before = down == 0 ? default : Release(out heldBefore);
        (any, ssrc, timestamp, duration, down) = (true, sender, eventTimestamp, length, key);
        return new(key, before, heldBefore); // when all but an end packet was lost, its repetition or the pause ends it
    }

    /// <summary>Ends a key of which nothing came for a while.</summary>
    public DtmfNews Poll(long now) =>
        down != 0 && now - lastAt > LostEndAfter ? new(default, Release(out var held), held) : default;

    private char Release(out int milliseconds)
    {
        var key = down;
        down = default;
        milliseconds = duration * 1000 / Clock;
        return key;
    }
}
