using Org.BouncyCastle.Tls;

namespace Pbx.Sip.Media.Dtls;

/// <summary>Our end of a handshake that we began.</summary>
internal sealed class DtlsClientRole(DtlsNegotiation negotiation) : DefaultTlsClient(negotiation.Identity.Crypto), TlsAuthentication
{
    /// <inheritdoc/>
    public override int GetHandshakeTimeoutMillis() => negotiation.TimeoutMilliseconds;

    /// <inheritdoc/>
    public override IDictionary<int, byte[]> GetClientExtensions()
    {
        var extensions = TlsExtensionsUtilities.EnsureExtensionsInitialised(base.GetClientExtensions());
        TlsSrtpUtilities.AddUseSrtpExtension(extensions, DtlsNegotiation.Offer());
        return extensions;
    }

    /// <inheritdoc/>
    public override void ProcessServerExtensions(IDictionary<int, byte[]> serverExtensions)
    {
        base.ProcessServerExtensions(serverExtensions);
        negotiation.Choose(serverExtensions is null ? null : TlsSrtpUtilities.GetUseSrtpExtension(serverExtensions));
    }

    /// <inheritdoc/>
    public override TlsAuthentication GetAuthentication() => this;

    /// <inheritdoc/>
    public void NotifyServerCertificate(TlsServerCertificate serverCertificate) => negotiation.Verify(serverCertificate.Certificate);

    /// <inheritdoc/>
    public TlsCredentials GetClientCredentials(CertificateRequest certificateRequest) => negotiation.Identity.Sign(m_context);

    /// <inheritdoc/>
    public override void NotifyHandshakeComplete()
    {
        base.NotifyHandshakeComplete();
        negotiation.Complete(m_context, client: true);
    }

    /// <inheritdoc/>
    protected override ProtocolVersion[] GetSupportedVersions() => DtlsNegotiation.Versions;

    /// <inheritdoc/>
    protected override int[] GetSupportedCipherSuites() => DtlsNegotiation.CipherSuites;
}
