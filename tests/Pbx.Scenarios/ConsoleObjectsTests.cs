using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Pbx.Testing.Audio;

namespace Pbx.Scenarios;

/// <summary>Every kind of object of the console, created, changed and deleted in Chromium as a person does it, in French and in English.</summary>
[Collection(nameof(ConsoleHouse))]
public sealed class ConsoleObjectsTests(ConsoleHouse house)
{
    /// <summary>Each kind by its address: the fields a new one needs besides its name, and whether saving shows a secret once.</summary>
    private static readonly Dictionary<string, (bool ShowsSecret, (string Field, string Value)[] Fields)> Kinds = new()
    {
        ["sites"] = (false, []),
        ["extensions"] = (true, [("number", "180")]),
        ["trunks"] = (false, [("host", "sip.example.test"), ("userName", "account")]),
        ["inbound-rules"] = (false, [("called", "+33199000177"), ("open", "Accueil")]),
        ["outbound-rules"] = (false, [("pattern", "00*")]),
        ["ivr-menus"] = (false, [("prompt", "welcome")]),
        ["queues"] = (false, [("agents", "Alice")]),
        ["ring-groups"] = (false, [("members", "Bruno")]),
        ["announcements"] = (false, [("prompt", "closed")]),
        ["mailboxes"] = (true, []),
        ["prompts"] = (false, [("text", "Un message de plus.")]),
    };

    public static TheoryData<string, string> KindsInEachLanguage() =>
        [.. from kind in Kinds.Keys from language in (string[])["fr", "en"] select (kind, language)];

    [Theory, MemberData(nameof(KindsInEachLanguage))]
    public Task Object_IsCreatedChangedAndDeleted(string kind, string language) => house.AsAdministratorAsync(language, async console =>
    {
        var name = $"Essai {kind} {language}";
        await console.GoAsync($"{kind}/+new");
        await console.SaveAsync();
        await Assertions.Expect(console.Panel.Locator("[data-test=errors]")).ToContainTextAsync(language == "fr" ? "Il manque un nom." : "A name is missing.");
        await Assertions.Expect(console.Panel.Locator("[data-field=name] input").First).ToHaveAttributeAsync("aria-invalid", "true");

        foreach (var (field, value) in Kinds[kind].Fields.Prepend(("name", name))) await console.SetAsync(console.Panel, field, value);
        await console.SaveAndSeeAsync($"/{kind}/");
        if (Kinds[kind].ShowsSecret) await console.CloseDialogAsync();
        var key = console.Page.Url.Split('/')[^1];
        Assert.Equal(name, (string?)(await GetAsync(kind, key))!["name"]);

        await console.SetAsync(console.Panel, "name", $"{name} bis");
        await console.SaveAsync();
        await house.Pbx.EventuallyAsync(async () => (string?)(await GetAsync(kind, key))!["name"] == $"{name} bis", "the new name is saved");

        await console.Panel.Locator("[data-test=delete]").ClickAsync();
        await console.Test("confirm-delete").ClickAsync();
        await house.Pbx.EventuallyAsync(async () => await GetAsync(kind, key) is null, $"{kind}/{key} is gone");
        await Assertions.Expect(console.Page.Locator($"tr[data-key='{key}']")).ToHaveCountAsync(0);
    });

    [Theory, InlineData("fr", "Impossible pour l’instant", "SVI"), InlineData("en", "Not possible yet", "IVR menu")]
    public async Task Delete_OfSomethingUsed_ShowsWhatUsesItAndIsRefused(string language, string refusal, string kind)
    {
        await using var console = await house.OpenAsync("administrator", language);
        await console.GoAsync("prompts/welcome");

        await console.Panel.Locator("[data-test=delete]").ClickAsync();
        var users = await console.Test("used-by").InnerTextAsync();
        var words = await console.Page.Locator(".mud-dialog").InnerTextAsync();

        Assert.Contains($"{kind} Accueil", users, StringComparison.Ordinal);
        Assert.Contains(refusal, words, StringComparison.Ordinal);
        Assert.Equal(0, await console.Test("confirm-delete").CountAsync());
        using var refused = await house.Pbx.Api.DeleteAsync("prompts/welcome");
        Assert.Contains("in-use", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotNull(await GetAsync("prompts", "welcome"));
    }

    [Fact]
    public async Task TwoAdministrators_ChangingTheSameObject_NothingIsLostAndTheSecondIsTold()
    {
        await using var first = await house.OpenAsync("administrator", "fr");
        await using var second = await house.OpenAsync("administrator", "fr");
        await first.GoAsync("announcements/pause");
        await second.GoAsync("announcements/pause");

        await second.SetAsync(second.Panel, "name", "Pause du second");
        await first.SetAsync(first.Panel, "name", "Pause du premier");
        await first.SaveAsync();
        await second.Test("conflict").WaitForAsync();
        await second.SaveAsync();

        await Assertions.Expect(second.Test("conflict")).ToContainTextAsync("entre-temps");
        Assert.Equal("Pause du second", await second.Panel.Locator("[data-field=name] input").InputValueAsync());
        Assert.Equal("Pause du premier", (string?)(await GetAsync("announcements", "pause"))!["name"]);
        await second.Test("conflict").Locator("button").ClickAsync();
        await Assertions.Expect(second.Panel.Locator("[data-field=name] input")).ToHaveValueAsync("Pause du premier");
    }

    [Theory, InlineData("wav", "fr"), InlineData("mp3", "en"), InlineData("ogg", "fr")]
    public async Task Prompt_UploadedFile_IsHeardInTheConsole(string format, string language)
    {
        var file = Path.Combine(Path.GetTempPath(), $"pbx-upload-{Guid.NewGuid():N}.{format}");
        await RunAsync("ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", "sine=frequency=700:duration=3", "-y", file);
        await using var console = await house.OpenAsync("administrator", language);
        await console.GoAsync("prompts/+new");
        await console.SetAsync(console.Panel, "name", $"Dépôt {format}");
        await console.SetAsync(console.Panel, "text", "Provisoire.");
        await console.SaveAndSeeAsync("/prompts/");
        var key = console.Page.Url.Split('/')[^1];
        var before = await console.Panel.Locator("audio").GetAttributeAsync("src");

        await console.Test("upload").SetInputFilesAsync(file);
        await Assertions.Expect(console.Panel.Locator("audio")).Not.ToHaveAttributeAsync("src", before!);
        var address = await console.Panel.Locator("audio").GetAttributeAsync("src");
        var answer = await console.Page.Context.APIRequest.GetAsync(new Uri(house.Pbx.Http, address).ToString());

        Assert.True(Listening.ToneSeconds(WavFile.Read(await answer.BodyAsync()), 700) > 2, "the uploaded tone is what the console plays");
        Assert.False((bool)(await GetAsync("prompts", key))!["spoken"]!);
        await console.Test("upload").SetInputFilesAsync(new FilePayload { Name = "no-sound.wav", MimeType = "audio/wav", Buffer = "not a sound"u8.ToArray() });
        await Assertions.Expect(console.Page.Locator(".mud-snackbar", new() { HasText = language == "fr" ? "ne contient pas de son lisible" : "holds no readable sound" }).First).ToBeVisibleAsync();
        File.Delete(file);
    }

    [Fact]
    public Task HoursAndHolidays_AreChangedOnTheSitesPage() => house.AsAdministratorAsync("fr", async console =>
    {
        await console.GoAsync("sites/+new");
        await console.SetAsync(console.Panel, "name", "Nantes");
        var monday = console.Panel.Locator(".week input[type=time]").First;
        await monday.FillAsync("07:15");
        await monday.BlurAsync();
        await console.Test("add-holiday").ClickAsync();
        await console.SetAsync(console.Panel, "holidays/0/name", "Inventaire");
        await console.SaveAndSeeAsync("/sites/nantes");

        var site = (await GetAsync("sites", "nantes"))!;
        Assert.Equal("07:15", (string?)site["officeHours"]![0]!["start"]);
        Assert.Equal("Inventaire", (string?)site["holidays"]![0]!["name"]);
        using var removed = await house.Pbx.Api.DeleteAsync("sites/nantes");
        removed.EnsureSuccessStatusCode();
    });

    [Theory, InlineData("fr"), InlineData("en")]
    public async Task DialCode_IsAddedChangedAndRemoved(string language)
    {
        await using var console = await house.OpenAsync("administrator", language);
        await console.GoAsync("dial-codes");
        var count = await console.Page.Locator("[data-code]").CountAsync();
        await console.Test("add").ClickAsync();
        await console.SetAsync(console.Page.Locator("main"), $"dialCodes/{count}", "12x");
        await console.Test("save").ClickAsync();
        await Assertions.Expect(console.Page.Locator("main")).ToContainTextAsync(language == "fr" ? "« 12x » n’est pas un code de service" : "“12x” is no dial code");

        await console.SetAsync(console.Page.Locator("main"), $"dialCodes/{count}", "*98");
        await console.Test("save").ClickAsync();
        await house.Pbx.EventuallyAsync(async () => (await CodesAsync()).Contains("*98"), "the code is saved");
        await console.Page.Locator("[data-code='*98'] [data-test=remove]").ClickAsync();
        await console.Test("save").ClickAsync();
        await house.Pbx.EventuallyAsync(async () => !(await CodesAsync()).Contains("*98"), "the code is gone");
    }

    [Theory, InlineData("fr", "Standardiste"), InlineData("en", "Receptionist")]
    public async Task User_IsCreatedChangedDisabledAndDeleted_AndTheAuditSaysSo(string language, string role)
    {
        await using var console = await house.OpenAsync("administrator", language);
        var email = $"essai-{language}@example.test";
        var row = console.Page.Locator($"[data-user='{email}']");
        var dialog = console.Page.Locator(".mud-dialog");
        await console.CreateUserAsync(email, "A-Password-Of-Ones-Own", role);
        await Assertions.Expect(row).ToContainTextAsync(role);
        await row.Locator("a").ClickAsync();
        await console.SetAsync(dialog, "name", "Prénom Nom");
        await console.Test("save-user").ClickAsync();
        await Assertions.Expect(row).ToContainTextAsync("Prénom Nom");
        await row.Locator("[data-test=switch]").ClickAsync();
        await Assertions.Expect(row.Locator(".state.bad")).ToBeVisibleAsync();
        await row.Locator("[data-test=reset]").ClickAsync();
        await console.CloseDialogAsync();
        await row.Locator("[data-test=delete]").ClickAsync();
        await console.ConfirmAsync();
        await Assertions.Expect(row).ToHaveCountAsync(0);

        await console.GoAsync("audit");
        Assert.Equal(5, await console.Page.Locator("[data-test=audit] tbody tr", new() { HasText = email }).CountAsync());
    }

    [Theory, InlineData("fr"), InlineData("en")]
    public async Task Token_IsCreatedUsedAndRevoked(string language)
    {
        await using var console = await house.OpenAsync("administrator", language);
        var name = $"Export {language}";
        await console.GoAsync("tokens");
        await console.SetAsync(console.Page.Locator("main"), "name", name);
        await console.Test("create-token").ClickAsync();
        var shown = await console.Page.Locator(".mud-dialog").InnerTextAsync();
        using var program = new HttpClient { BaseAddress = house.Pbx.Api.BaseAddress };
        program.DefaultRequestHeaders.Authorization = new("Bearer", shown.Split('\n', ' ').Single(word => word.StartsWith("pbx_", StringComparison.Ordinal)));
        using var accepted = await program.GetAsync("sites");
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        await console.CloseDialogAsync();

        await console.Page.Locator($"[data-token='{name}'] [data-test=revoke]").ClickAsync();
        await console.ConfirmAsync();
        await Assertions.Expect(console.Page.Locator($"[data-token='{name}']")).ToHaveCountAsync(0);
        using var refused = await program.GetAsync("sites");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    private async Task<JsonNode?> GetAsync(string kind, string key)
    {
        // The API writes "ring-groups" as ringGroups.
        var words = kind.Split('-');
        using var answer = await house.Pbx.Api.GetAsync($"{words[0]}{string.Concat(words.Skip(1).Select(w => char.ToUpperInvariant(w[0]) + w[1..]))}/{key}");
        return answer.StatusCode == HttpStatusCode.NotFound ? null : JsonNode.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
    }

    private async Task<IReadOnlyList<string>> CodesAsync() =>
        [.. (await house.Pbx.ExportAsync())["settings"]!["dialCodes"]!.AsArray().Select(code => (string)code!["code"]!)];

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
