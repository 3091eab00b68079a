using Org.BouncyCastle.Tls;
using Pbx.Core.Common;
using Pbx.Sip.Sdp;
using TlsCertificate = Org.BouncyCastle.Tls.Certificate;

namespace Pbx.Sip.Media.Dtls;

/// <summary>
/// What both ends of a handshake have in common: which SRTP profiles there are (RFC 5764 section 4.1.2, RFC 7714 section 14.2), that the
/// certificate is the one that SDP promised, and how the keys are made.
/// </summary>
internal sealed class DtlsNegotiation(DtlsIdentity identity, ValueList<SdpFingerprint> expected, TimeSpan deadline)
{
    private static readonly (int Profile, SrtpSuite Suite)[] Profiles =
    [
        (SrtpProtectionProfile.SRTP_AEAD_AES_256_GCM, SrtpSuite.AesGcm256), (SrtpProtectionProfile.SRTP_AEAD_AES_128_GCM, SrtpSuite.AesGcm128),
        (SrtpProtectionProfile.SRTP_AES128_CM_HMAC_SHA1_80, SrtpSuite.AesCm128Tag80), (SrtpProtectionProfile.SRTP_AES128_CM_HMAC_SHA1_32, SrtpSuite.AesCm128Tag32),
    ];

    private SrtpSuite? suite;
    private bool proven;

    /// <summary>The only version: DTLS 1.2.</summary>
    public static ProtocolVersion[] Versions => ProtocolVersion.DTLSv12.Only();

    /// <summary>Cipher suites for a certificate with an elliptic curve.</summary>
    public static int[] CipherSuites =>
    [
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256,
        CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA,
    ];

    /// <summary>How long a handshake may take, in ms.</summary>
    public int TimeoutMilliseconds => (int)deadline.TotalMilliseconds;

    /// <summary>Our certificate.</summary>
    public DtlsIdentity Identity => identity;

    /// <summary>What we send under, once the handshake is complete.</summary>
    public SrtpKey? Ours { get; private set; }

    /// <summary>What the far end sends under.</summary>
    public SrtpKey? Theirs { get; private set; }

    /// <summary>The extension of a client's hello.</summary>
    public static UseSrtpData Offer() => new([.. Profiles.Select(each => each.Profile)], []);

    /// <summary>Takes the best of the profiles offered, and gives the extension that says so.</summary>
    public UseSrtpData Choose(UseSrtpData? offered)
    {
        foreach (var (profile, candidate) in Profiles)
        {
            if (offered?.ProtectionProfiles.Contains(profile) != true) continue;
            suite = candidate;
            return new UseSrtpData([profile], []);
        }
        throw new TlsFatalAlert(AlertDescription.handshake_failure, "no SRTP profile in common");
    }

    /// <summary>Checks that the certificate is the one that SDP promised (RFC 5763 section 5).</summary>
    public void Verify(TlsCertificate certificate)
    {
        if (certificate.IsEmpty) throw new TlsFatalAlert(AlertDescription.certificate_unknown, "no certificate");
        var shown = certificate.GetCertificateAt(0).GetEncoded();
        if (!expected.Any(fingerprint => fingerprint.Matches(shown))) throw new TlsFatalAlert(AlertDescription.bad_certificate, "another certificate than SDP promised");
        proven = true;
    }

    /// <summary>Makes the keys (RFC 5764 section 4.2): client's key, server's key, client's salt, server's salt.</summary>
    public void Complete(TlsContext context, bool client)
    {
        if (suite is not { } agreed || !proven) throw new TlsFatalAlert(AlertDescription.internal_error);
        var (key, salt) = (agreed.KeyLength(), agreed.SaltLength());
        var block = context.ExportKeyingMaterial(ExporterLabel.dtls_srtp, null, 2 * (key + salt));
        var first = new SrtpKey(agreed, [.. block.AsSpan(0, key), .. block.AsSpan(2 * key, salt)]);
        var second = new SrtpKey(agreed, [.. block.AsSpan(key, key), .. block.AsSpan((2 * key) + salt, salt)]);
        (Ours, Theirs) = client ? (first, second) : (second, first);
    }
}
