using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Pbx.Scenarios;

/// <summary>A page of the console, as a person handles it: fields by their names, lists by their keys.</summary>
public sealed class ConsolePage : IAsyncDisposable
{
    private readonly IPage page;
    private readonly Uri root;
    private readonly ConcurrentQueue<string> complaints = [];

    /// <summary>A window whose console is at <paramref name="root"/>.</summary>
    public ConsolePage(IPage page, Uri root)
    {
        (this.page, this.root) = (page, root);
        page.Console += (_, said) => complaints.Enqueue($"{said.Type}: {said.Text}");
        page.PageError += (_, error) => complaints.Enqueue(error);
    }

    /// <summary>The page itself.</summary>
    public IPage Page => page;

    /// <summary>The form at the right.</summary>
    public ILocator Panel => page.Locator("[data-test=panel]");

    private ILocator Dialog => page.Locator(".mud-dialog");

    /// <summary>Goes to an address and waits until it can be used; the pages of sign-in and refusal are plain HTML.</summary>
    public async Task GoAsync(string path)
    {
        await page.GotoAsync(new Uri(root, path).ToString());
        await page.Locator("body[data-ready], body .account").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
    }

    /// <summary>Signs somebody in, whoever was before.</summary>
    public async Task SignInAsync(string email, string password)
    {
        await page.Context.ClearCookiesAsync();
        await GoAsync("signin");
        await page.FillAsync("#email", email);
        await page.FillAsync("#password", password);
        await page.ClickAsync("button.primary");
        await page.Locator("body[data-ready]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
    }

    /// <summary>Gives the page a device that keeps passkeys and knows its owner.</summary>
    public async Task HoldAnAuthenticatorAsync()
    {
        var browser = await page.Context.NewCDPSessionAsync(page);
        await browser.SendAsync("WebAuthn.enable");
        await browser.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2", ["transport"] = "internal", ["hasResidentKey"] = true, ["hasUserVerification"] = true, ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
    }

    /// <summary>Adds a passkey to the account that is signed in.</summary>
    public async Task AddPasskeyAsync(string name, string password)
    {
        await GoAsync("account");
        await page.FillAsync("#passkey-name", name);
        await page.FillAsync("#passkey-password", password);
        await Test("begin-passkey").ClickAsync();
        await Test("create-passkey").ClickAsync();
        await page.Locator($"[data-passkey-name='{name}']").WaitForAsync();
    }

    /// <summary>Something with that <c>data-test</c> name.</summary>
    public ILocator Test(string name) => page.Locator($"[data-test={name}]");

    /// <summary>Fills a field: types a text, or chooses the object of that name.</summary>
    public async Task SetAsync(ILocator form, string field, string value)
    {
        var place = form.Locator($"[data-field='{field}']");
        var picker = place.Locator(".mud-autocomplete input:not([type=hidden])");
        if (await picker.CountAsync() > 0)
        {
            await picker.Last.ClickAsync();
            await picker.Last.FillAsync(value);
            await page.Locator(".mud-popover-open .mud-list-item", new() { HasText = value }).First.ClickAsync();
            await page.Locator(".mud-popover-open .mud-list-item").First.WaitForAsync(new() { State = WaitForSelectorState.Hidden });
            return;
        }
        var input = place.Locator("input, textarea").First;
        await input.FillAsync(value);
        await input.BlurAsync();
    }

    /// <summary>Chooses a line of a list that opens, and waits until it is chosen.</summary>
    public async Task ChooseAsync(ILocator form, string field, string line)
    {
        await form.Locator($"[data-field='{field}'] .mud-select").First.ClickAsync();
        await page.Locator(".mud-popover-open .mud-list-item", new() { HasText = line }).First.ClickAsync();
        await Assertions.Expect(form.Locator($"[data-field='{field}'] input").First).ToHaveValueAsync(line);
    }

    /// <summary>Saves the form.</summary>
    public Task SaveAsync() => Panel.Locator("[data-test=save]").ClickAsync();

    /// <summary>Saves, and waits until the server has said that it is saved; closes what it shows once.</summary>
    public async Task SaveAndSeeAsync(string address)
    {
        await SaveAsync();
        try
        {
            await page.WaitForURLAsync(url => !url.Contains("+new", StringComparison.Ordinal) && url.Contains(address, StringComparison.Ordinal));
            await page.Locator(".mud-snackbar.mud-alert-filled-success, .mud-snackbar").First.WaitForAsync();
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{page.Url} was not saved: {await page.InnerTextAsync("main")}", e);
        }
    }

    /// <summary>Closes the dialog that shows a secret once.</summary>
    public async Task CloseDialogAsync()
    {
        await Dialog.WaitForAsync();
        await Dialog.Locator(".mud-dialog-actions button").Last.ClickAsync();
        await Dialog.WaitForAsync(new() { State = WaitForSelectorState.Hidden });
    }

    /// <summary>Says yes in the dialog that asks.</summary>
    public async Task ConfirmAsync()
    {
        await Dialog.Locator(".mud-message-box__yes-button").ClickAsync();
        await Dialog.WaitForAsync(new() { State = WaitForSelectorState.Hidden });
    }

    /// <summary>Creates a user.</summary>
    public async Task CreateUserAsync(string email, string password, string role, string? extension = null)
    {
        await GoAsync("users");
        await Test("add").ClickAsync();
        await Dialog.WaitForAsync();
        await SetAsync(Dialog, "email", email);
        await SetAsync(Dialog, "password", password);
        await ChooseAsync(Dialog, "role", role);
        if (extension is not null) await SetAsync(Dialog, "extension", extension);
        await Test("save-user").ClickAsync();
        await page.Locator($"[data-user='{email}']").WaitForAsync();
    }

    /// <summary>What explains a failure: the address, the text on the screen, what the browser complained of, and a picture in the folder for temporary files.</summary>
    public async Task<string> DescribeAsync()
    {
        try
        {
            var picture = Path.Combine(Path.GetTempPath(), $"pbx-console-{Guid.NewGuid():N}.png");
            await page.ScreenshotAsync(new() { Path = picture });
            return $"--- {page.Url}, picture {picture}\n{await page.InnerTextAsync("body")}\n--- browser\n{string.Join('\n', complaints)}";
        }
        catch (Exception e) when (e is PlaywrightException or TimeoutException)
        {
            return $"--- {page.Url} cannot be shown: {e.Message}\n--- browser\n{string.Join('\n', complaints)}";
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => new(page.Context.CloseAsync());
}
