using System.Text;
using Pbx.Sip.Messages;

namespace Pbx.Sip.Defence;

/// <summary>A request as it may be shown to people: start line and header fields without credentials, no body, no control characters.</summary>
internal static class PacketText
{
    private const int Longest = 1500;
    private const int MostSaid = 64;

    /// <summary>The text.</summary>
    public static string Of(SipRequest request)
    {
        var text = new StringBuilder();
        foreach (var line in Encoding.UTF8.GetString(request.Bytes.Span).Split('\n'))
        {
            var plain = line.TrimEnd('\r');
            if (plain.Length == 0 || text.Length > Longest) break;
            // A folded line goes with the field that it continues, which may be the one with the credentials.
            if (plain[0] is ' ' or '\t') continue;
            text.Append(Shown(plain)).Append('\n');
        }
        return text.Length > Longest ? text.ToString(0, Longest) : text.ToString();
    }

    /// <summary>What peers say of themselves, fit for logs, lists, records and other phones' displays: without control characters, and not endless.</summary>
    public static string Printable(string text)
    {
        if (text.Length <= MostSaid && !text.Any(char.IsControl)) return text;
        // Not in the middle of a character of two.
        var length = text.Length <= MostSaid ? text.Length : char.IsHighSurrogate(text[MostSaid - 1]) ? MostSaid - 1 : MostSaid;
        return string.Concat(text.Take(length).Select(c => char.IsControl(c) ? '?' : c));
    }

    private static string Shown(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? "" : line[..colon].Trim();
        var isSecret = name.EndsWith("Authorization", StringComparison.OrdinalIgnoreCase);
        return isSecret ? $"{name}: …" : string.Concat(line.Select(c => char.IsControl(c) ? '?' : c));
    }
}
