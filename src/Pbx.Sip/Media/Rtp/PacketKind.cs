namespace Pbx.Sip.Media.Rtp;

/// <summary>What a datagram on a media port is (RFC 7983 section 7).</summary>
internal enum PacketKind
{
    /// <summary>None of the others.</summary>
    Unknown,
    /// <summary>First byte 0 to 3.</summary>
    Stun,
    /// <summary>First byte 16 to 19.</summary>
    Zrtp,
    /// <summary>First byte 20 to 63.</summary>
    Dtls,
    /// <summary>First byte 64 to 79.</summary>
    TurnChannel,
    /// <summary>First byte 128 to 191.</summary>
    Rtp,
    /// <summary>As RTP, with a packet type of 192 to 223 (RFC 5761 section 4).</summary>
    Rtcp,
}

/// <summary>Tells them apart.</summary>
internal static class Demultiplexer
{
    /// <summary>The kind of a datagram, by its first two bytes.</summary>
    public static PacketKind Classify(ReadOnlySpan<byte> datagram) => datagram.Length < 2 ? PacketKind.Unknown : datagram[0] switch
    {
        <= 3 => PacketKind.Stun,
        >= 16 and <= 19 => PacketKind.Zrtp,
        >= 20 and <= 63 => PacketKind.Dtls,
        >= 64 and <= 79 => PacketKind.TurnChannel,
        >= 128 and <= 191 => datagram[1] is >= 192 and <= 223 ? PacketKind.Rtcp : PacketKind.Rtp,
        _ => PacketKind.Unknown,
    };
}
