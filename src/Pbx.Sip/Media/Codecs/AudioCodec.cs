namespace Pbx.Sip.Media.Codecs;

/// <summary>The codecs that media can itself encode and decode. All three carry 8 bytes per millisecond and run an 8000 Hz RTP clock.</summary>
internal enum AudioCodec : byte
{
    /// <summary>One that is only relayed (Opus and any other).</summary>
    Foreign,
    /// <summary>G.711 A-law.</summary>
    Pcma,
    /// <summary>G.711 mu-law.</summary>
    Pcmu,
    /// <summary>G.722 at 64 kbit/s; RTP clock 8000 although it samples at 16 kHz (RFC 3551 section 4.5.2).</summary>
    G722,
}

/// <summary>What is known of each codec.</summary>
internal static class AudioCodecs
{
    /// <summary>Bytes in a 20 ms frame of any codec that is not foreign.</summary>
    public const int FrameBytes = 160;

    /// <summary>The longest packet that is decoded, in bytes: 120 ms.</summary>
    public const int MaxPacketBytes = 960;

    /// <summary>The codecs with frames of their own, as indices 0 to 2.</summary>
    public const int Count = 3;

    /// <summary>The codec with an RTP encoding name.</summary>
    public static AudioCodec FromName(string name) =>
        name.Equals("PCMA", StringComparison.OrdinalIgnoreCase) ? AudioCodec.Pcma :
        name.Equals("PCMU", StringComparison.OrdinalIgnoreCase) ? AudioCodec.Pcmu :
        name.Equals("G722", StringComparison.OrdinalIgnoreCase) ? AudioCodec.G722 : AudioCodec.Foreign;

    /// <summary>Samples per second that it decodes to.</summary>
    public static int SampleRate(this AudioCodec codec) => codec == AudioCodec.G722 ? 16000 : 8000;

    /// <summary>Its index, from 0, among the codecs with frames of their own.</summary>
    public static int Index(this AudioCodec codec) => (int)codec - 1;
}
