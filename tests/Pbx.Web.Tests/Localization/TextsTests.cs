using System.Collections;
using System.Reflection;
using System.Resources;
using System.Text.RegularExpressions;
using MudBlazor;
using Pbx.Core.Live;
using Pbx.Core.Mail;
using Pbx.Web.Localization;

namespace Pbx.Web.Tests.Localization;

public class TextsTests
{
    /// <summary>The words that the glossary rules out in French.</summary>
    private static readonly string[] Forbidden =
    [
        "extension", "périphérique", "équipement", "tronc", "RVI", "IVR", "groupe de sonneries", "salutation", "musique en attente",
        "conditions temporelles", "mode nuit", "fallback", "dialplan", "transfert aveugle", "pagination", "CDR", "approvisionnement", "liste noire", "Incall", "Outcall",
    ];

    public static TheoryData<string> Properties() =>
        [.. typeof(Texts).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.PropertyType == typeof(string)).Select(p => p.Name)];

    [Theory, MemberData(nameof(Properties))]
    public void Text_InBothLanguages_SaysSomethingAllowed(string name)
    {
        var property = typeof(Texts).GetProperty(name)!;
        var french = (string)property.GetValue(Texts.French)!;
        Assert.False(string.IsNullOrWhiteSpace(french));
        Assert.False(string.IsNullOrWhiteSpace((string)property.GetValue(Texts.English)!));
        AssertAllowed(french);
    }

    [Fact]
    public void Text_OfEachEnumMember_SaysSomethingAllowedInBothLanguages()
    {
        foreach (var method in typeof(Texts).GetMethods(BindingFlags.Public | BindingFlags.Instance).Where(m => m.ReturnType == typeof(string)))
        {
            if (method.GetParameters() is not [{ ParameterType.IsEnum: true } only]) continue;
            foreach (var value in Enum.GetValues(only.ParameterType))
            {
                var french = (string)method.Invoke(Texts.French, [value])!;
                Assert.False(string.IsNullOrWhiteSpace(french), $"{method.Name}({value})");
                Assert.False(string.IsNullOrWhiteSpace((string)method.Invoke(Texts.English, [value])!), $"{method.Name}({value})");
                AssertAllowed(french);
            }
        }
    }

    [Fact]
    public void Delivery_GivenUpAfterTheLastAttempt_IsSaidInFrench()
    {
        var words = DeliveryWords.GivenUp(3, DeliveryWords.NoAnswerInTime);

        Assert.Equal("Abandonné après 3 jours. le serveur n’a pas répondu à temps", Texts.French.Delivery(words));
        Assert.Equal($"Given up after 3 days. {DeliveryWords.NoAnswerInTime}", Texts.English.Delivery(words));
        Assert.Equal("550 Given up after lunch", Texts.French.Delivery("550 Given up after lunch"));
    }

    [Fact]
    public void TrunkDetail_OfEachOfOurWords_IsSaidInFrench()
    {
        foreach (var words in typeof(TrunkWords).GetFields().Select(field => (string)field.GetRawConstantValue()!))
        {
            Assert.DoesNotContain(words, Texts.French.TrunkDetail(words), StringComparison.Ordinal);
            Assert.Equal(words, Texts.English.TrunkDetail(words));
        }
        Assert.Equal("pas de connexion à udp:192.0.2.1:5060: refused", Texts.French.TrunkDetail($"{TrunkWords.NoConnection} udp:192.0.2.1:5060: refused"));
    }

    [Fact]
    public void MudBlazorWord_EachOfTheLibrary_HasAFrenchOne()
    {
        var assembly = typeof(MudButton).Assembly;
        var name = assembly.GetManifestResourceNames().Single(n => n.EndsWith("LanguageResource.resources", StringComparison.Ordinal));
        using var reader = new ResourceReader(assembly.GetManifestResourceStream(name)!);
        var missing = reader.Cast<DictionaryEntry>().Select(e => (string)e.Key).Where(key => !MudFrench.Words.ContainsKey(key)).ToList();
        Assert.Empty(missing);
    }

    [Fact]
    public void Language_OfABrowser_IsFrenchForFrenchAndEnglishForTheRest()
    {
        Assert.Same(Texts.French, Texts.For(new System.Globalization.CultureInfo("fr-CA")));
        Assert.Same(Texts.English, Texts.For(new System.Globalization.CultureInfo("de-DE")));
    }

    private static void AssertAllowed(string french)
    {
        foreach (var word in Forbidden) Assert.DoesNotMatch($@"(?i)\b{Regex.Escape(word)}s?\b", french);
        // A line may not break before such a sign: the space is U+00A0.
        Assert.DoesNotMatch("« | [:;?!»]", french);
    }
}
