using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Pbx.Core.Prompts;

/// <summary>Samples of 16 bit, mono, and the plain 44-byte WAV header before them.</summary>
internal static class CanonicalWav
{
    /// <summary>The sample rate of the library.</summary>
    public const int SampleRate = 16000;

    private const int HeaderSize = 44;

    /// <summary>The whole file for these samples.</summary>
    public static byte[] Write(ReadOnlySpan<short> samples, int sampleRate = SampleRate)
    {
        var file = new byte[HeaderSize + samples.Length * sizeof(short)];
        "RIFF"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        "WAVEfmt "u8.CopyTo(file.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(24), sampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(28), sampleRate * sizeof(short));
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(32), sizeof(short));
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(34), 16);
        "data"u8.CopyTo(file.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(40), samples.Length * sizeof(short));
        MemoryMarshal.AsBytes(samples).CopyTo(file.AsSpan(HeaderSize));
        return file;
    }

    /// <summary>
    /// Reads 16-bit mono PCM. A data length that the writer had no time to fill in (0, or beyond the end) counts as: to the end of
    /// the file. Null when it is none.
    /// </summary>
    public static (short[] Samples, int SampleRate)? Read(ReadOnlySpan<byte> file)
    {
        if (file.Length < 12 || !file[..4].SequenceEqual("RIFF"u8) || !file.Slice(8, 4).SequenceEqual("WAVE"u8)) return null;
        var sampleRate = 0;
        for (var position = 12; position + 8 <= file.Length;)
        {
            var name = file.Slice(position, 4);
            long length = BinaryPrimitives.ReadUInt32LittleEndian(file[(position + 4)..]);
            var body = file[(position + 8)..];
            if (name.SequenceEqual("fmt "u8))
            {
                if (length < 16 || body.Length < 16 || !IsPcm16Mono(body)) return null;
                sampleRate = BinaryPrimitives.ReadInt32LittleEndian(body[4..]);
            }
            if (name.SequenceEqual("data"u8))
            {
                if (sampleRate <= 0) return null;
                if (length == 0 || length > body.Length) length = body.Length;
                return (MemoryMarshal.Cast<byte, short>(body[..(int)(length & ~1L)]).ToArray(), sampleRate);
            }
            if (length > file.Length) return null;
            position += 8 + (int)length + (int)(length & 1);
        }
        return null;
    }

    private static bool IsPcm16Mono(ReadOnlySpan<byte> format) =>
        BinaryPrimitives.ReadInt16LittleEndian(format) is 1 or -2 && BinaryPrimitives.ReadInt16LittleEndian(format[2..]) == 1
        && BinaryPrimitives.ReadInt16LittleEndian(format[14..]) == 16;
}
