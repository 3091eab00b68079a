using System.Globalization;
using System.Text;

namespace Pbx.Web.Shell.Editing;

/// <summary>Keys of new objects, made from their names.</summary>
public static class KeyNames
{
    /// <summary>Lower-case letters, digits and hyphens out of any text, with a number behind until it is free.</summary>
    public static string Free(string text, Func<string, bool> isFree)
    {
        var slug = new StringBuilder();
        foreach (var c in text.Normalize(NormalizationForm.FormD))
        {
            if (char.IsAsciiLetterOrDigit(c)) slug.Append(char.ToLowerInvariant(c));
            else if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark && slug.Length > 0 && slug[^1] != '-') slug.Append('-');
        }
        var stem = slug.ToString().Trim('-');
        if (stem.Length == 0) stem = "x";
        if (stem.Length > 58) stem = stem[..58].Trim('-');
        var key = stem;
        for (var i = 2; !isFree(key); i++) key = string.Create(CultureInfo.InvariantCulture, $"{stem}-{i}");
        return key;
    }
}
