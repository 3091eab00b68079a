using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;
using TlsCertificate = Org.BouncyCastle.Tls.Certificate;

namespace Pbx.Sip.Media.Dtls;

/// <summary>A certificate as the library for handshakes takes it.</summary>
internal sealed class DtlsIdentity
{
    private readonly AsymmetricKeyParameter key;
    private readonly TlsCertificate certificate;

    /// <summary>Takes one.</summary>
    public DtlsIdentity(DtlsCertificate shown)
    {
        Crypto = new BcTlsCrypto(new SecureRandom());
        certificate = new TlsCertificate([Crypto.CreateCertificate(shown.Certificate.ToArray())]);
        key = PrivateKeyFactory.CreateKey(shown.Key.ToArray());
    }

    /// <summary>The cryptography that handshakes use.</summary>
    public BcTlsCrypto Crypto { get; }

    /// <summary>Proves it in a handshake.</summary>
    public TlsCredentialedSigner Sign(TlsContext context) => new BcDefaultTlsCredentialedSigner(new TlsCryptoParameters(context), Crypto, key, certificate,
        SignatureAndHashAlgorithm.GetInstance(Org.BouncyCastle.Tls.HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
}
