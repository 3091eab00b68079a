using System.Diagnostics;
using System.Globalization;
using Pbx.Core.Common;
using Pbx.Core.Extensions;
using Pbx.Testing.Audio;
using Pbx.Testing.Peers;

namespace Pbx.Scenarios;

/// <summary>
/// Hours of mixed load with calls of every ending, after which memory, sockets, threads and all counters must be back where they were once the server was warm.
/// Not part of a normal run: <c>PBX_SOAK_MINUTES=240 Pbx.Scenarios -explicit only -class '*SoakTests'</c>; <c>PBX_SOAK_FILE</c> names the CSV of what was
/// measured, a line every ten seconds, from which <c>scripts/plot-soak.py</c> draws; <c>PBX_SOAK_RATE</c> is how many calls a second begin at most once the server
/// is warm (as many as go by default), so that a soak can go on beside other work.
/// </summary>
[Collection(nameof(Alone))]
public sealed class SoakTests
{
    private const int Lanes = 16, WarmCalls = 2000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string[] Watched = ["calls", "transactions", "invite-dialogs", "rtp-ports", "registrations", "subscriptions", "connections", "timers", "queued-writes"];

    private readonly Stopwatch clock = Stopwatch.StartNew();
    private TimeSpan pause;
    private int calls;

    [Fact(Explicit = true)]
    public async Task MixedLoad_ForHours_LeavesNothingBehind()
    {
        var minutes = double.Parse(Environment.GetEnvironmentVariable("PBX_SOAK_MINUTES") ?? "240", CultureInfo.InvariantCulture);
        await using var pbx = await PbxProcess.StartAsync(new Dictionary<string, string>
        {
            ["PBX__Rtp__PortRange"] = "40000-59999",
            ["PBX__Sip__Limits__CallsPerExtension"] = "1000",
            ["PBX__Sip__Limits__CallsPerMinute"] = "100000",
            ["PBX__Sip__Limits__CallsPerAddress"] = "10000",
        });
        await pbx.ApplyAsync([.. Company.Create(maxWaitSeconds: 5), .. Enumerable.Range(0, Lanes).SelectMany(lane => (IConfigObject[])[Person(300 + lane), Person(400 + lane)])]);
        await using var file = new StreamWriter(Environment.GetEnvironmentVariable("PBX_SOAK_FILE") ?? Path.Combine(Path.GetTempPath(), "pbx-soak.csv"));
        await file.WriteLineAsync("seconds,calls,memory-mib,threads,descriptors," + string.Join(',', Watched));

        await LoadAsync(pbx, file, () => Volatile.Read(ref calls) < WarmCalls);
        var before = await AtRestAsync(pbx, file);
        if (Environment.GetEnvironmentVariable("PBX_SOAK_RATE") is { } rate) pause = TimeSpan.FromSeconds(Lanes / double.Parse(rate, CultureInfo.InvariantCulture));
        var end = clock.Elapsed + TimeSpan.FromMinutes(minutes);
        await LoadAsync(pbx, file, () => clock.Elapsed < end);
        var after = await AtRestAsync(pbx, file);

        TestContext.Current.TestOutputHelper!.WriteLine($"{calls} calls in {clock.Elapsed.TotalMinutes:0} min; at rest before {before}, after {after}");
        Assert.True(after.MemoryMib < before.MemoryMib * 1.2 + 20, $"memory: {before.MemoryMib} MiB before, {after.MemoryMib} MiB after");
        Assert.True(after.Descriptors <= before.Descriptors + 4, $"descriptors: {before.Descriptors} before, {after.Descriptors} after");
        Assert.True(after.Threads <= before.Threads + 8, $"threads: {before.Threads} before, {after.Threads} after");
    }

    private readonly record struct Footprint(long MemoryMib, int Threads, int Descriptors);

    private async Task LoadAsync(PbxProcess pbx, StreamWriter file, Func<bool> goesOn)
    {
        var lanes = Enumerable.Range(0, Lanes).Select(lane => Task.Run(() => LaneAsync(pbx, lane, goesOn))).Append(Task.Run(() => SpeakingLaneAsync(pbx, goesOn)))
            .Append(Task.Run(() => ChangingLaneAsync(pbx, goesOn))).ToList();
        while (lanes.Any(lane => !lane.IsCompleted))
        {
            await MeasureAsync(pbx, file);
            await Task.WhenAny(Task.WhenAll(lanes), Task.Delay(TimeSpan.FromSeconds(10)));
        }
        await Task.WhenAll(lanes);
    }

    private async Task LaneAsync(PbxProcess pbx, int lane, Func<bool> goesOn)
    {
        var random = new Random(lane);
        while (goesOn())
        {
            await using ScriptedPhone caller = new("127.0.0.1", pbx.SipPort, $"{300 + lane}", Company.Password), callee = new("127.0.0.1", pbx.SipPort, $"{400 + lane}", Company.Password);
            Assert.Equal(200, await caller.RegisterAsync());
            Assert.Equal(200, await callee.RegisterAsync());
            for (var i = 0; i < 50 && goesOn(); i++)
            {
                await CallAsync(caller, callee, $"{400 + lane}", (Ending)random.Next(Enum.GetValues<Ending>().Length));
                Interlocked.Increment(ref calls);
                await Task.Delay(pause);
            }
        }
    }

    private enum Ending
    {
        ByCaller, ByCallee, Cancelled, Busy, Declined, Unanswered, InTheMenu, NoSuchNumber, InTheQueue, OnHold,
    }

    private static async Task CallAsync(ScriptedPhone caller, ScriptedPhone callee, string number, Ending ending)
    {
        callee.OnIncoming = ending switch
        {
            Ending.Busy => call => call.Reject(486),
            Ending.Declined => call => call.Reject(603),
            Ending.Cancelled or Ending.Unanswered => call => call.Ring(),
            Ending.ByCallee => call => AnswerThen(call, call.Bye),
            _ => call => call.Answer(),
        };
        var call = caller.Invite(ending switch { Ending.InTheMenu => "800", Ending.NoSuchNumber => "7777", Ending.InTheQueue => "801", _ => number });
        await Task.WhenAny(ending == Ending.Cancelled ? call.Ringing : call.Established, call.Ended).WaitAsync(Patience);
        if (ending == Ending.Cancelled) call.Cancel();
        if (ending == Ending.OnHold) call.ReInvite("sendonly");
        if (ending is Ending.InTheMenu or Ending.InTheQueue or Ending.Unanswered or Ending.OnHold) await Task.Delay(500);
        if (ending is not (Ending.Cancelled or Ending.ByCallee)) call.Bye();
        await call.Ended.WaitAsync(Patience);
    }

    private static void AnswerThen(ScriptedCall call, Action then)
    {
        call.Answer();
        _ = Task.Run(async () =>
        {
            await Task.Delay(200);
            then();
        });
    }

    /// <summary>Two phones that encrypt, and speak.</summary>
    private async Task SpeakingLaneAsync(PbxProcess pbx, Func<bool> goesOn)
    {
        using var tone = TestSound.Tone(440);
        var root = await pbx.RootFileAsync();
        while (goesOn())
        {
            await using var caller = await Baresip.StartAsync(Account("101"), tone.Path);
            await using var callee = await Baresip.StartAsync(Account("102"), tone.Path, answers: true);
            await caller.RegisteredAsync();
            await callee.RegisteredAsync();
            for (var i = 0; i < 10 && goesOn(); i++)
            {
                await caller.DialAsync($"sip:{(i % 2 == 0 ? "102" : "800")}@127.0.0.1:{pbx.TlsPort};transport=tls");
                await caller.WaitForAsync("CALL_ESTABLISHED");
                await Task.Delay(TimeSpan.FromSeconds(8));
                await caller.HangUpAsync();
                await caller.WaitForAsync("CALL_CLOSED");
                Interlocked.Increment(ref calls);
            }
        }

        BaresipAccount Account(string number) => new(number, $"127.0.0.1:{pbx.TlsPort}", number, Company.Password) { Transport = "tls", Authority = root, MediaEncryption = "srtp-mand" };
    }

    /// <summary>Somebody saves every few seconds.</summary>
    private static async Task ChangingLaneAsync(PbxProcess pbx, Func<bool> goesOn)
    {
        for (var ring = 5; goesOn(); ring = ring == 5 ? 6 : 5)
        {
            using var answer = await pbx.Api.GetAsync("queues/support");
            var queue = System.Text.Json.Nodes.JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
            queue["ringSeconds"] = ring;
            using var saved = await pbx.Api.PutAsync("queues/support", new StringContent(queue.ToJsonString(), null, "application/json"));
            Assert.True(saved.IsSuccessStatusCode, await saved.Content.ReadAsStringAsync());
            await Task.Delay(TimeSpan.FromSeconds(5));
        }
    }

    private async Task<Footprint> AtRestAsync(PbxProcess pbx, StreamWriter file)
    {
        await pbx.AssertAtRestAsync();
        // What was kept for a while (ports that rest, transactions' answers, pooled connections) is let go.
        await Task.Delay(TimeSpan.FromSeconds(45));
        return await MeasureAsync(pbx, file);
    }

    private async Task<Footprint> MeasureAsync(PbxProcess pbx, StreamWriter file)
    {
        var counters = await pbx.CountersAsync();
        var now = new Footprint(pbx.WorkingSet() >> 20, pbx.Threads(), pbx.Descriptors());
        await file.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds:0},{Volatile.Read(ref calls)},{now.MemoryMib},{now.Threads},{now.Descriptors},")
            + string.Join(',', Watched.Select(name => counters[name].ToString(CultureInfo.InvariantCulture))));
        await file.FlushAsync();
        return now;
    }

    private static Extension Person(int number) => new()
    {
        Key = $"{number}", Name = $"{number}", Number = $"{number}", Site = "paris", RingSeconds = 5, Mailbox = "general", Security = CallSecurity.ClearAllowed,
        Devices = [new Device { Key = "phone", UserName = $"{number}", Password = new Secret(Company.Password) }],
    };
}
