using System.Security.Cryptography;
using Pbx.Core.Common;

namespace Pbx.Sip.Sdp;

/// <summary>The hash of the certificate that a far end shows in its DTLS handshake (RFC 8122 section 5).</summary>
/// <param name="Hash">The hash's name: sha-256, sha-384 or sha-512.</param>
/// <param name="Value">Bytes in hexadecimal, upper case, with colons.</param>
internal sealed record SdpFingerprint(string Hash, string Value)
{
    private const string Name = "fingerprint";

    /// <summary>That of a certificate.</summary>
    public static SdpFingerprint Of(ReadOnlySpan<byte> certificate) => Of(certificate, "sha-256")!;

    /// <summary>The usable ones of a media line, or else of its session. SHA-1 and older are not.</summary>
    public static ValueList<SdpFingerprint> Of(SdpSession session, SdpMedia media)
    {
        var own = Of(media.Attributes);
        return own.Count > 0 ? own : Of(session.Attributes);
    }

    /// <summary>Whether a certificate has this hash.</summary>
    public bool Matches(ReadOnlySpan<byte> certificate) => Of(certificate, Hash) == this;

    /// <summary>As an attribute.</summary>
    public SdpAttribute ToAttribute() => new(Name, $"{Hash} {Value}");

    private static ValueList<SdpFingerprint> Of(ValueList<SdpAttribute> attributes) => attributes
        .Where(attribute => attribute.Name.Equals(Name, StringComparison.OrdinalIgnoreCase))
        .Select(attribute => Parse(attribute.Value ?? "")).OfType<SdpFingerprint>().ToValueList();

    private static SdpFingerprint? Parse(string value)
    {
        var parts = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != 2) return null;
#pragma warning disable CA1308 // The registered names are in lower case.
        var hash = parts[0].ToLowerInvariant();
#pragma warning restore CA1308
        var bytes = hash switch { "sha-256" => 32, "sha-384" => 48, "sha-512" => 64, _ => 0 };
        return bytes > 0 && parts[1].Length == (3 * bytes) - 1 ? new SdpFingerprint(hash, parts[1].ToUpperInvariant()) : null;
    }

    private static SdpFingerprint? Of(ReadOnlySpan<byte> certificate, string hash)
    {
        var bytes = hash switch
        {
            "sha-256" => SHA256.HashData(certificate),
            "sha-384" => SHA384.HashData(certificate),
            "sha-512" => SHA512.HashData(certificate),
            _ => null,
        };
        return bytes is null ? null : new SdpFingerprint(hash, string.Join(':', bytes.Select(each => each.ToString("X2", System.Globalization.CultureInfo.InvariantCulture))));
    }
}
