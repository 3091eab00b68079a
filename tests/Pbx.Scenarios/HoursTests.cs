using System.Net.Http.Json;
using Pbx.Core.Common;
using Pbx.Core.Sites;
using Pbx.Testing.Audio;
using Pbx.Testing.Peers;

namespace Pbx.Scenarios;

/// <summary>Closed, break, holiday and closure, with hours set around now: each call lands where the site's state says.</summary>
public sealed class HoursTests
{
    private static readonly TimeZoneInfo Paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    [Fact]
    public async Task Call_HearsWhatTheStateOfTheSiteSays_AndTheNextCallFollowsEachChange()
    {
        await using var pbx = await PbxProcess.StartAsync();
        var local = TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow, Paris).DateTime;
        var elsewhere = new OfficeInterval(local.AddDays(3).DayOfWeek, new TimeOnly(9, 0), new TimeOnly(10, 0));
        ValueList<OfficeInterval> always = [.. Enum.GetValues<DayOfWeek>().Select(day => new OfficeInterval(day, TimeOnly.MinValue, TimeOnly.MinValue))];
        var (before, after) = (local.AddHours(-1), local.AddHours(1));
        var pause = new OfficeInterval(before.DayOfWeek, TimeOnly.FromDateTime(before), TimeOnly.FromDateTime(after), IntervalKind.Break);
        var today = new Holiday { Name = "Fête", Date = DateOnly.FromDateTime(local), LastDate = DateOnly.FromDateTime(local.AddDays(1)) };

        await AssertHearsAsync(pbx, site => site with { OfficeHours = always }, "welcome");
        await AssertHearsAsync(pbx, site => site with { OfficeHours = [elsewhere] }, "closed");
        await AssertHearsAsync(pbx, site => site with { OfficeHours = [.. always, pause] }, "pause");
        await AssertHearsAsync(pbx, site => site with { OfficeHours = always, Holidays = [today] }, "holiday");
    }

    [Fact]
    public async Task Closure_SwitchedByDialCodeDuringACall_LeavesTheCallAlone_AndTheNextHearsIt()
    {
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create());
        using var sound = TestSound.Tone(440);
        await using var receptionist = await ReferenceScenarioTests.StartAgentAsync(pbx, "103", sound.Path);
        await using var before = await ReferenceScenarioTests.StartCallerAsync(pbx, sound.Path);
        await using var after = await ReferenceScenarioTests.StartCallerAsync(pbx, sound.Path);

        await before.DialAsync($"sip:{Company.Number}@{pbx.Server}");
        await before.WaitForAsync("CALL_ESTABLISHED");
        await receptionist.DialAsync($"sip:*71@{pbx.Server}");
        await receptionist.WaitForAsync("CALL_ESTABLISHED");
        await receptionist.WaitForAsync("CALL_CLOSED");
        await HearAsync(pbx, after, "closure");

        // The earlier caller is still in the menu: key 1 rings the receptionist.
        await before.PressAsync("1");
        await receptionist.WaitForAsync("CALL_INCOMING");
        await before.HangUpAsync();

        using var off = await pbx.Api.PutAsJsonAsync("closures/paris", new { on = false });
        Assert.True(off.IsSuccessStatusCode, await off.Content.ReadAsStringAsync());
        await using var last = await ReferenceScenarioTests.StartCallerAsync(pbx, sound.Path);
        await HearAsync(pbx, last, "welcome");
        await pbx.EndCallsAsync(receptionist, before, after, last);
    }

    private static async Task AssertHearsAsync(PbxProcess pbx, Func<Site, Site> change, string prompt)
    {
        await pbx.ApplyAsync([.. Company.Create().Select(item => item is Site site ? change(site) : item)]);
        using var sound = TestSound.Tone(440);
        await using var caller = await ReferenceScenarioTests.StartCallerAsync(pbx, sound.Path);
        await HearAsync(pbx, caller, prompt);
    }

    private static async Task HearAsync(PbxProcess pbx, Baresip caller, string prompt)
    {
        await caller.DialAsync($"sip:{Company.Number}@{pbx.Server}");
        await caller.WaitForAsync("CALL_ESTABLISHED");
        await Task.Delay(TimeSpan.FromSeconds(4.5));
        await caller.HangUpAsync();
        await Task.Delay(TimeSpan.FromSeconds(0.5));
        var heard = await caller.HeardAsync();
        Dictionary<string, double> likeness = [];
        foreach (var other in (string[])["welcome", "closed", "pause", "holiday", "closure"])
            likeness[other] = Listening.Contains(heard, await pbx.PromptAsync(other));
        Assert.True(likeness.MaxBy(l => l.Value).Key == prompt && likeness[prompt] > 0.6, $"expected {prompt}: " + string.Join(" ", likeness));
    }
}
