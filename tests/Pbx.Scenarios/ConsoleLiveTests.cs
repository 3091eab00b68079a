using Microsoft.Playwright;
using Pbx.Testing.Audio;

namespace Pbx.Scenarios;

/// <summary>What the console shows by itself while phones come and callers wait, and the messages of a mailbox that nobody owns.</summary>
[Collection(nameof(ConsoleHouse))]
public sealed class ConsoleLiveTests(ConsoleHouse house)
{
    [Fact]
    public async Task LivePage_RegistrationTrunkQueueAndAgent_ChangeWithoutReload()
    {
        await using var console = await house.OpenAsync("receptionist", "en");
        await console.GoAsync("live");
        // A page that is loaded anew would have forgotten this.
        await console.Page.EvaluateAsync("() => { window.sameDocument = true; }");
        var registrations = console.Test("registrations").Locator("tbody tr");
        var trunk = console.Page.Locator("tr", new() { HasText = "Opérateur" }).Locator("td").Last;
        var queue = console.Page.Locator("[data-queue=support]");
        var alice = queue.Locator(".agents tr", new() { HasText = "Alice" }).Locator(".state");
        await Assertions.Expect(registrations).ToHaveCountAsync(0);
        await Assertions.Expect(trunk).ToHaveTextAsync("0");
        await Assertions.Expect(queue.Locator("ul li")).ToHaveCountAsync(0);
        var without = await alice.InnerTextAsync();

        using var silence = new TestSound(new WavFile(8000, new short[480000]));
        await using var agent = await ReferenceScenarioTests.StartAgentAsync(house.Pbx, "101", silence.Path);
        await Assertions.Expect(registrations).ToHaveCountAsync(1);
        await Assertions.Expect(registrations).ToContainTextAsync("Alice");
        await Assertions.Expect(alice).Not.ToHaveTextAsync(without);
        var free = await alice.InnerTextAsync();

        await using var caller = await ReferenceScenarioTests.StartCallerAsync(house.Pbx, silence.Path);
        await caller.DialAsync($"sip:{Company.Number}@{house.Pbx.Server}");
        await caller.WaitForAsync("CALL_ESTABLISHED");
        await Assertions.Expect(trunk).ToHaveTextAsync("1");
        await caller.PressAsync("2");
        await agent.WaitForAsync("CALL_INCOMING");
        await Assertions.Expect(queue.Locator("ul li")).ToHaveCountAsync(1);
        await Assertions.Expect(queue.Locator("ul li")).ToContainTextAsync("Alice");
        await agent.AnswerAsync();
        await Assertions.Expect(queue.Locator("ul li")).ToHaveCountAsync(0);
        await Assertions.Expect(alice).Not.ToHaveTextAsync(free);
        await caller.HangUpAsync();
        await agent.WaitForAsync("CALL_CLOSED");
        await Assertions.Expect(alice).ToHaveTextAsync(free);
        await Assertions.Expect(trunk).ToHaveTextAsync("0");
        await agent.QuitAsync();
        await Assertions.Expect(registrations).ToHaveCountAsync(0);
        await Assertions.Expect(alice).ToHaveTextAsync(without);
        Assert.True(await console.Page.EvaluateAsync<bool>("() => window.sameDocument === true"), "the page was loaded again");
    }

    [Fact]
    public async Task MailboxesPage_MessageComesByItself_IsHeardMarkedAndDeletedByTheAdministrator()
    {
        await using var console = await house.OpenAsync("administrator", "en");
        await console.GoAsync("mailboxes/general");
        var message = console.Test("messages").Locator("article");
        await Assertions.Expect(console.Test("messages")).ToBeVisibleAsync();
        await Assertions.Expect(message).ToHaveCountAsync(0);
        using var tone = TestSound.Tone(440);
        await using var caller = await ReferenceScenarioTests.StartCallerAsync(house.Pbx, tone.Path);
        await caller.DialAsync($"sip:{Company.Number}@{house.Pbx.Server}");
        await caller.WaitForAsync("CALL_ESTABLISHED");
        await caller.PressAsync("890");
        await house.Pbx.RecordedAsync(4);
        await caller.HangUpAsync();
        await caller.WaitForAsync("CALL_CLOSED");

        await Assertions.Expect(message).ToHaveCountAsync(1);
        await Assertions.Expect(message).ToHaveAttributeAsync("data-heard", "false");
        var sound = await console.Page.Context.APIRequest.GetAsync(new Uri(house.Pbx.Http, await message.Locator("audio").GetAttributeAsync("src")).ToString());
        Assert.True(Listening.ToneSeconds(WavFile.Read(await sound.BodyAsync()), 440) > 2, "the message holds the caller's tone");
        await house.Pbx.EventuallyAsync(() => Task.FromResult(house.Smtp.Mails.Any(mail => mail.To.Contains("general@essai.test"))), "the mail is sent");
        await message.Locator("[data-test=mark]").ClickAsync();
        await Assertions.Expect(message).ToHaveAttributeAsync("data-heard", "true");
        await message.Locator("[data-test=delete-message]").ClickAsync();
        await Assertions.Expect(message).ToHaveCountAsync(0);
    }

    [Fact]
    public Task SitesPage_CalendarUploaded_ItsDaysAreHolidays() => house.AsAdministratorAsync("fr", async console =>
    {
        var day = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(40);
        await console.GoAsync("sites/+new");
        await console.SetAsync(console.Panel, "name", "Brest");
        await console.Test("calendar").SetInputFilesAsync(new FilePayload
        {
            Name = "conges.ics", MimeType = "text/calendar", Buffer = System.Text.Encoding.UTF8.GetBytes(
                $"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1@essai\r\nDTSTART;VALUE=DATE:{day:yyyyMMdd}\r\nDTEND;VALUE=DATE:{day.AddDays(2):yyyyMMdd}\r\n"
                + "SUMMARY:Pont de Brest\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"),
        });
        await Assertions.Expect(console.Panel.Locator("[data-field='holidays/0/name'] input")).ToHaveValueAsync("Pont de Brest");
        await console.SaveAndSeeAsync("/sites/brest");

        var site = (await house.Pbx.ExportAsync())["sites"]!.AsArray().Single(item => (string?)item!["key"] == "brest")!;
        var holiday = Assert.Single(site["holidays"]!.AsArray())!;
        Assert.Equal(("Pont de Brest", $"{day:yyyy-MM-dd}", $"{day.AddDays(1):yyyy-MM-dd}"), ((string?)holiday["name"], (string?)holiday["date"], (string?)holiday["lastDate"]));
        using var removed = await house.Pbx.Api.DeleteAsync("sites/brest");
        removed.EnsureSuccessStatusCode();
    });
}
