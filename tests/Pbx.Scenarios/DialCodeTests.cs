using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Pbx.Core.CallFlow;
using Pbx.Testing.Audio;
using Pbx.Testing.Peers;

namespace Pbx.Scenarios;

/// <summary>Every dial code of the preset, dialled by a real phone: what it says, and what it does.</summary>
public sealed class DialCodeTests
{
    private const double PhoneTone = 440;

    [Fact]
    public async Task QueueCodes_SayWhatTheyDo_AndTheQueueFollowsAtOnce()
    {
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create(ringSeconds: 30, maxWaitSeconds: 300));
        using var sound = TestSound.Tone(PhoneTone);
        await using var agent = await ReferenceScenarioTests.StartAgentAsync(pbx, "101", sound.Path);
        await using var caller = await ReferenceScenarioTests.StartAgentAsync(pbx, "103", sound.Path);

        await AssertSaysAsync(pbx, await HearAsync(pbx, agent, "*63"), Phrases.AgentLoggedOut, not: Phrases.AgentLoggedIn);
        await pbx.EventuallyAsync(async () => await AgentAsync(pbx, "101") == "loggedOut", "101 is logged out");
        // 102 is logged in, but has no phone: the caller waits, and the phone of 101 stays silent until it logs in.
        await caller.DialAsync($"sip:801@{pbx.Server}");
        await caller.WaitForAsync("CALL_ESTABLISHED");
        await pbx.EventuallyAsync(async () => (await pbx.LiveAtAsync()).Contains("queue:support", StringComparison.Ordinal), "the caller waits");
        await AssertSaysAsync(pbx, await HearAsync(pbx, agent, "*62"), Phrases.AgentLoggedIn, not: Phrases.AgentLoggedOut);
        await agent.WaitForAsync("CALL_INCOMING");
        await agent.AnswerAsync();
        await agent.WaitForAsync("CALL_ESTABLISHED");
        await caller.HangUpAsync();
        await agent.WaitForAsync("CALL_CLOSED");
        await AssertSaysAsync(pbx, await HearAsync(pbx, caller, "*62"), Phrases.NoQueues, not: Phrases.AgentLoggedIn);
        await pbx.EndCallsAsync(agent, caller);
    }

    [Fact]
    public async Task OtherCodes_DoAndSayWhatTheyAreFor_AndAChangedCodeWorksAtOnce()
    {
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create());
        using var sound = TestSound.Tone(PhoneTone);
        await using var phone = await ReferenceScenarioTests.StartAgentAsync(pbx, "101", sound.Path);

        await AssertSaysAsync(pbx, await HearAsync(pbx, phone, "*71"), Phrases.ClosureOn, not: Phrases.ClosureOff);
        Assert.True((bool)(await ClosureAsync(pbx))["on"]!);
        await AssertSaysAsync(pbx, await HearAsync(pbx, phone, "*70"), Phrases.ClosureOff, not: Phrases.ClosureOn);
        Assert.False((bool)(await ClosureAsync(pbx))["on"]!);
        await AssertClosureWithEndAsync(pbx, phone);

        var own = await HearAsync(pbx, phone, "*65");
        await AssertSaysAsync(pbx, own, Phrases.YourNumberIs, not: Phrases.ClosureOn);
        await AssertSaysAsync(pbx, own, "digit-1", not: "digit-7");
        await AssertSaysAsync(pbx, own, "digit-0", not: "digit-4");

        await AssertEchoAsync(pbx, phone, "*43");
        await SetCodeAsync(pbx, "*43", "*55");
        await AssertEchoAsync(pbx, phone, "*55");
        Assert.StartsWith("404", await phone.RefusedAsync($"sip:*43@{pbx.Server}"), StringComparison.Ordinal);

        await AssertRecordsAPromptAsync(pbx, phone);
        await pbx.EndCallsAsync(phone);
    }

    private static async Task AssertClosureWithEndAsync(PbxProcess pbx, Baresip phone)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");
        var hour = (TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow, zone).Hour + 3) % 24;
        await phone.DialAsync($"sip:*72@{pbx.Server}");
        await phone.WaitForAsync("CALL_ESTABLISHED");
        await phone.PressAsync(string.Create(CultureInfo.InvariantCulture, $"{hour:00}30"));
        await phone.WaitForAsync("CALL_CLOSED");
        var heard = await phone.HeardAsync();
        await AssertSaysAsync(pbx, heard, Phrases.ClosureUntil, not: Phrases.ClosureOff);
        await AssertSaysAsync(pbx, heard, $"hour-{hour}", not: $"hour-{(hour + 7) % 24}");
        await AssertSaysAsync(pbx, heard, "number-30", not: "number-12");
        var closure = await ClosureAsync(pbx);
        var until = TimeZoneInfo.ConvertTime((DateTimeOffset)closure["until"]!, zone);
        Assert.Equal((true, hour, 30), ((bool)closure["on"]!, until.Hour, until.Minute));
    }

    private static async Task AssertEchoAsync(PbxProcess pbx, Baresip phone, string code)
    {
        await phone.DialAsync($"sip:{code}@{pbx.Server}");
        await phone.WaitForAsync("CALL_ESTABLISHED");
        await Task.Delay(TimeSpan.FromSeconds(8));
        await phone.HangUpAsync();
        await phone.WaitForAsync("CALL_CLOSED");
        var heard = await phone.HeardAsync();
        await AssertSaysAsync(pbx, heard, Phrases.EchoIntro, not: Phrases.ClosureOn);
        Assert.True(Listening.ToneSeconds(heard, PhoneTone) > 1, "the phone hears its own tone");
    }

    private static async Task AssertRecordsAPromptAsync(PbxProcess pbx, Baresip phone)
    {
        await phone.DialAsync($"sip:*77@{pbx.Server}");
        await phone.WaitForAsync("CALL_ESTABLISHED");
        await pbx.RecordingAsync();
        await Task.Delay(TimeSpan.FromSeconds(3));
        await phone.PressAsync("#");
        await pbx.EventuallyAsync(async () =>
        {
            // The key is heard in the menu only.
            await phone.PressAsync("2");
            return (await RecordedAsync(pbx)).Length > 0;
        }, "the prompt is there");
        await phone.WaitForAsync("CALL_CLOSED");
        var heard = await phone.HeardAsync();
        await AssertSaysAsync(pbx, heard, Phrases.RecordAfterTone, not: Phrases.ClosureOn);
        await AssertSaysAsync(pbx, heard, Phrases.Saved, not: Phrases.Failed);
        var prompt = await pbx.PromptAsync(Assert.Single(await RecordedAsync(pbx)));
        Assert.True(Listening.ToneSeconds(prompt, PhoneTone) > 1.5, "the prompt holds what was said");
    }

    private static async Task<string[]> RecordedAsync(PbxProcess pbx) =>
        [.. (await pbx.Api.GetFromJsonAsync<JsonObject>("prompts"))!["items"]!.AsArray().Select(p => (string)p!["key"]!).Where(k => k.StartsWith("recorded-101-", StringComparison.Ordinal))];

    /// <summary>Dials a code and hears it to its end.</summary>
    private static async Task<WavFile> HearAsync(PbxProcess pbx, Baresip phone, string code)
    {
        await phone.DialAsync($"sip:{code}@{pbx.Server}");
        await phone.WaitForAsync("CALL_ESTABLISHED");
        await phone.WaitForAsync("CALL_CLOSED");
        return await phone.HeardAsync();
    }

    private static async Task AssertSaysAsync(PbxProcess pbx, WavFile heard, string phrase, string not)
    {
        var (said, other) = (Listening.Contains(heard, await pbx.PhraseAsync(phrase)), Listening.Contains(heard, await pbx.PhraseAsync(not)));
        Assert.True(said > 0.7 && other < said - 0.15, $"{phrase}: {said:0.00}, {not}: {other:0.00}");
    }

    private static async Task<string?> AgentAsync(PbxProcess pbx, string extension) =>
        (string?)(await pbx.Api.GetFromJsonAsync<JsonObject>("live/queues"))!["items"]!.AsArray().Single(q => (string?)q!["queue"] == "support")!["agents"]!
            .AsArray().Single(a => (string?)a!["extension"] == extension)!["state"];

    private static async Task<JsonNode> ClosureAsync(PbxProcess pbx) =>
        (await pbx.Api.GetFromJsonAsync<JsonObject>("closures"))!["items"]!.AsArray().Single(c => (string?)c!["site"] == "paris")!;

    private static async Task SetCodeAsync(PbxProcess pbx, string from, string to)
    {
        var settings = (await pbx.Api.GetFromJsonAsync<JsonObject>("settings"))!;
        settings["dialCodes"]!.AsArray().Single(c => (string?)c!["code"] == from)!["code"] = to;
        using var response = await pbx.Api.PutAsJsonAsync("settings", settings);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }
}
