using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Pbx.Sip.Sdp;

namespace Pbx.Sip.Media.Dtls;

/// <summary>
/// The certificate that the server shows in DTLS handshakes, and its key: made anew at each start, since only the hash in SDP vouches for it (RFC 5763
/// section 4). Says nothing of the key in texts.
/// </summary>
internal sealed class DtlsCertificate
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(3650);

    private readonly byte[] certificate;
    private readonly byte[] key;

    /// <summary>One that was made elsewhere.</summary>
    /// <param name="certificate">DER.</param>
    /// <param name="key">PKCS #8.</param>
    public DtlsCertificate(ReadOnlySpan<byte> certificate, ReadOnlySpan<byte> key)
    {
        (this.certificate, this.key) = (certificate.ToArray(), key.ToArray());
        Fingerprint = SdpFingerprint.Of(certificate);
    }

    /// <summary>Makes one.</summary>
    public static DtlsCertificate Create(TimeProvider time)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = time.GetUtcNow();
        using var made = new CertificateRequest("CN=pbx", pair, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now + Lifetime);
        return new DtlsCertificate(made.RawData, pair.ExportPkcs8PrivateKey());
    }

    /// <summary>Its hash, as SDP names it.</summary>
    public SdpFingerprint Fingerprint { get; }

    /// <summary>The certificate, DER.</summary>
    public ReadOnlySpan<byte> Certificate => certificate;

    /// <summary>Its key, PKCS #8.</summary>
    public ReadOnlySpan<byte> Key => key;
}
