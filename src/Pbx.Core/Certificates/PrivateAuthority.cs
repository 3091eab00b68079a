using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Pbx.Core.Certificates;

/// <summary>
/// Makes the private authority and what it issues. Pure but for random keys. RSA of 2048 bits, for desk phones and DECT bases that
/// are still in use know no ECDSA, neither in a server's certificate nor in the signature of its authority; for all others a second certificate
/// of the same authority has an elliptic key, with which the server signs in a small part of the time.
/// </summary>
public static class PrivateAuthority
{
    /// <summary>How long the authority is valid: ten years, for its root has to be brought to every phone. Ends before 2038, which old phones cannot count beyond.</summary>
    public static readonly TimeSpan AuthorityLifetime = TimeSpan.FromDays(3652);

    /// <summary>How long a server certificate is valid: what browsers and phones accept at most.</summary>
    public static readonly TimeSpan ServerLifetime = TimeSpan.FromDays(397);

    /// <summary>A server certificate is issued anew when it is valid for less than this.</summary>
    public static readonly TimeSpan RenewBefore = TimeSpan.FromDays(60);

    private const int KeyBits = 2048;

    /// <summary>Phones start with a clock that is a little behind.</summary>
    private static readonly TimeSpan Earlier = TimeSpan.FromDays(1);

    private static readonly DateTimeOffset LastCountable = new(2038, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A new authority, with its private key.</summary>
    public static X509Certificate2 Create(string name, DateTimeOffset now)
    {
        using var key = RSA.Create(KeyBits);
        var subject = new X500DistinguishedNameBuilder();
        // Two authorities of one name would be taken for each other by phones.
        subject.AddCommonName($"{name} {Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(3))}");
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var end = now + AuthorityLifetime;
        return request.CreateSelfSigned(now - Earlier, now < LastCountable && end > LastCountable ? LastCountable : end);
    }

    /// <summary>A certificate for these names and addresses, with its private key; it never outlives its authority.</summary>
    public static X509Certificate2 Issue(X509Certificate2 authority, IReadOnlyList<string> names, DateTimeOffset now)
    {
        using var key = RSA.Create(KeyBits);
        using var issued = Issue(authority, new PublicKey(key), X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, names, now);
        return issued.CopyWithPrivateKey(key);
    }

    /// <summary>The same with a key on the curve P-256 (RFC 8422), for peers that know it; signed by the authority's RSA key like the other.</summary>
    public static X509Certificate2 IssueElliptic(X509Certificate2 authority, IReadOnlyList<string> names, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issued = Issue(authority, new PublicKey(key), X509KeyUsageFlags.DigitalSignature, names, now);
        return issued.CopyWithPrivateKey(key);
    }

    private static X509Certificate2 Issue(X509Certificate2 authority, PublicKey key, X509KeyUsageFlags usage, IReadOnlyList<string> names, DateTimeOffset now)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(names[0].Length <= 64 ? names[0] : "pbx");
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        request.CertificateExtensions.Add(AlternativeNames(names));
        var end = now + ServerLifetime;
        var last = new DateTimeOffset(authority.NotAfter.ToUniversalTime());
        var first = new DateTimeOffset(authority.NotBefore.ToUniversalTime());
        var begin = now - Earlier;
        using var signer = authority.GetRSAPrivateKey()!;
        return request.Create(authority.SubjectName, X509SignatureGenerator.CreateForRSA(signer, RSASignaturePadding.Pkcs1), begin > first ? begin : first,
            end < last ? end : last, SerialNumber());
    }

    private static X509Extension AlternativeNames(IReadOnlyList<string> names)
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address)) builder.AddIpAddress(address);
            // Deviates from RFC 5280 §4.2.1.6 because linphone and phones with the same library (mbed TLS before 3.5) know no addresses in a
            // certificate: they compare the address, as text, with the names.
            if (address is null || address.AddressFamily == AddressFamily.InterNetwork) builder.AddDnsName(name);
        }
        return builder.Build();
    }

    /// <summary>RFC 5280 section 4.1.2.2: positive, unguessable, at most 20 bytes.</summary>
    private static byte[] SerialNumber()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7f) | 0x01);
        return serial;
    }
}
