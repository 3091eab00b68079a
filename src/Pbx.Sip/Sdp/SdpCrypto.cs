using System.Buffers.Binary;
using System.Globalization;

namespace Pbx.Sip.Sdp;

/// <summary>A crypto attribute (RFC 4568 section 4): a suite with a key, for the direction of whoever wrote it.</summary>
/// <param name="Tag">Number of the line, by which an answer names it.</param>
/// <param name="Name">The suite's name as written.</param>
/// <param name="Key">The key.</param>
internal sealed record SdpCrypto(int Tag, string Name, SrtpKey Key)
{
    /// <summary>The attribute's name.</summary>
    public const string Attribute = "crypto";

    private const string Inline = "inline:";
    private const int MostMki = 16;

    /// <summary>
    /// Reads the attribute's value; null for a line that cannot be used: another suite, a key of the wrong length, several keys, or a
    /// parameter that would weaken it (section 6.3 has what may be left out).
    /// </summary>
    public static SdpCrypto? Parse(string value)
    {
        var parts = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 3 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var tag)
            || SrtpSuites.Parse(parts[1]) is not { } suite || ParseKey(suite, parts[2]) is not { } key || !parts[3..].All(IsHarmless)) return null;
        return new SdpCrypto(tag, parts[1], key);
    }

    /// <summary>The usable lines of a media line, in order.</summary>
    public static IEnumerable<SdpCrypto> Of(SdpMedia media) => media.Attributes
        .Where(attribute => attribute.Name.Equals(Attribute, StringComparison.OrdinalIgnoreCase) && attribute.Value is not null)
        .Select(attribute => Parse(attribute.Value!)).OfType<SdpCrypto>();

    /// <summary>As an attribute.</summary>
    public SdpAttribute ToAttribute() =>
        new(Attribute, string.Create(CultureInfo.InvariantCulture, $"{Tag} {Name} {Inline}{Convert.ToBase64String(Key.Material)}"));

    // inline:<key and salt>["|" lifetime]["|" MKI ":" length]
    private static SrtpKey? ParseKey(SrtpSuite suite, string text)
    {
        if (!text.StartsWith(Inline, StringComparison.OrdinalIgnoreCase)) return null;
        var parts = text[Inline.Length..].Split('|');
        Span<byte> material = stackalloc byte[64];
        // Some phones leave the padding out.
        var encoded = parts[0].TrimEnd('=');
        if (!Convert.TryFromBase64String(encoded.PadRight((encoded.Length + 3) / 4 * 4, '='), material, out var length)
            || length != suite.KeyLength() + suite.SaltLength()) return null;
        byte[]? mki = [];
        foreach (var part in parts[1..])
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 && IsLifetime(part)) continue;
            mki = mki?.Length > 0 || colon < 0 ? null : ParseMki(part[..colon], part[(colon + 1)..]);
            if (mki is null) return null;
        }
        return new SrtpKey(suite, material[..length], mki);
    }

    private static byte[]? ParseMki(string number, string length)
    {
        if (!ulong.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            || !int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) || bytes is < 1 or > MostMki
            || (bytes < 8 && value >> (8 * bytes) != 0)) return null;
        var mki = new byte[Math.Max(bytes, 8)];
        BinaryPrimitives.WriteUInt64BigEndian(mki.AsSpan(^8), value);
        return mki[^bytes..];
    }

    private static bool IsLifetime(string text)
    {
        var power = text.StartsWith("2^", StringComparison.Ordinal);
        return ulong.TryParse(power ? text[2..] : text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0 && (!power || value <= 48);
    }

    // A window size is the reader's business, and a parameter with a minus may be passed over; all others change what is on the wire.
    private static bool IsHarmless(string parameter) =>
        parameter[0] == '-' || parameter.StartsWith("WSH=", StringComparison.OrdinalIgnoreCase) || parameter.Equals("KDR=0", StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override string ToString() => $"{Tag} {Key}";
}
