using System.Security.Cryptography.X509Certificates;
using Pbx.Core.Common;

namespace Pbx.Core.Certificates;

/// <summary>Whether a certificate can serve: time, strength, purpose, chain, names. Pure but for the authorities that the system trusts.</summary>
public static class CertificateCheck
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const int LeastRsaBits = 2048;

    /// <summary>All that is wrong; empty when it can serve.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="names">Names that it must prove.</param>
    /// <param name="now">The time.</param>
    public static IReadOnlyList<PbxError> Findings(ServerCertificate certificate, IReadOnlyList<string> names, DateTimeOffset now)
    {
        var findings = new List<PbxError>();
        if (certificate.NotAfter <= now) findings.Add(CertificateErrors.Expired(certificate.NotAfter));
        if (certificate.NotBefore > now) findings.Add(CertificateErrors.NotYetValid(certificate.NotBefore));
        if (IsWeak(certificate.Leaf)) findings.Add(CertificateErrors.Weak());
        if (!IsForServers(certificate.Leaf)) findings.Add(CertificateErrors.NotForServers());
        if (MissingIssuer(certificate, now) is { } issuer) findings.Add(CertificateErrors.ChainIncomplete(issuer));
        findings.AddRange(names.Where(name => !certificate.Proves(name)).Select(name => CertificateErrors.NameMissing(name, certificate.Names)));
        return findings;
    }

    private static bool IsWeak(X509Certificate2 leaf)
    {
        using var rsa = leaf.GetRSAPublicKey();
        return rsa is not null && rsa.KeySize < LeastRsaBits
            || leaf.SignatureAlgorithm.FriendlyName is { } signature
                && (signature.Contains("sha1", StringComparison.OrdinalIgnoreCase) || signature.Contains("md5", StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsForServers(X509Certificate2 leaf) =>
        leaf.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault() is not { } usage
        || usage.EnhancedKeyUsages.Cast<System.Security.Cryptography.Oid>().Any(oid => oid.Value == ServerAuthentication);

    /// <summary>Whose certificate is neither with it nor known to the system; null when the chain is whole.</summary>
    private static string? MissingIssuer(ServerCertificate certificate, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.ChainPolicy.ExtraStore.AddRange(certificate.Chain);
        chain.Build(certificate.Leaf);
        return chain.ChainStatus.Any(status => status.Status == X509ChainStatusFlags.PartialChain)
            ? chain.ChainElements[^1].Certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true)
            : null;
    }
}
