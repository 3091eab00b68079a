using System.Globalization;
using Pbx.Core.Common;

namespace Pbx.Core.Certificates;

/// <summary>What can be wrong with a certificate, in words that say what to do.</summary>
internal static class CertificateErrors
{
    public static PbxError Unreadable(string reason) =>
        new("certificate-unreadable", "certificate", $"This is no certificate that can be read (PEM or PKCS #12): {reason}", reason);

    public static PbxError PasswordWrong() =>
        new("certificate-password-wrong", "password", "The private key is encrypted, and the password is missing or wrong.");

    public static PbxError KeyMissing() =>
        new("certificate-key-missing", "key", "The private key is missing: add its file, or upload a .pfx that holds it.");

    public static PbxError KeyMismatch() =>
        new("certificate-key-mismatch", "key", "The private key belongs to another certificate.");

    public static PbxError Expired(DateTimeOffset end) =>
        new("certificate-expired", "certificate", $"The certificate ended on {Day(end)}.", Day(end));

    public static PbxError NotYetValid(DateTimeOffset begin) =>
        new("certificate-not-yet-valid", "certificate", $"The certificate is valid from {Day(begin)} only.", Day(begin));

    public static PbxError ChainIncomplete(string issuer) =>
        new("certificate-chain-incomplete", "certificate",
            $"The certificate of its issuer '{issuer}' is missing: phones could not verify it. Upload the whole chain (certbot and lego call it fullchain).", issuer);

    public static PbxError NameMissing(string name, IReadOnlyList<string> names) =>
        new("certificate-name-missing", "certificate",
            $"The certificate is for {string.Join(", ", names)} and not for '{name}', which is one of this server's names.", name, string.Join(", ", names));

    public static PbxError Weak() =>
        new("certificate-weak", "certificate", "The certificate is too weak: use RSA with at least 2048 bits or an elliptic curve, signed with SHA-256 or better.");

    public static PbxError NotForServers() =>
        new("certificate-not-for-servers", "certificate", "The certificate is not made for servers (its extended key usage lacks server authentication).");

    public static PbxError FileUnreadable(string file, string reason) =>
        new("certificate-file-unreadable", "files", $"The file {file} cannot be read by the server: {reason}", file, reason);

    public static PbxError NameInvalid(string name) =>
        new("certificate-name-invalid", "names", $"'{name}' is neither a host name nor an address.", name);

    public static PbxError NothingUploaded() =>
        new("certificate-nothing-uploaded", "certificate", "No certificate has been uploaded yet.");

    private static string Day(DateTimeOffset time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
