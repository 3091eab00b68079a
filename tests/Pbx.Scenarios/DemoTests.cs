using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pbx.Testing.Audio;
using Pbx.Testing.Peers;

namespace Pbx.Scenarios;

/// <summary>The README's first call, done as it says with what <c>./run.sh --demo</c> prints.</summary>
public sealed partial class DemoTests
{
    [Fact]
    public async Task Newcomer_WithWhatIsPrinted_CallsParis_HearsTheMenu_PressesOne_TalksToAnAgent()
    {
        await using var pbx = await PbxProcess.StartByScriptAsync("--demo");
        await pbx.EventuallyAsync(() => Task.FromResult(pbx.Log.Contains("Register a softphone", StringComparison.Ordinal)), "the demo company is printed", 180);
        Assert.Contains("Set-up code ", pbx.Log, StringComparison.Ordinal);
        Assert.Contains(pbx.Http.ToString().TrimEnd('/'), pbx.Log, StringComparison.Ordinal);
        Assert.Contains("Lyon: standard number +33465710100", pbx.Log, StringComparison.Ordinal);
        AssertWhole(await pbx.ExportAsync());
        var readme = await File.ReadAllTextAsync(PbxProcess.InCheckout("README.md"));
        var number = ParisNumber().Match(pbx.Log).Groups[1].Value;
        Assert.Contains($"Call `{number}`", readme, StringComparison.Ordinal);
        await OpenTodayAsync(pbx, "paris");
        using TestSound low = TestSound.Tone(440), high = TestSound.Tone(1000);
        await using var caller = await Baresip.StartAsync(new("101", pbx.Server)
        {
            Text = ReadmeAccount().Match(readme).Groups[1].Value.Replace("192.0.2.10", pbx.Server, StringComparison.Ordinal)
                .Replace("PRINTED_PASSWORD", PasswordOf(pbx, "101"), StringComparison.Ordinal),
        }, low.Path);
        await using var agent = await Baresip.StartAsync(new("102", pbx.Server, "102", PasswordOf(pbx, "102")), high.Path);
        await caller.RegisteredAsync();
        await agent.RegisteredAsync();

        await caller.DialAsync(number);
        await caller.WaitForAsync("CALL_ESTABLISHED");
        await Task.Delay(TimeSpan.FromSeconds(5));
        await caller.PressAsync("1");
        await agent.WaitForAsync("CALL_INCOMING");
        await agent.AnswerAsync();
        await agent.WaitForAsync("CALL_ESTABLISHED");
        await Task.Delay(TimeSpan.FromSeconds(3));
        await caller.HangUpAsync();
        await agent.WaitForAsync("CALL_CLOSED");
        await caller.WaitForAsync("CALL_CLOSED");

        var heard = await caller.HeardAsync();
        Assert.InRange(Listening.Contains(heard, await pbx.PromptAsync("paris-welcome")), 0.6, 1);
        Assert.InRange(Listening.Contains(heard, await pbx.PromptAsync("paris-closed")), 0, 0.4);
        Assert.True(Listening.ToneSeconds(heard, 1000) > 1.5, "the caller hears the agent");
        await HearLyonAsync(pbx, caller);
        Assert.True(Listening.ToneSeconds(await agent.HeardAsync(), 440) > 1.5, "the agent hears the caller");
        await pbx.EndCallsAsync(caller, agent);

        // A directory that is not empty keeps what it has, and says so.
        var before = (await pbx.ExportAsync()).ToJsonString();
        Assert.Equal(0, await pbx.StopAsync());
        await pbx.LaunchAsync("--demo");
        await pbx.EventuallyAsync(() => Task.FromResult(pbx.Log.Contains("not made:", StringComparison.Ordinal)), "the demo is refused");
        Assert.Equal(before, (await pbx.ExportAsync()).ToJsonString());
    }

    // Both sites: a menu in French whose three keys lead to three services, each with agents, announcement and mailbox; hours, holidays, closure.
    private static void AssertWhole(JsonNode company)
    {
        JsonNode One(string kind, string key) => company[kind]!.AsArray().Single(item => (string?)item!["key"] == key)!;
        Assert.Equal(["lyon", "paris"], company["sites"]!.AsArray().Select(site => (string)site!["key"]!).Order());
        foreach (var site in (string[])["paris", "lyon"])
        {
            Assert.Equal("france", (string?)One("sites", site)["publicHolidays"]);
            Assert.NotEmpty(One("sites", site)["officeHours"]!.AsArray());
            Assert.Contains("exceptionnellement fermée", (string?)One("prompts", (string)One("sites", site)["closurePrompt"]!)["text"], StringComparison.Ordinal);
            Assert.Equal($"ivr:{site}-menu", (string?)One("inboundRules", $"{site}-standard")["open"]);
            Assert.Equal($"announcement:{site}-closed", (string?)One("inboundRules", $"{site}-standard")["timeRoutes"]!["closed"]);
            var menu = One("ivrMenus", $"{site}-menu");
            Assert.Contains("Bonjour et bienvenue", (string?)One("prompts", (string)menu["prompt"]!)["text"], StringComparison.Ordinal);
            var services = menu["keys"]!.AsArray().Select(key => ((string)key!["destination"]!).Split(':')).ToList();
            Assert.Equal(3, services.DistinctBy(service => service[1]).Count());
            foreach (var service in services)
            {
                Assert.Equal("queue", service[0]);
                var queue = One("queues", service[1]);
                Assert.Equal(2, queue["agents"]!.AsArray().Count);
                var announcement = One("announcements", ((string)queue["onNoAnswer"]!).Split(':')[1]);
                Assert.Equal(service[1], (string?)One("mailboxes", ((string)announcement["next"]!).Split(':')[1])["mailQueues"]![0]);
            }
        }
    }

    // What the README has one do in the console on a day when the demo company is closed.
    private static async Task OpenTodayAsync(PbxProcess pbx, string key)
    {
        var site = (await pbx.Api.GetFromJsonAsync<JsonObject>($"sites/{key}"))!;
        site["publicHolidays"] = "none";
        site["officeHours"] = new JsonArray([.. Enum.GetValues<DayOfWeek>()
            .Select(day => (JsonNode)new JsonObject { ["day"] = day.ToString().ToLowerInvariant(), ["start"] = "00:00", ["end"] = "00:00", ["kind"] = "open" })]);
        using var response = await pbx.Api.PutAsJsonAsync($"sites/{key}", site);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private static async Task HearLyonAsync(PbxProcess pbx, Baresip caller)
    {
        await OpenTodayAsync(pbx, "lyon");
        await caller.DialAsync("0465710100");
        await caller.WaitForAsync("CALL_ESTABLISHED");
        await Task.Delay(TimeSpan.FromSeconds(5));
        await caller.HangUpAsync();
        await caller.WaitForAsync("CALL_CLOSED");
        Assert.InRange(Listening.Contains(await caller.HeardAsync(), await pbx.PromptAsync("lyon-welcome")), 0.6, 1);
    }

    private static string PasswordOf(PbxProcess pbx, string user) => Regex.Match(pbx.Log, $@"SIP user {user}\s+password (\S+)").Groups[1].Value;

    [GeneratedRegex(@"Paris: standard number \S+ \(from an extension dial (\d+)\)")]
    private static partial Regex ParisNumber();

    [GeneratedRegex("`(<sip:101@192.0.2.10>[^`]*)`")]
    private static partial Regex ReadmeAccount();
}
