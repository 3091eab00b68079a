namespace Pbx.Sip.Media.Rtp;

/// <summary>
/// The one RTP stream of a leg: a single SSRC and a sequence without jumps, whatever feeds it. Sound of our own counts by frames; relayed
/// packets keep their gaps and their order by an offset to the sender's numbers, which is taken anew at each change of source.
/// </summary>
internal struct OutgoingStream
{
    private const int MaxGap = 500;
    private const int MaxMisorder = 63;
    private const long JumpMicroseconds = 5_000_000;

    private ushort sequence;
    private uint timestamp;
    private long sentAt;
    private uint lastDuration;
    private int clockRate;
    private object? source;
    private uint sourceSsrc;
    private ushort sourceHighest;
    private uint sourceTimestamp;
    private long sourceAt;
    private ushort sequenceOffset;
    private uint timestampOffset;
    private ulong seen;
    private int sinceStart;
    private long eventAt;

    /// <summary>Starts a stream with random numbers (RFC 3550 section 5.1).</summary>
    public static OutgoingStream Start(Random random) => new()
    {
        Ssrc = (uint)random.NextInt64(1, uint.MaxValue),
        sequence = (ushort)random.Next(0x8000),
        timestamp = (uint)random.NextInt64(uint.MaxValue),
        clockRate = 8000,
    };

    /// <summary>Its SSRC.</summary>
    public uint Ssrc { get; init; }

    /// <summary>Packets sent.</summary>
    public long Packets { get; private set; }

    /// <summary>Payload bytes sent.</summary>
    public long Octets { get; private set; }

    /// <summary>The last sequence number sent.</summary>
    public readonly ushort Sequence => sequence;

    /// <summary>The RTP timestamp that belongs to an instant, for sender reports.</summary>
    public readonly uint TimestampAt(long now) => timestamp + ToClock(now - sentAt);

    /// <summary>The stream's clock; changing it keeps the timestamp going (RFC 7160).</summary>
    public void UseClock(int rate)
    {
        if (clockRate == rate || rate <= 0) return;
        clockRate = rate;
        source = null;
        lastDuration = 0;
    }

    /// <summary>
    /// Writes the header of a packet of our own sound. The same <paramref name="from"/> as before counts on by its frames; another one is a
    /// change of source: marker set, timestamp moved by the time that passed.
    /// </summary>
    public void WriteOwn(Span<byte> packet, object from, int payloadType, uint duration, long now)
    {
        var change = !ReferenceEquals(source, from);
        timestamp += change ? Passed(now) : lastDuration;
        source = from;
        Finish(packet, payloadType, change, duration, now);
    }

    /// <summary>Writes the header of a packet that repeats the timestamp of an event's start (RFC 4733 section 2.5.1.1).</summary>
    public void WriteEvent(Span<byte> packet, object from, int payloadType, bool first, int payloadBytes, long now)
    {
        if (first)
        {
            timestamp += Passed(now);
            eventAt = now;
        }
        source = from;
        sequence++;
        RtpHeader.Write(packet, payloadType, first, sequence, timestamp, Ssrc);
        sentAt = eventAt; // the timestamp stands for the start, so time passed counts from there
        lastDuration = 0;
        Packets++;
        Octets += payloadBytes;
    }

    /// <summary>
    /// Writes the header of a relayed packet; false when it is a duplicate or too old to be sent after what was sent.
    /// </summary>
    public bool WriteRelayed(Span<byte> packet, object from, in RtpHeader header, int payloadType, int payloadBytes, long now)
    {
        var marker = header.Marker;
        if (IsNewSource(from, header, now))
        {
            StartSource(from, header, now);
            marker = true;
        }
        var step = (short)(header.Sequence - sourceHighest);
        if (!Admit(step)) return false;
        if (step > 0)
        {
            sourceHighest = header.Sequence;
            sourceTimestamp = header.Timestamp;
            sourceAt = now;
            sequence = (ushort)(header.Sequence + sequenceOffset);
            timestamp = header.Timestamp + timestampOffset;
            sentAt = now;
            lastDuration = (uint)clockRate / 50;
        }
        RtpHeader.Write(packet, payloadType, marker, (ushort)(header.Sequence + sequenceOffset), header.Timestamp + timestampOffset, Ssrc);
        Packets++;
        Octets += payloadBytes;
        return true;
    }

    /// <summary>Leaves out a packet of the source that is relayed, so that no gap is seen where nothing was lost.</summary>
    public void SkipRelayed(object from, in RtpHeader header)
    {
        if (!ReferenceEquals(source, from) || header.Ssrc != sourceSsrc || (short)(header.Sequence - sourceHighest) != 1) return;
        sourceHighest++;
        sequenceOffset--;
    }

    /// <summary>Ends the present source, so that whatever comes next is a change.</summary>
    public void EndSource() => source = null;

    private readonly bool IsNewSource(object from, in RtpHeader header, long now)
    {
        if (!ReferenceEquals(source, from) || header.Ssrc != sourceSsrc) return true;
        var step = (short)(header.Sequence - sourceHighest);
        if (step > MaxGap || step < -MaxGap) return true;
        var drift = ((int)(header.Timestamp - sourceTimestamp) * 1_000_000L / clockRate) - (now - sourceAt);
        return step > 0 && Math.Abs(drift) > JumpMicroseconds;
    }

    private void StartSource(object from, in RtpHeader header, long now)
    {
        source = from;
        sourceSsrc = header.Ssrc;
        sourceHighest = (ushort)(header.Sequence - 1);
        sequenceOffset = (ushort)(sequence + 1 - header.Sequence);
        timestampOffset = timestamp + Passed(now) - header.Timestamp;
        seen = 0;
        sinceStart = 0;
    }

    // A window of the last 64 numbers tells duplicates; nothing before the source's first number may be sent, for it would be another's.
    private bool Admit(int step)
    {
        if (step > 0)
        {
            seen = step > MaxMisorder ? 1 : (seen << step) | 1;
            sinceStart = Math.Min(sinceStart + step, MaxMisorder);
            return true;
        }
        var bit = 1UL << -step;
        if (step < -MaxMisorder || -step >= sinceStart || (seen & bit) != 0) return false;
        seen |= bit;
        return true;
    }

    private void Finish(Span<byte> packet, int payloadType, bool marker, uint duration, long now)
    {
        sequence++;
        RtpHeader.Write(packet, payloadType, marker, sequence, timestamp, Ssrc);
        sentAt = now;
        lastDuration = duration;
        Packets++;
        Octets += duration;
    }

    private readonly uint Passed(long now) => sentAt == 0 ? 0 : Math.Max(lastDuration, ToClock(now - sentAt));

    private readonly uint ToClock(long microseconds) => (uint)(microseconds * clockRate / 1_000_000);
}
