using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;
using Pbx.Sip.Sdp;
using TlsCertificate = Org.BouncyCastle.Tls.Certificate;

namespace Pbx.Sip.Media.Dtls;

/// <summary>
/// The certificate that this process shows in DTLS handshakes: made anew at each start, since only the hash in SDP vouches for it (RFC 5763
/// section 4).
/// </summary>
internal sealed class DtlsIdentity
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(3650);

    private readonly AsymmetricKeyParameter key;
    private readonly TlsCertificate certificate;

    /// <summary>Makes one.</summary>
    public DtlsIdentity(TimeProvider time)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = time.GetUtcNow();
        using var made = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=pbx", pair, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now + Lifetime);
        Crypto = new BcTlsCrypto(new SecureRandom());
        Fingerprint = SdpFingerprint.Of(made.RawData);
        certificate = new TlsCertificate([Crypto.CreateCertificate(made.RawData)]);
        key = PrivateKeyFactory.CreateKey(pair.ExportPkcs8PrivateKey());
    }

    /// <summary>Its hash, as SDP names it.</summary>
    public SdpFingerprint Fingerprint { get; }

    /// <summary>The cryptography that handshakes use.</summary>
    public BcTlsCrypto Crypto { get; }

    /// <summary>Proves it in a handshake.</summary>
    public TlsCredentialedSigner Sign(TlsContext context) => new BcDefaultTlsCredentialedSigner(new TlsCryptoParameters(context), Crypto, key, certificate,
        SignatureAndHashAlgorithm.GetInstance(Org.BouncyCastle.Tls.HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
}
