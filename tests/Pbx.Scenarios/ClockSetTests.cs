using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Pbx.Testing.Audio;

namespace Pbx.Scenarios;

/// <summary>The machine's clock is set while phones are registered and a caller waits: the server runs with libfaketime, whose file says how far it is off.</summary>
public sealed class ClockSetTests
{
    private static readonly string? Library = new[] { "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1", "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1" }
        .FirstOrDefault(File.Exists);

    [Fact]
    public async Task ClockSetAnHourOnAndADayBack_PhonesStayRegistered_TheCallerWaitsOn_AndIsServed()
    {
        Assert.SkipWhen(Library is null, "libfaketime is not installed.");
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "+0\n");
        try
        {
            await using var pbx = await PbxProcess.StartAsync(new Dictionary<string, string>
            {
                ["LD_PRELOAD"] = Library!, ["FAKETIME_TIMESTAMP_FILE"] = file, ["FAKETIME_NO_CACHE"] = "1", ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1", ["DONT_FAKE_MONOTONIC"] = "1",
            });
            await pbx.ApplyAsync(Company.Create(ringSeconds: 15, maxWaitSeconds: 120));
            using TestSound low = TestSound.Tone(440), high = TestSound.Tone(1000);
            await using var alice = await ReferenceScenarioTests.StartAgentAsync(pbx, "101", high.Path);
            await using var bruno = await ReferenceScenarioTests.StartAgentAsync(pbx, "102", high.Path);
            await using var caller = await ReferenceScenarioTests.StartCallerAsync(pbx, low.Path);
            await caller.DialAsync($"sip:{Company.Number}@{pbx.Server}");
            await caller.WaitForAsync("CALL_ESTABLISHED");
            await caller.PressAsync("2");
            await alice.WaitForAsync("CALL_INCOMING");

            await SetAsync(pbx, file, "+3600", "3600");
            Assert.Equal(["101", "102"], await RegisteredAsync(pbx));
            await bruno.WaitForAsync("CALL_INCOMING");
            await SetAsync(pbx, file, "-86400", "-90000");
            Assert.Equal(["101", "102"], await RegisteredAsync(pbx));
            Assert.Equal("queue:support", await pbx.LiveAtAsync());
            await alice.WaitForAsync("CALL_INCOMING");
            await alice.AnswerAsync();
            await alice.WaitForAsync("CALL_ESTABLISHED");
            await Task.Delay(TimeSpan.FromSeconds(2));
            await caller.HangUpAsync();
            await alice.WaitForAsync("CALL_CLOSED");

            await pbx.EndCallsAsync(alice, bruno, caller);
            var record = Assert.Single(await pbx.RecordsAsync())!;
            Assert.Equal("answered", (string?)record["outcome"]);
            Assert.InRange((DateTimeOffset)record["endedAt"]! - (DateTimeOffset)record["startedAt"]!, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(3));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task SetAsync(PbxProcess pbx, string file, string offset, string seconds)
    {
        await File.WriteAllTextAsync(file, offset + "\n");
        await pbx.EventuallyAsync(() => Task.FromResult(pbx.Log.Contains($"clock was set by {seconds} s", StringComparison.Ordinal)), "the server notices", 30);
    }

    private static async Task<IEnumerable<string?>> RegisteredAsync(PbxProcess pbx) =>
        (await pbx.Api.GetFromJsonAsync<JsonObject>("live/registrations"))!["items"]!.AsArray().Select(row => (string?)row!["extension"]).Order();
}
