using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Pbx.Sip.Messages;

/// <summary>
/// A name-addr or addr-spec with header parameters: From, To, Contact, Route, Record-Route, Path, Refer-To, P-Asserted-Identity
/// (RFC 3261 §20.10).
/// </summary>
/// <param name="DisplayName">The display name without quotes; null when there is none.</param>
/// <param name="Uri">The address.</param>
/// <param name="Parameters">The parameters of the header, such as <c>tag</c>, <c>expires</c> or <c>q</c>.</param>
internal sealed record NameAddress(string? DisplayName, SipUri Uri, SipParameters Parameters = default)
{
    /// <summary>The tag of From or To; null when there is none.</summary>
    public string? Tag => Parameters["tag"];

    /// <summary>The same address with another tag.</summary>
    public NameAddress WithTag(string tag) => this with { Parameters = Parameters.With("tag", tag) };

    /// <summary>Parses one value, which must be all there is.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out NameAddress? address)
    {
        var scanner = new SipScanner(text);
        return TryParse(ref scanner, out address) && scanner.AtEnd;
    }

    /// <summary>Parses a comma list; false when one of its members is malformed.</summary>
    public static bool TryParseList(ReadOnlySpan<char> text, List<NameAddress> target)
    {
        var scanner = new SipScanner(text);
        do
        {
            if (!TryParse(ref scanner, out var address))
                return false;
            target.Add(address);
        }
        while (scanner.Take(','));
        return scanner.AtEnd;
    }

    private static bool TryParse(ref SipScanner scanner, [NotNullWhen(true)] out NameAddress? address)
    {
        address = null;
        scanner.SkipSpace();
        string? display = null;
        if (scanner.Current == '"')
        {
            if (!scanner.TryTakeQuoted(out display))
                return false;
            scanner.SkipSpace();
            return TryParseBracketed(ref scanner, display, out address);
        }
        var rest = scanner.Rest;
        var bracket = rest.IndexOf('<');
        var stop = rest.IndexOfAny(",;:\"");
        if (bracket < 0 || (stop >= 0 && stop < bracket))
            return TryParseBare(ref scanner, out address);
        var name = scanner.TakeUntil("<").Trim();
        // RFC 3261 §25.1: a display name is a quoted string or tokens with space between.
        foreach (var c in name)
            if (c < 0x80 && c is not (' ' or '\t') && !SipScanner.TokenCharacters.Contains(c))
                return false;
        return TryParseBracketed(ref scanner, name.IsEmpty ? null : name.ToString(), out address);
    }

    private static bool TryParseBracketed(ref SipScanner scanner, string? display, [NotNullWhen(true)] out NameAddress? address)
    {
        address = null;
        if (!scanner.Take('<'))
            return false;
        // Blanks inside the brackets are wrong (RFC 4475 §3.1.2.14) but harmless, and so accepted.
        var text = scanner.TakeUntil(">").Trim(" \t");
        if (!scanner.Take('>') || !SipUri.TryParse(text, out var uri) || !SipParameters.TryParse(ref scanner, out var parameters))
            return false;
        address = new NameAddress(display, uri, parameters);
        return true;
    }

    private static bool TryParseBare(ref SipScanner scanner, [NotNullWhen(true)] out NameAddress? address)
    {
        address = null;
        var text = scanner.TakeUntil(" \t;,>\"");
        // RFC 3261 §20.10: without angle brackets a comma, question mark or semicolon is not the URI's.
        if (text.Contains('?') || !SipUri.TryParse(text, out var uri) || !SipParameters.TryParse(ref scanner, out var parameters))
            return false;
        address = new NameAddress(null, uri, parameters);
        return true;
    }

    /// <summary>The value as it is written: always with angle brackets.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        if (!string.IsNullOrEmpty(DisplayName))
        {
            SipParameters.AppendQuoted(text, DisplayName);
            text.Append(' ');
        }
        text.Append('<').Append(Uri).Append('>');
        Parameters.AppendTo(text);
        return text.ToString();
    }
}
