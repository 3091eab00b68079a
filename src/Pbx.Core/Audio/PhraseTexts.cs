using System.Globalization;
using Pbx.Core.CallFlow;

namespace Pbx.Core.Audio;

/// <summary>What the phrases say in each language of the product.</summary>
internal static partial class PhraseTexts
{
    private const int Numbers = 60;
    private const int Hours = 24;

    /// <summary>The languages, the product's first.</summary>
    public static IReadOnlyList<string> Languages { get; } = ["fr", "en"];

    /// <summary>Every phrase of a language with its text: the sentences first, for they are needed first.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(string language)
    {
        var words = language == "fr" ? French : English;
        foreach (var name in Phrases.All) yield return new(name, words.Sentences[name]);
        for (var digit = 0; digit < 10; digit++) yield return Named("digit", digit, words.Number(digit));
        yield return new("digit-star", words.Star);
        yield return new("digit-hash", words.Hash);
        for (var number = 0; number < Numbers; number++) yield return Named("number", number, words.Number(number));
        yield return new("hours", words.Hours);
        yield return new("o-clock", words.OClock);
        for (var hour = 0; hour < Hours; hour++) yield return Named("hour", hour, words.Hour(hour));
    }

    private static KeyValuePair<string, string> Named(string kind, int number, string text) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{kind}-{number}"), text);

    private sealed record Words(IReadOnlyDictionary<string, string> Sentences, string Star, string Hash, string Hours, string OClock,
        Func<int, string> Number, Func<int, string> Hour);
}
