using System.Security.Cryptography;
using System.Text;

namespace Pbx.Sip.Authentication;

/// <summary>The hash of a digest; the strongest has the highest number.</summary>
internal enum DigestAlgorithm : byte
{
    /// <summary>MD5 (RFC 2617), which most phones know alone.</summary>
    Md5,
    /// <summary>SHA-256 (RFC 8760).</summary>
    Sha256,
}

/// <summary>The computations of digest authentication (RFC 7616 §3.4).</summary>
internal static class DigestHash
{
    /// <summary>The algorithm as it is named in headers.</summary>
    public static string NameOf(DigestAlgorithm algorithm) => algorithm switch
    {
        DigestAlgorithm.Md5 => "MD5",
        DigestAlgorithm.Sha256 => "SHA-256",
    };

    /// <summary>The algorithm named; absent means MD5; null for one that is not known here.</summary>
    public static DigestAlgorithm? Find(string? name) =>
        name is null || name.Equals("MD5", StringComparison.OrdinalIgnoreCase) ? DigestAlgorithm.Md5
        : name.Equals("SHA-256", StringComparison.OrdinalIgnoreCase) ? DigestAlgorithm.Sha256
        : null;

    /// <summary>
    /// The response parameter: with a count and a client nonce for <c>qop=auth</c>, without both in the old form of RFC 2069.
    /// </summary>
    public static string Response(DigestAlgorithm algorithm, string user, string realm, string password, string method, string uri,
        string nonce, string? nonceCount, string? clientNonce, HashMeter? meter = null)
    {
        var secret = Hex(algorithm, $"{user}:{realm}:{password}", meter);
        var request = Hex(algorithm, $"{method}:{uri}", meter);
        return nonceCount is null
            ? Hex(algorithm, $"{secret}:{nonce}:{request}", meter)
            : Hex(algorithm, $"{secret}:{nonce}:{nonceCount}:{clientNonce}:auth:{request}", meter);
    }

    /// <summary>Compares without telling by the time taken where they differ.</summary>
    public static bool AreEqual(string expected, string received) => CryptographicOperations.FixedTimeEquals(
        Encoding.ASCII.GetBytes(expected), Encoding.ASCII.GetBytes(received.ToLowerInvariant()));

    // MD5 is broken as a hash and is what every phone speaks; the strength of the password is what is left (RFC 8760 §1).
#pragma warning disable CA5351
    private static string Hex(DigestAlgorithm algorithm, string text, HashMeter? meter)
    {
        meter?.Count();
        Span<byte> hash = stackalloc byte[32];
        var bytes = Encoding.UTF8.GetBytes(text);
        var length = algorithm == DigestAlgorithm.Md5 ? MD5.HashData(bytes, hash) : SHA256.HashData(bytes, hash);
        return Convert.ToHexStringLower(hash[..length]);
    }
#pragma warning restore CA5351
}

/// <summary>Counts the hashes that are computed: what a guess costs us, and that it costs the same whether its user exists or not.</summary>
internal sealed class HashMeter
{
    private long total;

    /// <summary>Hashes so far.</summary>
    public long Total => Volatile.Read(ref total);

    /// <summary>One more.</summary>
    public void Count() => Interlocked.Increment(ref total);
}
