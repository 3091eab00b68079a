using Microsoft.Playwright;
using Pbx.Core.Common;
using Pbx.Core.Extensions;
using Pbx.Testing.Peers;

namespace Pbx.Scenarios;

/// <summary>The live page of a company with more devices than it shows at once.</summary>
[Collection(nameof(Alone))]
public sealed class LiveDevicesTests
{
    private const int Devices = 130, Shown = 100;

    [Fact]
    public async Task LivePage_MoreDevicesThanItShows_OneIsFoundByTyping_AndSeenToLeave()
    {
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync([.. Company.Create(), .. Enumerable.Range(600, Devices).Select(Person)]);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Browser.LaunchAsync(playwright);
        var session = await (await ConsoleTests.SignInAsync(browser, pbx)).Context.StorageStateAsync();
        await using var context = await browser.OpenAsync(new() { StorageState = session, Locale = "en" });
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{pbx.Http}live");
        await page.Locator("body[data-ready]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        var (rows, filter, more) = (page.Locator("[data-test=registrations] tbody tr"), page.Locator("[data-test=registrations-filter]"), page.Locator("[data-test=registrations-more]"));
        await Assertions.Expect(filter).ToHaveCountAsync(0);

        var phones = Enumerable.Range(600, Devices).Select(number => new ScriptedPhone("127.0.0.1", pbx.SipPort, $"{number}", Company.Password)).ToList();
        foreach (var phone in phones) Assert.Equal(200, await phone.RegisterAsync());
        await Assertions.Expect(rows).ToHaveCountAsync(Shown);
        await Assertions.Expect(more).ToHaveTextAsync($"and {Devices - Shown} more");
        await PictureAsync(browser, pbx, session, "many");

        await filter.PressSequentiallyAsync("colleague 72");
        await Assertions.Expect(rows).ToHaveCountAsync(10);
        await Assertions.Expect(more).ToHaveCountAsync(0);
        await filter.PressSequentiallyAsync("7");
        await Assertions.Expect(rows).ToHaveCountAsync(1);
        await Assertions.Expect(rows).ToContainTextAsync("Colleague 727");
        await phones[127].DisposeAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(0);
        await filter.FillAsync("");
        await Assertions.Expect(more).ToHaveTextAsync($"and {Devices - Shown - 1} more");

        // As few as are shown at once: nothing is left to find.
        foreach (var phone in phones.Take(Devices - Shown)) await phone.DisposeAsync();
        await Assertions.Expect(more).ToHaveCountAsync(0);
        await Assertions.Expect(filter).ToHaveCountAsync(0);
        await pbx.EndCallsAsync(phones);
    }

    /// <summary>For people to look at, where PBX_PICTURES names a folder.</summary>
    private static async Task PictureAsync(IBrowser browser, PbxProcess pbx, string session, string name)
    {
        if (Environment.GetEnvironmentVariable("PBX_PICTURES") is not { } folder) return;
        Directory.CreateDirectory(folder);
        foreach (var (language, scheme, width) in ((string, ColorScheme, int)[])[("fr", ColorScheme.Light, 1280), ("en", ColorScheme.Dark, 1280), ("fr", ColorScheme.Dark, 390), ("en", ColorScheme.Light, 390)])
        {
            await using var context = await browser.OpenAsync(new() { StorageState = session, Locale = language, ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 800 } });
            var page = await context.NewPageAsync();
            await page.GotoAsync($"{pbx.Http}live");
            await page.Locator("body[data-ready]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
            foreach (var (place, selector) in ((string, string)[])[("top", "[data-test=registrations-filter]"), ("end", "[data-test=registrations-more]")])
            {
                await page.Locator(selector).ScrollIntoViewIfNeededAsync();
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{language}-{width}-live-{name}-{place}.png") });
            }
        }
    }

    private static Extension Person(int number) => new()
    {
        Key = $"{number}", Name = $"Colleague {number}", Number = $"{number}", Site = "paris", Mailbox = "general", Security = CallSecurity.ClearAllowed,
        Devices = [new Device { Key = "phone", UserName = $"{number}", Password = new Secret(Company.Password) }],
    };
}
