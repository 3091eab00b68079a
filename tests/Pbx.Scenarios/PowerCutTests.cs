using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Pbx.Testing.Audio;

namespace Pbx.Scenarios;

/// <summary>Somebody or something is gone in the middle of a call.</summary>
public sealed class PowerCutTests
{
    private const int Cuts = 10;

    [Fact]
    public async Task Server_KilledTenTimesWhileItRecords_KeepsEachMessageUpToThen()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create());
        using var tone = TestSound.Tone(1000);
        await using var caller = await ReferenceScenarioTests.StartAgentAsync(pbx, "103", tone.Path);
        List<double> seconds = [];
        for (var cut = 0; cut < Cuts; cut++)
        {
            await caller.DialAsync($"sip:890@{pbx.Server}");
            await caller.WaitForAsync("CALL_ESTABLISHED");
            // So much is on disk at least, and a little more, when the power goes.
            seconds.Add(3 + random.NextDouble());
            await pbx.RecordedAsync(seconds[cut]);
            await Task.Delay(random.Next(500));
            await pbx.KillAsync();
            await caller.HangUpAsync();
            await caller.WaitForAsync("CALL_CLOSED");
            await pbx.LaunchAsync();
            await pbx.EventuallyAsync(async () => (await MessagesAsync(pbx)).Count == cut + 1, $"message {cut + 1} is there after the restart (seed {seed})");
        }

        var messages = (await MessagesAsync(pbx)).OrderBy(message => (DateTimeOffset)message!["receivedAt"]!).ToList();
        for (var cut = 0; cut < Cuts; cut++)
        {
            var sound = WavFile.Read(await pbx.Api.GetByteArrayAsync($"mailboxes/general/messages/{(string)messages[cut]!["id"]!}/audio"));
            Assert.True(Listening.ToneSeconds(sound, 1000) > seconds[cut] - 1, $"message {cut + 1} of {seconds[cut]:0.0} s holds {Listening.ToneSeconds(sound, 1000):0.0} s (seed {seed})");
        }
        await pbx.EndCallsAsync(caller);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(pbx.Data, "recordings")));
    }

    [Fact]
    public async Task Phone_ThatVanishesDuringACall_IsMissed_AndTheOtherIsFreed()
    {
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create());
        using var tone = TestSound.Tone(1000);
        await using var caller = await ReferenceScenarioTests.StartAgentAsync(pbx, "101", tone.Path);
        await using var callee = await ReferenceScenarioTests.StartAgentAsync(pbx, "102", tone.Path);
        await caller.DialAsync($"sip:102@{pbx.Server}");
        await callee.WaitForAsync("CALL_INCOMING");
        await callee.AnswerAsync();
        await caller.WaitForAsync("CALL_ESTABLISHED");
        await Task.Delay(TimeSpan.FromSeconds(2));

        await callee.FreezeAsync();
        pbx.Vanished = 1;

        // A minute without sound, then half a minute in which it answers nothing.
        await caller.WaitForAsync("CALL_CLOSED", 240);
        await pbx.EndCallsAsync(caller, callee);
        Assert.Equal("answered", (string?)Assert.Single(await pbx.RecordsAsync())!["outcome"]);
    }

    private static async Task<JsonArray> MessagesAsync(PbxProcess pbx) =>
        (await pbx.Api.GetFromJsonAsync<JsonObject>("mailboxes/general/messages"))!["items"]!.AsArray();
}
