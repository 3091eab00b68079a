using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Pbx.Core.Configuration;
using Pbx.Core.Settings;
using Pbx.Testing.Audio;
using Pbx.Testing.Mail;
using Pbx.Testing.Peers;

namespace Pbx.Scenarios;

/// <summary>What fails around a call: the mail server, the process, the database. Calls go on, and nothing that was left is lost.</summary>
public sealed class FaultTests
{
    [Fact]
    public async Task MailServerDownDuringTheMessage_UpLater_TheMailArrivesOnceByItself()
    {
        var port = FreePorts.Take();
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create(port));
        await MailboxCalls.LeaveMessageAsync(pbx);
        await pbx.EventuallyAsync(async () => (await pbx.OutboxAsync()).Any(job => (int)job!["attempts"]! > 0), "a first attempt failed");

        // Nobody asks for it: the next attempt comes by itself, a minute after the first.
        await using var smtp = SmtpSink.Start(new SmtpSinkOptions { Port = port });

        var mail = Assert.Single(await smtp.WaitForAsync(1, TimeSpan.FromSeconds(120)));
        Assert.Equal("general@essai.test", Assert.Single(mail.To));
        await pbx.EndCallsAsync();
        Assert.Single(smtp.Mails);
    }

    [Fact]
    public async Task KillRightAfterTheRecording_AfterTheRestart_TheMessageIsThereAndMailedOnce()
    {
        await using var smtp = SmtpSink.Start();
        await smtp.DownAsync();
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create(smtp.Port));
        await MailboxCalls.LeaveMessageAsync(pbx);
        await pbx.KillAsync();
        smtp.Up();
        await pbx.LaunchAsync();

        await smtp.WaitForAsync(1, TimeSpan.FromSeconds(120));
        await pbx.EndCallsAsync();
        var mail = Assert.Single(smtp.Mails);
        Assert.Equal("general@essai.test", Assert.Single(mail.To));
        Assert.Single(await pbx.RecordsAsync());
    }

    [Fact]
    public async Task KillBetweenTheEndOfTheMailAndItsReply_IsTheOneMailSentAgain_WithTheSameMessageId()
    {
        await using var smtp = SmtpSink.Start();
        var reached = new TaskCompletionSource();
        var never = new TaskCompletionSource();
        smtp.React = (step, _) =>
        {
            if (step != SmtpStep.EndOfData || reached.Task.IsCompleted) return null;
            reached.SetResult();
            return new SmtpReaction(Drop: true, Wait: never.Task);
        };
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create(smtp.Port));
        await MailboxCalls.LeaveMessageAsync(pbx);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(90));
        await pbx.KillAsync();
        never.SetResult();
        await pbx.LaunchAsync();

        await pbx.EventuallyAsync(async () => (await pbx.OutboxAsync()).Any(job => (string?)job!["state"] == "sent"), "the mail is sent", 120);
        Assert.Single(smtp.Mails.DistinctBy(m => m.Message.MessageId));
        Assert.InRange(smtp.Mails.Count, 1, 2);
        await pbx.EndCallsAsync();
    }

    [Fact]
    public async Task PostgresStoppedThenFrozen_CallsWork_AfterAKillAndAStartToo_AndRecordsArriveAfterwards()
    {
        Assert.SkipWhen(Pbx.Testing.Databases.PostgresCluster.Programs is null, "PostgreSQL is not installed.");
        await using var smtp = SmtpSink.Start();
        await using var database = await Database.StartAsync("postgres", 10);
        await using var pbx = await PbxProcess.StartAsync(database.Settings);
        await pbx.ApplyAsync(Company.Create(smtp.Port));

        await database.Cluster!.StopServerAsync();
        await MailboxCalls.LeaveMessageAsync(pbx);
        await pbx.KillAsync();
        await pbx.LaunchAsync();
        await MailboxCalls.LeaveMessageAsync(pbx);
        await database.Cluster.StartServerAsync();
        await pbx.EventuallyAsync(async () => (await pbx.TryRecordsAsync()).Count == 2, "two records arrive");

        await database.Cluster.FreezeAsync(true);
        await MailboxCalls.LeaveMessageAsync(pbx);
        await pbx.KillAsync();
        await pbx.LaunchAsync();
        await MailboxCalls.LeaveMessageAsync(pbx);
        await database.Cluster.FreezeAsync(false);
        await pbx.EventuallyAsync(async () => (await pbx.TryRecordsAsync()).Count == 4, "the other two arrive");
        await smtp.WaitForAsync(4);
        await pbx.EndCallsAsync();
    }

    [Fact]
    public async Task SqliteLockedForAMinute_CallsWork_AfterAKillAndAStartToo_AndRecordsArriveAfterwards()
    {
        await using var smtp = SmtpSink.Start();
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create(smtp.Port));

        await using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(pbx.Data, "db", "pbx.db")};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "BEGIN EXCLUSIVE";
            await command.ExecuteNonQueryAsync();
            var away = Stopwatch.StartNew();
            await MailboxCalls.LeaveMessageAsync(pbx);
            await pbx.KillAsync();
            await pbx.LaunchAsync();
            await MailboxCalls.LeaveMessageAsync(pbx);
            var left = TimeSpan.FromMinutes(1) - away.Elapsed;
            if (left > TimeSpan.Zero) await Task.Delay(left);
            await MailboxCalls.LeaveMessageAsync(pbx);
        }

        await pbx.EventuallyAsync(async () => (await pbx.TryRecordsAsync()).Count == 3, "three records arrive");
        await smtp.WaitForAsync(3);
        await pbx.EndCallsAsync();
    }

    [Fact]
    public async Task SqliteDirectoryReadOnly_CallsWork_AfterAKillAndAStartToo_AndRecordsArriveAfterwards()
    {
        var folder = Directory.CreateTempSubdirectory("pbx-db").FullName;
        await using var smtp = SmtpSink.Start();
        // Without pooling each access opens the file anew, as the kernel demands of everybody once a disk is mounted read-only.
        await using (var pbx = await PbxProcess.StartHeldByPermissionsAsync(new Dictionary<string, string>
        {
            ["PBX__Database__ConnectionString"] = $"Data Source={Path.Combine(folder, "pbx.db")};Pooling=False",
        }))
        {
            await pbx.ApplyAsync(Company.Create(smtp.Port));

            SetWritable(folder, false);
            await MailboxCalls.LeaveMessageAsync(pbx);
            using (var refused = await pbx.Api.PutAsJsonAsync("configuration", ObjectJson.WriteDocument(Company.Create(smtp.Port, ringSeconds: 7))))
                Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            await pbx.KillAsync();
            await pbx.LaunchAsync();
            await MailboxCalls.LeaveMessageAsync(pbx);
            using (var refused = await pbx.Api.PutAsJsonAsync("configuration", ObjectJson.WriteDocument(Company.Create(smtp.Port, ringSeconds: 7))))
                Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);

            SetWritable(folder, true);
            await pbx.EventuallyAsync(async () => (await pbx.TryRecordsAsync()).Count == 2, "two records arrive");
            await smtp.WaitForAsync(2);
            // The configuration looks for its database every two seconds, whoever else has found it before.
            await pbx.EventuallyAsync(async () =>
            {
                using var saved = await pbx.Api.PutAsJsonAsync("configuration", ObjectJson.WriteDocument(Company.Create(smtp.Port, ringSeconds: 7)));
                return saved.IsSuccessStatusCode;
            }, "saving works again");
            await pbx.EndCallsAsync();
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Sigterm_TheCallGoesOnForTheTimeSet_NoneComesAnew_ThenByeAndACleanStop()
    {
        const int drainSeconds = 15;
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create(maxWaitSeconds: 60).Select(item => item is SystemSettings settings ? settings with { DrainSeconds = drainSeconds } : item));
        using var tone = TestSound.Tone(440);
        await using var caller = await ReferenceScenarioTests.StartCallerAsync(pbx, tone.Path);
        await using var late = await ReferenceScenarioTests.StartCallerAsync(pbx, tone.Path);
        await caller.DialAsync($"sip:{Company.Number}@{pbx.Server}");
        await caller.WaitForAsync("CALL_ESTABLISHED");

        var clock = Stopwatch.StartNew();
        var stopped = pbx.StopAsync();
        await pbx.EventuallyAsync(async () => await ReadyAsync(pbx) == HttpStatusCode.ServiceUnavailable, "it is not ready", drainSeconds);
        Assert.StartsWith("503", await late.RefusedAsync($"sip:{Company.Number}@{pbx.Server}", drainSeconds), StringComparison.Ordinal);
        // The call is still there: it is seen, and a key leads to where the menu says.
        Assert.True(clock.Elapsed.TotalSeconds < drainSeconds - 2, $"{clock.Elapsed.TotalSeconds} s: too slow a machine to see the time set");
        Assert.Equal("ivr:main", await pbx.LiveAtAsync());
        await caller.PressAsync("2");
        await pbx.AtAsync("queue:support", drainSeconds);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await ReadyAsync(pbx));

        await caller.WaitForAsync("CALL_CLOSED");
        Assert.InRange(clock.Elapsed.TotalSeconds, drainSeconds - 1, drainSeconds + 8);
        Assert.Equal(0, await stopped);
    }

    private static async Task<HttpStatusCode> ReadyAsync(PbxProcess pbx)
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(pbx.Http, "/health/ready"));
        return answer.StatusCode;
    }

    private static void SetWritable(string folder, bool writable)
    {
        const UnixFileMode read = UnixFileMode.UserRead, all = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        if (writable) File.SetUnixFileMode(folder, all | UnixFileMode.UserExecute);
        foreach (var file in Directory.EnumerateFiles(folder)) File.SetUnixFileMode(file, writable ? all : read);
        if (!writable) File.SetUnixFileMode(folder, read | UnixFileMode.UserExecute);
    }
}
