using System.Buffers.Binary;

namespace Pbx.Sip.Media.Rtp;

/// <summary>The header of an RTP packet (RFC 3550 section 5.1) and where its payload lies.</summary>
internal readonly record struct RtpHeader(int PayloadType, bool Marker, ushort Sequence, uint Timestamp, uint Ssrc, int PayloadOffset,
    int PayloadLength)
{
    /// <summary>Bytes of a header without extras, as we send it.</summary>
    public const int Size = 12;

    /// <summary>Reads a header; false when the packet is no valid RTP (lengths that do not fit, wrong version).</summary>
    public static bool TryRead(ReadOnlySpan<byte> packet, out RtpHeader header)
    {
        header = default;
        if (packet.Length < Size || packet[0] >> 6 != 2) return false;
        var offset = Size + (4 * (packet[0] & 15));
        if ((packet[0] & 0x10) != 0)
        {
            if (packet.Length < offset + 4) return false;
            offset += 4 + (4 * BinaryPrimitives.ReadUInt16BigEndian(packet[(offset + 2)..]));
        }
        var padding = (packet[0] & 0x20) != 0 ? packet[^1] : 0;
        var length = packet.Length - offset - padding;
        if (length < 0 || ((packet[0] & 0x20) != 0 && padding == 0)) return false;
        header = new(packet[1] & 0x7F, (packet[1] & 0x80) != 0, BinaryPrimitives.ReadUInt16BigEndian(packet[2..]),
            BinaryPrimitives.ReadUInt32BigEndian(packet[4..]), BinaryPrimitives.ReadUInt32BigEndian(packet[8..]), offset, length);
        return true;
    }

    /// <summary>Writes a plain header.</summary>
    public static void Write(Span<byte> packet, int payloadType, bool marker, ushort sequence, uint timestamp, uint ssrc)
    {
        packet[0] = 0x80;
        packet[1] = (byte)(payloadType | (marker ? 0x80 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], ssrc);
    }
}
