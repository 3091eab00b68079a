using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Testing.Audio;
using Pbx.Testing.Peers;

namespace Pbx.Scenarios;

/// <summary>The real server as a process of its own, on free ports and a data directory of its own.</summary>
public sealed class PbxProcess : IAsyncDisposable
{
    private const int BytesPerSecond = 16000;

    /// <summary>The phrase that the server has spoken last, after its first start on a machine.</summary>
    private const string LastPhrase = "hour-23";

    private readonly List<string> log = [];
    private readonly List<Baresip> phones = [];
    private readonly HashSet<string> recorded = [];
    private readonly Dictionary<string, string> environment;
    private readonly string[] command;
    private Process? process;
    private bool ready, stopping;

    /// <summary>The directory that is deleted with it; its data lie there unless a setting says where else.</summary>
    private readonly string folder;

    private PbxProcess(string[] command, Dictionary<string, string> environment, string folder) =>
        (this.command, this.environment, this.folder) = (command, environment, folder);

    /// <summary>Its data directory.</summary>
    public string Data => environment["PBX__Data"];

    /// <summary>Its SIP port on 127.0.0.1, UDP and TCP.</summary>
    public int SipPort { get; private init; }

    /// <summary>Its port of SIP over TLS.</summary>
    public int TlsPort { get; private init; }

    /// <summary>The console's address over TLS.</summary>
    public Uri Https { get; private init; } = new("https://127.0.0.1");

    /// <summary>The host and port that phones use.</summary>
    public string Server => $"127.0.0.1:{SipPort}";

    /// <summary>The console's address.</summary>
    public Uri Http { get; private init; } = new("http://127.0.0.1");

    /// <summary>The administrator made by unattended set-up.</summary>
    public static (string Email, string Password) Administrator => ("admin@example.test", "Correct-Horse-7-Battery");

    /// <summary>A client of the API with a token.</summary>
    public HttpClient Api { get; private init; } = new();

    /// <summary>What it printed.</summary>
    public string Log { get { lock (log) return string.Join('\n', log); } }

    /// <summary>Starts it and waits until it is ready.</summary>
    public static Task<PbxProcess> StartAsync(IReadOnlyDictionary<string, string>? settings = null, params string[] arguments) =>
        StartCommandAsync([Program], settings, arguments);

    /// <summary>Starts it as a process that file permissions hold, although the tests run as root.</summary>
    public static Task<PbxProcess> StartHeldByPermissionsAsync(IReadOnlyDictionary<string, string> settings) =>
        StartCommandAsync(["/usr/bin/setpriv", "--bounding-set=-dac_override,-dac_read_search", Program], settings, []);

    /// <summary>Starts it as the README says, by <c>./run.sh</c>, without publishing it again; nobody has claimed it yet.</summary>
    public static Task<PbxProcess> StartByScriptAsync(params string[] arguments) => StartCommandAsync([InCheckout("run.sh")],
        new Dictionary<string, string> { ["PBX_SKIP_BUILD"] = "1", ["PBX__Setup__AdminEmail"] = "", ["PBX__Setup__AdminPassword"] = "" }, arguments);

    /// <summary>A file of the checkout that the tests were built in.</summary>
    public static string InCheckout(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Pbx.sln"))) return Path.Combine(folder.FullName, path);
        throw new InvalidOperationException("Run from a checkout: ./test.sh publishes the server first.");
    }

    /// <summary>Starts the process again on the same data, after <see cref="KillAsync"/> or <see cref="StopAsync"/>.</summary>
    public async Task LaunchAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(command[0], [.. command[1..], .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in environment) start.Environment[key] = value;
        process = Process.Start(start)!;
        (ready, stopping) = (false, false);
        Follow(process.StandardOutput);
        Follow(process.StandardError);
        await WaitUntilReadyAsync();
        ready = true;
    }

    /// <summary>Its memory in bytes, as the kernel counts it, with that of the process that carries its sound.</summary>
    public long WorkingSet() => Ids().Sum(id =>
    {
        using var each = Process.GetProcessById(id);
        return each.WorkingSet64;
    });

    /// <summary>Its threads, and those of the process that carries its sound.</summary>
    public int Threads() => Ids().Sum(id => Directory.GetDirectories($"/proc/{id}/task").Length);

    /// <summary>Its open files and sockets, and those of the process that carries its sound.</summary>
    public int Descriptors() => Ids().Sum(id => Directory.GetFiles($"/proc/{id}/fd").Length);

    /// <summary>The process that carries the sound of its calls; null: there is none now.</summary>
    public int? MediaId()
    {
        foreach (var task in Directory.GetDirectories($"/proc/{process!.Id}/task"))
            foreach (var child in TextOf(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                if (CommandOf(child).EndsWith("\0media\0", StringComparison.Ordinal)) return int.Parse(child, CultureInfo.InvariantCulture);
        return null;
    }

    private IEnumerable<int> Ids() => MediaId() is { } media ? [process!.Id, media] : [process!.Id];

    /// <summary>The command line of a process, its words ended by zeros; empty when it has ended.</summary>
    internal static string CommandOf(string id) => TextOf($"/proc/{id}/cmdline");

    private static string TextOf(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return ""; // it has ended meanwhile
        }
    }

    /// <summary>Has a wait of the phone that fails tell what the server and the other phones did.</summary>
    public Baresip Watch(Baresip phone)
    {
        lock (phones) phones.Add(phone);
        phone.Surroundings = DescribeAsync;
        return phone;
    }

    /// <summary>All that explains a failure: what the server printed last, its calls and counters, the journeys of its records, the phones' logs.</summary>
    public async Task<string> DescribeAsync()
    {
        List<string> text = ["--- server", Tail()];
        foreach (var path in (string[])["live/calls", "live/registrations", "live/queues", "diagnostics/counters", "call-records"])
            text.AddRange([$"--- {path}", await PeekAsync(path)]);
        lock (phones)
            foreach (var phone in phones) text.AddRange(["--- phone", phone.Log]);
        return string.Join('\n', text);
    }

    /// <summary>Kills it as a power cut would.</summary>
    public async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop (SIGTERM) and returns its exit code.</summary>
    public async Task<int> StopAsync(double seconds = 60)
    {
        stopping = true;
        using var kill = Process.Start("kill", ["-TERM", process!.Id.ToString(CultureInfo.InvariantCulture)]);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        await process.WaitForExitAsync(timeout.Token);
        return process.ExitCode;
    }

    /// <summary>Makes the configuration what these objects say, through the API's document.</summary>
    public async Task ApplyAsync(IEnumerable<IConfigObject> items)
    {
        using var response = await Api.PutAsJsonAsync("configuration", ObjectJson.WriteDocument(items));
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"{response.StatusCode}: {await response.Content.ReadAsStringAsync()}\n{Tail()}");
    }

    /// <summary>The sound of a prompt.</summary>
    public async Task<WavFile> PromptAsync(string key) => WavFile.Read(await Api.GetByteArrayAsync($"prompts/{key}/audio"));

    /// <summary>The sound of one of the product's own phrases, once it is spoken.</summary>
    public async Task<WavFile> PhraseAsync(string name, string language = "fr")
    {
        var file = Path.Combine(Data, "phrases", language, name + ".wav");
        await EventuallyAsync(() => Task.FromResult(File.Exists(file)), $"the phrase {name} is spoken", 120);
        return WavFile.Read(file);
    }

    /// <summary>Waits until a call records: what its caller says from now on is in the recording.</summary>
    public Task RecordingAsync() =>
        EventuallyAsync(() => Task.FromResult(Directory.EnumerateFiles(Path.Combine(Data, "recordings"), "*.wav").Any()), "a recording runs");

    /// <summary>The state and the words that the live view shows for a trunk.</summary>
    public async Task<string> TrunkAsync(string key)
    {
        var row = (await Api.GetFromJsonAsync<JsonObject>("live/trunks"))!["items"]!.AsArray().First(row => (string?)row!["trunk"] == key)!;
        return $"{row["state"]}: {row["detail"]}";
    }

    /// <summary>Where the calls that go on are now.</summary>
    public async Task<string> LiveAtAsync() =>
        string.Join(' ', (await Api.GetFromJsonAsync<JsonObject>("live/calls"))!["items"]!.AsArray().Select(call => (string?)call!["at"]));

    /// <summary>Waits until a call is at a place, such as <c>queue:support</c>.</summary>
    public Task AtAsync(string place, double seconds = 60) => EventuallyAsync(async () =>
        (await LiveAtAsync()).Split(' ').Contains(place), $"a call is at {place}", seconds);

    /// <summary>Waits until so many seconds of a recording that was not waited for before are on disk.</summary>
    public Task RecordedAsync(double seconds) => EventuallyAsync(() => Task.FromResult(
        Directory.EnumerateFiles(Path.Combine(Data, "recordings"), "*.wav").FirstOrDefault(file =>
            !recorded.Contains(file) && Length(file) > seconds * BytesPerSecond) is { } found && recorded.Add(found)), $"{seconds} s are recorded", 90);

    /// <summary>The mails of the outbox.</summary>
    public async Task<JsonArray> OutboxAsync() => (await Api.GetFromJsonAsync<JsonObject>("outbox"))!["items"]!.AsArray();

    /// <summary>The root of its own authority, as a phone downloads it, in a file that lies in its data directory.</summary>
    public async Task<string> RootFileAsync()
    {
        using var client = new HttpClient();
        var file = Path.Combine(Data, "root-for-phones.pem");
        await File.WriteAllTextAsync(file, await client.GetStringAsync(new Uri(Http, "/certificates/root.pem")));
        return file;
    }

    /// <summary>The configuration document, with secrets.</summary>
    public async Task<JsonNode> ExportAsync() => (await Api.GetFromJsonAsync<JsonNode>("configuration?withSecrets=true"))!;

    /// <summary>The engine's counters.</summary>
    public async Task<Dictionary<string, long>> CountersAsync() => (await Api.GetFromJsonAsync<Dictionary<string, long>>("diagnostics/counters"))!;

    /// <summary>Waits until a condition holds, asking a few times a second.</summary>
    public async Task EventuallyAsync(Func<Task<bool>> condition, string what, double seconds = 90)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed.TotalSeconds > seconds) throw new TimeoutException($"Not within {seconds} s: {what}\n{await DescribeAsync()}");
            await Task.Delay(100);
        }
    }

    /// <summary>Waits until a kill would not forget who has registered or left.</summary>
    public Task RegistrationsWrittenAsync() => EventuallyAsync(async () => (await CountersAsync())["registrations-unwritten"] == 0, "the registrations are on disk");

    /// <summary>Phones whose registration is left to its time, since a test made them vanish.</summary>
    public int Vanished { get; set; }

    /// <summary>
    /// The phones leave, and their calls are over: none, nor a dialog, nor a record that is not written. What the transport's timers still keep is asked
    /// about at the server's end (<see cref="AssertAtRestAsync"/>).
    /// </summary>
    public async Task EndCallsAsync(params IEnumerable<IAsyncDisposable> phones)
    {
        foreach (var phone in phones) await phone.DisposeAsync();
        await UntilAsync(counters => Nothing(counters, "calls", "invite-dialogs", "queued-writes"), "all calls are over");
    }

    /// <summary>
    /// At rest nothing of any call is left: no call, transaction, INVITE dialog, RTP port or queued write, and each call's log gave the same
    /// actions again. Phones must have left, for each registration is a transaction of its own for 32 s; then there are as few registrations,
    /// subscriptions, connections and timers as before they came: none but what trunks need to stay registered and watched.
    /// </summary>
    public async Task AssertAtRestAsync()
    {
        var trunks = (await Api.GetFromJsonAsync<JsonObject>("live/trunks"))!["items"]!.AsArray().Count;
        await UntilAsync(counters => Nothing(counters, "calls", "transactions", "invite-dialogs", "rtp-ports", "queued-writes")
            && counters["registrations"] <= Vanished && counters["subscriptions"] <= Vanished
            && counters["connections"] <= trunks && counters["timers"] <= (2 * trunks) + Vanished, "all counters at rest");
    }

    private static bool Nothing(Dictionary<string, long> counters, params string[] names) => names.All(name => counters[name] == 0);

    private async Task UntilAsync(Func<Dictionary<string, long>, bool> condition, string what)
    {
        Dictionary<string, long> counters = [];
        await EventuallyAsync(async () => condition(counters = await CountersAsync()), what, 120);
        Assert.Equal(0, counters["unhandled-exceptions"]);
        Assert.True(counters["replay-differences"] == 0, await DescribeAsync());
    }

    /// <summary>Call records, newest first.</summary>
    public async Task<JsonArray> RecordsAsync() => (await Api.GetFromJsonAsync<JsonObject>("call-records"))!["items"]!.AsArray();

    /// <summary>Finished call records that have reached the database, or none while it does not answer.</summary>
    public async Task<JsonArray> TryRecordsAsync()
    {
        try
        {
            var page = (await Api.GetFromJsonAsync<JsonObject>("call-records"))!;
            return (bool)page["databaseAway"]! ? [] : page["items"]!.AsArray();
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return [];
        }
    }

    /// <summary>A test that ends while something goes on, since that is what it is about, says so: nothing is asked at the end.</summary>
    public bool LeftInTheMiddle { get; set; }

    /// <summary>Ends it once it is at rest, while the next test runs already, unless the test takes away at its end what the server lives on.</summary>
    public async ValueTask DisposeAsync()
    {
        if (process is not { HasExited: false } || !ready || stopping || LeftInTheMiddle)
        {
            await CloseAsync();
            return;
        }
        var rest = RestAndCloseAsync();
        ServersAtRest.Expect(rest);
        if (environment.ContainsKey("PBX__Database__ConnectionString") || environment.ContainsKey("LD_PRELOAD") || Data != folder) await Task.WhenAny(rest);
    }

    private async Task RestAndCloseAsync()
    {
        try
        {
            await AssertAtRestAsync();
        }
        finally
        {
            await CloseAsync();
        }
    }

    private async Task CloseAsync()
    {
        Api.Dispose();
        if (process is { HasExited: false })
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
        process?.Dispose();
        if (Environment.GetEnvironmentVariable("PBX_KEEP_DATA") is null) Directory.Delete(folder, recursive: true);
    }

    private static async Task<PbxProcess> StartCommandAsync(string[] command, IReadOnlyDictionary<string, string>? settings, string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("pbx").FullName;
        int sip = FreePorts.Take(), tls = FreePorts.Take(), http = FreePorts.Take(), https = FreePorts.Take(), rtp = FreePorts.TakeRange(400);
        var token = "pbx_" + Convert.ToHexStringLower(Guid.NewGuid().ToByteArray());
        var environment = new Dictionary<string, string>
        {
            ["PBX__Data"] = folder,
            ["PBX__Http__Urls"] = $"http://127.0.0.1:{http};https://127.0.0.1:{https}",
            ["PBX__Sip__Bind"] = "0.0.0.0",
            ["PBX__Sip__Port"] = sip.ToString(CultureInfo.InvariantCulture),
            ["PBX__Sip__TlsPort"] = tls.ToString(CultureInfo.InvariantCulture),
            ["PBX__Sip__VerifyReplay"] = "true",
            ["PBX__Rtp__PortRange"] = $"{rtp}-{rtp + 399}",
            ["PBX__Setup__AdminEmail"] = Administrator.Email,
            ["PBX__Setup__AdminPassword"] = Administrator.Password,
            ["PBX__Setup__ApiToken"] = token,
            ["PBX__Audio__SharedCache"] = Path.Combine(Path.GetTempPath(), "pbx-phrases"),
            ["DOTNET_gcServer"] = "0",
        };
        foreach (var (key, value) in settings ?? new Dictionary<string, string>()) environment[key] = value;
        var pbx = new PbxProcess(command, environment, folder)
        {
            SipPort = sip,
            TlsPort = tls,
            Https = new Uri($"https://127.0.0.1:{https}"),
            Http = new Uri($"http://127.0.0.1:{http}"),
            Api = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{http}/api/v1/"), Timeout = TimeSpan.FromSeconds(120) },
        };
        pbx.Api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            await pbx.LaunchAsync(arguments);
            // Calls go on without phrases that are not spoken yet, and a test that listens would hear silence on a machine that never ran one.
            if (pbx.Data == folder) await pbx.PhraseAsync(LastPhrase);
        }
        catch
        {
            await pbx.DisposeAsync();
            throw;
        }
        return pbx;
    }

    // What is recorded may be moved to its mailbox at any moment.
    private static long Length(string file)
    {
        try
        {
            return new FileInfo(file).Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }

    private static string Program => InCheckout("artifacts/pbx/pbx");

    private async Task WaitUntilReadyAsync()
    {
        using var client = new HttpClient { BaseAddress = Http, Timeout = TimeSpan.FromSeconds(5) };
        await EventuallyAsync(async () =>
        {
            if (process!.HasExited) throw new InvalidOperationException($"The server ended with {process.ExitCode}.\n{Tail()}");
            try
            {
                return (await client.GetAsync("health/ready")).IsSuccessStatusCode;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                return false;
            }
        }, "the server is ready", 180);
    }

    private async Task<string> PeekAsync(string path)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            var text = await Api.GetStringAsync(path, patience.Token);
            return text.Length > 8000 ? text[..8000] : text;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or ObjectDisposedException)
        {
            return e.Message;
        }
    }

    private string Tail()
    {
        lock (log) return string.Join('\n', log.TakeLast(60));
    }

    private void Follow(StreamReader reader) => _ = Task.Run(async () =>
    {
        while (await reader.ReadLineAsync() is { } line)
            lock (log) log.Add(line);
    });
}
