using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Pbx.Core.Common;

namespace Pbx.Core.Certificates;

/// <summary>
/// The folder <c>certificates</c> of the data directory. A certificate and its private key are one file, so that a kill never leaves one
/// without the other; the key in it is encrypted with the keys of the data directory.
/// </summary>
internal sealed class CertificateFolder(DataDirectory directory, IDataProtectionProvider protection)
{
    private static readonly JsonSerializerOptions Form = new()
    {
        WriteIndented = true, Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() },
    };

    private readonly IDataProtector protector = protection.CreateProtector("Pbx.Certificates");

    private string SettingsFile => Path.Combine(directory.Certificates, "settings.json");

    /// <summary>What was set last; the defaults when there is nothing that can be read.</summary>
    public CertificateSettings ReadSettings()
    {
        try
        {
            return File.Exists(SettingsFile) ? JsonSerializer.Deserialize<CertificateSettings>(File.ReadAllBytes(SettingsFile), Form) ?? new() : new();
        }
        catch (JsonException)
        {
            return new();
        }
    }

    /// <summary>Keeps the settings.</summary>
    public void WriteSettings(CertificateSettings settings) =>
        DataDirectory.WriteAtomically(SettingsFile, JsonSerializer.SerializeToUtf8Bytes(settings, Form));

    /// <summary>A certificate kept under a name, or null when there is none.</summary>
    /// <exception cref="CryptographicException">It is there and cannot be read.</exception>
    public ServerCertificate? Read(string name, CertificateOrigin origin)
    {
        if (!File.Exists(FileOf(name))) return null;
        try
        {
            var kept = JsonSerializer.Deserialize<Kept>(File.ReadAllBytes(FileOf(name)), Form)!;
            var read = CertificateReader.Read(Encoding.ASCII.GetBytes(kept.Certificates), Encoding.ASCII.GetBytes(protector.Unprotect(kept.Key)), null, origin);
            return read.Succeeded ? read.Value : throw new CryptographicException(read.Errors[0].Message);
        }
        catch (JsonException exception)
        {
            throw new CryptographicException(exception.Message, exception);
        }
    }

    /// <summary>Keeps a certificate with its chain and key.</summary>
    public void Write(string name, X509Certificate2 leaf, X509Certificate2Collection chain)
    {
        var certificates = string.Join('\n', chain.Prepend(leaf).Select(c => c.ExportCertificatePem()));
        DataDirectory.WriteAtomically(FileOf(name), JsonSerializer.SerializeToUtf8Bytes(new Kept(certificates, protector.Protect(KeyOf(leaf))), Form));
    }

    /// <summary>Puts a file that cannot be read aside, for a person to look at.</summary>
    public void SetAside(string name) => File.Move(FileOf(name), FileOf(name) + ".unreadable", overwrite: true);

    private string FileOf(string name) => Path.Combine(directory.Certificates, name + ".json");

    private static string KeyOf(X509Certificate2 certificate)
    {
        using AsymmetricAlgorithm? key = (AsymmetricAlgorithm?)certificate.GetRSAPrivateKey() ?? certificate.GetECDsaPrivateKey();
        return key!.ExportPkcs8PrivateKeyPem();
    }

    private sealed record Kept(string Certificates, string Key);
}
