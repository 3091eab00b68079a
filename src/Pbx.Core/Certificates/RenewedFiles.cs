using Pbx.Core.Common;

namespace Pbx.Core.Certificates;

/// <summary>
/// Files that certbot, lego or another program renews, by whatever means: rewritten, renamed, or a symbolic link turned to another. What
/// they hold is compared, for neither times nor events are reliable over links, bind mounts and network file systems.
/// </summary>
internal sealed class RenewedFiles
{
    private const int LargestFile = 1 << 20;

    private byte[] certificate = [];
    private byte[] key = [];

    /// <summary>True when they hold something else than at the last reading, and can be read.</summary>
    public bool HaveChanged(CertificateSettings settings) =>
        Content(settings.CertificateFile) is { Succeeded: true } newCertificate && KeyContent(settings) is { Succeeded: true } newKey
        && !(newCertificate.Value.AsSpan().SequenceEqual(certificate) && newKey.Value.AsSpan().SequenceEqual(key));

    /// <summary>Reads them.</summary>
    public Result<ServerCertificate> Read(CertificateSettings settings)
    {
        var newCertificate = Content(settings.CertificateFile);
        if (!newCertificate.Succeeded) return Result<ServerCertificate>.Fail(newCertificate.Errors);
        var newKey = KeyContent(settings);
        if (!newKey.Succeeded) return Result<ServerCertificate>.Fail(newKey.Errors);
        (certificate, key) = (newCertificate.Value, newKey.Value);
        return CertificateReader.Read(certificate, settings.KeyFile.Length == 0 ? null : key, null, CertificateOrigin.Files);
    }

    private static Result<byte[]> KeyContent(CertificateSettings settings) =>
        settings.KeyFile.Length == 0 ? Result<byte[]>.Ok([]) : Content(settings.KeyFile);

    private static Result<byte[]> Content(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            // A device or a huge file by mistake must not fill the memory.
            if (stream.Length is 0 or > LargestFile) return Result<byte[]>.Fail(CertificateErrors.FileUnreadable(file, $"{stream.Length} bytes"));
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            return Result<byte[]>.Ok(content);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return Result<byte[]>.Fail(CertificateErrors.FileUnreadable(file, exception.Message));
        }
    }
}
