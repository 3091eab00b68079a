using System.Buffers.Binary;

namespace Pbx.Testing.Audio;

/// <summary>16-bit mono sound in memory, read from and written to WAV files.</summary>
public sealed record WavFile(int Rate, short[] Samples)
{
    /// <summary>Reads a 16-bit PCM WAV; of several channels the first. A header with an unfinished length is tolerated.</summary>
    public static WavFile Read(string path) => Read(ReadShared(path));

    /// <summary>Reads a 16-bit PCM WAV from memory.</summary>
    public static WavFile Read(ReadOnlySpan<byte> bytes)
    {
        int rate = 0, channels = 1, at = 12;
        while (at + 8 <= bytes.Length)
        {
            var id = bytes.Slice(at, 4);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + 4)..]);
            var body = bytes[(at + 8)..];
            if (id.SequenceEqual("fmt "u8))
            {
                channels = BinaryPrimitives.ReadUInt16LittleEndian(body[2..]);
                rate = BinaryPrimitives.ReadInt32LittleEndian(body[4..]);
            }
            else if (id.SequenceEqual("data"u8))
            {
                var data = body[..(int)Math.Min(length, (uint)body.Length)];
                var samples = new short[data.Length / 2 / channels];
                for (var i = 0; i < samples.Length; i++) samples[i] = BinaryPrimitives.ReadInt16LittleEndian(data[(i * 2 * channels)..]);
                return new WavFile(rate, samples);
            }
            at += 8 + (int)Math.Min(length + (length & 1), int.MaxValue - 16);
        }
        throw new InvalidDataException("No WAV data.");
    }

    /// <summary>Reads a file that has not grown for a second: of a writer whose header never tells the length of the file.</summary>
    public static async Task<WavFile> ReadSettledAsync(string path)
    {
        for (var (before, now) = (-1L, new FileInfo(path).Length); before != now; (before, now) = (now, new FileInfo(path).Length))
            await Task.Delay(1000);
        return Read(path);
    }

    /// <summary>True when whoever writes the file has said how long it is: the last thing that is written.</summary>
    public static bool IsClosed(string path)
    {
        var bytes = ReadShared(path);
        return bytes.Length > 44 && BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4)) == bytes.Length - 8;
    }

    /// <summary>Writes it.</summary>
    public void Write(string path)
    {
        var bytes = new byte[44 + Samples.Length * 2];
        "RIFF"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bytes.Length - 8);
        "WAVEfmt "u8.CopyTo(bytes.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(24), Rate);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(28), Rate * 2);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(32), 2);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(34), 16);
        "data"u8.CopyTo(bytes.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(40), Samples.Length * 2);
        for (var i = 0; i < Samples.Length; i++) BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(44 + i * 2), Samples[i]);
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>A sine tone at a quarter of full scale.</summary>
    public static WavFile Tone(double frequency, double seconds, int rate = 8000)
    {
        var samples = new short[(int)(seconds * rate)];
        for (var i = 0; i < samples.Length; i++) samples[i] = (short)(8192 * Math.Sin(2 * Math.PI * frequency * i / rate));
        return new WavFile(rate, samples);
    }

    /// <summary>The same sound at another rate, by linear interpolation: enough to compare speech and tones.</summary>
    public WavFile At(int rate)
    {
        if (rate == Rate) return this;
        var samples = new short[(int)((long)Samples.Length * rate / Rate)];
        for (var i = 0; i < samples.Length; i++)
        {
            var position = (double)i * Rate / rate;
            var index = (int)position;
            var next = Math.Min(index + 1, Samples.Length - 1);
            samples[i] = (short)(Samples[index] + (Samples[next] - Samples[index]) * (position - index));
        }
        return new WavFile(rate, samples);
    }

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
