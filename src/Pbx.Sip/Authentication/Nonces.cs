using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Pbx.Sip.Authentication;

/// <summary>What a nonce that came back is worth.</summary>
internal enum NonceState
{
    /// <summary>Ours, for this source and realm, and not expired.</summary>
    Fresh,
    /// <summary>Expired, of an earlier process, for another address, or not ours at all.</summary>
    Stale,
}

/// <summary>
/// Makes and judges nonces without remembering any: each holds its expiry and a signature over it, the source address and the realm.
/// From any thread.
/// </summary>
internal sealed class Nonces(byte[] key, TimeSpan lifetime, HashMeter? meter = null)
{
    private const int RandomBytes = 8;
    private const int SignatureBytes = 16;
    private const int Bytes = 8 + RandomBytes + SignatureBytes;

    /// <summary>Nonces of five minutes, signed with a key that lives as long as the process.</summary>
    public Nonces(HashMeter? meter = null)
        : this(RandomNumberGenerator.GetBytes(32), TimeSpan.FromMinutes(5), meter)
    {
    }

    /// <summary>A new nonce for a source. Its port is not bound: routers change it.</summary>
    public string Create(IPAddress source, string realm, DateTimeOffset now)
    {
        Span<byte> nonce = stackalloc byte[Bytes];
        BinaryPrimitives.WriteInt64BigEndian(nonce, (now + lifetime).ToUnixTimeSeconds());
        RandomNumberGenerator.Fill(nonce.Slice(8, RandomBytes));
        Sign(nonce[..^SignatureBytes], source, realm, nonce[^SignatureBytes..]);
        return Base64Url.EncodeToString(nonce);
    }

    /// <summary>Judges a nonce; <paramref name="expiresAt"/> in Unix seconds is for counting its uses.</summary>
    public NonceState Judge(string text, IPAddress source, string realm, DateTimeOffset now, out long expiresAt)
    {
        expiresAt = 0;
        Span<byte> nonce = stackalloc byte[Bytes];
        if (text.Length != Base64Url.GetEncodedLength(Bytes) || !Base64Url.TryDecodeFromChars(text, nonce, out var length) || length != Bytes)
            return NonceState.Stale;
        Span<byte> signature = stackalloc byte[SignatureBytes];
        Sign(nonce[..^SignatureBytes], source, realm, signature);
        if (!CryptographicOperations.FixedTimeEquals(signature, nonce[^SignatureBytes..]))
            return NonceState.Stale;
        expiresAt = BinaryPrimitives.ReadInt64BigEndian(nonce);
        return expiresAt >= now.ToUnixTimeSeconds() ? NonceState.Fresh : NonceState.Stale;
    }

    private void Sign(ReadOnlySpan<byte> content, IPAddress source, string realm, Span<byte> signature)
    {
        var address = (source.IsIPv4MappedToIPv6 ? source.MapToIPv4() : source).GetAddressBytes();
        byte[] message = [.. content, .. address, .. Encoding.UTF8.GetBytes(realm)];
        Span<byte> mac = stackalloc byte[32];
        meter?.Count();
        HMACSHA256.HashData(key, message, mac);
        mac[..SignatureBytes].CopyTo(signature);
    }
}
