using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Pbx.Sip.Media.Srtp;

/// <summary>AES in counter mode with HMAC-SHA1 (RFC 3711 sections 4.1.1 and 4.2; RFC 6188).</summary>
internal sealed class CounterTransform : SrtpTransform
{
    /// <summary>Bytes of the key of HMAC-SHA1.</summary>
    public const int AuthenticationKeyLength = 20;

    private const int Block = 16;
    private const int LongestPacket = 2048;

    private readonly Aes aes;
    private readonly ICryptoTransform encryptor;
    private readonly IncrementalHash hmac;
    private readonly byte[] keyStream = new byte[LongestPacket];
    private readonly ulong saltHigh;
    private readonly ulong saltLow;

    /// <summary>Takes the session keys.</summary>
    public CounterTransform(ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> authentication, int tagLength)
    {
        TagLength = tagLength;
        Span<byte> padded = stackalloc byte[Block];
        padded.Clear();
        salt.CopyTo(padded);
        saltHigh = BinaryPrimitives.ReadUInt64BigEndian(padded);
        saltLow = BinaryPrimitives.ReadUInt64BigEndian(padded[8..]);
        aes = Aes.Create();
        aes.SetKey(key);
#pragma warning disable CA5358, CA5350 // The standard builds counter mode of single blocks, and names SHA-1 for HMAC, where it is not broken.
        aes.Mode = CipherMode.ECB;
        aes.Padding = PaddingMode.None;
        encryptor = aes.CreateEncryptor();
        hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA1, authentication);
#pragma warning restore CA5358, CA5350
    }

    /// <inheritdoc/>
    public override int TagLength { get; }

    /// <inheritdoc/>
    public override void Seal(uint ssrc, ulong index, Span<byte> packet, int header, uint word, Span<byte> tag)
    {
        Mask(ssrc, index, packet[header..]);
        Span<byte> whole = stackalloc byte[HMACSHA1.HashSizeInBytes];
        Authenticate(packet, word, whole);
        whole[..tag.Length].CopyTo(tag);
    }

    /// <inheritdoc/>
    public override bool Open(uint ssrc, ulong index, Span<byte> packet, int header, uint word, bool encrypted, ReadOnlySpan<byte> tag)
    {
        Span<byte> whole = stackalloc byte[HMACSHA1.HashSizeInBytes];
        Authenticate(packet, word, whole);
        if (!CryptographicOperations.FixedTimeEquals(whole[..TagLength], tag)) return false;
        if (encrypted) Mask(ssrc, index, packet[header..]);
        return true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        encryptor.Dispose();
        hmac.Dispose();
        aes.Dispose();
        CryptographicOperations.ZeroMemory(keyStream);
    }

    private void Authenticate(ReadOnlySpan<byte> packet, uint word, Span<byte> hash)
    {
        Span<byte> behind = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(behind, word);
        hmac.AppendData(packet);
        hmac.AppendData(behind);
        hmac.GetHashAndReset(hash);
    }

    // Section 4.1.1: the counter starts at salt x 2^16 xor SSRC x 2^64 xor index x 2^16. All blocks of a packet go through the cipher in one call.
    private void Mask(uint ssrc, ulong index, Span<byte> payload)
    {
        var length = (payload.Length + Block - 1) / Block * Block;
        var counters = MemoryMarshal.Cast<byte, ulong>(keyStream.AsSpan(0, length));
        var high = saltHigh ^ ssrc;
        var low = saltLow ^ (index << 16);
        if (BitConverter.IsLittleEndian) high = BinaryPrimitives.ReverseEndianness(high);
        for (var i = 0; i < counters.Length; i += 2)
        {
            var counter = low + (uint)(i / 2);
            counters[i] = high;
            counters[i + 1] = BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(counter) : counter;
        }
        if (length > 0) encryptor.TransformBlock(keyStream, 0, length, keyStream, 0);
        Xor(payload, keyStream);
    }

    private static void Xor(Span<byte> payload, ReadOnlySpan<byte> mask)
    {
        var at = 0;
        for (; at + Vector<byte>.Count <= payload.Length; at += Vector<byte>.Count)
            (new Vector<byte>(payload[at..]) ^ new Vector<byte>(mask[at..])).CopyTo(payload[at..]);
        for (; at < payload.Length; at++) payload[at] ^= mask[at];
    }
}
