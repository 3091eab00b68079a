using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Pbx.Sip.Media.Srtp;

/// <summary>AES in Galois/counter mode (RFC 7714 sections 8 and 9).</summary>
internal sealed class GcmTransform : SrtpTransform
{
    private const int Nonce = 12;

    private readonly AesGcm gcm;
    private readonly byte[] salt;
    private readonly bool rtcp;

    /// <summary>Takes the session keys. RTCP authenticates its word, RTP has it in the nonce only.</summary>
    public GcmTransform(ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt, bool rtcp)
    {
        gcm = new AesGcm(key, 16);
        (this.salt, this.rtcp) = (salt.ToArray(), rtcp);
    }

    /// <inheritdoc/>
    public override int TagLength => 16;

    /// <inheritdoc/>
    public override void Seal(uint ssrc, ulong index, Span<byte> packet, int header, uint word, Span<byte> tag)
    {
        Span<byte> nonce = stackalloc byte[Nonce];
        WriteNonce(ssrc, index, nonce);
        Span<byte> associated = stackalloc byte[header + 4];
        gcm.Encrypt(nonce, packet[header..], packet[header..], tag, Associated(packet[..header], word, associated));
    }

    /// <inheritdoc/>
    public override bool Open(uint ssrc, ulong index, Span<byte> packet, int header, uint word, bool encrypted, ReadOnlySpan<byte> tag)
    {
        Span<byte> nonce = stackalloc byte[Nonce];
        WriteNonce(ssrc, index, nonce);
        var clear = encrypted ? header : packet.Length;
        Span<byte> associated = stackalloc byte[clear + 4];
        try
        {
            gcm.Decrypt(nonce, packet[clear..], tag, packet[clear..], Associated(packet[..clear], word, associated));
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false; // the framework has no other way to say so
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => gcm.Dispose();

    private ReadOnlySpan<byte> Associated(ReadOnlySpan<byte> header, uint word, Span<byte> room)
    {
        header.CopyTo(room);
        if (!rtcp) return room[..header.Length];
        BinaryPrimitives.WriteUInt32BigEndian(room[header.Length..], word);
        return room;
    }

    private void WriteNonce(uint ssrc, ulong index, Span<byte> nonce)
    {
        BinaryPrimitives.WriteUInt16BigEndian(nonce, 0);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[2..], ssrc);
        BinaryPrimitives.WriteUInt16BigEndian(nonce[6..], (ushort)(index >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(nonce[8..], (uint)index);
        for (var i = 0; i < Nonce; i++) nonce[i] ^= salt[i];
    }
}
