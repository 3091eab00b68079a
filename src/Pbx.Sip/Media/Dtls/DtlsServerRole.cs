using Org.BouncyCastle.Tls;
using TlsCertificate = Org.BouncyCastle.Tls.Certificate;

namespace Pbx.Sip.Media.Dtls;

/// <summary>Our end of a handshake that the far end began.</summary>
internal sealed class DtlsServerRole(DtlsNegotiation negotiation) : DefaultTlsServer(negotiation.Identity.Crypto)
{
    private UseSrtpData? offered;

    /// <inheritdoc/>
    public override int GetHandshakeTimeoutMillis() => negotiation.TimeoutMilliseconds;

    /// <inheritdoc/>
    public override void ProcessClientExtensions(IDictionary<int, byte[]> clientExtensions)
    {
        base.ProcessClientExtensions(clientExtensions);
        offered = clientExtensions is null ? null : TlsSrtpUtilities.GetUseSrtpExtension(clientExtensions);
    }

    /// <inheritdoc/>
    public override IDictionary<int, byte[]> GetServerExtensions()
    {
        var extensions = TlsExtensionsUtilities.EnsureExtensionsInitialised(base.GetServerExtensions());
        TlsSrtpUtilities.AddUseSrtpExtension(extensions, negotiation.Choose(offered));
        return extensions;
    }

    /// <inheritdoc/>
    public override CertificateRequest GetCertificateRequest() => new([ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign],
        TlsUtilities.GetDefaultSupportedSignatureAlgorithms(m_context), null);

    /// <inheritdoc/>
    public override void NotifyClientCertificate(TlsCertificate clientCertificate) => negotiation.Verify(clientCertificate);

    /// <inheritdoc/>
    public override void NotifyHandshakeComplete()
    {
        base.NotifyHandshakeComplete();
        negotiation.Complete(m_context, client: false);
    }

    /// <inheritdoc/>
    protected override TlsCredentialedSigner GetECDsaSignerCredentials() => negotiation.Identity.Sign(m_context);

    /// <inheritdoc/>
    protected override ProtocolVersion[] GetSupportedVersions() => DtlsNegotiation.Versions;

    /// <inheritdoc/>
    protected override int[] GetSupportedCipherSuites() => DtlsNegotiation.CipherSuites;
}
