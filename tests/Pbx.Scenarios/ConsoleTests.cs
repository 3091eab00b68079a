using Microsoft.Playwright;
using Pbx.Testing.Audio;

namespace Pbx.Scenarios;

/// <summary>The console in a real Chromium, while real calls go on.</summary>
[Collection(nameof(Alone))]
public sealed class ConsoleTests
{
    [Fact]
    public async Task MenuKey_ChangedInTheBrowserWhileACallerListens_LeadsToTheNewPlace()
    {
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create());
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Browser.LaunchAsync(playwright);
        var page = await SignInAsync(browser, pbx);
        using var silence = new TestSound(new WavFile(8000, new short[80000]));
        await using var caller = await ReferenceScenarioTests.StartCallerAsync(pbx, silence.Path);

        await caller.DialAsync($"sip:{Company.Number}@{pbx.Server}");
        await caller.WaitForAsync("CALL_ESTABLISHED");
        await page.GotoAsync($"{pbx.Http}ivr-menus/main");
        var key = page.Locator("[data-digit='3'] input").First;
        await key.FillAsync("5");
        await key.BlurAsync();
        await page.Locator("[data-test=panel] [data-test=save]").ClickAsync();
        await pbx.EventuallyAsync(async () => (await pbx.ExportAsync())["ivrMenus"]![0]!["keys"]!.AsArray().Any(k => (string?)k!["digits"] == "5"), "the key is saved");
        await caller.PressAsync("5");
        await Task.Delay(TimeSpan.FromSeconds(5));
        await caller.HangUpAsync();
        await caller.WaitForAsync("CALL_CLOSED");

        Assert.InRange(Listening.Contains(await caller.HeardAsync(), await pbx.PromptAsync("closed")), 0.6, 1);
        await pbx.EndCallsAsync(caller);
    }

    [Fact]
    public async Task Closure_SwitchedInTheBrowserDuringACall_LeavesTheCallAlone_AndTheNextCallerHearsIt()
    {
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create());
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Browser.LaunchAsync(playwright);
        var page = await SignInAsync(browser, pbx);
        using var silence = new TestSound(new WavFile(8000, new short[80000]));
        await using var receptionist = await ReferenceScenarioTests.StartAgentAsync(pbx, "103", silence.Path);
        await using var before = await ReferenceScenarioTests.StartCallerAsync(pbx, silence.Path);
        await using var after = await ReferenceScenarioTests.StartCallerAsync(pbx, silence.Path);

        await page.GotoAsync($"{pbx.Http}closures");
        await page.Locator("[data-site=paris] [data-end=Open]").First.CheckAsync();
        await before.DialAsync($"sip:{Company.Number}@{pbx.Server}");
        await before.WaitForAsync("CALL_ESTABLISHED");
        await page.Locator("[data-site=paris] [data-test=close]").ClickAsync();
        await page.Locator("[data-test=closure-banner]").WaitForAsync();
        Assert.Equal("ivr:main", await pbx.LiveAtAsync());
        await before.PressAsync("1");
        await receptionist.WaitForAsync("CALL_INCOMING");
        await before.HangUpAsync();
        await before.WaitForAsync("CALL_CLOSED");

        await after.DialAsync($"sip:{Company.Number}@{pbx.Server}");
        await after.WaitForAsync("CALL_ESTABLISHED");
        await Task.Delay(TimeSpan.FromSeconds(5));
        await after.HangUpAsync();
        await after.WaitForAsync("CALL_CLOSED");
        Assert.InRange(Listening.Contains(await after.HeardAsync(), await pbx.PromptAsync("closure")), 0.6, 1);
        await pbx.EndCallsAsync(receptionist, before, after);
    }

    // An unattended administrator chooses a password at the first sign-in.
    internal static async Task<IPage> SignInAsync(IBrowser browser, PbxProcess pbx)
    {
        var page = await (await browser.OpenAsync()).NewPageAsync();
        await page.GotoAsync($"{pbx.Http}signin");
        await page.FillAsync("#email", PbxProcess.Administrator.Email);
        await page.FillAsync("#password", PbxProcess.Administrator.Password);
        await page.ClickAsync("button.primary");
        await page.FillAsync("#current", PbxProcess.Administrator.Password);
        await page.FillAsync("#replacement", PbxProcess.Administrator.Password + "-2");
        await page.ClickAsync("button.primary");
        try
        {
            await page.Locator("body[data-ready]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{page.Url} did not become interactive: {await page.InnerTextAsync("body")}", e);
        }
        return page;
    }
}
