using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Pbx.Sip.Media.Sounds;

/// <summary>Reads the WAV files that we make ourselves: 16 bit, mono, 8 or 16 kHz.</summary>
internal static class WavFile
{
    /// <summary>Samples and rate of a file; null when it is not there or not of that kind. Reads a file that is still being written up to its end.</summary>
    public static (short[] Samples, int Rate)? TryRead(string path)
    {
        try
        {
            return Parse(File.ReadAllBytes(path));
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            return null; // the sound is treated as one that does not exist
        }
    }

    /// <summary>The same of a file in memory.</summary>
    internal static (short[] Samples, int Rate)? Parse(ReadOnlySpan<byte> file)
    {
        if (file.Length < 12 || !file[..4].SequenceEqual("RIFF"u8) || !file[8..12].SequenceEqual("WAVE"u8)) return null;
        var rate = 0;
        for (var at = 12; at + 8 <= file.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(file[(at + 4)..]);
            var body = file[(at + 8)..];
            if (length < body.Length) body = body[..(int)length];
            if (file[at..].StartsWith("fmt "u8) && body.Length >= 16)
            {
                var isPlain = BinaryPrimitives.ReadInt16LittleEndian(body[2..]) == 1 && BinaryPrimitives.ReadInt16LittleEndian(body[14..]) == 16;
                rate = isPlain ? BinaryPrimitives.ReadInt32LittleEndian(body[4..]) : 0;
            }
            if (file[at..].StartsWith("data"u8))
                return rate is 8000 or 16000 ? (MemoryMarshal.Cast<byte, short>(body[..(body.Length & ~1)]).ToArray(), rate) : null;
            at += 8 + (int)Math.Min(length + (length & 1), (uint)file.Length);
        }
        return null;
    }
}
