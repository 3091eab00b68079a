using System.Text.Json.Nodes;
using Pbx.Testing.Audio;
using Pbx.Testing.Mail;
using Pbx.Testing.Peers;

namespace Pbx.Scenarios;

/// <summary>
/// The main job: standard number, menu, key, agents one by one, longest wait, announcement, message, mail. Real softphones, a real SMTP
/// server, the real process.
/// </summary>
public sealed class ReferenceScenarioTests
{
    [Theory, DatabaseKinds]
    public Task Caller_NobodyAnswers_LeavesAMessageThatEachAgentGetsOnceByMail(string database) => NobodyAnswersAsync(database, 5, 12);

    [Fact]
    public async Task Caller_SecondAgentAnswers_BothHearEachOther_AgentHangsUp()
    {
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create());
        using TestSound low = TestSound.Tone(440), high = TestSound.Tone(1000);
        await using var alice = await StartAgentAsync(pbx, "101", high.Path);
        await using var bruno = await StartAgentAsync(pbx, "102", high.Path);
        await using var caller = await StartCallerAsync(pbx, low.Path);

        await caller.DialAsync($"sip:{Company.Number}@{pbx.Server}");
        await caller.WaitForAsync("CALL_ESTABLISHED");
        await caller.PressAsync("2");
        await alice.WaitForAsync("CALL_INCOMING");
        await bruno.WaitForAsync("CALL_INCOMING");
        await bruno.AnswerAsync();
        await bruno.WaitForAsync("CALL_ESTABLISHED");
        await Task.Delay(TimeSpan.FromSeconds(4));
        await bruno.HangUpAsync();
        await caller.WaitForAsync("CALL_CLOSED");

        Assert.True(Listening.ToneSeconds(await bruno.HeardAsync(), 440) > 2, "the agent hears the caller");
        Assert.True(Listening.ToneSeconds(await caller.HeardAsync(), 1000) > 2, "the caller hears the agent");
        await pbx.EndCallsAsync(alice, bruno, caller);
        var record = Assert.Single(await pbx.RecordsAsync());
        Assert.Equal("answered", (string?)record!["outcome"]);
        AssertNames(record["journey"]!.AsArray());
    }

    // Menu and key, the queue, who rang and did not answer, who did: by name, in order.
    private static void AssertNames(JsonArray journey)
    {
        var told = journey.Select(entry => entry!["step"]!).Select(step => $"{step["code"]} {step["subject"]} {step["detail"]}".TrimEnd()).ToList();
        string[] expected =
        [
            $"rule-matched inboundrule:standard {Company.Number}", "time-decision site:paris", "key-pressed ivr:main 2", "went-to queue:support", "ringing extension:101",
            "not-answered extension:101 no-answer", "ringing extension:102", "answered extension:102",
        ];
        Assert.Equal(expected, told.Select(step => Array.Find(expected, start => step.StartsWith(start, StringComparison.Ordinal))).Distinct().OfType<string>());
    }

    [Fact]
    public async Task Caller_HeldByTheAgent_HearsMusic_AndTheAgentAgainAfterwards()
    {
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create());
        using TestSound low = TestSound.Tone(440), high = TestSound.Tone(1000);
        await using var agent = await StartAgentAsync(pbx, "103", high.Path);
        await using var caller = await StartCallerAsync(pbx, low.Path);

        await caller.DialAsync($"sip:{Company.Number}@{pbx.Server}");
        await caller.WaitForAsync("CALL_ESTABLISHED");
        await caller.PressAsync("1");
        await agent.WaitForAsync("CALL_INCOMING");
        await agent.AnswerAsync();
        await agent.WaitForAsync("CALL_ESTABLISHED");
        await Task.Delay(TimeSpan.FromSeconds(2));
        await agent.HoldAsync(true);
        await Task.Delay(TimeSpan.FromSeconds(4));
        await agent.HoldAsync(false);
        await Task.Delay(TimeSpan.FromSeconds(3));
        await caller.HangUpAsync();
        await agent.WaitForAsync("CALL_CLOSED");

        var heard = await caller.HeardAsync();
        var end = heard.Samples.AsSpan(^(heard.Rate * 2)..^(heard.Rate / 2));
        Assert.True(Listening.ToneShare(end, 1000, heard.Rate) > 0.7, "the caller hears the agent after the hold");
        // The 3 s in the middle of the hold: sound, but not the agent's.
        var hold = heard.Samples.AsSpan(^(heard.Rate * 6)..^(heard.Rate * 4));
        Assert.InRange(Listening.Level(hold), -40, 0);
        Assert.InRange(Listening.ToneShare(hold, 1000, heard.Rate), 0, 0.4);
        await pbx.EndCallsAsync(agent, caller);
        // Both legs on this machine: all arrives, and steadily.
        var legs = Assert.Single(await pbx.RecordsAsync())!["quality"]!.AsArray();
        Assert.Equal(2, legs.Count);
        foreach (var leg in legs)
        {
            Assert.InRange((long)leg!["packetsReceived"]!, 250, 2000);
            Assert.InRange((long)leg["packetsLost"]!, 0, 10);
            Assert.InRange((double)leg["jitterMilliseconds"]!, 0.001, 60);
        }
    }

    /// <summary>The whole scenario, with agents who ring so long and callers who wait so long.</summary>
    internal static async Task NobodyAnswersAsync(string database, int ringSeconds, int maxWaitSeconds)
    {
        await using var smtp = SmtpSink.Start();
        await using var store = await Database.StartAsync(database);
        await using var pbx = await PbxProcess.StartAsync(store.Settings);
        await pbx.ApplyAsync(Company.Create(smtp.Port, ringSeconds, maxWaitSeconds));
        using var tone = new TestSound(WavFile.Tone(440, maxWaitSeconds + 180));
        await using var alice = await StartAgentAsync(pbx, "101", tone.Path);
        await using var bruno = await StartAgentAsync(pbx, "102", tone.Path);
        await using var caller = await StartCallerAsync(pbx, tone.Path);

        await caller.DialAsync($"sip:{Company.Number}@{pbx.Server}");
        await caller.WaitForAsync("CALL_ESTABLISHED");
        await Task.Delay(TimeSpan.FromSeconds(5));
        await caller.PressAsync("2");
        await pbx.AtAsync("queue:support");
        await alice.WaitForAsync("CALL_INCOMING");
        await alice.WaitForAsync("CALL_CLOSED", ringSeconds + 40);
        await bruno.WaitForAsync("CALL_INCOMING");
        await pbx.AtAsync("mailbox:support", maxWaitSeconds + 60);
        await pbx.RecordedAsync(5);
        await caller.HangUpAsync();
        await caller.WaitForAsync("CALL_CLOSED");

        var heard = await caller.HeardAsync();
        Assert.InRange(Listening.Contains(heard, await pbx.PromptAsync("welcome")), 0.6, 1);
        Assert.InRange(Listening.Contains(heard, await pbx.PromptAsync("busy")), 0.6, 1);
        foreach (var other in (string[])["closed", "closure", "holiday", "pause"]) Assert.InRange(Listening.Contains(heard, await pbx.PromptAsync(other)), 0, 0.4);
        // Of the menu, before the key: its own prompt and none that comes later.
        var menu = new WavFile(heard.Rate, heard.Samples[..(heard.Rate * 5)]);
        Assert.InRange(Listening.Contains(menu, await pbx.PromptAsync("welcome")), 0.6, 1);
        Assert.InRange(Listening.Contains(menu, await pbx.PromptAsync("busy")), 0, 0.4);
        var mails = await smtp.WaitForAsync(2, TimeSpan.FromSeconds(90));
        Assert.Equal(["agent101@essai.test", "agent102@essai.test"], mails.Select(m => Assert.Single(m.To)).Order());
        foreach (var mail in mails) Assert.True(Listening.ToneSeconds(WavFile.Read(mail.Attachment()), 440) > 3, "the attachment holds the caller's tone");

        await pbx.EndCallsAsync(alice, bruno, caller);
        AssertJourney(Assert.Single(await pbx.RecordsAsync())!["journey"]!.AsArray(), ringSeconds, maxWaitSeconds);
        Assert.Equal(2, smtp.Mails.Count);
    }

    // Agents ring in turn, each as long as it should, until the longest wait is over: measured by the record's own times.
    private static void AssertJourney(JsonArray journey, int ringSeconds, int maxWaitSeconds)
    {
        var steps = journey.Select(entry => (At: (DateTimeOffset)entry!["at"]!, Code: (string)entry["step"]!["code"]!)).ToList();
        string[] expected = ["rule-matched", "time-decision", "key-pressed", "ringing", "not-answered", "ringing", "queue-left", "message-left", "ended"];
        Assert.Equal(expected, expected.Where(code => steps.Exists(step => step.Code == code)));
        var entered = steps.Find(step => step.Code == "key-pressed").At;
        var rings = steps.Where(step => step.Code == "ringing").Select(step => (step.At - entered).TotalSeconds).ToList();
        Assert.InRange(rings.Count, maxWaitSeconds / ringSeconds, (maxWaitSeconds + ringSeconds - 1) / ringSeconds);
        for (var i = 0; i < rings.Count; i++) Assert.True(rings[i] >= (i * ringSeconds) - 0.1, $"ring {i} at {rings[i]} s");
        Assert.True((steps.Find(step => step.Code == "queue-left").At - entered).TotalSeconds >= maxWaitSeconds - 0.1, "the longest wait was cut short");
    }

    internal static async Task<Baresip> StartAgentAsync(PbxProcess pbx, string number, string sound)
    {
        var agent = pbx.Watch(await Baresip.StartAsync(new(number, pbx.Server, number, Company.Password), sound));
        await agent.RegisteredAsync();
        return agent;
    }

    internal static async Task<Baresip> StartCallerAsync(PbxProcess pbx, string sound) =>
        pbx.Watch(await Baresip.StartAsync(new("+33639980001", pbx.Server) { Registers = false, LocalAddress = "127.0.0.2" }, sound));
}
