using Microsoft.Playwright;
using Pbx.Testing.Audio;
using Pbx.Testing.Mail;

namespace Pbx.Scenarios;

/// <summary>A day at the console: the receptionist closes, a caller leaves a message, the user hears it, the administrator mends the mail.</summary>
[Collection(nameof(ConsoleHouse))]
public sealed class ConsoleDayTests(ConsoleHouse house)
{
    [Fact]
    public async Task Day_ClosureCallMessageMailAndRecord_AreSeenWhereTheyBelong()
    {
        house.Smtp.React = (step, _) => step == SmtpStep.RcptTo ? new SmtpReaction("550 5.1.1 No such mailbox here") : null;
        await using var receptionist = await house.OpenAsync("receptionist", "fr");
        await using var user = await house.OpenAsync("user", "fr");
        await using var admin = await house.OpenAsync("administrator", "fr");
        using var tone = TestSound.Tone(440);
        await using var caller = await ReferenceScenarioTests.StartCallerAsync(house.Pbx, tone.Path);

        // One gesture, then the next call's decision. The live page shows the call while it goes on, without a refresh.
        await receptionist.GoAsync("closures");
        await receptionist.Page.Locator("[data-site=paris] [data-test=close]").ClickAsync();
        await receptionist.Page.Locator("[data-site=paris][data-on=true]").WaitForAsync();
        await receptionist.GoAsync("live");
        await Assertions.Expect(receptionist.Test("live-calls")).ToHaveCountAsync(0);
        await user.GoAsync("my-mailbox");
        await Assertions.Expect(user.Test("messages").Locator("article")).ToHaveCountAsync(0);
        await caller.DialAsync($"sip:{Company.Number}@{house.Pbx.Server}");
        await caller.WaitForAsync("CALL_ESTABLISHED");
        await Assertions.Expect(receptionist.Test("live-calls").Locator("tbody tr")).ToHaveCountAsync(1);
        await house.Pbx.EventuallyAsync(async () => (await house.Pbx.LiveAtAsync()).Contains("mailbox:103", StringComparison.Ordinal), "the caller is in the mailbox");
        await Assertions.Expect(receptionist.Test("live-calls").Locator("tbody tr")).ToContainTextAsync("Chloé");
        await Task.Delay(TimeSpan.FromSeconds(10));
        await caller.HangUpAsync();
        await caller.WaitForAsync("CALL_CLOSED");
        await Assertions.Expect(receptionist.Test("live-calls")).ToHaveCountAsync(0);
        await receptionist.GoAsync("closures");
        await receptionist.Page.Locator("[data-site=paris] [data-test=reopen]").ClickAsync();
        await receptionist.Page.Locator("[data-site=paris][data-on=false]").WaitForAsync();

        await MessageIsHeardMarkedAndDeletedAsync(user);
        await RecordTellsItsJourneyAsync(receptionist);
        await MailIsMendedAndSentAgainAsync(admin);
        await house.Pbx.EndCallsAsync(caller);
    }

    [Fact]
    public async Task MailTest_ShowsTheServersAnswer()
    {
        await using var admin = await house.OpenAsync("administrator", "fr");
        await admin.GoAsync("mail");
        house.Smtp.Once(SmtpStep.RcptTo, new SmtpReaction("550 5.7.1 Relaying denied for you"));
        await admin.SetAsync(admin.Page.Locator("main"), "testTo", "essai@essai.test");
        await admin.Test("test-mail").ClickAsync();
        await Assertions.Expect(admin.Test("test-answer")).ToContainTextAsync("Relaying denied for you");

        await admin.Test("test-mail").ClickAsync();
        await Assertions.Expect(admin.Test("test-answer")).ToContainTextAsync("250");
        Assert.Contains(house.Smtp.Mails, mail => mail.To.Contains("essai@essai.test"));
    }

    // The page was open before the call: the message came by itself.
    private async Task MessageIsHeardMarkedAndDeletedAsync(ConsolePage user)
    {
        var message = user.Test("messages").Locator("article");
        await Assertions.Expect(message).ToHaveCountAsync(1);
        var sound = await user.Page.Context.APIRequest.GetAsync(new Uri(house.Pbx.Http, await message.Locator("audio").GetAttributeAsync("src")).ToString());
        Assert.True(Listening.ToneSeconds(WavFile.Read(await sound.BodyAsync()), 440) > 3, "the message holds the caller's tone");
        await Assertions.Expect(message).ToHaveAttributeAsync("data-heard", "false");
        await message.Locator("[data-test=mark]").ClickAsync();
        await Assertions.Expect(message).ToHaveAttributeAsync("data-heard", "true");
        await message.Locator("[data-test=delete-message]").ClickAsync();
        await Assertions.Expect(message).ToHaveCountAsync(0);
    }

    private static async Task RecordTellsItsJourneyAsync(ConsolePage receptionist)
    {
        await receptionist.GoAsync("records");
        await receptionist.Test("records").Locator("tbody tr").First.ClickAsync();
        var journey = await receptionist.Test("journey").InnerTextAsync();
        foreach (var word in (string[])["Fermeture exceptionnelle", "Chloé", "Message"]) Assert.Contains(word, journey, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(":103", journey, StringComparison.Ordinal);
    }

    private async Task MailIsMendedAndSentAgainAsync(ConsolePage admin)
    {
        await admin.GoAsync("mail");
        var mail = admin.Test("outbox").Locator("tbody tr", new() { HasText = "agent103@essai.test" });
        await Assertions.Expect(mail).ToHaveAttributeAsync("data-state", "Failed");
        await Assertions.Expect(mail).ToContainTextAsync("550 5.1.1 No such mailbox here");
        house.Smtp.React = null;
        await mail.Locator("[data-test=resend]").ClickAsync();
        await Assertions.Expect(mail).ToHaveAttributeAsync("data-state", "Sent");
        Assert.Contains(house.Smtp.Mails, sent => sent.To.Contains("agent103@essai.test"));
    }
}
