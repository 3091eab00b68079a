using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace Pbx.Testing.Peers;

/// <summary>
/// A real softphone (baresip) as a process of its own: it plays a WAV, records what it hears, and is driven by its control port.
/// </summary>
public sealed class Baresip : IAsyncDisposable
{
    private const double LeaveSeconds = 5;

    private readonly Process process;
    private readonly TcpClient control = new();
    private readonly Channel<JsonElement> events = Channel.CreateUnbounded<JsonElement>();
    private readonly List<string> log = [];
    private readonly List<JsonElement> seen = [];
    private readonly string folder;
    private readonly BaresipAccount account;
    private NetworkStream? stream;
    private bool stopped;

    private Baresip(Process process, string folder, BaresipAccount account) => (this.process, this.folder, this.account) = (process, folder, account);

    /// <summary>What it printed.</summary>
    public string Log { get { lock (log) return string.Join('\n', log); } }

    /// <summary>Tells what else went on, for the message of a wait that failed.</summary>
    public Func<Task<string>>? Surroundings { get; set; }

    /// <summary>Starts it with an account; <paramref name="answers"/> makes it answer by itself.</summary>
    public static async Task<Baresip> StartAsync(BaresipAccount account, string playWav, bool answers = false,
        CancellationToken cancellationToken = default)
    {
        var folder = Directory.CreateTempSubdirectory("baresip").FullName;
        var port = FreePorts.Take();
        await WriteConfigAsync(folder, account, playWav, port, answers);
        var start = new ProcessStartInfo("baresip", ["-f", folder]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        var baresip = new Baresip(Process.Start(start)!, folder, account);
        baresip.Follow(baresip.process.StandardOutput);
        baresip.Follow(baresip.process.StandardError);
        await baresip.ConnectAsync(port, cancellationToken);
        return baresip;
    }

    /// <summary>Calls a number or URI.</summary>
    public Task DialAsync(string target) => CommandAsync("dial", target);

    /// <summary>Answers the call that rings.</summary>
    public Task AnswerAsync() => CommandAsync("accept");

    /// <summary>Ends the current call.</summary>
    public Task HangUpAsync() => CommandAsync("hangup");

    /// <summary>Holds or takes back the current call.</summary>
    public Task HoldAsync(bool hold) => CommandAsync(hold ? "hold" : "resume");

    /// <summary>Sends keys as telephone-events.</summary>
    public async Task PressAsync(string keys)
    {
        foreach (var key in keys) await CommandAsync("sndcode", key.ToString());
    }

    /// <summary>
    /// Waits for an event of this type, such as CALL_ESTABLISHED, CALL_INCOMING, CALL_RINGING, CALL_CLOSED or REGISTER_OK; others on
    /// the way are passed over.
    /// </summary>
    public async Task<JsonElement> WaitForAsync(string type, double seconds = 90)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        try
        {
            await foreach (var item in events.Reader.ReadAllAsync(timeout.Token))
                if (item.TryGetProperty("type", out var name) && name.GetString() == type) return item;
        }
        catch (OperationCanceledException)
        {
        }
        var surroundings = Surroundings is { } describe ? await describe() : "";
        throw new TimeoutException($"baresip saw no {type} in {seconds} s.\n{Log}\n{surroundings}");
    }

    /// <summary>Waits for an event of this type whose parameter holds this text, now or earlier; what comes in between is not passed over.</summary>
    public async Task SeenAsync(string type, string text, double seconds = 90)
    {
        for (var attempt = 0; attempt < seconds * 10; attempt++)
        {
            lock (seen)
            {
                if (seen.Any(item => Text(item, "type") == type && Text(item, "param").Contains(text, StringComparison.Ordinal))) return;
            }
            await Task.Delay(100);
        }
        lock (seen) throw new TimeoutException($"baresip saw no {type} with \"{text}\" in {seconds} s.\n{string.Join('\n', seen)}\n{Log}");
    }

    /// <summary>Dials what is to end without an answer, and returns the words with which it ended, such as <c>486 Busy Here</c>.</summary>
    public async Task<string> RefusedAsync(string target, double seconds = 90)
    {
        await DialAsync(target);
        return Text(await WaitForAsync("CALL_CLOSED", seconds), "param");
    }

    /// <summary>Waits until it is registered. It may have been before its control port could be reached, so its log counts too.</summary>
    public async Task RegisteredAsync()
    {
        for (var attempt = 0; attempt < 900; attempt++)
        {
            if (Log.Contains("binding", StringComparison.Ordinal)) return;
            await Task.Delay(100);
        }
        throw new TimeoutException($"baresip did not register.\n{Log}");
    }

    /// <summary>Registers its account once more, now: what a phone does when it notices that its connection is gone.</summary>
    public Task RegisterAgainAsync() => CommandAsync("uanew", account.Line(answers: false));

    /// <summary>Stops it in its tracks, as if its cable were cut: it says nothing any more and answers nothing.</summary>
    public async Task FreezeAsync()
    {
        using var stop = Process.Start("kill", ["-STOP", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await stop.WaitForExitAsync();
    }

    /// <summary>Ends it as its user would: it unregisters first.</summary>
    public async Task QuitAsync(double seconds = 90)
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        await process.WaitForExitAsync(timeout.Token);
    }

    /// <summary>What it heard in the call that has just ended, once the recording is closed.</summary>
    public async Task<Audio.WavFile> HeardAsync()
    {
        for (var attempt = 0; attempt < 300; attempt++)
        {
            if (Newest("dec") is { } file && Audio.WavFile.IsClosed(file)) return Audio.WavFile.Read(file);
            await Task.Delay(100);
        }
        throw new TimeoutException($"baresip recorded nothing.\n{Log}");
    }

    /// <summary>Ends the process as its user would, so that the server forgets it; one that cannot take its leave is killed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (stopped) return;
        stopped = true;
        control.Dispose();
        try
        {
            if (!process.HasExited) await QuitAsync(LeaveSeconds);
        }
        catch (OperationCanceledException)
        {
            // It is frozen, or its server is gone.
        }
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private string? Newest(string direction) =>
        Directory.EnumerateFiles(folder, $"dump-*-{direction}.wav").OrderBy(File.GetLastWriteTimeUtc).LastOrDefault();

    // mwi.so is loaded with the first modules, not as module_app: a millisecond after its start it subscribes for what is registered, and a server
    // quick enough to have accepted the REGISTER by then sends baresip 1.0.0 into an endless loop of subscriptions.
    private static async Task WriteConfigAsync(string folder, BaresipAccount account, string playWav, int port, bool answers)
    {
        var rtp = account.RtpPort;
        await File.WriteAllTextAsync(Path.Combine(folder, "config"), string.Create(CultureInfo.InvariantCulture, $"""
            poll_method epoll
            sip_listen {account.ListenAddress}
            sip_trans_def {account.Transport}
            call_max_calls 4
            call_local_timeout 300
            audio_path /usr/share/baresip
            audio_player aubridge,{folder}
            audio_source aufile,{playWav}
            audio_alert aubridge,{folder}
            auplay_srate 8000
            ausrc_srate 8000
            auplay_channels 1
            ausrc_channels 1
            audio_jitter_buffer_type fixed
            rtp_ports {rtp}-{rtp + BaresipAccount.RtpPorts - 1}
            rtcp_mux no
            net_interface {account.SoundAddress}
            module_path /usr/lib/baresip/modules
            module srtp.so
            module dtls_srtp.so
            module g711.so
            module g722.so
            module opus.so
            module aufile.so
            module aubridge.so
            module sndfile.so
            module mwi.so
            module_tmp uuid.so
            module_tmp account.so
            module_app menu.so
            module_app ctrl_tcp.so
            snd_path {folder}
            ctrl_tcp_listen 127.0.0.1:{port}
            """) + "\n" + (account.Authority is null ? "" : $"sip_cafile {account.Authority}\n"));
        await File.WriteAllTextAsync(Path.Combine(folder, "accounts"), account.Line(answers) + "\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "contacts"), "");
        await File.WriteAllTextAsync(Path.Combine(folder, "uuid"), Guid.NewGuid().ToString());
    }

    private async Task ConnectAsync(int port, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await control.ConnectAsync("127.0.0.1", port, cancellationToken);
                break;
            }
            catch (SocketException) when (attempt < 1200 && !process.HasExited)
            {
                await Task.Delay(50, cancellationToken);
            }
            catch (SocketException e)
            {
                throw new InvalidOperationException($"baresip did not start:\n{Log}", e);
            }
        }
        stream = control.GetStream();
        _ = ReadEventsAsync(stream);
    }

    private async Task CommandAsync(string command, string parameters = "")
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(new { command, @params = parameters, token = "" });
        await stream!.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes($"{json.Length}:"), .. json, (byte)',']);
    }

    // The control port speaks netstrings: length, colon, JSON, comma.
    private async Task ReadEventsAsync(NetworkStream source)
    {
        var buffer = new List<byte>();
        var chunk = new byte[4096];
        try
        {
            for (int read; (read = await source.ReadAsync(chunk)) > 0;)
            {
                buffer.AddRange(chunk.AsSpan(0, read));
                while (TakeNetString(buffer) is { } text)
                {
                    var item = JsonDocument.Parse(text).RootElement;
                    lock (seen) seen.Add(item);
                    events.Writer.TryWrite(item);
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The process ended or the test is over.
        }
        events.Writer.TryComplete();
    }

    private static string Text(JsonElement item, string name) => item.TryGetProperty(name, out var value) ? value.ToString() : "";

    private static string? TakeNetString(List<byte> buffer)
    {
        var colon = buffer.IndexOf((byte)':');
        if (colon < 0) return null;
        var length = int.Parse(Encoding.ASCII.GetString([.. buffer[..colon]]), CultureInfo.InvariantCulture);
        if (buffer.Count < colon + 1 + length + 1) return null;
        var text = Encoding.UTF8.GetString([.. buffer.GetRange(colon + 1, length)]);
        buffer.RemoveRange(0, colon + 1 + length + 1);
        return text;
    }

    private void Follow(StreamReader reader) => _ = Task.Run(async () =>
    {
        while (await reader.ReadLineAsync() is { } line)
            lock (log) log.Add(line);
    });
}

/// <summary>A baresip account.</summary>
/// <param name="Number">User part of its address.</param>
/// <param name="Server">Registrar, host:port.</param>
/// <param name="User">Digest user.</param>
/// <param name="Password">Digest password; null: no authentication.</param>
public sealed record BaresipAccount(string Number, string Server, string? User = null, string? Password = null)
{
    /// <summary>Display name.</summary>
    public string Name { get; init; } = "Test";

    /// <summary>Local SIP port.</summary>
    public int LocalPort { get; init; } = FreePorts.Take();

    /// <summary>Local address, in 127.0.0.0/8: a trunk is told from an extension by it.</summary>
    public string LocalAddress { get; init; } = "127.0.0.1";

    /// <summary>File with the authority that a server's certificate must come from, with TLS.</summary>
    public string? Authority { get; init; }

    /// <summary>udp, tcp or tls.</summary>
    public string Transport { get; init; } = "udp";

    /// <summary>Registers at the server.</summary>
    public bool Registers { get; init; } = true;

    /// <summary>How its media is encrypted: srtp (optional), srtp-mand, srtp-mandf or dtls_srtp; null: not at all.</summary>
    public string? MediaEncryption { get; init; }

    /// <summary>How many ports in a row its media uses: enough that one call seldom gets the port of the call before, whose last packets may still come.</summary>
    public const int RtpPorts = 60;

    /// <summary>The first of the ports of its media.</summary>
    public int RtpPort { get; } = FreePorts.TakeRange(RtpPorts);

    /// <summary>Proxy, or null.</summary>
    public string? Outbound { get; init; }

    /// <summary>Codecs in order, comma separated.</summary>
    public string Codecs { get; init; } = "pcma/8000/1,pcmu/8000/1";

    /// <summary>Asked registration interval in seconds; it registers again a little before its end.</summary>
    public int Interval { get; init; } = 60;

    /// <summary>The whole account as a document has it, in place of one made of the above; null: none.</summary>
    public string? Text { get; init; }

    /// <summary>
    /// The address that its SDP names. Its sound leaves an unbound socket: on loopback the kernel sends it from 127.0.0.1, whatever address the
    /// phone listens on, and the server takes clear sound only from where SDP or signalling say.
    /// </summary>
    internal string SoundAddress => LocalAddress.Contains(':', StringComparison.Ordinal) ? LocalAddress : "127.0.0.1";

    /// <summary>Where it listens, host:port.</summary>
    internal string ListenAddress => LocalAddress.Contains(':', StringComparison.Ordinal) ? $"[{LocalAddress}]:{LocalPort}" : $"{LocalAddress}:{LocalPort}";

    /// <summary>The account as baresip's file of accounts has it.</summary>
    internal string Line(bool answers)
    {
        if (Text is not null) return Text;
        var auth = Password is null ? "" : $";auth_user={User};auth_pass={Password}";
        var encryption = MediaEncryption is null ? "" : $";mediaenc={MediaEncryption}";
        var outbound = Outbound is null ? "" : $";outbound=\"{Outbound}\"";
        return $"\"{Name}\" <sip:{Number}@{Server};transport={Transport}>{auth};regint={(Registers ? Interval : 0)}{outbound}{(answers ? ";answermode=auto" : "")}{encryption}"
            + $";audio_codecs={Codecs};dtmfmode=rtpevent;mwi=yes";
    }
}
