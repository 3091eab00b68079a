using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Playwright;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Demo;
using Pbx.Core.Extensions;
using Pbx.Core.Trunks;
using Pbx.Testing.Audio;
using Pbx.Testing.Peers;

namespace Pbx.Scenarios;

/// <summary>
/// Pictures of the console for people to look at: every page, desktop and phone, light and dark, French and English. Not part of a normal
/// run: <c>Pbx.Scenarios -explicit only -class '*ConsolePictures'</c>; they lie in the folder that PBX_PICTURES names, and PBX_PICTURES_OF limits them to
/// some pages.
/// </summary>
public sealed class ConsolePictures
{
    private static readonly string[] Pages =
    [
        "", "live", "closures", "extensions", "extensions/101", "extensions/103", "extensions/+new", "queues", "queues/paris-support", "ivr-menus/paris-menu", "ring-groups", "announcements", "mailboxes", "sites/paris",
        "inbound-rules", "outbound-rules", "trunks", "prompts", "records", "mail", "dial-codes", "users", "account", "tokens", "audit", "configuration", "settings", "sites", "ivr-menus", "certificates", "protection",
    ];

    private static readonly (string Name, string Language, ColorScheme Scheme, int Width, int Height)[] Dresses =
    [
        ("fr-light", "fr", ColorScheme.Light, 1280, 800), ("en-dark", "en", ColorScheme.Dark, 1280, 800), ("fr-phone", "fr", ColorScheme.Dark, 390, 844), ("en-phone", "en", ColorScheme.Light, 390, 844),
    ];

    [Fact(Explicit = true)]
    public async Task EveryPage_InEveryDress()
    {
        var folder = Environment.GetEnvironmentVariable("PBX_PICTURES") ?? Path.Combine(Path.GetTempPath(), "pbx-pictures");
        Directory.CreateDirectory(folder);
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(DemoCompany.Create().OfType<Change.Put>().Select(put => put.Item is Extension extension
            ? extension with { Devices = [extension.Devices[0] with { Password = new Secret(Company.Password) }] } : put.Item));
        await BeBannedAsync(pbx.SipPort);
        await using var mistyped = new ScriptedPhone("127.0.0.9", pbx.SipPort, "103", "mistyped");
        Assert.Equal(401, await mistyped.RegisterAsync());
        using var tone = TestSound.Tone(440);
        await using var clear = await Baresip.StartAsync(new("102", pbx.Server, "102", Company.Password), tone.Path, answers: true);
        await using var secure = await Baresip.StartAsync(
            new("101", $"127.0.0.1:{pbx.TlsPort}", "101", Company.Password) { Transport = "tls", Authority = await pbx.RootFileAsync(), MediaEncryption = "dtls_srtp" }, tone.Path);
        await clear.RegisteredAsync();
        await secure.RegisteredAsync();
        await secure.DialAsync($"sip:102@127.0.0.1:{pbx.TlsPort};transport=tls");
        await secure.WaitForAsync("CALL_ESTABLISHED");
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Browser.LaunchAsync(playwright);
        var first = await ConsoleTests.SignInAsync(browser, pbx);
        var session = await first.Context.StorageStateAsync();
        foreach (var (name, language, scheme, width, height) in Dresses)
        {
            await using var context = await browser.OpenAsync(new()
            {
                StorageState = session, Locale = language, ColorScheme = scheme, ViewportSize = new() { Width = width, Height = height },
            });
            var page = await context.NewPageAsync();
            await PictureOfSignInAsync(browser, pbx, language, scheme, width, height, Path.Combine(folder, $"{name}-signin.png"));
            foreach (var path in Environment.GetEnvironmentVariable("PBX_PICTURES_OF")?.Split(',') ?? Pages)
            {
                await page.GotoAsync($"{pbx.Http}{path}");
                await page.Locator("body[data-ready], body .account").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
                if (path == "extensions/+new") await SaveNewExtensionAsync(page);
                if (path is "live" or "extensions/103") await page.Locator("[data-test=refusals]").ScrollIntoViewIfNeededAsync();
                await page.WaitForTimeoutAsync(400);
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{(path.Length == 0 ? "home" : path.Replace('/', '-'))}.png") });
            }
        }
    }

    /// <summary>Sign-in and account, opened by a host name: a passkey, two browsers signed in, the key of a second factor.</summary>
    [Fact(Explicit = true)]
    public async Task SignInAndAccount_ByAHostName()
    {
        var folder = Environment.GetEnvironmentVariable("PBX_PICTURES") ?? Path.Combine(Path.GetTempPath(), "pbx-pictures");
        Directory.CreateDirectory(folder);
        await using var pbx = await PbxProcess.StartAsync();
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Browser.LaunchAsync(playwright);
        await ConsoleTests.SignInAsync(browser, pbx);
        var password = PbxProcess.Administrator.Password + "-2";
        foreach (var (name, language, scheme, width, height) in ((string, string, ColorScheme, int, int)[])
            [("fr-light", "fr", ColorScheme.Light, 1280, 800), ("en-dark-phone", "en", ColorScheme.Dark, 390, 844)])
        {
            await using var context = await browser.OpenAsync(new() { Locale = language, ColorScheme = scheme, ViewportSize = new() { Width = width, Height = height } });
            var console = new ConsolePage(await context.NewPageAsync(), new Uri($"http://localhost:{pbx.Http.Port}/"));
            Task TakeAsync(string what) => console.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{what}.png"), FullPage = true });
            await console.HoldAnAuthenticatorAsync();
            await console.GoAsync("signin");
            await TakeAsync("signin-by-host");
            await console.SignInAsync(PbxProcess.Administrator.Email, password);
            await console.AddPasskeyAsync(language == "fr" ? "Mon téléphone" : "My laptop", password);
            await TakeAsync("account-by-host");
            await console.Page.FillAsync("#passkey-name", "X");
            await console.Page.FillAsync("#passkey-password", password);
            await console.Test("begin-passkey").ClickAsync();
            await TakeAsync("account-passkey");
            await console.GoAsync("account");
            await console.Page.FillAsync("#begin-password", password);
            await console.Test("begin").ClickAsync();
            await TakeAsync("account-second-factor");
            await console.GoAsync("users");
            await TakeAsync("users-with-sessions");
        }
    }

    /// <summary>Encryption about to be required: of one trunk, of the whole system, and what is said of a trunk that may not be used any more.</summary>
    [Fact(Explicit = true)]
    public async Task EncryptionAboutToBeRequired()
    {
        var folder = Environment.GetEnvironmentVariable("PBX_PICTURES") ?? Path.Combine(Path.GetTempPath(), "pbx-pictures");
        Directory.CreateDirectory(folder);
        await using var pbx = await PbxProcess.StartAsync();
        var secure = Provider("secure", "Operator with TLS", TrunkTransport.Tls);
        await pbx.ApplyAsync([.. Company.Create(), secure, Provider("plain", "Operator over UDP", TrunkTransport.Udp), Provider("held", "Operator held to encryption", TrunkTransport.Tcp) with { Security = CallSecurity.EncryptedOnly }]);
        await using var clear = new ScriptedPhone("127.0.0.1", pbx.SipPort, "101", Company.Password);
        Assert.Equal(200, await clear.RegisterAsync());
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Browser.LaunchAsync(playwright);
        var first = await ConsoleTests.SignInAsync(browser, pbx);
        var session = await first.Context.StorageStateAsync();
        foreach (var (name, language, scheme, width, height) in Dresses)
        {
            await using var context = await browser.OpenAsync(new() { StorageState = session, Locale = language, ColorScheme = scheme, ViewportSize = new() { Width = width, Height = height } });
            await using var console = new ConsolePage(await context.NewPageAsync(), pbx.Http);
            var strict = language == "fr" ? "Chiffré seulement" : "Encrypted only";
            Task TakeAsync(string what) => console.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{what}.png") });
            await console.GoAsync("trunks");
            await console.Page.WaitForTimeoutAsync(400);
            await TakeAsync("trunks-one-barred");
            foreach (var trunk in (string[])["plain", "secure"])
            {
                await console.GoAsync($"trunks/{trunk}");
                await console.Panel.Locator("details.more summary").ClickAsync();
                await console.ChooseAsync(console.Panel, "security", strict);
                await console.Test("cut-off-trunks").ScrollIntoViewIfNeededAsync();
                await TakeAsync($"trunk-{trunk}-about-to-be-held");
            }
            await console.SaveAsync();
            await console.Page.Locator(".mud-dialog").WaitForAsync();
            await console.Page.WaitForTimeoutAsync(400);
            await TakeAsync("trunk-asked");
            await console.GoAsync("settings");
            await console.ChooseAsync(console.Page.Locator("main"), "security", strict);
            await console.Test("cut-off").First.ScrollIntoViewIfNeededAsync();
            await TakeAsync("settings-about-to-be-held");
        }

        Trunk Provider(string key, string name, TrunkTransport transport) => new()
        {
            Key = key, Name = name, Site = "paris", Host = "127.0.0.1", Port = pbx.TlsPort, Transport = transport, QualifySeconds = 0,
        };
    }

    /// <summary>So that the credentials of its phone are shown.</summary>
    private static async Task SaveNewExtensionAsync(IPage page)
    {
        var name = page.Locator("[data-test=panel] [data-field=name] input");
        await name.FillAsync("Zoé");
        await name.BlurAsync();
        await page.Locator("[data-test=panel] [data-test=save]").ClickAsync();
        await page.Locator(".mud-dialog").WaitForAsync();
    }

    /// <summary>A scanner comes by, so that the list of bans shows something.</summary>
    private static async Task BeBannedAsync(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.77"), 0));
        await socket.SendToAsync(Encoding.ASCII.GetBytes("OPTIONS sip:100@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.77;branch=z9hG4bKscan\r\nMax-Forwards: 70\r\n"
            + "From: \"sipvicious\" <sip:100@1.1.1.1>;tag=1\r\nTo: <sip:100@127.0.0.1>\r\nCall-ID: scan\r\nCSeq: 1 OPTIONS\r\nUser-Agent: friendly-scanner\r\nContent-Length: 0\r\n\r\n"),
            new IPEndPoint(IPAddress.Loopback, port));
    }

    private static async Task PictureOfSignInAsync(IBrowser browser, PbxProcess pbx, string language, ColorScheme scheme, int width, int height, string file)
    {
        await using var context = await browser.OpenAsync(new() { Locale = language, ColorScheme = scheme, ViewportSize = new() { Width = width, Height = height } });
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{pbx.Http}signin");
        await page.ScreenshotAsync(new() { Path = file });
    }
}
