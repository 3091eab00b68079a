using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Pbx.Core.CallFlow;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Sites;
using Pbx.Testing.Audio;
using Pbx.Testing.Mail;

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

        await EmptyLogAsync($"{disk.Path}/pbx.db");
        disk.Fill();
        // The calls first: what a save that failed had grown the log by is room for what is smaller.
        await MailboxCalls.LeaveMessageAsync(pbx);
        await MailboxCalls.LeaveMessageAsync(pbx);
        await pbx.EventuallyAsync(async () => (await pbx.CountersAsync())["queued-writes"] >= 2, "what the calls left waits");
        await AssertRefusedAsync(pbx, company, 400);
        await AssertRefusedAsync(pbx, company, 0);
        Assert.Equal(0, (await pbx.CountersAsync())["unhandled-exceptions"]);
        await pbx.EventuallyAsync(() => IsAlertedAsync(pbx, disk.Path), "an alert says that the disk is full", 90);

        disk.Free();
        await pbx.EventuallyAsync(async () => (await pbx.TryRecordsAsync()).Count == 2, "both records arrive");
        await pbx.EventuallyAsync(async () => (await pbx.CountersAsync())["queued-writes"] == 0, "nothing waits any more");
        Assert.Equal(2, (await smtp.WaitForAsync(2, TimeSpan.FromSeconds(90))).Count);
        // The records noticed that there is room; saving looks for itself, every two seconds.
        await pbx.EventuallyAsync(() => IsSavedAsync(pbx, WithHolidays(company, 999)), "it can be saved again", 30);
        Assert.Equal(999, (await pbx.ExportAsync())["sites"]![0]!["holidays"]!.AsArray().Count);
        await pbx.EndCallsAsync();
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
        var words = await pbx.PhraseAsync(Phrases.Failed);
        await MailboxCalls.DialAsync(pbx, caller);
        await pbx.RecordedAsync(3);

        disk.Fill();
        // The recording fails, the caller hears so, and is not left alone in a dead call.
        await caller.WaitForAsync("CALL_CLOSED", 60);
        Assert.InRange(Listening.Contains(await caller.HeardAsync(), words), 0.6, 1);
        await using (var second = await ReferenceScenarioTests.StartCallerAsync(pbx, tone.Path))
        {
            // Nothing can be recorded at all: a call is answered all the same, and told.
            disk.Fill();
            await MailboxCalls.DialAsync(pbx, second);
            await second.WaitForAsync("CALL_CLOSED", 90);
        }
        Assert.Equal(0, (await pbx.CountersAsync())["unhandled-exceptions"]);

        disk.Free();
        await MailboxCalls.LeaveMessageAsync(pbx);
        Assert.Single(await smtp.WaitForAsync(1, TimeSpan.FromSeconds(90)));
        await pbx.EventuallyAsync(async () => (await pbx.TryRecordsAsync()).Count == 3, "all three records arrive");
        var records = await pbx.RecordsAsync();
        Assert.Single(records, record => Steps(record).Contains("message-left"));
        Assert.Equal(2, records.Count(record => Steps(record).Contains("no-message")));
        await pbx.EndCallsAsync(caller);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(disk.Path, "recordings")));
    }

    /// <summary>Its log has no room left in it then, or what is written next would only take the place of what is there.</summary>
    private static async Task EmptyLogAsync(string file)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        Assert.Equal(0L, await command.ExecuteScalarAsync());
    }

    // What the server wrote in between may take a save or two; then there is no room, and it says so.
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

    private static async Task<bool> IsSavedAsync(PbxProcess pbx, IEnumerable<IConfigObject> company)
    {
        using var response = await pbx.Api.PutAsJsonAsync("configuration", ObjectJson.WriteDocument(company));
        Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, response.StatusCode.ToString());
        return response.IsSuccessStatusCode;
    }

    private static IEnumerable<IConfigObject> WithHolidays(IReadOnlyList<IConfigObject> company, int count) => company.Select(item => item is Site site
        ? site with { Holidays = [.. Enumerable.Range(0, count).Select(i => new Holiday { Name = $"Jour {i} de {count}", Date = new DateOnly(2030, 1, 1).AddDays(i) })] }
        : item);

    private static async Task<bool> IsAlertedAsync(PbxProcess pbx, string place) => (await pbx.Api.GetFromJsonAsync<JsonObject>("protection/alerts"))!["items"]!.AsArray()
        .Any(alert => (string?)alert!["kind"] == "diskAlmostFull" && (string?)alert["subject"] == place && (string?)alert["detail"] is "99" or "100");

    private static IEnumerable<string?> Steps(JsonNode? record) => record!["journey"]!.AsArray().Select(entry => (string?)entry!["step"]!["code"]);
}
