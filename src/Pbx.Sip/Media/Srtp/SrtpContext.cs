using System.Buffers.Binary;
using Pbx.Sip.Sdp;

namespace Pbx.Sip.Media.Srtp;

/// <summary>
/// One direction of SRTP and SRTCP under one master key (RFC 3711), for sending or for receiving: session keys, roll-over counter and replay
/// window of each SSRC. Costs no garbage per packet. Belongs to one thread.
/// </summary>
internal sealed class SrtpContext : IDisposable
{
    /// <summary>The most that a packet grows: tag, index of RTCP. Ours carry no key identifier.</summary>
    public const int MaxGrowth = 16 + 4;

    // To forget one of them would let its packets be replayed, so a far end that starts ever new streams under one key is not followed for ever.
    private const int MostStreams = 64;
    private const long EndOfIndices = 1L << 48;
    private const uint EndOfRtcp = 0x7FFF_FFFF;
    private const uint Encrypted = 0x8000_0000;
    private const int RtcpHeader = 8;
    private const int RtpHeader = 12;
    private const int LongestPacket = 2048;

    private readonly SrtpTransform rtp;
    private readonly SrtpTransform rtcp;
    private readonly byte[] mki;
    private Stream[] streams = new Stream[2];
    private int count;

    /// <summary>Takes the master key.</summary>
    public SrtpContext(SrtpKey key)
    {
        Key = key;
        mki = key.Mki.ToArray();
        rtp = SrtpTransform.Create(key, rtcp: false);
        rtcp = SrtpTransform.Create(key, rtcp: true);
    }

    /// <summary>The master key.</summary>
    public SrtpKey Key { get; }

    /// <summary>
    /// Protects an RTP packet in place and returns its length with what is added; 0 when it is no RTP or its number was used before: a key
    /// stream that is used twice gives both texts away.
    /// </summary>
    /// <param name="buffer">The packet and room for <see cref="MaxGrowth"/> behind it.</param>
    /// <param name="length">Its length.</param>
    public int Protect(Span<byte> buffer, int length)
    {
        var packet = buffer[..length];
        if (!TryReadHeader(packet, out var header, out var sequence, out var ssrc) || !TryFind(ssrc, add: true, out var at)) return 0;
        ref var stream = ref streams[at];
        var index = stream.Rtp.Estimate(sequence);
        if (index is < 0 or >= EndOfIndices || !stream.Rtp.IsNew(index)) return 0;
        stream.Rtp.Add(index);
        rtp.Seal(ssrc, (ulong)index, packet, header, (uint)(index >> 16), buffer.Slice(length, rtp.TagLength));
        return length + rtp.TagLength;
    }

    /// <summary>Checks and decrypts an RTP packet in place and returns its length; -1 when it is forged, replayed, or no SRTP at all.</summary>
    public int Unprotect(Span<byte> packet)
    {
        var length = packet.Length - rtp.TagLength - mki.Length;
        if (length < 0 || !TryReadHeader(packet[..length], out var header, out var sequence, out var ssrc)) return -1;
        var known = TryFind(ssrc, add: false, out var at);
        var window = known ? streams[at].Rtp : default;
        var index = window.Estimate(sequence);
        if (index is < 0 or >= EndOfIndices || !window.IsNew(index)) return -1;
        Split(packet[length..], rtp.TagLength, out var tag, out var identifier);
        if (!identifier.SequenceEqual(mki)) return -1;
        if (!rtp.Open(ssrc, (ulong)index, packet[..length], header, (uint)(index >> 16), encrypted: true, tag)) return -1;
        if (!known && !TryFind(ssrc, add: true, out at)) return -1;
        streams[at].Rtp.Add(index);
        return length;
    }

    /// <summary>Protects a compound RTCP packet in place and returns its length with what is added; 0 when it cannot be.</summary>
    public int ProtectRtcp(Span<byte> buffer, int length)
    {
        if (length is < RtcpHeader or > LongestPacket) return 0;
        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(buffer[4..]);
        if (!TryFind(ssrc, add: true, out var at) || streams[at].RtcpSent > EndOfRtcp) return 0;
        var index = streams[at].RtcpSent++;
        var word = Encrypted | index;
        // RFC 7714 section 9.2 has the tag before the index, RFC 3711 section 3.4 behind it.
        var (tag, place) = Key.Suite.IsGcm() ? (length, length + rtcp.TagLength) : (length + 4, length);
        rtcp.Seal(ssrc, index, buffer[..length], RtcpHeader, word, buffer.Slice(tag, rtcp.TagLength));
        BinaryPrimitives.WriteUInt32BigEndian(buffer[place..], word);
        return length + 4 + rtcp.TagLength;
    }

    /// <summary>Checks and decrypts an RTCP packet in place and returns its length; -1 when it is forged, replayed, or no SRTCP at all.</summary>
    public int UnprotectRtcp(Span<byte> packet)
    {
        var length = packet.Length - rtcp.TagLength - 4 - mki.Length;
        if (length is < RtcpHeader or > LongestPacket) return -1;
        var behind = packet[length..];
        ReadOnlySpan<byte> tag, identifier;
        uint word;
        if (Key.Suite.IsGcm())
        {
            tag = behind[..rtcp.TagLength];
            word = BinaryPrimitives.ReadUInt32BigEndian(behind[rtcp.TagLength..]);
            identifier = behind[(rtcp.TagLength + 4)..];
        }
        else
        {
            word = BinaryPrimitives.ReadUInt32BigEndian(behind);
            Split(behind[4..], rtcp.TagLength, out tag, out identifier);
        }
        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(packet[4..]);
        var index = word & ~Encrypted;
        var known = TryFind(ssrc, add: false, out var at);
        if (!identifier.SequenceEqual(mki) || (known && !streams[at].Rtcp.IsNew(index))) return -1;
        if (!rtcp.Open(ssrc, index, packet[..length], RtcpHeader, word, (word & Encrypted) != 0, tag)) return -1;
        if (!known && !TryFind(ssrc, add: true, out at)) return -1;
        streams[at].Rtcp.Add(index);
        return length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        rtp.Dispose();
        rtcp.Dispose();
    }

    // Counter mode has the identifier before the tag (RFC 3711 section 3.1), Galois/counter mode behind it (RFC 7714 section 8.2).
    private void Split(ReadOnlySpan<byte> behind, int tagLength, out ReadOnlySpan<byte> tag, out ReadOnlySpan<byte> identifier)
    {
        var at = Key.Suite.IsGcm() ? 0 : behind.Length - tagLength;
        tag = behind.Slice(at, tagLength);
        identifier = at == 0 ? behind[tagLength..] : behind[..at];
    }

    private static bool TryReadHeader(ReadOnlySpan<byte> packet, out int length, out ushort sequence, out uint ssrc)
    {
        (length, sequence, ssrc) = (0, 0, 0);
        if (packet.Length is < RtpHeader or > LongestPacket || packet[0] >> 6 != 2) return false;
        length = RtpHeader + (4 * (packet[0] & 15));
        if ((packet[0] & 0x10) != 0)
        {
            if (packet.Length < length + 4) return false;
            length += 4 + (4 * BinaryPrimitives.ReadUInt16BigEndian(packet[(length + 2)..]));
        }
        sequence = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        ssrc = BinaryPrimitives.ReadUInt32BigEndian(packet[8..]);
        return packet.Length >= length;
    }

    private bool TryFind(uint ssrc, bool add, out int at)
    {
        for (at = 0; at < count; at++)
            if (streams[at].Ssrc == ssrc) return true;
        if (!add || count == MostStreams) return false;
        if (count == streams.Length) Array.Resize(ref streams, 2 * count);
        streams[count++] = new Stream { Ssrc = ssrc };
        return true;
    }

    private struct Stream
    {
        public uint Ssrc;
        public ReplayWindow Rtp;
        public ReplayWindow Rtcp;
        public uint RtcpSent;
    }
}
