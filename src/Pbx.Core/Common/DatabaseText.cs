using System.Text;

namespace Pbx.Core.Common;

/// <summary>Text from outside made fit for every database.</summary>
internal static class DatabaseText
{
    /// <summary>Without NUL (PostgreSQL refuses it), with a replacement character for half a surrogate pair, at most so long.</summary>
    public static string Clean(string text, int most = 1000)
    {
        if (text.Length > most) text = text[..most];
        if (!text.AsSpan().ContainsAny('\0', '\uFFFD') && !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')) return text;
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            if (rune.Value != 0) clean.Append(rune.ToString());
        return clean.ToString();
    }
}
