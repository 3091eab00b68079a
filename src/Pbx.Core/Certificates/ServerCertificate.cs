using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pbx.Core.Certificates;

/// <summary>
/// A certificate with its private key and the certificates between it and its authority, ready to serve. Never disposed: handshakes that
/// began with it go on when another has taken its place.
/// </summary>
public sealed class ServerCertificate
{
    /// <summary>A certificate that was checked.</summary>
    /// <param name="leaf">The server's, with its private key.</param>
    /// <param name="chain">All others that came with it.</param>
    /// <param name="origin">Where it comes from.</param>
    /// <param name="elliptic">Its twin with an elliptic key; null: none.</param>
    public ServerCertificate(X509Certificate2 leaf, X509Certificate2Collection chain, CertificateOrigin origin, ServerCertificate? elliptic = null)
    {
        (Leaf, Chain, Origin, Elliptic) = (leaf, chain, origin, elliptic);
        Context = SslStreamCertificateContext.Create(leaf, chain, offline: true);
        Names = NamesOf(leaf);
    }

    /// <summary>The server's own.</summary>
    public X509Certificate2 Leaf { get; }

    /// <summary>The others.</summary>
    public X509Certificate2Collection Chain { get; }

    /// <summary>What a TLS stream serves.</summary>
    public SslStreamCertificateContext Context { get; }

    /// <summary>The same names and issuer with a key on the curve P-256, for peers that know it; null: there is only this one.</summary>
    public ServerCertificate? Elliptic { get; }

    /// <summary>Where it comes from.</summary>
    public CertificateOrigin Origin { get; }

    /// <summary>The names and addresses that it proves.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Who issued it.</summary>
    public string Issuer => Leaf.GetNameInfo(X509NameType.SimpleName, forIssuer: true);

    /// <summary>When it begins to be valid.</summary>
    public DateTimeOffset NotBefore => new(Leaf.NotBefore.ToUniversalTime());

    /// <summary>When it ends.</summary>
    public DateTimeOffset NotAfter => new(Leaf.NotAfter.ToUniversalTime());

    /// <summary>SHA-256 fingerprint, as tools print it.</summary>
    public string Fingerprint => string.Join(':', Leaf.GetCertHash(HashAlgorithmName.SHA256).Select(b => b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture)));

    /// <summary>What a TLS stream serves to a peer that takes elliptic keys, or to one that may not.</summary>
    public SslStreamCertificateContext ContextFor(bool elliptic) => elliptic && Elliptic is { } twin ? twin.Context : Context;

    /// <summary>True when both serve the same, twins included.</summary>
    public bool IsSame(ServerCertificate other) => Fingerprint == other.Fingerprint && Elliptic?.Fingerprint == other.Elliptic?.Fingerprint;

    /// <summary>True when it proves that name or address; <c>*.example.com</c> proves one level below.</summary>
    public bool Proves(string name) => Leaf.MatchesHostname(name, allowWildcards: true, allowCommonName: false);

    private static List<string> NamesOf(X509Certificate2 certificate) =>
    [
        .. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(e => e.EnumerateDnsNames().Concat(e.EnumerateIPAddresses().Select((IPAddress address) => address.ToString()))).Distinct(),
    ];
}

/// <summary>Where the certificate that serves comes from.</summary>
public enum CertificateOrigin
{
    /// <summary>Issued by this server's own authority, whose root phones must know.</summary>
    Own,
    /// <summary>Uploaded in the console.</summary>
    Uploaded,
    /// <summary>Read from files that another program renews.</summary>
    Files,
}
