using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Pbx.Core.Common;
using Pbx.Web.Localization;

namespace Pbx.Web.Tests.Localization;

/// <summary>Every error that the core can answer with is told in the person's language.</summary>
public partial class ErrorTextsTests
{
    public static TheoryData<string> Codes() =>
        [.. Directory.EnumerateFiles(Path.Combine(Root(), "src/Pbx.Core"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/Audio/Phrase", StringComparison.Ordinal))
            .SelectMany(file => CodePattern().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value).Distinct().Order()];

    [Theory, MemberData(nameof(Codes))]
    public void Error_OfEachCodeOfTheCore_IsToldInBothLanguages(string code)
    {
        var error = new PbxError(code, "", "the core's own sentence", "queue:support", "extension:101", "3");
        Assert.NotEqual(error.Message, Texts.French.Error(error));
        Assert.NotEqual(error.Message, Texts.English.Error(error));
        Assert.NotEqual(Texts.English.Error(error), Texts.French.Error(error));
    }

    [Fact]
    public void Codes_AreFoundInTheSources() => Assert.True(Codes().Count > 60, $"Only {Codes().Count} codes found.");

    [Fact]
    public void Error_ThatNamesObjects_NamesThemByKind()
    {
        var taken = new PbxError("number-taken", "extensions/x/number", "", "101", "extension:101");
        var used = new PbxError("in-use", "prompts/welcome", "", "prompt:welcome", "ivrMenus/main/prompt", "queues/support/intro", "queues/support/music");
        var loop = new PbxError("loop", "queues/a", "", "queue:a → ringgroup:b → queue:a");

        Assert.Equal("Le numéro 101 est déjà pris (Poste «\u00a0101\u00a0»)\u00a0: choisissez-en un autre.", Texts.French.Error(taken));
        Assert.Equal("Still in use: Prompt “welcome”, by IVR menu “main”, Queue “support”.", Texts.English.Error(used));
        Assert.Contains("File d’attente «\u00a0a\u00a0» → Groupement d’appels «\u00a0b\u00a0» → File d’attente «\u00a0a\u00a0»", Texts.French.Error(loop), StringComparison.Ordinal);
    }

    [Fact]
    public void Error_OfAnEmptyField_DoesNotQuoteNothing()
    {
        Assert.Equal("À choisir\u00a0: Message.", Texts.French.Error(new PbxError("reference-missing", "", "", "prompt:")));
        Assert.StartsWith("An empty field matches no number", Texts.English.Error(new PbxError("pattern-invalid", "", "", "")), StringComparison.Ordinal);
    }

    [Fact]
    public void Conflict_ThatNamesWhoDidIt_NamesThePerson() =>
        Assert.StartsWith("anne@example.test a modifié", Texts.French.Error(new PbxError("conflict", "queues/a", "", "queue:a", "anne@example.test", "")), StringComparison.Ordinal);

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../.."));

    // new PbxError("code", ... and the small ways to one: findings.Add("code", Add("code", Fail("code", new("code", "path", ...
    [GeneratedRegex("""(?:PbxError|[. ]Add|Fail| new)\("([a-z]+(?:-[a-z]+)+|conflict|forbidden|loop|refused)",""")]
    private static partial Regex CodePattern();
}
