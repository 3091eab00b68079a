using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Pbx.Core.Common;

namespace Pbx.Core.Certificates;

/// <summary>Reads certificates with their key from what people have: PEM in one or two files, or PKCS #12 (.pfx, .p12). Never throws on bad input.</summary>
public static class CertificateReader
{
    /// <summary>Reads them.</summary>
    /// <param name="content">PEM text or PKCS #12.</param>
    /// <param name="keyContent">PEM text of the key when it is in a file of its own, else null.</param>
    /// <param name="password">Of the key or of the PKCS #12, or null.</param>
    /// <param name="origin">Where it comes from.</param>
    public static Result<ServerCertificate> Read(byte[] content, byte[]? keyContent, Secret? password, CertificateOrigin origin)
    {
        try
        {
            return IsPem(content) ? ReadPem(content, keyContent, password, origin) : ReadPkcs12(content, password, origin);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or FormatException)
        {
            return Fail(CertificateErrors.Unreadable(exception.Message));
        }
    }

    private static bool IsPem(byte[] content) => content.AsSpan().IndexOf("-----BEGIN"u8) >= 0;

    private static Result<ServerCertificate> ReadPkcs12(byte[] content, Secret? password, CertificateOrigin origin)
    {
        X509Certificate2Collection all;
        try
        {
            all = X509CertificateLoader.LoadPkcs12Collection(content, password?.Reveal(), X509KeyStorageFlags.EphemeralKeySet | X509KeyStorageFlags.Exportable);
        }
        catch (CryptographicException exception) when (exception.HResult == unchecked((int)0x80070056) || exception.Message.Contains("password", StringComparison.OrdinalIgnoreCase))
        {
            return Fail(CertificateErrors.PasswordWrong());
        }
        return all.FirstOrDefault(c => c.HasPrivateKey) is { } leaf
            ? Result<ServerCertificate>.Ok(new ServerCertificate(leaf, Others(all, leaf), origin))
            : Fail(CertificateErrors.KeyMissing());
    }

    private static Result<ServerCertificate> ReadPem(byte[] content, byte[]? keyContent, Secret? password, CertificateOrigin origin)
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPem(Encoding.UTF8.GetString(content));
        if (all.Count == 0) return Fail(CertificateErrors.Unreadable("no certificate in it"));
        var text = Encoding.UTF8.GetString(keyContent ?? content);
        if (KeyLabel(text) is not { } label) return Fail(CertificateErrors.KeyMissing());
        if (label == "ENCRYPTED PRIVATE KEY" && password is null) return Fail(CertificateErrors.PasswordWrong());
        foreach (var candidate in all)
        {
            switch (Combine(candidate, text, label, password))
            {
                case { Succeeded: false } failed: return Fail(failed.Errors);
                case { Value: { } leaf }: return Result<ServerCertificate>.Ok(new ServerCertificate(leaf, Others(all, candidate), origin));
            }
        }
        return Fail(CertificateErrors.KeyMismatch());
    }

    /// <summary>The certificate with the key; null when the key is another's.</summary>
    private static Result<X509Certificate2?> Combine(X509Certificate2 certificate, string text, string label, Secret? password)
    {
        try
        {
            using var rsa = certificate.GetRSAPublicKey();
            if (rsa is not null)
            {
                using var key = RSA.Create();
                if (!TryImport(key, text, label, password)) return Result<X509Certificate2?>.Ok(null);
                return Result<X509Certificate2?>.Ok(SameKey(rsa, key) ? certificate.CopyWithPrivateKey(key) : null);
            }
            using var ecdsa = certificate.GetECDsaPublicKey();
            if (ecdsa is null) return Result<X509Certificate2?>.Ok(null);
            using var curve = ECDsa.Create();
            if (!TryImport(curve, text, label, password)) return Result<X509Certificate2?>.Ok(null);
            return Result<X509Certificate2?>.Ok(SameKey(ecdsa, curve) ? certificate.CopyWithPrivateKey(curve) : null);
        }
        catch (CryptographicException) when (label == "ENCRYPTED PRIVATE KEY")
        {
            return Result<X509Certificate2?>.Fail(CertificateErrors.PasswordWrong());
        }
    }

    /// <summary>False when the key is of another kind.</summary>
    private static bool TryImport(AsymmetricAlgorithm key, string text, string label, Secret? password)
    {
        try
        {
            if (label == "ENCRYPTED PRIVATE KEY") key.ImportFromEncryptedPem(text, password!.Reveal());
            else key.ImportFromPem(KeyBlock(text, label));
            return true;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException && label != "ENCRYPTED PRIVATE KEY")
        {
            return false;
        }
    }

    private static bool SameKey(AsymmetricAlgorithm one, AsymmetricAlgorithm two) =>
        one.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(two.ExportSubjectPublicKeyInfo());

    private static string? KeyLabel(string text) => ((string[])["ENCRYPTED PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "PRIVATE KEY"])
        .FirstOrDefault(label => text.Contains($"-----BEGIN {label}-----", StringComparison.Ordinal));

    private static string KeyBlock(string text, string label)
    {
        var from = text.IndexOf($"-----BEGIN {label}-----", StringComparison.Ordinal);
        var end = $"-----END {label}-----";
        var to = text.IndexOf(end, from, StringComparison.Ordinal);
        return to < 0 ? "" : text[from..(to + end.Length)];
    }

    private static X509Certificate2Collection Others(X509Certificate2Collection all, X509Certificate2 leaf) =>
        [.. all.Where(c => c.Thumbprint != leaf.Thumbprint)];

    private static Result<ServerCertificate> Fail(params IReadOnlyList<PbxError> errors) => Result<ServerCertificate>.Fail(errors);
}
