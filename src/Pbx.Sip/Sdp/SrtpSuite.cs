namespace Pbx.Sip.Sdp;

/// <summary>How SRTP encrypts and authenticates.</summary>
internal enum SrtpSuite : byte
{
    /// <summary>AES in counter mode with 128 bits, HMAC-SHA1 cut to 80 (RFC 3711).</summary>
    AesCm128Tag80,
    /// <summary>The same, cut to 32 for RTP; RTCP keeps 80.</summary>
    AesCm128Tag32,
    /// <summary>AES in counter mode with 256 bits (RFC 6188), HMAC-SHA1 cut to 80.</summary>
    AesCm256Tag80,
    /// <summary>The same, cut to 32 for RTP.</summary>
    AesCm256Tag32,
    /// <summary>AES in Galois/counter mode with 128 bits (RFC 7714).</summary>
    AesGcm128,
    /// <summary>AES in Galois/counter mode with 256 bits (RFC 7714).</summary>
    AesGcm256,
}

/// <summary>What the suites are called and need.</summary>
internal static class SrtpSuites
{
    /// <summary>What is offered, the preferred first. A tag of 32 bits is taken when a phone has nothing better, but not asked for.</summary>
    public static IReadOnlyList<SrtpSuite> Offered { get; } =
        [SrtpSuite.AesGcm256, SrtpSuite.AesGcm128, SrtpSuite.AesCm256Tag80, SrtpSuite.AesCm128Tag80];

    /// <summary>All of them, those offered first.</summary>
    public static IReadOnlyList<SrtpSuite> All { get; } = [.. Offered, SrtpSuite.AesCm256Tag32, SrtpSuite.AesCm128Tag32];

    /// <summary>The registered name.</summary>
    public static string Name(this SrtpSuite suite) => suite switch
    {
        SrtpSuite.AesCm128Tag80 => "AES_CM_128_HMAC_SHA1_80",
        SrtpSuite.AesCm128Tag32 => "AES_CM_128_HMAC_SHA1_32",
        SrtpSuite.AesCm256Tag80 => "AES_256_CM_HMAC_SHA1_80",
        SrtpSuite.AesCm256Tag32 => "AES_256_CM_HMAC_SHA1_32",
        SrtpSuite.AesGcm128 => "AEAD_AES_128_GCM",
        SrtpSuite.AesGcm256 => "AEAD_AES_256_GCM",
    };

    /// <summary>The suite of a name; null: none of ours. Names of drafts that phones still send are known too.</summary>
    public static SrtpSuite? Parse(string name) => name.ToUpperInvariant() switch
    {
        "AES_CM_128_HMAC_SHA1_80" => SrtpSuite.AesCm128Tag80,
        "AES_CM_128_HMAC_SHA1_32" => SrtpSuite.AesCm128Tag32,
        "AES_256_CM_HMAC_SHA1_80" or "AES_CM_256_HMAC_SHA1_80" => SrtpSuite.AesCm256Tag80,
        "AES_256_CM_HMAC_SHA1_32" or "AES_CM_256_HMAC_SHA1_32" => SrtpSuite.AesCm256Tag32,
        "AEAD_AES_128_GCM" => SrtpSuite.AesGcm128,
        "AEAD_AES_256_GCM" => SrtpSuite.AesGcm256,
        _ => null,
    };

    /// <summary>True for Galois/counter mode.</summary>
    public static bool IsGcm(this SrtpSuite suite) => suite is SrtpSuite.AesGcm128 or SrtpSuite.AesGcm256;

    /// <summary>Bytes of the master key.</summary>
    public static int KeyLength(this SrtpSuite suite) =>
        suite is SrtpSuite.AesCm256Tag80 or SrtpSuite.AesCm256Tag32 or SrtpSuite.AesGcm256 ? 32 : 16;

    /// <summary>Bytes of the master salt.</summary>
    public static int SaltLength(this SrtpSuite suite) => suite.IsGcm() ? 12 : 14;

    /// <summary>Bytes of the tag on RTP.</summary>
    public static int TagLength(this SrtpSuite suite) => suite switch
    {
        SrtpSuite.AesGcm128 or SrtpSuite.AesGcm256 => 16,
        SrtpSuite.AesCm128Tag80 or SrtpSuite.AesCm256Tag80 => 10,
        SrtpSuite.AesCm128Tag32 or SrtpSuite.AesCm256Tag32 => 4,
    };

    /// <summary>Bytes of the tag on RTCP, which the short suites do not shorten (RFC 4568 section 6.2).</summary>
    public static int RtcpTagLength(this SrtpSuite suite) => suite.IsGcm() ? 16 : 10;
}
