using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Pbx.Core.CallFlow;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Sites;
using Pbx.Testing.Audio;
using Pbx.Testing.Mail;
using Pbx.Testing.Peers;

namespace Pbx.Scenarios;

/// <summary>No room on the disk of the database, or on that of everything: calls go on, people are told, and all is well when there is room again.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public async Task DatabaseDiskFull_CallsWorkAndSavingIsRefusedInWords_AndRecordsArriveWhenThereIsRoom()
    {
        await using var disk = await SmallDisk.MountAsync(32);
        await using var smtp = SmtpSink.Start();
        await using var pbx = await PbxProcess.StartAsync(new Dictionary<string, string> { ["PBX__Database__ConnectionString"] = $"Data Source={disk.Path}/pbx.db" });
        var company = Company.Create(smtp.Port);
        await pbx.ApplyAsync(company);

        disk.Fill();
        await AssertRefusedAsync(pbx, company, 400);
        await AssertRefusedAsync(pbx, company, 0);
        await LeaveMessageAsync(pbx, pbx.Data);
        await LeaveMessageAsync(pbx, pbx.Data);
        Assert.Equal(0, (await pbx.CountersAsync())["unhandled-exceptions"]);
        await pbx.EventuallyAsync(() => IsAlertedAsync(pbx, disk.Path), "an alert says that the disk is full", 90);

        disk.Free();
        await pbx.EventuallyAsync(async () => (await pbx.TryRecordsAsync()).Count == 2, "both records arrive");
        Assert.Equal(2, (await smtp.WaitForAsync(2, TimeSpan.FromSeconds(90))).Count);
        await pbx.ApplyAsync(WithHolidays(company, 999));
        Assert.Equal(999, (await pbx.ExportAsync())["sites"]![0]!["holidays"]!.AsArray().Count);
        await pbx.AssertAtRestAsync();
        Assert.Equal(2, smtp.Mails.Count);
    }

    [Fact]
    public async Task DataDiskFull_WhileAMessageIsRecorded_TheCallerIsTold_AndTheNextMessageIsKeptWhenThereIsRoom()
    {
        await using var disk = await SmallDisk.MountAsync(256);
        await using var smtp = SmtpSink.Start();
        await using var pbx = await PbxProcess.StartAsync(new Dictionary<string, string> { ["PBX__Data"] = disk.Path });
        await pbx.ApplyAsync(Company.Create(smtp.Port));
        using var tone = TestSound.Tone(440);
        await using var caller = await ReferenceScenarioTests.StartCallerAsync(pbx, tone.Path);
        await SpokenAsync(pbx, disk.Path, Phrases.Failed);
        await DialMailboxAsync(pbx, caller);
        await RecordedAsync(pbx, disk.Path, 3);

        disk.Fill();
        // The recording fails, the caller hears so, and is not left alone in a dead call.
        await caller.WaitForAsync("CALL_CLOSED", 60);
        var words = WavFile.Read(PhraseIn(disk.Path, Phrases.Failed));
        Assert.InRange(Listening.Contains(await caller.HeardAsync(), words), 0.6, 1);
        await using (var second = await ReferenceScenarioTests.StartCallerAsync(pbx, tone.Path))
        {
            // Nothing can be recorded at all: a call is answered all the same, and told.
            disk.Fill();
            await DialMailboxAsync(pbx, second);
            await second.WaitForAsync("CALL_CLOSED", 90);
        }
        Assert.Equal(0, (await pbx.CountersAsync())["unhandled-exceptions"]);

        disk.Free();
        await LeaveMessageAsync(pbx, disk.Path);
        Assert.Single(await smtp.WaitForAsync(1, TimeSpan.FromSeconds(90)));
        await pbx.EventuallyAsync(async () => (await pbx.TryRecordsAsync()).Count == 3, "all three records arrive");
        var records = await pbx.RecordsAsync();
        Assert.Single(records, record => Steps(record).Contains("message-left"));
        Assert.Equal(2, records.Count(record => Steps(record).Contains("no-message")));
        await pbx.AssertAtRestAsync(caller);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(disk.Path, "recordings")));
    }

    // The database's own spare pages take some saves, small ones longer than large ones; then there is no room, and it says so.
    private static async Task AssertRefusedAsync(PbxProcess pbx, IReadOnlyList<IConfigObject> company, int holidays)
    {
        for (var attempt = 1; attempt <= 200; attempt++)
        {
            using var response = await pbx.Api.PutAsJsonAsync("configuration", ObjectJson.WriteDocument(WithHolidays(company, holidays + (attempt % 3))));
            if (response.IsSuccessStatusCode) continue;
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            var error = (await response.Content.ReadFromJsonAsync<JsonObject>())!;
            Assert.Equal("database-unavailable", (string?)error["code"]);
            Assert.NotEmpty((string?)error["message"] ?? "");
            return;
        }
        Assert.Fail("Two hundred configurations were saved on a disk that is full.");
    }

    private static IEnumerable<IConfigObject> WithHolidays(IReadOnlyList<IConfigObject> company, int count) => company.Select(item => item is Site site
        ? site with { Holidays = [.. Enumerable.Range(0, count).Select(i => new Holiday { Name = $"Jour {i} de {count}", Date = new DateOnly(2030, 1, 1).AddDays(i) })] }
        : item);

    private static async Task<bool> IsAlertedAsync(PbxProcess pbx, string place) => (await pbx.Api.GetFromJsonAsync<JsonObject>("protection/alerts"))!["items"]!.AsArray()
        .Any(alert => (string?)alert!["kind"] == "diskAlmostFull" && (string?)alert["subject"] == place && (string?)alert["detail"] is "99" or "100");

    private static IEnumerable<string?> Steps(JsonNode? record) => record!["journey"]!.AsArray().Select(entry => (string?)entry!["step"]!["code"]);

    private static async Task DialMailboxAsync(PbxProcess pbx, Baresip caller)
    {
        await caller.DialAsync($"sip:{Company.Number}@{pbx.Server}");
        await caller.WaitForAsync("CALL_ESTABLISHED");
        await caller.PressAsync("890");
    }

    private static async Task LeaveMessageAsync(PbxProcess pbx, string data)
    {
        using var tone = TestSound.Tone(440);
        await using var caller = await ReferenceScenarioTests.StartCallerAsync(pbx, tone.Path);
        var before = RecordingsIn(data).ToHashSet();
        await DialMailboxAsync(pbx, caller);
        await pbx.EventuallyAsync(() => Task.FromResult(RecordingsIn(data).Any(file => !before.Contains(file) && Length(file) > 4 * 16000)), "4 s are recorded");
        await caller.HangUpAsync();
        await caller.WaitForAsync("CALL_CLOSED");
    }

    private static Task RecordedAsync(PbxProcess pbx, string data, int seconds) =>
        pbx.EventuallyAsync(() => Task.FromResult(RecordingsIn(data).Any(file => Length(file) > seconds * 16000)), $"{seconds} s are recorded");

    private static Task SpokenAsync(PbxProcess pbx, string data, string phrase) =>
        pbx.EventuallyAsync(() => Task.FromResult(File.Exists(PhraseIn(data, phrase))), $"the phrase {phrase} is spoken", 120);

    private static string PhraseIn(string data, string phrase) => Path.Combine(data, "phrases", "fr", phrase + ".wav");

    private static IEnumerable<string> RecordingsIn(string data) => Directory.EnumerateFiles(Path.Combine(data, "recordings"), "*.wav");

    private static long Length(string file)
    {
        try
        {
            return new FileInfo(file).Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }
}
