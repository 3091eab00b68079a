using System.Globalization;

namespace Pbx.Web.Localization;

/// <summary>
/// Every sentence of the console, in French and in English, side by side so that neither can be forgotten. Words follow the glossary
/// (docs, "Words"); a test forbids the French words that it rules out. Before <c>: ; ? ! »</c> and after <c>«</c> the French space is one at which no line
/// breaks (U+00A0).
/// </summary>
public sealed partial class Texts
{
    private readonly bool isFrench;

    private Texts(bool isFrench) => this.isFrench = isFrench;

    /// <summary>The French texts.</summary>
    public static Texts French { get; } = new(isFrench: true);

    /// <summary>The English texts.</summary>
    public static Texts English { get; } = new(isFrench: false);

    /// <summary>The two-letter codes of the languages there are.</summary>
    public static IReadOnlyList<string> Languages { get; } = ["fr", "en"];

    /// <summary>The two-letter code of this language.</summary>
    public string Language => isFrench ? "fr" : "en";

    /// <summary>The culture that dates and numbers are written in.</summary>
    public CultureInfo Culture => isFrench ? FrenchCulture : EnglishCulture;

    private static CultureInfo FrenchCulture { get; } = CultureInfo.GetCultureInfo("fr-FR");

    private static CultureInfo EnglishCulture { get; } = CultureInfo.GetCultureInfo("en-GB");

    /// <summary>The texts for a culture: French for French, English for every other.</summary>
    public static Texts For(CultureInfo culture) => culture.TwoLetterISOLanguageName == "fr" ? French : English;

    private string T(string french, string english) => isFrench ? french : english;
}
