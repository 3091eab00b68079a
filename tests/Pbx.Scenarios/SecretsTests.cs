using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Playwright;
using Pbx.Core.Common;
using Pbx.Core.Extensions;
using Pbx.Core.Settings;
using Pbx.Core.Trunks;
using Pbx.Core.Voicemail;
using Pbx.Testing.Audio;
using Pbx.Testing.Mail;
using Pbx.Testing.Peers;

namespace Pbx.Scenarios;

/// <summary>Secrets are put everywhere a secret can be, used, and then looked for everywhere they may not be.</summary>
[Collection(nameof(Alone))]
public sealed class SecretsTests
{
    private static readonly string[] Pages =
    [
        "", "live", "records", "sites", "sites/paris", "extensions", "extensions/101", "trunks", "trunks/account", "mailboxes", "mailboxes/101", "mail", "users", "tokens",
        "audit", "certificates", "protection", "configuration", "settings",
    ];

    private static readonly string[] Answers =
    [
        "configuration", "configuration?withAudio=true", "configuration/schema", "settings", "extensions", "extensions/101", "trunks", "trunks/account", "mailboxes", "mailboxes/101",
        "mailboxes/general/messages", "outbox", "live/calls", "live/registrations", "live/trunks", "live/queues", "diagnostics/counters", "call-records", "certificate", "protection/bans", "protection/alerts",
    ];

    [Fact]
    public async Task TwelveSecrets_OfEveryKind_AreFoundNowhereButInTheExportThatAsksForThem()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var secrets = new Dictionary<string, string>
        {
            ["password of the first device"] = Random(), ["password of the second device"] = Random(), ["a wrong password of a device"] = Random(),
            ["PIN of a mailbox"] = Digits(), ["a wrong PIN"] = Digits(), ["password of a trunk"] = Random(), ["password of the mail server"] = Random(),
            ["password of a user"] = Random(), ["a wrong password of the console"] = Random(), ["API token"] = "pbx_" + Random() + Random(),
            ["private key of a certificate"] = Convert.ToBase64String(key.ExportPkcs8PrivateKey()), ["password of a key file"] = Random(),
        };
        await using var smtp = SmtpSink.Start();
        await using var pbx = await PbxProcess.StartAsync(new Dictionary<string, string>
        {
            ["PBX__Setup__AdminPassword"] = secrets["password of a user"], ["PBX__Setup__ApiToken"] = secrets["API token"], ["Logging__LogLevel__Default"] = "Trace",
        });
        pbx.Api.DefaultRequestHeaders.Authorization = new("Bearer", secrets["API token"]);
        await pbx.ApplyAsync(WithSecrets(smtp.Port, secrets));
        await UploadCertificateAsync(pbx, key, secrets["password of a key file"]);
        await UsePhonesAsync(pbx, secrets);
        var pages = await UseConsoleAsync(pbx, secrets);

        List<(string Place, byte[] Content)> places = [("what it printed", Encoding.UTF8.GetBytes(pbx.Log)), .. pages];
        foreach (var path in Answers)
        {
            using var answer = await pbx.Api.GetAsync(path);
            Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode}");
            places.Add(($"GET {path}", await answer.Content.ReadAsByteArrayAsync()));
        }
        places.Add(("pbx config export", Encoding.UTF8.GetBytes(await ExportAsync(pbx, secrets["API token"]))));
        // The lock is empty, and held against readers too.
        foreach (var file in Directory.EnumerateFiles(pbx.Data, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock")) places.Add((file, await ReadAsync(file)));

        Assert.Empty(places.SelectMany(place => secrets.Where(secret => Forms(secret.Value).Any(form => place.Content.AsSpan().IndexOf(form) >= 0))
            .Select(secret => $"{secret.Key} is in {place.Place}")));
        // The search finds what is there.
        var asked = Encoding.UTF8.GetBytes(await ExportAsync(pbx, secrets["API token"], "--with-secrets"));
        foreach (var name in (string[])["password of the first device", "PIN of a mailbox", "password of a trunk", "password of the mail server"])
            Assert.Contains(Forms(secrets[name]), form => asked.AsSpan().IndexOf(form) >= 0);
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(pbx.Data, "*", SearchOption.AllDirectories), path => !ReadableByOwnerOnly(pbx.Data, path));
    }

    // Whoever cannot enter a folder cannot read what lies in it.
    private static bool ReadableByOwnerOnly(string root, string path)
    {
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        for (var place = path; place.Length >= root.Length; place = Path.GetDirectoryName(place)!)
            if ((File.GetUnixFileMode(place) & ~owner) == 0) return true;
        return false;
    }

    private static IEnumerable<IConfigObject> WithSecrets(int smtpPort, Dictionary<string, string> secrets) =>
    [
        .. Company.Create(smtpPort).Select(item => item switch
        {
            SystemSettings settings => settings with { Mail = settings.Mail with { UserName = "mailer", Password = new Secret(secrets["password of the mail server"]) } },
            Mailbox { Key: "101" } mailbox => mailbox with { Pin = new Secret(secrets["PIN of a mailbox"]) },
            Extension { Key: "101" } extension => extension with
            {
                Devices =
                [
                    extension.Devices[0] with { Password = new Secret(secrets["password of the first device"]) },
                    new Device { Key = "second", UserName = "101b", Password = new Secret(secrets["password of the second device"]) },
                ],
            },
            _ => item,
        }),
        new Trunk { Key = "account", Name = "Compte", Site = "paris", Host = "127.0.0.9", Port = 5060, UserName = "essai", Password = new Secret(secrets["password of a trunk"]), QualifySeconds = 0 },
    ];

    private static async Task UploadCertificateAsync(PbxProcess pbx, ECDsa key, string password)
    {
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(90));
        using var response = await pbx.Api.PutAsJsonAsync("certificate", new
        {
            origin = "uploaded", password, certificate = certificate.ExportCertificatePem(),
            key = key.ExportEncryptedPkcs8PrivateKeyPem(password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)),
        });
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private static async Task UsePhonesAsync(PbxProcess pbx, Dictionary<string, string> secrets)
    {
        using var sound = TestSound.Tone(440);
        await using var phone = await StartAsync(pbx, "101", secrets["password of the first device"], sound.Path);
        await using var second = await StartAsync(pbx, "101b", secrets["password of the second device"], sound.Path);
        await using var stranger = await StartAsync(pbx, "102", secrets["a wrong password of a device"], sound.Path);
        await phone.RegisteredAsync();
        await second.RegisteredAsync();
        await stranger.WaitForAsync("REGISTER_FAIL");
        foreach (var pin in (string[])[secrets["a wrong PIN"], secrets["PIN of a mailbox"]])
        {
            await phone.DialAsync($"sip:999@{pbx.Server}");
            await phone.WaitForAsync("CALL_ESTABLISHED");
            await phone.PressAsync(pin + "#");
            await Task.Delay(TimeSpan.FromSeconds(3));
            await phone.HangUpAsync();
            await phone.WaitForAsync("CALL_CLOSED");
        }
        // A message gives a mail, and with it a sign-in at the mail server.
        await second.DialAsync($"sip:890@{pbx.Server}");
        await second.WaitForAsync("CALL_ESTABLISHED");
        await pbx.RecordedAsync(3);
        await second.HangUpAsync();
        await second.WaitForAsync("CALL_CLOSED");
        await pbx.EventuallyAsync(async () => (await pbx.OutboxAsync()).Count > 0, "the message is in the outbox");
    }

    private static async Task<Baresip> StartAsync(PbxProcess pbx, string user, string password, string sound) =>
        pbx.Watch(await Baresip.StartAsync(new(user[..3], pbx.Server, user, password), sound));

    private static async Task<List<(string, byte[])>> UseConsoleAsync(PbxProcess pbx, Dictionary<string, string> secrets)
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Browser.LaunchAsync(playwright);
        await using var context = await browser.OpenAsync();
        var page = await context.NewPageAsync();
        List<(string, byte[])> seen = [];
        page.WebSocket += (_, socket) => socket.FrameReceived += (_, frame) =>
        {
            lock (seen) seen.Add(($"a push to {page.Url}", frame.Binary ?? Encoding.UTF8.GetBytes(frame.Text ?? "")));
        };
        foreach (var password in (string[])[secrets["a wrong password of the console"], secrets["password of a user"]])
        {
            await page.GotoAsync($"{pbx.Http}signin");
            await page.FillAsync("#email", PbxProcess.Administrator.Email);
            await page.FillAsync("#password", password);
            await page.ClickAsync("button.primary");
        }
        await page.FillAsync("#current", secrets["password of a user"]);
        await page.FillAsync("#replacement", PbxProcess.Administrator.Password);
        await page.ClickAsync("button.primary");
        await page.Locator("body[data-ready]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        foreach (var path in Pages)
        {
            var answer = await page.GotoAsync($"{pbx.Http}{path}");
            await page.Locator("body[data-ready]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
            var fields = await page.EvaluateAsync<string>("() => [...document.querySelectorAll('input, textarea')].map(field => field.value).join('\\n')");
            lock (seen)
            {
                seen.Add(($"/{path} as it is answered", Encoding.UTF8.GetBytes(answer!.Url)));
                seen.Add(($"the fields of /{path}", Encoding.UTF8.GetBytes(fields)));
            }
            var content = Encoding.UTF8.GetBytes(await page.ContentAsync());
            lock (seen) seen.Add(($"/{path}", content));
        }
        lock (seen) return [.. seen];
    }

    private static async Task<string> ExportAsync(PbxProcess pbx, string token, params string[] options)
    {
        using var process = Process.Start(new ProcessStartInfo(PbxProcess.InCheckout("artifacts/pbx/pbx"), ["config", "export", "--url", pbx.Http.ToString(), "--token", token, .. options])
        {
            RedirectStandardOutput = true,
        })!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return text;
    }

    // The files that a running server writes to may change while they are read.
    private static async Task<byte[]> ReadAsync(string file)
    {
        try
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy);
            return copy.ToArray();
        }
        catch (FileNotFoundException)
        {
            return [];
        }
    }

    /// <summary>What a secret may look like where it lies bare: as it is, in UTF-16, in base64 at each of its three places.</summary>
    private static IEnumerable<byte[]> Forms(string secret)
    {
        // Of a key the middle: its first bytes say only of what kind it is.
        var text = secret.Length > 60 ? secret[40..72] : secret;
        yield return Encoding.UTF8.GetBytes(text);
        yield return Encoding.Unicode.GetBytes(text);
        for (var shift = 0; shift < 3; shift++)
        {
            var base64 = Convert.ToBase64String([.. new byte[shift], .. Encoding.UTF8.GetBytes(text)]);
            var clean = base64[((shift * 8 + 5) / 6)..^4];
            if (clean.Length > 6) yield return Encoding.ASCII.GetBytes(clean);
        }
    }

    private static string Random() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)) + "Zq";

    private static string Digits() => RandomNumberGenerator.GetInt32(100_000_000, 1_000_000_000).ToString(CultureInfo.InvariantCulture);
}
