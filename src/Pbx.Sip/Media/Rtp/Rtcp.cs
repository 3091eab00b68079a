using System.Buffers.Binary;
using System.Text;

namespace Pbx.Sip.Media.Rtp;

/// <summary>What a far end's report says of our stream, and what a sender's report says of its clock.</summary>
internal record struct RtcpNews
{
    /// <summary>Middle 32 bits of the NTP time of a sender report; 0: there was none.</summary>
    public uint SenderTime { get; set; }

    /// <summary>True when a report block speaks of our stream.</summary>
    public bool HasReport { get; set; }

    /// <summary>Fraction lost that it reports, in 1/256.</summary>
    public byte FractionLost { get; set; }

    /// <summary>Packets lost that it reports, all together.</summary>
    public int Lost { get; set; }

    /// <summary>Jitter that it reports, in units of the clock.</summary>
    public uint Jitter { get; set; }

    /// <summary>Middle 32 bits of the time of our sender report that it saw last.</summary>
    public uint LastReport { get; set; }

    /// <summary>How long ago it saw it, in 1/65536 s.</summary>
    public uint Delay { get; set; }

    /// <summary>True when it says goodbye.</summary>
    public bool Bye { get; set; }
}

/// <summary>What goes into a report block about the far end's stream (RFC 3550 section 6.4.1).</summary>
internal readonly record struct ReportBlock(uint Ssrc, byte FractionLost, long Lost, uint HighestSequence, uint Jitter, uint LastReport, uint Delay);

/// <summary>Writes and reads RTCP (RFC 3550 section 6). Compound packets always: a report, then SDES with CNAME, then BYE at the end.</summary>
internal static class Rtcp
{
    private const byte SenderReport = 200;
    private const byte ReceiverReport = 201;
    private const byte Sdes = 202;
    private const byte ByeType = 203;

    /// <summary>Longest packet written.</summary>
    public const int MaxSize = 160;

    /// <summary>The 64-bit NTP time of an instant (RFC 3550 section 4).</summary>
    public static ulong NtpTime(DateTimeOffset instant)
    {
        var ticks = (ulong)(instant.UtcTicks - new DateTime(1900, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks);
        return ((ticks / TimeSpan.TicksPerSecond) << 32) | ((ticks % TimeSpan.TicksPerSecond << 32) / TimeSpan.TicksPerSecond);
    }

    /// <summary>Middle 32 bits of an NTP time.</summary>
    public static uint Middle(ulong ntp) => (uint)(ntp >> 16);

    /// <summary>
    /// Writes a compound packet and returns its length: a sender report when <paramref name="packets"/> were sent since the last, else a
    /// receiver report.
    /// </summary>
    public static int Write(Span<byte> output, uint ssrc, bool sender, ulong ntp, uint timestamp, uint packets, uint octets, ReportBlock? block,
        ReadOnlySpan<byte> cname, bool bye)
    {
        var at = 8;
        BinaryPrimitives.WriteUInt32BigEndian(output[4..], ssrc);
        if (sender)
        {
            BinaryPrimitives.WriteUInt64BigEndian(output[8..], ntp);
            BinaryPrimitives.WriteUInt32BigEndian(output[16..], timestamp);
            BinaryPrimitives.WriteUInt32BigEndian(output[20..], packets);
            BinaryPrimitives.WriteUInt32BigEndian(output[24..], octets);
            at = 28;
        }
        if (block is { } report) at += WriteBlock(output[at..], report);
        WriteHead(output, block is null ? 0 : 1, sender ? SenderReport : ReceiverReport, at);
        at += WriteSdes(output[at..], ssrc, cname);
        if (bye)
        {
            WriteHead(output[at..], 1, ByeType, 8);
            BinaryPrimitives.WriteUInt32BigEndian(output[(at + 4)..], ssrc);
            at += 8;
        }
        return at;
    }

    /// <summary>Reads a compound packet; false when it is malformed. <paramref name="ours"/> is the SSRC of our stream.</summary>
    public static bool TryRead(ReadOnlySpan<byte> packet, uint ours, out RtcpNews news)
    {
        news = default;
        var valid = false;
        while (packet.Length >= 4)
        {
            var length = 4 * (BinaryPrimitives.ReadUInt16BigEndian(packet[2..]) + 1);
            if (packet[0] >> 6 != 2 || length > packet.Length) return false;
            valid = true;
            ReadOne(packet[..length], ours, ref news);
            packet = packet[length..];
        }
        return valid && packet.IsEmpty;
    }

    private static void ReadOne(ReadOnlySpan<byte> packet, uint ours, ref RtcpNews news)
    {
        var type = packet[1];
        if (type == ByeType) news.Bye = true;
        if (type is not (SenderReport or ReceiverReport)) return;
        var at = type == SenderReport ? 28 : 8;
        if (packet.Length < at) return;
        if (type == SenderReport) news.SenderTime = BinaryPrimitives.ReadUInt32BigEndian(packet[10..]);
        for (var left = packet[0] & 31; left > 0 && packet.Length >= at + 24; left--, at += 24)
        {
            var block = packet[at..];
            if (BinaryPrimitives.ReadUInt32BigEndian(block) != ours) continue;
            news.HasReport = true;
            news.FractionLost = block[4];
            news.Lost = (int)(BinaryPrimitives.ReadUInt32BigEndian(block[4..]) << 8) >> 8;
            news.Jitter = BinaryPrimitives.ReadUInt32BigEndian(block[12..]);
            news.LastReport = BinaryPrimitives.ReadUInt32BigEndian(block[16..]);
            news.Delay = BinaryPrimitives.ReadUInt32BigEndian(block[20..]);
        }
    }

    private static int WriteBlock(Span<byte> output, in ReportBlock block)
    {
        BinaryPrimitives.WriteUInt32BigEndian(output, block.Ssrc);
        BinaryPrimitives.WriteUInt32BigEndian(output[4..], (uint)Math.Clamp(block.Lost, -0x800000, 0x7FFFFF) & 0xFFFFFF);
        output[4] = block.FractionLost;
        BinaryPrimitives.WriteUInt32BigEndian(output[8..], block.HighestSequence);
        BinaryPrimitives.WriteUInt32BigEndian(output[12..], block.Jitter);
        BinaryPrimitives.WriteUInt32BigEndian(output[16..], block.LastReport);
        BinaryPrimitives.WriteUInt32BigEndian(output[20..], block.Delay);
        return 24;
    }

    // SDES with the one item that each compound packet must have (RFC 3550 section 6.1), ended by zeros to a multiple of four.
    private static int WriteSdes(Span<byte> output, uint ssrc, ReadOnlySpan<byte> cname)
    {
        var length = (8 + 2 + cname.Length + 1 + 3) & ~3;
        output[..length].Clear();
        WriteHead(output, 1, Sdes, length);
        BinaryPrimitives.WriteUInt32BigEndian(output[4..], ssrc);
        output[8] = 1;
        output[9] = (byte)cname.Length;
        cname.CopyTo(output[10..]);
        return length;
    }

    private static void WriteHead(Span<byte> output, int count, byte type, int length)
    {
        output[0] = (byte)(0x80 | count);
        output[1] = type;
        BinaryPrimitives.WriteUInt16BigEndian(output[2..], (ushort)((length / 4) - 1));
    }

    /// <summary>A short-term CNAME: random, so that it says nothing of the host (RFC 7022 section 4.2).</summary>
    public static byte[] NewCname(Random random) => Encoding.ASCII.GetBytes(Convert.ToHexStringLower(BitConverter.GetBytes(random.NextInt64())));
}
