using Microsoft.Playwright;
using Pbx.Testing;

namespace Pbx.Scenarios;

/// <summary>Who may open and do what: refused by the server, whatever the menu shows.</summary>
[Collection(nameof(ConsoleHouse))]
public sealed class ConsoleAccessTests(ConsoleHouse house)
{
    /// <summary>Each page with the roles that may open it.</summary>
    private static readonly (string Path, string Roles)[] Pages =
    [
        ("", "administrator receptionist user"), ("my-mailbox", "administrator receptionist user"), ("closures", "administrator receptionist"),
        ("live", "administrator receptionist"), ("records", "administrator receptionist"), ("sites", "administrator"), ("extensions", "administrator"),
        ("extensions/101", "administrator"), ("trunks", "administrator"), ("inbound-rules", "administrator"), ("outbound-rules", "administrator"),
        ("ivr-menus", "administrator"), ("queues", "administrator"), ("ring-groups", "administrator"), ("announcements", "administrator"),
        ("mailboxes", "administrator"), ("prompts", "administrator"), ("dial-codes", "administrator"), ("mail", "administrator"), ("users", "administrator"),
        ("tokens", "administrator"), ("audit", "administrator"), ("certificates", "administrator"), ("protection", "administrator"), ("configuration", "administrator"), ("settings", "administrator"),
    ];

    /// <summary>Requests of the API, sent with the browser's own session, with the roles that may make them.</summary>
    private static readonly (string Method, string Path, string Roles)[] Requests =
    [
        ("GET", "extensions", "administrator"), ("GET", "configuration", "administrator"), ("GET", "prompts/welcome/audio", "administrator"),
        ("GET", "outbox", "administrator"), ("GET", "diagnostics/counters", "administrator"), ("GET", "diagnostics/pauses", "administrator"), ("GET", "mailboxes/101/messages", "administrator"),
        ("GET", "mailboxes/103/messages", "administrator user"), ("GET", "call-records", "administrator receptionist"), ("GET", "call-records/export", "administrator receptionist"), ("GET", "live/calls", "administrator receptionist"),
        ("DELETE", "sites/nowhere", "administrator"), ("PUT", "announcements/other", "administrator"), ("PUT", "configuration?dryRun=true", "administrator"),
    ];

    public static TheoryData<string> Roles() => [.. ConsoleHouse.Roles];

    [Theory, MemberData(nameof(Roles))]
    public async Task Page_OpenedByItsAddress_IsShownOnlyToThoseWhoMay(string role)
    {
        await using var console = await house.OpenAsync(role, "fr");
        List<string> wrong = [];
        foreach (var (path, roles) in Pages)
        {
            var may = roles.Split(' ').Contains(role);
            await console.GoAsync(path);
            var denied = console.Page.Url.EndsWith("/denied", StringComparison.Ordinal) || console.Page.Url.Contains("/denied?", StringComparison.Ordinal);
            if (denied == may) wrong.Add($"/{path} shown: {!denied}");
        }
        await console.GoAsync("");
        var menu = await console.Page.Locator("nav.menu a").EvaluateAllAsync<string[]>("links => links.map(link => link.getAttribute('href').replace('/', ''))");

        Assert.Empty(wrong);
        Assert.Equal(Pages.Where(p => p.Roles.Split(' ').Contains(role) && !p.Path.Contains('/', StringComparison.Ordinal)).Select(p => p.Path).Order(), menu.Order());
    }

    [Theory, MemberData(nameof(Roles))]
    public async Task Api_AskedWithTheBrowsersSession_RefusesThoseWhoMayNot(string role)
    {
        await using var console = await house.OpenAsync(role, "fr");
        List<string> wrong = [];
        foreach (var (method, path, roles) in Requests)
        {
            var answer = await console.Page.Context.APIRequest.FetchAsync(new Uri(house.Pbx.Http, $"api/v1/{path}").ToString(),
                new() { Method = method, DataObject = method == "PUT" ? new { } : null, Headers = new Dictionary<string, string> { ["Origin"] = house.Pbx.Http.GetLeftPart(UriPartial.Authority) } });
            if (roles.Split(' ').Contains(role) == (answer.Status is 401 or 403)) wrong.Add($"{method} {path}: {answer.Status}");
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public async Task SignIn_WithAWrongPassword_IsRefusedInWords_AndAStrangerIsSentThere()
    {
        await using var console = await house.OpenAsync("user", "fr");
        await console.Page.Context.ClearCookiesAsync();
        await console.Page.GotoAsync(new Uri(house.Pbx.Http, "extensions/101").ToString());
        Assert.Contains("/signin", console.Page.Url, StringComparison.Ordinal);
        await console.Page.FillAsync("#email", "receptionist@example.test");
        await console.Page.FillAsync("#password", "not the password");
        await console.Page.ClickAsync("button.primary");

        await Assertions.Expect(console.Page.Locator(".problem")).ToBeVisibleAsync();
        var answer = await console.Page.Context.APIRequest.GetAsync(new Uri(house.Pbx.Http, "api/v1/extensions").ToString());
        Assert.Equal(401, answer.Status);
    }

    [Fact]
    public async Task SecondFactor_SetUpByThePerson_IsAskedForAtEachSignIn_AndTurnedOffByAnAdministrator()
    {
        const string Email = "second@example.test", Password = "Une-phrase-assez-longue";
        await using var admin = await house.OpenAsync("administrator", "fr");
        await admin.CreateUserAsync(Email, Password, "Utilisateur");
        await using var person = await house.OpenAsync("user", "fr");
        var page = person.Page;
        async Task SignInAsync()
        {
            await page.Context.ClearCookiesAsync();
            await page.GotoAsync(new Uri(house.Pbx.Http, "signin").ToString());
            await page.FillAsync("#email", Email);
            await page.FillAsync("#password", Password);
            await page.ClickAsync("button.primary");
        }
        async Task EnterAsync(string code)
        {
            await page.FillAsync("#code", code);
            await page.ClickAsync("button.primary");
        }

        await SignInAsync();
        await page.Locator("[data-test=my-account]").ClickAsync();
        await page.FillAsync("#begin-password", Password);
        await page.Locator("[data-test=begin]").ClickAsync();
        var key = await page.Locator("[data-test=key]").InnerTextAsync();
        await Assertions.Expect(page.Locator(".qr svg")).ToBeVisibleAsync();
        await EnterAsync("000000");
        await Assertions.Expect(page.Locator(".problem")).ToBeVisibleAsync();
        var first = Totp.Code(key);
        await EnterAsync(first);
        var recovery = await page.Locator("[data-test=recovery-codes] li").AllInnerTextsAsync();
        Assert.Equal(10, recovery.Distinct().Count());

        await SignInAsync();
        await EnterAsync(first);
        await Assertions.Expect(page.Locator(".problem")).ToBeVisibleAsync();
        await EnterAsync(Totp.Code(key, steps: 1));
        await page.Locator("body[data-ready]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await SignInAsync();
        await page.ClickAsync("a.link[href*=recovery]");
        await page.Locator("#code[autocomplete=off]").WaitForAsync();
        await EnterAsync(recovery[0]);
        await page.Locator("body[data-ready]").WaitForAsync(new() { State = WaitForSelectorState.Attached });

        await admin.GoAsync("users");
        await admin.Page.Locator($"[data-user='{Email}'] [data-test=second-factor-off]").ClickAsync();
        await admin.ConfirmAsync();
        await Assertions.Expect(admin.Page.Locator($"[data-user='{Email}'] [data-test=second-factor-off]")).ToHaveCountAsync(0);
        await SignInAsync();
        await page.Locator("body[data-ready]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
    }

    [Fact]
    public async Task Session_EndedFromAnotherBrowser_LosesItsOpenPageAtOnce_AndItsNextRequest()
    {
        const string Email = "sessions@example.test", Password = "Une-phrase-assez-longue";
        await using var admin = await house.OpenAsync("administrator", "fr");
        await admin.CreateUserAsync(Email, Password, "Utilisateur");
        await using var desk = await house.OpenAsync("user", "fr");
        await using var cafe = await house.OpenAsync("user", "fr");
        foreach (var each in (ConsolePage[])[desk, cafe]) await each.SignInAsync(Email, Password);
        var stolen = await cafe.Page.Context.StorageStateAsync();

        await desk.GoAsync("account");
        await Assertions.Expect(desk.Test("this-session")).ToHaveCountAsync(1);
        await desk.Test("end-session").ClickAsync();
        await Assertions.Expect(desk.Test("end-session")).ToHaveCountAsync(0);

        await cafe.Page.WaitForURLAsync(url => url.Contains("/signin", StringComparison.Ordinal));
        await using var thief = await house.OpenWithAsync(stolen);
        var answer = await thief.Page.Context.APIRequest.GetAsync(new Uri(house.Pbx.Http, "api/v1/mailboxes/103/messages").ToString());
        Assert.Equal(401, answer.Status);
        await thief.GoAsync("");
        Assert.Contains("/signin", thief.Page.Url, StringComparison.Ordinal);

        // The one that ended the other goes on, also after a new password; an administrator ends it.
        await desk.GoAsync("password");
        await desk.Page.FillAsync("#current", Password);
        await desk.Page.FillAsync("#replacement", Password + "-2");
        await desk.Page.ClickAsync("button.primary");
        await desk.Page.Locator("body[data-ready]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await admin.GoAsync("users");
        await Assertions.Expect(admin.Page.Locator($"[data-user='{Email}'] [data-test=end-sessions]")).ToHaveTextAsync("Fermer 1 session");
        await admin.Page.Locator($"[data-user='{Email}'] [data-test=end-sessions]").ClickAsync();
        await admin.ConfirmAsync();
        await desk.Page.WaitForURLAsync(url => url.Contains("/signin", StringComparison.Ordinal));
        await Assertions.Expect(admin.Page.Locator($"[data-user='{Email}'] [data-test=end-sessions]")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Passkey_AddedByThePerson_SignsInWithoutPasswordAndCode_UntilItIsRemoved()
    {
        const string Email = "passkey@example.test", Password = "Une-phrase-assez-longue";
        await using var admin = await house.OpenAsync("administrator", "fr");
        await admin.CreateUserAsync(Email, Password, "Utilisateur");
        await using var person = await house.OpenWithAsync(null, root: new Uri($"http://localhost:{house.Pbx.Http.Port}/"));
        var page = person.Page;
        await person.HoldAnAuthenticatorAsync();
        await person.SignInAsync(Email, Password);
        async Task SignInByPasskeyAsync()
        {
            await page.Context.ClearCookiesAsync();
            await person.GoAsync("signin");
            await person.Test("passkey").ClickAsync();
        }

        await person.GoAsync("account");
        await page.FillAsync("#passkey-name", "Téléphone");
        await page.FillAsync("#passkey-password", "not the password");
        await person.Test("begin-passkey").ClickAsync();
        await Assertions.Expect(page.Locator(".problem")).ToContainTextAsync("mot de passe");
        await person.AddPasskeyAsync("Téléphone", Password);
        await Assertions.Expect(page.Locator("[data-passkey-name='Téléphone']")).ToContainTextAsync("localhost");
        await page.FillAsync("#begin-password", Password);
        await person.Test("begin").ClickAsync();
        await page.FillAsync("#code", Totp.Code(await person.Test("key").InnerTextAsync()));
        await page.Locator("form:has(#code) button").ClickAsync();
        await person.Test("recovery-codes").WaitForAsync();

        await SignInByPasskeyAsync();
        await page.Locator("body[data-ready]").WaitForAsync(new() { State = WaitForSelectorState.Attached });

        await admin.GoAsync("users");
        await admin.Page.Locator($"[data-user='{Email}'] [data-test=switch]").ClickAsync();
        await Assertions.Expect(admin.Page.Locator($"[data-user='{Email}'] .state.bad")).ToHaveCountAsync(1);
        await SignInByPasskeyAsync();
        await Assertions.Expect(page.Locator(".problem")).ToHaveCountAsync(1);
        await admin.Page.Locator($"[data-user='{Email}'] [data-test=switch]").ClickAsync();
        await Assertions.Expect(admin.Page.Locator($"[data-user='{Email}'] .state.good")).ToHaveCountAsync(1);

        await SignInByPasskeyAsync();
        await page.Locator("body[data-ready]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await person.GoAsync("account");
        await person.Test("remove-passkey").ClickAsync();
        await Assertions.Expect(person.Test("remove-passkey")).ToHaveCountAsync(0);
        await SignInByPasskeyAsync();
        await Assertions.Expect(page.Locator(".problem")).ToHaveCountAsync(1);
        Assert.Contains("/signin", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Passkeys_ByABareAddress_AreNotOffered_ButExplained()
    {
        await using var person = await house.OpenWithAsync(null);
        await person.GoAsync("signin");

        await Assertions.Expect(person.Test("passkeys-impossible")).ToBeVisibleAsync();
        await Assertions.Expect(person.Test("passkey")).ToBeHiddenAsync();
    }
}

/// <summary>The first visit of a new server.</summary>
[Collection(nameof(Alone))]
public sealed class ConsoleSetupTests
{
    [Fact]
    public async Task FirstVisit_AsksForTheCode_AndMakesAdministratorAndSite_Once()
    {
        await using var pbx = await PbxProcess.StartAsync(new Dictionary<string, string> { ["PBX__Setup__AdminEmail"] = "", ["PBX__Setup__AdminPassword"] = "" });
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Browser.LaunchAsync(playwright);
        await using var context = await browser.OpenAsync(new() { Locale = "fr" });
        var page = await context.NewPageAsync();

        await page.GotoAsync(pbx.Http.ToString());
        Assert.EndsWith("/setup", page.Url, StringComparison.Ordinal);
        await FillAsync(page, "WRONGCODE2");
        await Assertions.Expect(page.Locator(".problem")).ToContainTextAsync("Ce code d’installation n’est pas le bon");
        Assert.Equal("Nantes", await page.InputValueAsync("#site"));
        await FillAsync(page, (await File.ReadAllTextAsync(Path.Combine(pbx.Data, "setup-code"))).Trim());
        await page.Locator("body[data-ready]").WaitForAsync(new() { State = WaitForSelectorState.Attached });

        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Nantes");
        Assert.Equal("Nantes", (string?)(await pbx.ExportAsync())["sites"]![0]!["name"]);
        await using var stranger = await browser.OpenAsync(new() { Locale = "fr" });
        var second = await stranger.NewPageAsync();
        await second.GotoAsync($"{pbx.Http}setup");
        Assert.Contains("/signin", second.Url, StringComparison.Ordinal);
    }

    private static async Task FillAsync(IPage page, string code)
    {
        foreach (var (field, value) in ((string, string)[])[("code", code), ("name", "Anne"), ("email", "anne@example.test"), ("password", "Une-phrase-assez-longue"), ("company", "Essai"), ("site", "Nantes")])
            await page.FillAsync($"#{field}", value);
        await page.ClickAsync("button.primary");
    }
}
