using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Pbx.Core.CallFlow;
using Pbx.Core.Common;
using Pbx.Core.Prompts;
using Pbx.Core.Voicemail;
using Pbx.Testing.Audio;
using Pbx.Testing.Mail;
using Pbx.Testing.Peers;

namespace Pbx.Scenarios;

/// <summary>The mailbox by phone: messages left, the lamp, the phone menu, the owner's greeting, and what is no message.</summary>
public sealed class MailboxByPhoneTests
{
    private const double OwnerTone = 440, FirstTone = 1000, SecondTone = 1500, UploadedTone = 700;

    [Fact]
    public async Task Owner_SeesTheLamp_HearsSkipsSavesDeletesAndCallsBack_AndAWrongPinEndsTheCall()
    {
        await using var smtp = SmtpSink.Start();
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(WithNumbers(smtp.Port));
        using TestSound ownerSound = TestSound.Tone(OwnerTone), firstSound = TestSound.Tone(FirstTone), secondSound = TestSound.Tone(SecondTone);
        await using var owner = await ReferenceScenarioTests.StartAgentAsync(pbx, "101", ownerSound.Path);
        await using var first = await ReferenceScenarioTests.StartAgentAsync(pbx, "103", firstSound.Path);
        await using var second = await ReferenceScenarioTests.StartAgentAsync(pbx, "102", secondSound.Path);

        await LeaveMessageAsync(pbx, first);
        await owner.SeenAsync("MWI_NOTIFY", "Voice-Message: 1/0");
        await LeaveMessageAsync(pbx, second);
        await owner.SeenAsync("MWI_NOTIFY", "Voice-Message: 2/0");

        // Three wrong PINs.
        await owner.DialAsync($"sip:999@{pbx.Server}");
        await owner.WaitForAsync("CALL_ESTABLISHED");
        foreach (var wrong in (IEnumerable<string>)["1234#", "2345#", "3456#"]) await owner.PressAsync(wrong);
        await owner.WaitForAsync("CALL_CLOSED");
        var refused = await owner.HeardAsync();
        Assert.InRange(Listening.Contains(refused, await pbx.PhraseAsync(Phrases.WrongPin)), 0.7, 1);
        Assert.InRange(Listening.Contains(refused, await pbx.PhraseAsync(Phrases.MailboxMenu)), 0, 0.4);

        // The newest first: skipped after it was heard; the other one saved, then deleted after the first was called back.
        await owner.DialAsync($"sip:999@{pbx.Server}");
        await owner.WaitForAsync("CALL_ESTABLISHED");
        await owner.PressAsync(Company.Pin + "#");
        await Task.Delay(TimeSpan.FromSeconds(12));
        await owner.PressAsync("1");
        await Task.Delay(TimeSpan.FromSeconds(12));
        await owner.PressAsync("2");
        await Task.Delay(TimeSpan.FromSeconds(12));
        await owner.PressAsync("3");
        await owner.SeenAsync("MWI_NOTIFY", "Voice-Message: 1/1");
        await Task.Delay(TimeSpan.FromSeconds(2.5));
        await owner.PressAsync("1");
        await Task.Delay(TimeSpan.FromSeconds(1));
        await owner.PressAsync("7");
        await owner.SeenAsync("MWI_NOTIFY", "Voice-Message: 1/0");
        await Task.Delay(TimeSpan.FromSeconds(2.5));
        await owner.PressAsync("8");
        await first.WaitForAsync("CALL_INCOMING");
        await first.AnswerAsync();
        await first.WaitForAsync("CALL_ESTABLISHED");
        await Task.Delay(TimeSpan.FromSeconds(2));
        await first.HangUpAsync();
        await owner.WaitForAsync("CALL_CLOSED");

        var heard = await owner.HeardAsync();
        Assert.True(Listening.ToneSeconds(heard, SecondTone) > 2, "the newest message is heard");
        Assert.True(Listening.ToneSeconds(heard, FirstTone) > 3, "the older one is heard, and the caller called back");
        foreach (var phrase in (IEnumerable<string>)[Phrases.MailboxMenu, Phrases.MessageSaved, Phrases.MessageDeleted])
            Assert.True(Listening.Contains(heard, await pbx.PhraseAsync(phrase)) > 0.7, $"{phrase}: {Listening.Contains(heard, await pbx.PhraseAsync(phrase)):0.00}");
        Assert.Equal("103", (string?)Assert.Single(await MessagesAsync(pbx, "101"))!["caller"]);
        await pbx.EndCallsAsync(owner, first, second);
        Assert.Equal(2, (await smtp.WaitForAsync(2)).Count);
    }

    [Fact]
    public async Task Greeting_RecordedByPhone_IsWhatTheNextCallerHears()
    {
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(WithNumbers());
        using TestSound ownerSound = TestSound.Tone(OwnerTone), silence = Silence();
        await using var owner = await ReferenceScenarioTests.StartAgentAsync(pbx, "101", ownerSound.Path);
        await using var caller = await ReferenceScenarioTests.StartAgentAsync(pbx, "103", silence.Path);

        await owner.DialAsync($"sip:999@{pbx.Server}");
        await owner.WaitForAsync("CALL_ESTABLISHED");
        await owner.PressAsync(Company.Pin + "#");
        await Task.Delay(TimeSpan.FromSeconds(2));
        await owner.PressAsync("2");
        await pbx.RecordingAsync();
        await Task.Delay(TimeSpan.FromSeconds(4));
        await owner.PressAsync("#");
        await pbx.EventuallyAsync(async () =>
        {
            await owner.PressAsync("2");
            return (await pbx.Api.GetFromJsonAsync<JsonObject>("mailboxes/101"))!["greeting"] is not null;
        }, "the greeting is kept");
        await owner.HangUpAsync();
        await owner.WaitForAsync("CALL_CLOSED");

        await caller.DialAsync($"sip:881@{pbx.Server}");
        await caller.WaitForAsync("CALL_ESTABLISHED");
        await pbx.RecordingAsync();
        await caller.HangUpAsync();
        await caller.WaitForAsync("CALL_CLOSED");
        var heard = await caller.HeardAsync();
        Assert.True(Listening.ToneSeconds(heard, OwnerTone) > 2, "the caller hears the owner's greeting");
        Assert.InRange(Listening.Contains(heard, await pbx.PhraseAsync(Phrases.StandardGreeting)), 0, 0.4);
        await pbx.EndCallsAsync(owner, caller);
    }

    [Fact]
    public async Task TooShort_Silent_OrIntoAFullBox_IsNoMessage_NoMail_AndTheRecordSaysSo()
    {
        await using var smtp = SmtpSink.Start();
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(WithNumbers(smtp.Port));
        using TestSound tone = TestSound.Tone(FirstTone), silence = Silence();
        using var uploaded = new TestSound(WavFile.Tone(UploadedTone, 2));
        await using var hasty = await ReferenceScenarioTests.StartAgentAsync(pbx, "102", tone.Path);
        await using var mute = await ReferenceScenarioTests.StartAgentAsync(pbx, "103", silence.Path);

        // Into "full", whose only place is taken by the first message; its greeting is spoken from text.
        await hasty.DialAsync($"sip:884@{pbx.Server}");
        await hasty.WaitForAsync("CALL_ESTABLISHED");
        await pbx.RecordingAsync();
        await Task.Delay(TimeSpan.FromSeconds(4));
        await hasty.HangUpAsync();
        await hasty.WaitForAsync("CALL_CLOSED");
        Assert.InRange(Listening.Contains(await hasty.HeardAsync(), await pbx.PromptAsync("closed")), 0.6, 1);
        await pbx.EventuallyAsync(async () => (await MessagesAsync(pbx, "full")).Count == 1, "the first message is kept");

        async Task<WavFile> MuteAsync(string number)
        {
            await mute.DialAsync($"sip:{number}@{pbx.Server}");
            await mute.WaitForAsync("CALL_ESTABLISHED");
            await mute.WaitForAsync("CALL_CLOSED");
            return await mute.HeardAsync();
        }

        Assert.InRange(Listening.Contains(await MuteAsync("884"), await pbx.PhraseAsync(Phrases.MailboxFull)), 0.7, 1);
        // "silent" greets with a file that was uploaded.
        using (var file = new ByteArrayContent(await File.ReadAllBytesAsync(uploaded.Path)))
        using (var taken = await pbx.Api.PutAsync("prompts/uploaded/audio", file)) Assert.True(taken.IsSuccessStatusCode, await taken.Content.ReadAsStringAsync());
        var silent = await MuteAsync("883");
        Assert.InRange(Listening.Contains(silent, await pbx.PhraseAsync(Phrases.Goodbye)), 0.7, 1);
        Assert.InRange(Listening.ToneSeconds(silent, UploadedTone), 1.5, 2.2);
        foreach (var seconds in (IEnumerable<int>)[0, 4])
        {
            // Hung up during the greeting, then during a recording that is shorter than the box asks for.
            await hasty.DialAsync($"sip:882@{pbx.Server}");
            await hasty.WaitForAsync("CALL_ESTABLISHED");
            if (seconds > 0) await pbx.RecordingAsync();
            await Task.Delay(TimeSpan.FromSeconds(seconds));
            await hasty.HangUpAsync();
            await hasty.WaitForAsync("CALL_CLOSED");
        }

        await pbx.EndCallsAsync(hasty, mute);
        var why = (await pbx.RecordsAsync()).Reverse().Select(record => (Called: (string?)record!["called"], Outcome: (string?)record["outcome"],
            Steps: record["journey"]!.AsArray().Select(e => e!["step"]!).Where(s => (string?)s["code"] is "no-message" or "message-left").Select(s => (string?)s["code"] == "no-message" ? (string?)s["detail"] : "kept")))
            .Select(r => $"{r.Called} {string.Join(',', r.Steps)} {r.Outcome}").ToList();
        Assert.Equal(["884 kept message", "884 full service", "883 silence service", "882 too-short abandoned", "882 too-short abandoned"], why);
        Assert.Empty(await MessagesAsync(pbx, "silent"));
        Assert.Empty(await MessagesAsync(pbx, "long"));
        await smtp.WaitForAsync(1);
        Assert.Equal("full@essai.test", Assert.Single(Assert.Single(smtp.Mails).To));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(pbx.Data, "recordings")));
    }

    private static async Task LeaveMessageAsync(PbxProcess pbx, Baresip caller)
    {
        await caller.DialAsync($"sip:881@{pbx.Server}");
        await caller.WaitForAsync("CALL_ESTABLISHED");
        await pbx.RecordingAsync();
        await Task.Delay(TimeSpan.FromSeconds(4));
        await caller.HangUpAsync();
        await caller.WaitForAsync("CALL_CLOSED");
    }

    private static async Task<JsonArray> MessagesAsync(PbxProcess pbx, string mailbox) =>
        (await pbx.Api.GetFromJsonAsync<JsonObject>($"mailboxes/{mailbox}/messages"))!["items"]!.AsArray();

    private static TestSound Silence() => new(new WavFile(8000, new short[480000]));

    /// <summary>The company, with a number for the mailbox of 101 and boxes that ask for long messages, end early, and hold one message.</summary>
    private static IEnumerable<IConfigObject> WithNumbers(int smtpPort = 25) =>
    [
        .. Company.Create(smtpPort).Select(item => item is Mailbox { Key: "101" } mailbox ? mailbox with { Number = "881" } : item),
        Box("long", "882") with { MinSeconds = 30 },
        Box("silent", "883") with { SilenceSeconds = 2, Greeting = "uploaded" },
        new Prompt { Key = "uploaded", Name = "Déposé", Text = "Provisoire.", Spoken = true },
        Box("full", "884") with { MaxMessages = 1, Greeting = "closed" },
    ];

    private static Mailbox Box(string key, string number) =>
        new() { Key = key, Name = key, Number = number, Site = "paris", Pin = new Secret(Company.Pin), MailAddresses = [$"{key}@essai.test"] };
}
