using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Pbx.Core.Certificates;
using Pbx.Core.Common;
using Pbx.Core.Ivr;
using Pbx.Core.Trunks;
using Pbx.Testing.Audio;
using Pbx.Testing.Peers;

namespace Pbx.Scenarios;

/// <summary>SIP over TLS and WebSocket with real phones, and the certificate behind both.</summary>
public sealed class SecureTransportTests
{
    [Fact]
    public async Task Tls_PhoneThatChecksTheCertificate_HearsTheMenuAndIsCalledOverItsConnection()
    {
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create());
        using var silence = new TestSound(new WavFile(8000, new short[80000]));
        await using var phone = await Baresip.StartAsync(await SecureAsync(pbx, "101"), silence.Path, answers: true);
        await phone.RegisteredAsync();
        await using var other = await Baresip.StartAsync(new("102", pbx.Server, "102", Company.Password), silence.Path);
        await other.RegisteredAsync();
        var row = (await RegistrationsAsync(pbx)).Single(r => (string?)r!["extension"] == "101")!;
        Assert.Equal("TLS", (string?)row["transport"]);
        Assert.Matches(@"^TLS 1\.[23], TLS_", (string?)row["security"]);

        await phone.DialAsync($"sip:800@127.0.0.1:{pbx.TlsPort};transport=tls");
        await phone.WaitForAsync("CALL_ESTABLISHED");
        await Task.Delay(TimeSpan.FromSeconds(6));
        await phone.HangUpAsync();
        await phone.WaitForAsync("CALL_CLOSED");
        var heard = await phone.HeardAsync();
        Assert.InRange(Listening.Contains(heard, await pbx.PromptAsync("welcome")), 0.6, 1);
        Assert.InRange(Listening.Contains(heard, await pbx.PromptAsync("closure")), 0, 0.4);

        await other.DialAsync($"sip:101@{pbx.Server}");
        await other.WaitForAsync("CALL_ESTABLISHED");
        await phone.WaitForAsync("CALL_ESTABLISHED");
        await other.HangUpAsync();
        await phone.WaitForAsync("CALL_CLOSED");
        await pbx.EndCallsAsync(phone, other);
    }

    [Fact]
    public async Task Linphone_ChecksTheCertificateAndInsistsOnSrtp_HearsTheMenu()
    {
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create());
        using var silence = new TestSound(new WavFile(8000, new short[80000]));
        await using var phone = await Linphone.StartAsync("101", $"127.0.0.1:{pbx.TlsPort}", Company.Password, silence.Path, await pbx.RootFileAsync());
        Assert.Equal("TLS", (string?)Assert.Single(await RegistrationsAsync(pbx))!["transport"]);

        await phone.CallAsync("800");
        await Task.Delay(TimeSpan.FromSeconds(7));
        await phone.HangUpAsync();

        var heard = await phone.HeardAsync();
        Assert.InRange(Listening.Contains(heard, await pbx.PromptAsync("welcome")), 0.6, 1);
        Assert.InRange(Listening.Contains(heard, await pbx.PromptAsync("closure")), 0, 0.4);
        await pbx.EndCallsAsync(phone);
    }

    [Fact]
    public async Task WebSocket_PhoneOfABrowser_RegistersIsCalledAndWaitsForItsReconnectionAfterARestart()
    {
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create());
        using var root = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(await pbx.RootFileAsync()));
        var address = new Uri($"wss://127.0.0.1:{pbx.Https.Port}/sip");
        await Assert.ThrowsAnyAsync<Exception>(() => MessagePipe.ConnectWebSocketAsync(address, root, "https://evil.example"));
        var mayConnect = new TaskCompletionSource();
        mayConnect.SetResult();
        await using var browser = new ConnectedPhone("101", Company.Password, "127.0.0.1", "WSS", async token =>
        {
            await mayConnect.Task.WaitAsync(token);
            return await MessagePipe.ConnectWebSocketAsync(address, root, $"https://127.0.0.1:{pbx.Https.Port}", token);
        }, TimeSpan.FromSeconds(1));
        await WaitAsync(browser);
        var row = Assert.Single(await RegistrationsAsync(pbx))!;
        Assert.Equal("WSS", row["transport"]!.ToString());
        Assert.Contains(".invalid", row["contact"]!.ToString(), StringComparison.Ordinal);

        await CallAsync(pbx, browser);
        mayConnect = new TaskCompletionSource();
        // The caller took its leave a moment ago; a kill before that is on disk would bring its registration back.
        await pbx.RegistrationsWrittenAsync();
        await pbx.KillAsync();
        await pbx.LaunchAsync();
        Assert.True((bool)(await RegistrationsAsync(pbx)).Single(r => (string?)r!["extension"] == "101")!["awaitsReconnection"]!);
        mayConnect.SetResult();
        await WaitAsync(browser, registrations: 2);
        await CallAsync(pbx, browser);
    }

    [Fact]
    public async Task Certificate_ReplacedDuringACallAndAConsoleSession_NeitherDropsAndNewConnectionsSeeIt()
    {
        await using var pbx = await PbxProcess.StartAsync();
        // A menu that waits until the certificate is replaced.
        await pbx.ApplyAsync(Company.Create().Select(item => item is IvrMenu menu ? menu with { TimeoutSeconds = 60 } : item));
        using var root = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(await pbx.RootFileAsync()));
        using var playwright = await Microsoft.Playwright.Playwright.CreateAsync();
        await using var browser = await Browser.LaunchAsync(playwright);
        var session = await (await ConsoleTests.SignInAsync(browser, pbx)).Context.StorageStateAsync();
        await using var context = await browser.OpenAsync(new() { IgnoreHTTPSErrors = true, StorageState = session });
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{pbx.Https}certificates");
        await page.Locator("body[data-ready]").WaitForAsync(new() { State = Microsoft.Playwright.WaitForSelectorState.Attached });
        await page.EvaluateAsync("window.sameDocument = true");
        // Long enough for the whole call: baresip sends keys within its sound only.
        using var silence = new TestSound(new WavFile(8000, new short[8000 * 240]));
        await using var phone = await Baresip.StartAsync(await SecureAsync(pbx, "101"), silence.Path);
        await phone.RegisteredAsync();
        await phone.DialAsync($"sip:800@127.0.0.1:{pbx.TlsPort};transport=tls");
        await phone.WaitForAsync("CALL_ESTABLISHED");
        await using var webPhone = new ConnectedPhone("102", Company.Password, "127.0.0.1", "WSS",
            token => MessagePipe.ConnectWebSocketAsync(new Uri($"wss://127.0.0.1:{pbx.Https.Port}/sip"), root, null, token), TimeSpan.FromSeconds(1));
        await WaitAsync(webPhone);

        // As certbot does it: the files are symbolic links, which are turned to the renewed ones.
        using var company = PrivateAuthority.Create("Company authority", DateTimeOffset.UtcNow);
        var (files, first) = Renew(pbx.Data, company, 1);
        using var set = await pbx.Api.PutAsJsonAsync("certificate", new { origin = "files", certificateFile = Path.Combine(files, "fullchain.pem"), keyFile = Path.Combine(files, "privkey.pem") });
        Assert.True(set.IsSuccessStatusCode, await set.Content.ReadAsStringAsync());
        Assert.Equal((first, first), await ShownAsync(pbx, company));
        var (_, second) = Renew(pbx.Data, company, 2);
        await pbx.EventuallyAsync(async () => await ShownAsync(pbx, company) == (second, second), "the renewed certificate serves phones and browsers");

        await page.Locator("[data-test=serving]", new() { HasText = "Company authority" }).WaitForAsync();
        Assert.True(await page.EvaluateAsync<bool>("window.sameDocument === true"));
        await phone.PressAsync("3");
        await Task.Delay(TimeSpan.FromSeconds(5));
        await phone.HangUpAsync();
        await phone.WaitForAsync("CALL_CLOSED");
        Assert.InRange(Listening.Contains(await phone.HeardAsync(), await pbx.PromptAsync("closed")), 0.6, 1);
        Assert.Equal(1, webPhone.Registrations);
    }

    [Fact]
    public async Task Trunk_OverTls_ChecksNameAndAuthorityUnlessExcepted_AndSaysWhy()
    {
        await using var pbx = await PbxProcess.StartAsync();
        // Its trunks are registered at itself, and stay so.
        pbx.LeftInTheMiddle = true;
        var root = await File.ReadAllTextAsync(await pbx.RootFileAsync());
        // The server is its own provider: its certificate is for 127.0.0.1, and 127.0.0.9 is another name of the same machine.
        Trunk Make(string key, string host, string? authorities, bool exception) => new()
        {
            Key = key, Name = key, Site = "paris", Host = host, Port = pbx.TlsPort, Transport = TrunkTransport.Tls, Registers = true, UserName = "103", AuthenticationName = "103",
            Password = new Secret(Company.Password), TlsAuthorities = authorities, AcceptsAnyCertificate = exception, QualifySeconds = 0,
        };
        await pbx.ApplyAsync([.. Company.Create(), Make("right", "127.0.0.1", root, false), Make("unknown", "127.0.0.1", null, false),
            Make("other-name", "127.0.0.9", root, false), Make("excepted", "127.0.0.9", null, true)]);

        await StateAsync("right", "up", "registered for 600 s; TLS 1.3");
        await StateAsync("unknown", "down", "is not trusted: its authority is not known");
        await StateAsync("other-name", "down", "the certificate is not for 127.0.0.9 but for");
        await StateAsync("excepted", "up", "certificate not checked");

        // Held to encryption: a call in clear from the provider's address is told so, and without TLS there is no trunk.
        await using var provider = new ScriptedPhone("127.0.0.9", pbx.SipPort, "33612345678");
        using var wire = new Wire((pbx.SipPort, pbx.SipPort));
        await pbx.ApplyAsync([.. Company.Create(), Make("excepted", "127.0.0.9", null, true) with { Security = CallSecurity.EncryptedOnly },
            Make("plain", "127.0.0.1", null, false) with { Port = pbx.SipPort, Transport = TrunkTransport.Udp, Security = CallSecurity.EncryptedOnly, QualifySeconds = 1 }]);
        await StateAsync("excepted", "up", "certificate not checked");
        await StateAsync("plain", "down", "its transport is not TLS");
        Assert.Equal(403, await provider.Invite("100").FinalAsync());
        var inClear = wire.Of((pbx.SipPort, pbx.SipPort)).Select(Encoding.UTF8.GetString).ToList();
        Assert.Contains(inClear, message => message.StartsWith("INVITE", StringComparison.Ordinal));
        Assert.DoesNotContain(inClear, message => message.StartsWith("REGISTER", StringComparison.Ordinal) || message.StartsWith("OPTIONS", StringComparison.Ordinal));

        async Task StateAsync(string trunk, string state, string words)
        {
            JsonNode? row = null;
            try
            {
                await pbx.EventuallyAsync(async () =>
                {
                    row = (await pbx.Api.GetFromJsonAsync<JsonObject>("live/trunks"))!["items"]!.AsArray().Single(t => (string?)t!["trunk"] == trunk);
                    return string.Equals((string?)row!["state"], state, StringComparison.OrdinalIgnoreCase);
                }, $"{trunk} is {state}");
            }
            catch (TimeoutException e)
            {
                throw new TimeoutException($"{row}", e);
            }
            Assert.Contains(words, (string?)row!["detail"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Connections_ThousandThatSayNothingOrHalf_KeepNobodyFromRegistering()
    {
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create());
        using var root = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(await pbx.RootFileAsync()));
        var idle = new List<Socket>();
        for (var i = 0; i < 1000; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, pbx.TlsPort);
            if (i % 2 == 1) await socket.SendAsync((byte[])[22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3]);
            idle.Add(socket);
        }
        var clock = Stopwatch.StartNew();
        await using var phone = new ConnectedPhone("101", Company.Password, "127.0.0.1", "TLS",
            token => MessagePipe.ConnectTlsAsync("127.0.0.1", pbx.TlsPort, root, token), TimeSpan.FromSeconds(1));
        await WaitAsync(phone);
        TestContext.Current.SendDiagnosticMessage($"Registered in {clock.ElapsedMilliseconds} ms beside 1,000 silent connections from the same address.");
        idle.ForEach(socket => socket.Dispose());
    }

    /// <summary>The company's account of a phone over TLS that knows the server's root.</summary>
    private static async Task<BaresipAccount> SecureAsync(PbxProcess pbx, string number) =>
        new(number, $"127.0.0.1:{pbx.TlsPort}", number, Company.Password) { Transport = "tls", Authority = await pbx.RootFileAsync() };

    private static async Task CallAsync(PbxProcess pbx, ConnectedPhone called)
    {
        await using var caller = new ScriptedPhone("127.0.0.1", pbx.SipPort, "102", Company.Password);
        Assert.Equal(200, await caller.RegisterAsync());
        var call = caller.Invite("101");
        var invite = await called.RequestAsync();
        Assert.Equal("INVITE", invite.Method);
        Assert.Contains(called.Host, invite.Text.Split("\r\n")[0], StringComparison.Ordinal);
        await called.AnswerAsync(invite, 486);
        Assert.Equal("ACK", (await called.RequestAsync()).Method);
        call.Cancel();
    }

    private static async Task WaitAsync(ConnectedPhone phone, int registrations = 1)
    {
        var clock = Stopwatch.StartNew();
        while (phone.Registrations < registrations)
        {
            if (clock.Elapsed > TimeSpan.FromSeconds(60)) throw new TimeoutException($"Not registered: {phone.LastTrouble}\n{phone.LastAnswer?.Text}");
            await Task.Delay(50);
        }
    }

    private static async Task<JsonArray> RegistrationsAsync(PbxProcess pbx) =>
        (await pbx.Api.GetFromJsonAsync<JsonObject>("live/registrations"))!["items"]!.AsArray();

    /// <summary>Puts a new certificate for the server where certbot would; gives the folder of the links, and the thumbprint.</summary>
    private static (string Folder, string Thumbprint) Renew(string data, X509Certificate2 company, int number)
    {
        var live = Directory.CreateDirectory(Path.Combine(data, "letsencrypt", "live")).FullName;
        var archive = Directory.CreateDirectory(Path.Combine(data, "letsencrypt", "archive")).FullName;
        using var leaf = PrivateAuthority.Issue(company, ["127.0.0.1"], DateTimeOffset.UtcNow);
        foreach (var (name, content) in ((string, string)[])[
            ("fullchain", leaf.ExportCertificatePem() + "\n" + company.ExportCertificatePem()), ("privkey", leaf.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem())])
        {
            File.WriteAllText(Path.Combine(archive, $"{name}{number}.pem"), content);
            var link = Path.Combine(live, $"{name}.pem");
            File.CreateSymbolicLink(link + ".new", $"../archive/{name}{number}.pem");
            File.Move(link + ".new", link, overwrite: true);
        }
        return (live, leaf.Thumbprint);
    }

    /// <summary>What a new phone and a new browser are shown now.</summary>
    private static async Task<(string? Sip, string? Web)> ShownAsync(PbxProcess pbx, X509Certificate2 root)
    {
        try
        {
            await using var phone = await MessagePipe.ConnectTlsAsync("127.0.0.1", pbx.TlsPort, root);
            await using var web = await MessagePipe.ConnectWebSocketAsync(new Uri($"wss://127.0.0.1:{pbx.Https.Port}/sip"), root);
            return (phone.ServerCertificate?.Thumbprint, web.ServerCertificate?.Thumbprint);
        }
        catch (Exception e) when (e is System.Security.Authentication.AuthenticationException or System.Net.WebSockets.WebSocketException)
        {
            return (e.Message, null);
        }
    }
}
