using Microsoft.Playwright;

namespace Pbx.Scenarios;

/// <summary>Real Chromium, as Debian brings it.</summary>
internal static class Browser
{
    // A busy machine may need a minute for what a person waits a second for.
    private const int PatienceMilliseconds = 120_000;

    /// <summary>Starts it.</summary>
    public static Task<IBrowser> LaunchAsync(IPlaywright playwright)
    {
        Assertions.SetDefaultExpectTimeout(PatienceMilliseconds);
        return playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
            Timeout = PatienceMilliseconds,
        });
    }

    /// <summary>A window without the cookies of the others, that waits long enough.</summary>
    public static async Task<IBrowserContext> OpenAsync(this IBrowser browser, BrowserNewContextOptions? options = null)
    {
        var context = await browser.NewContextAsync(options);
        context.SetDefaultTimeout(PatienceMilliseconds);
        return context;
    }
}
