using Microsoft.Playwright;
using Pbx.Core.Sites;
using Pbx.Testing.Mail;

namespace Pbx.Scenarios;

/// <summary>The tests of the console that share one server, one browser, and one person signed in for each role.</summary>
[CollectionDefinition(nameof(ConsoleHouse), DisableParallelization = true)]
public sealed class ConsoleHouseCollection : ICollectionFixture<ConsoleHouse>;

/// <summary>One server with the small company, a mail server, a browser, and an administrator, a receptionist and a user (extension 103).</summary>
public sealed class ConsoleHouse : IAsyncLifetime
{
    /// <summary>The roles, as the console's own names of them.</summary>
    public static readonly string[] Roles = ["administrator", "receptionist", "user"];

    private const string Password = "Long-Enough-For-Anybody";
    private readonly Dictionary<string, string> sessions = [];
    private readonly Dictionary<string, ConsolePage> windows = [];
    private IPlaywright playwright = null!;
    private IBrowser browser = null!;

    /// <summary>The server.</summary>
    public PbxProcess Pbx { get; private set; } = null!;

    /// <summary>The mail server.</summary>
    public SmtpSink Smtp { get; } = SmtpSink.Start();

    /// <summary>A token of the API that may do everything.</summary>
    public string Token => Pbx.Api.DefaultRequestHeaders.Authorization!.Parameter!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Pbx = await PbxProcess.StartAsync();
        await Pbx.ApplyAsync(Company.Create(Smtp.Port, ringSeconds: 20, maxWaitSeconds: 60).Select(item => item is Site site ? site with { ClosureMailbox = "103" } : item));
        playwright = await Playwright.CreateAsync();
        browser = await Browser.LaunchAsync(playwright);
        var page = await ConsoleTests.SignInAsync(browser, Pbx);
        sessions["administrator"] = await page.Context.StorageStateAsync();
        await page.Context.CloseAsync();
        await using var admin = await OpenAsync("administrator", "en");
        foreach (var (role, name, extension) in ((string, string, string?)[])[("receptionist", "Receptionist", null), ("user", "User", "103")])
        {
            await admin.CreateUserAsync($"{role}@example.test", Password, name, extension);
            sessions[role] = await SignInAsync($"{role}@example.test");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
        await Pbx.DisposeAsync();
        await Smtp.DisposeAsync();
    }

    /// <summary>A browser window of somebody in that role.</summary>
    public Task<ConsolePage> OpenAsync(string role, string language) => OpenWithAsync(sessions[role], language);

    /// <summary>A browser window with the cookies that another one had.</summary>
    public async Task<ConsolePage> OpenWithAsync(string? cookies, string language = "fr", Uri? root = null)
    {
        var context = await browser.OpenAsync(new() { Locale = language, StorageState = cookies, ViewportSize = new() { Width = 1400, Height = 900 } });
        return new ConsolePage(await context.NewPageAsync(), root ?? Pbx.Http);
    }

    /// <summary>
    /// Does something in the administrator's window of that language, which stays open for the next test. A failure tells what was on the
    /// screen, and closes the window.
    /// </summary>
    public async Task AsAdministratorAsync(string language, Func<ConsolePage, Task> steps)
    {
        if (!windows.TryGetValue(language, out var console)) windows[language] = console = await OpenAsync("administrator", language);
        try
        {
            await steps(console);
        }
        catch (Exception e)
        {
            windows.Remove(language);
            var screen = await console.DescribeAsync();
            await console.DisposeAsync();
            throw new InvalidOperationException($"{e.Message}\n{screen}", e);
        }
    }

    private async Task<string> SignInAsync(string email)
    {
        await using var context = await browser.OpenAsync(new() { Locale = "fr" });
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{Pbx.Http}signin");
        await page.FillAsync("#email", email);
        await page.FillAsync("#password", Password);
        await page.ClickAsync("button.primary");
        await page.Locator("body[data-ready]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        return await context.StorageStateAsync();
    }
}
