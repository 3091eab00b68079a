using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Pbx.Testing.Audio;
using Pbx.Testing.Peers;

namespace Pbx.Scenarios;

/// <summary>An extension of which nobody said anything is encrypted only; who cannot register is told of in the console, and who would be cut off before.</summary>
[Collection(nameof(Alone))]
public sealed class EncryptionDefaultTests
{
    [Fact]
    public async Task Extension_OfWhichNothingIsSaid_TakesNoPhoneInClear_ShowsWhy_AndTakesItByTls()
    {
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create());
        await ChangeAsync(pbx, extension => extension.Remove("security"), dryRun: false);
        Assert.All(await ExtensionsAsync(pbx), extension => Assert.Equal("encryptedOnly", (string?)extension["security"]));
        using var tone = TestSound.Tone(440);

        await using (var clear = await Baresip.StartAsync(new("101", pbx.Server, "101", Company.Password), tone.Path))
        {
            await pbx.EventuallyAsync(async () => (await RefusalsAsync(pbx)).Count == 1, "the refusal is shown");
            await ShownInTheBrowserAsync(pbx);
        }
        var refusal = (await RefusalsAsync(pbx))[0]!;
        Assert.Equal(("101", "inClear", "UDP"), ((string?)refusal["extension"], (string?)refusal["cause"], (string?)refusal["transport"]));

        BaresipAccount account = new("101", $"127.0.0.1:{pbx.TlsPort}", "101", Company.Password) { Transport = "tls", Authority = await pbx.RootFileAsync(), MediaEncryption = "srtp-mand" };
        await using var phone = await Baresip.StartAsync(account, tone.Path);
        await phone.RegisteredAsync();
        Assert.Empty(await RefusalsAsync(pbx));
        await phone.DialAsync($"sip:800@127.0.0.1:{pbx.TlsPort};transport=tls");
        await phone.WaitForAsync("CALL_ESTABLISHED");
        await Task.Delay(TimeSpan.FromSeconds(5));
        await phone.HangUpAsync();
        await phone.WaitForAsync("CALL_CLOSED");
        Assert.InRange(Listening.Contains(await phone.HeardAsync(), await pbx.PromptAsync("welcome")), 0.6, 1);
        await pbx.EndCallsAsync(phone);
    }

    [Fact]
    public async Task Document_ThatRequiresEncryption_TellsFirstWhoIsCutOff_AndThenTheyAre()
    {
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create());
        await using var phone = new ScriptedPhone("127.0.0.1", pbx.SipPort, "101", Company.Password);
        Assert.Equal(200, await phone.RegisterAsync());

        var tried = await ChangeAsync(pbx, extension => extension["security"] = "encryptedOnly", dryRun: true);
        var device = Assert.Single(tried["cutOffs"]!.AsArray())!;
        Assert.Equal(("101", "UDP", "inClear"), ((string?)device["extension"], (string?)device["transport"], (string?)device["cause"]));
        Assert.Equal(200, await phone.RegisterAsync());

        await ChangeAsync(pbx, extension => extension["security"] = "encryptedOnly", dryRun: false);
        Assert.Equal(403, await phone.RegisterAsync());
        Assert.Empty((await pbx.Api.GetFromJsonAsync<JsonObject>("live/registrations"))!["items"]!.AsArray());
    }

    [Fact]
    public async Task Document_ThatRequiresEncryption_TellsAlsoWhoTalksInClearOverTls_AndWhoHasNotTalkedYet()
    {
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create());
        using var tone = TestSound.Tone(440);
        var root = await pbx.RootFileAsync();
        BaresipAccount Account(string number, string? encryption) =>
            new(number, $"127.0.0.1:{pbx.TlsPort}", number, Company.Password) { Transport = "tls", Authority = root, MediaEncryption = encryption };
        await using var clear = await Baresip.StartAsync(Account("101", null), tone.Path);
        await using var encrypts = await Baresip.StartAsync(Account("102", "srtp"), tone.Path);
        await using var silent = await Baresip.StartAsync(Account("103", "srtp"), tone.Path);
        foreach (var phone in (Baresip[])[clear, encrypts, silent]) await phone.RegisteredAsync();
        Assert.Equal(["101 TLS soundNotKnown", "102 TLS soundNotKnown", "103 TLS soundNotKnown"], await CutOffsAsync(pbx));

        foreach (var phone in (Baresip[])[clear, encrypts])
        {
            await phone.DialAsync($"sip:800@127.0.0.1:{pbx.TlsPort};transport=tls");
            await phone.WaitForAsync("CALL_ESTABLISHED");
            await phone.HangUpAsync();
            await phone.WaitForAsync("CALL_CLOSED");
        }
        string[] told = [];
        await pbx.EventuallyAsync(async () => (told = await CutOffsAsync(pbx)).Length == 2, "who has shown that it encrypts is in no danger");
        Assert.Equal(["101 TLS clearSound", "103 TLS soundNotKnown"], told);
        await pbx.EndCallsAsync(clear, encrypts, silent);
    }

    private static async Task<string[]> CutOffsAsync(PbxProcess pbx) =>
        [.. (await ChangeAsync(pbx, extension => extension["security"] = "encryptedOnly", dryRun: true))["cutOffs"]!.AsArray()
            .Select(device => $"{device!["extension"]} {device["transport"]} {device["cause"]}").Order(StringComparer.Ordinal)];

    private static async Task ShownInTheBrowserAsync(PbxProcess pbx)
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Browser.LaunchAsync(playwright);
        var page = new ConsolePage(await ConsoleTests.SignInAsync(browser, pbx), pbx.Http);
        foreach (var place in (string[])["live", "extensions/101"])
        {
            await page.GoAsync(place);
            await Assertions.Expect(page.Test("refusals")).ToContainTextAsync("UDP");
            await Assertions.Expect(page.Test("refusals")).ToContainTextAsync("TLS");
        }
    }

    private static async Task<JsonArray> RefusalsAsync(PbxProcess pbx) => (await pbx.Api.GetFromJsonAsync<JsonObject>("live/refusals"))!["items"]!.AsArray();

    private static async Task<IEnumerable<JsonObject>> ExtensionsAsync(PbxProcess pbx) => (await pbx.ExportAsync())["extensions"]!.AsArray().Select(extension => extension!.AsObject());

    private static async Task<JsonObject> ChangeAsync(PbxProcess pbx, Action<JsonObject> change, bool dryRun)
    {
        var document = await pbx.ExportAsync();
        foreach (var extension in document["extensions"]!.AsArray()) change(extension!.AsObject());
        using var answer = await pbx.Api.PutAsJsonAsync($"configuration?dryRun={dryRun}", document);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }
}
