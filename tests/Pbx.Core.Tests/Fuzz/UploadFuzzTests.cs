using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Pbx.Core.Certificates;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Prompts;
using Pbx.Core.Sites;
using Pbx.Core.Tests.Data;
using Pbx.Core.Tests.Databases;
using Pbx.Core.Tests.Mail;
using Pbx.Testing.Fuzz;
using static Pbx.Core.Tests.Data.Samples;

namespace Pbx.Core.Tests.Fuzz;

/// <summary>
/// What people upload, made hostile from a seed: sounds, calendars, documents, certificates. Each is taken or refused in words, in time, and nothing is left
/// behind. For long runs see <see cref="FuzzSettings"/>.
/// </summary>
public sealed class UploadFuzzTests(ITestOutputHelper output)
{
    /// <summary>Each sound is a process of the converter's: more would take days.</summary>
    private const int MostSounds = 20_000;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Sounds_ThatAreHostile_AreTakenOrRefusedInWords_AndNothingIsLeft()
    {
        using var directory = new TemporaryDirectory();
        using var library = new AudioLibrary(directory.Data, new AudioOptions { MaxUploadBytes = 100_000, MaxDuration = TimeSpan.FromSeconds(20), ProcessLimit = TimeSpan.FromSeconds(10) });
        var corpus = new List<byte[]>();
        foreach (var format in (string[])["wav", "mp3", "ogg", "flac"]) corpus.Add(await ToneAsync(directory.Data.Path, format));
        var taken = 0;
        await RunAsync(corpus, Math.Min(FuzzSettings.Inputs(120), MostSounds), async input =>
        {
            using var upload = new MemoryStream(input);
            var result = await library.ImportAsync(upload);
            if (result.Succeeded) taken++;
            else AssertRefused(result.Errors, ["audio-unreadable", "audio-too-long", "audio-too-large"], directory.Data.Path);
            Assert.Empty(Directory.GetFiles(directory.Data.Temporary));
        });
        Assert.True(taken > 0, "none was taken: the inputs are no test");
        output.WriteLine($"{taken} were taken");
    }

    [Fact]
    public Task Wavs_ThatAreHostile_AreReadOrNot() => RunAsync(
        [CanonicalWav.Write(MailHouse.Tone(20, 8000), 8000), [.. "RIFF"u8, 0, 0, 0, 0, .. "WAVELIST"u8, 4, 0, 0, 0, .. "INFO"u8, .. CanonicalWav.Write(MailHouse.Tone(5, 8000), 8000).AsSpan(12)]],
        FuzzSettings.Inputs(100_000), input =>
    {
        if (CanonicalWav.Read(input) is { } sound) _ = (Loudness.HasSound(sound.Samples), Loudness.Trim(sound.Samples).Length);
        return Task.CompletedTask;
    });

    [Fact]
    public Task Calendars_ThatAreHostile_GiveHolidaysAndMistakes()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");
        return RunAsync([.. Calendars.Select(Encoding.UTF8.GetBytes)], FuzzSettings.Inputs(3_000), input =>
        {
            var imported = HolidayImport.Read(Encoding.UTF8.GetString(input), zone, new DateOnly(2026, 1, 1), new DateOnly(2027, 12, 31));
            Assert.All(imported.Mistakes, mistake => Assert.NotEmpty(mistake.Message));
            var site = new Site { Key = "s", Name = "s", Holidays = imported.Holidays };
            _ = SiteClock.NextChange(site, null, new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero));
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task Documents_ThatAreHostile_AreCheckedWithoutHarm()
    {
        await using var core = await TestCore.StartAsync(DatabaseProvider.Sqlite);
        var document = core.Get<ConfigurationDocument>();
        Assert.Empty((await core.Configuration.ApplyAsync(DemoChanges(), TestCore.Tester)).Errors);
        var before = core.Configuration.Current;
        var whole = await document.ExportAsync(new DocumentOptions(Secrets: true));
        await RunAsync([Encoding.UTF8.GetBytes(Compact(whole)), .. Documents.Select(Encoding.UTF8.GetBytes)], FuzzSettings.Inputs(3_000), async input =>
        {
            var result = await document.CheckAsync(Encoding.UTF8.GetString(input));
            Assert.All(result.Errors, error => Assert.NotEmpty(error.Message));
        });
        Assert.Same(before, core.Configuration.Current);
    }

    [Fact]
    public Task Certificates_ThatAreHostile_AreTakenOrRefusedInWords()
    {
        var now = new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
        using var authority = PrivateAuthority.Create("Test authority", now);
        using var leaf = PrivateAuthority.Issue(authority, ["pbx.example.com"], now);
        var key = leaf.GetECDsaPrivateKey()?.ExportPkcs8PrivateKeyPem() ?? leaf.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem();
        var pem = $"{leaf.ExportCertificatePem()}\n{authority.ExportCertificatePem()}\n{key}\n";
        return RunAsync([Encoding.ASCII.GetBytes(pem), leaf.Export(X509ContentType.Pkcs12, "pw"), leaf.Export(X509ContentType.Cert)], FuzzSettings.Inputs(3_000), input =>
        {
            var result = CertificateReader.Read(input, null, new Secret("pw"), CertificateOrigin.Uploaded);
            Assert.All(result.Errors, error => Assert.NotEmpty(error.Message));
            if (result.Succeeded) result.Value.Leaf.Dispose();
            return Task.CompletedTask;
        });
    }

    private static readonly string[] Calendars =
    [
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Pont\r\nDTSTART;VALUE=DATE:20260515\r\nDTEND;VALUE=DATE:20260516\r\nEND:VEVENT\r\n"
            + "BEGIN:VEVENT\r\nUID:3\r\nSUMMARY:Fête\r\nDTSTART;VALUE=DATE:20240229\r\nRRULE:FREQ=YEARLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VTIMEZONE\r\nTZID:Europe/Paris\r\nBEGIN:STANDARD\r\nDTSTART:19701025T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\n"
            + "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:4\r\nSUMMARY;LANGUAGE=fr:R\\,é\\nunion\r\n"
            + "DTSTART;TZID=Europe/Paris:20260901T120000\r\nDURATION:PT1H30M\r\nRRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU;UNTIL=20270101T000000Z\r\nEXDATE:20260915T100000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    ];

    private static readonly string[] Documents =
    [
        """{ "settings": { "companyName": "x" }, "sites": [ { "key": "a", "name": "A", "timeZone": "Europe/Paris", "officeHours": [ { "day": "monday", "start": "09:00:00", "end": "18:00:00" } ] } ] }""",
        """{ "settings": {}, "prompts": [ { "key": "p", "name": "P", "sound": "UklGRg==", "audio": "00" } ], "queues": [ null, 1, "x", [], {} ] }""",
    ];

    private static string Compact(string json) => System.Text.Json.Nodes.JsonNode.Parse(json)!.ToJsonString();

    private static async Task<byte[]> ToneAsync(string folder, string format)
    {
        var file = Path.Combine(folder, "tone." + format);
        var run = await ChildProcess.RunAsync("ffmpeg", ["-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", "sine=440:d=0.2:r=16000", "-ac", "1", file], TimeSpan.FromSeconds(30), default);
        Assert.True(run.Succeeded, run.Words);
        return await File.ReadAllBytesAsync(file);
    }

    private static void AssertRefused(IReadOnlyList<PbxError> errors, string[] codes, string path)
    {
        var error = Assert.Single(errors);
        Assert.Contains(error.Code, codes);
        Assert.NotEmpty(error.Message);
        Assert.DoesNotContain(path, error.Message, StringComparison.Ordinal);
    }

    private async Task RunAsync(IReadOnlyList<byte[]> corpus, int inputs, Func<byte[], Task> take)
    {
        var seed = FuzzSettings.Seed;
        var mutator = new Mutator(new Random(seed), corpus);
        foreach (var good in corpus) await take([.. good]);
        var slowest = TimeSpan.Zero;
        for (var i = 0; i < inputs; i++)
        {
            var input = mutator.Next();
            var start = Stopwatch.GetTimestamp();
            try
            {
                // On another thread: what hangs without awaiting anything is found too.
                await Task.Run(() => take(input)).WaitAsync(Longest);
            }
            catch (Exception exception)
            {
                Assert.Fail($"PBX_SEED={seed}, input {i}: {exception}\n{Convert.ToBase64String(input)}\n{Encoding.Latin1.GetString(input)}");
            }
            var took = Stopwatch.GetElapsedTime(start);
            if (took > slowest) slowest = took;
        }
        output.WriteLine($"{inputs} inputs from seed {seed}, the slowest took {slowest.TotalMilliseconds:0} ms");
    }
}
