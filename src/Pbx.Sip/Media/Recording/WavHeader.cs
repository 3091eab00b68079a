using System.Buffers.Binary;

namespace Pbx.Sip.Media.Recording;

/// <summary>The 44 bytes in front of 16-bit mono samples.</summary>
internal static class WavHeader
{
    /// <summary>Its length.</summary>
    public const int Size = 44;

    /// <summary>Writes it for a number of bytes of samples.</summary>
    public static void Write(Span<byte> header, int sampleRate, long dataBytes)
    {
        var bytes = (uint)Math.Min(dataBytes, uint.MaxValue - Size);
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], bytes + Size - 8);
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(header[20..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(header[22..], 1);
        BinaryPrimitives.WriteInt32LittleEndian(header[24..], sampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(header[28..], sampleRate * 2);
        BinaryPrimitives.WriteInt16LittleEndian(header[32..], 2);
        BinaryPrimitives.WriteInt16LittleEndian(header[34..], 16);
        "data"u8.CopyTo(header[36..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[40..], bytes);
    }
}
