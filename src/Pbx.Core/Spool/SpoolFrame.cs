using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Pbx.Core.Spool;

/// <summary>
/// How a line lies on disk: length (4 bytes, little-endian, of what follows the checksum), checksum (first 8 bytes of SHA-256 over
/// length and content), then the length of the kind (1 byte), the kind and the body.
/// </summary>
internal static class SpoolFrame
{
    /// <summary>No line is longer; a longer length on disk is damage.</summary>
    public const int MaxContent = 8 * 1024 * 1024;

    private const int LengthSize = 4;
    private const int ChecksumSize = 8;
    private const int HeaderSize = LengthSize + ChecksumSize;

    /// <summary>The size of the line on disk.</summary>
    public static int SizeOf(SpoolEntry entry) => HeaderSize + 1 + entry.Kind.Length + entry.Body.Length;

    /// <summary>Appends the line.</summary>
    public static void Write(IBufferWriter<byte> output, SpoolEntry entry)
    {
        var size = SizeOf(entry);
        if (size - HeaderSize > MaxContent) throw new ArgumentException($"A spool line of {size} bytes is too long.", nameof(entry));
        var span = output.GetSpan(size)[..size];
        BinaryPrimitives.WriteInt32LittleEndian(span, size - HeaderSize);
        var content = span[HeaderSize..];
        content[0] = checked((byte)entry.Kind.Length);
        Encoding.ASCII.GetBytes(entry.Kind, content[1..]);
        entry.Body.CopyTo(content[(1 + entry.Kind.Length)..]);
        Checksum(span[..LengthSize], content, span[LengthSize..HeaderSize]);
        output.Advance(size);
    }

    /// <summary>Reads the line at the beginning. Null when it is cut off or damaged: nothing behind it can be trusted.</summary>
    public static SpoolEntry? TryRead(ReadOnlySpan<byte> input, out int size)
    {
        size = 0;
        if (input.Length < HeaderSize) return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(input);
        if (length is < 1 or > MaxContent || input.Length - HeaderSize < length) return null;
        var content = input.Slice(HeaderSize, length);
        Span<byte> checksum = stackalloc byte[ChecksumSize];
        Checksum(input[..LengthSize], content, checksum);
        if (!checksum.SequenceEqual(input[LengthSize..HeaderSize]) || content[0] > length - 1) return null;
        size = HeaderSize + length;
        return new SpoolEntry(Encoding.ASCII.GetString(content.Slice(1, content[0])), content[(1 + content[0])..].ToArray());
    }

    private static void Checksum(ReadOnlySpan<byte> length, ReadOnlySpan<byte> content, Span<byte> checksum)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(length);
        hash.AppendData(content);
        Span<byte> whole = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(whole);
        whole[..ChecksumSize].CopyTo(checksum);
    }
}
