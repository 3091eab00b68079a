using System.Diagnostics;
using System.Globalization;

namespace Pbx.Testing.Peers;

/// <summary>
/// The console phone of Linphone as a process of its own, driven by its standard input. It knows SHA-256, which baresip and sipp do not, and
/// its log holds every message as it was on the wire.
/// </summary>
public sealed class LinphoneConsole : IAsyncDisposable
{
    private readonly Process process;
    private readonly string folder;
    private readonly List<string> printed = [];
    private bool stopped;

    private LinphoneConsole(Process process, string folder) => (this.process, this.folder) = (process, folder);

    /// <summary>What it logged: its steps, and every message sent and received.</summary>
    public string Log
    {
        get
        {
            var path = LogFile(folder);
            if (!File.Exists(path)) return "";
            using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return reader.ReadToEnd();
        }
    }

    /// <summary>Starts it with files in place of a sound card.</summary>
    public static async Task<LinphoneConsole> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("linphone").FullName;
        // Without a place for its database it starts no transport at all.
        Directory.CreateDirectory(Path.Combine(folder, ".local", "share", "linphone"));
        await File.WriteAllTextAsync(Path.Combine(folder, "linphonerc"), string.Create(CultureInfo.InvariantCulture, $"""
            [sip]
            sip_port={FreePorts.Take()}
            sip_tcp_port=0
            sip_tls_port=0
            auto_net_state_mon=0
            register_only_when_network_is_up=0
            [rtp]
            audio_rtp_port={FreePorts.TakeRange(2)}
            [net]
            mtu=1300
            """) + "\n");
        var start = new ProcessStartInfo("linphonec", ["-c", Path.Combine(folder, "linphonerc"), "-d", "6", "-l", LogFile(folder)])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder,
        };
        start.Environment["HOME"] = folder;
        var linphone = new LinphoneConsole(Process.Start(start)!, folder);
        linphone.Follow(linphone.process.StandardOutput);
        linphone.Follow(linphone.process.StandardError);
        await linphone.CommandAsync("soundcard use files");
        await linphone.UntilAsync(() => linphone.HasPrinted("Using wav files"), "its console");
        return linphone;
    }

    /// <summary>Registers, and waits until the registrar has answered for good; true when it was accepted.</summary>
    public async Task<bool> RegisterAsync(string number, string server, string password)
    {
        await CommandAsync($"register sip:{number}@{server} sip:{server} {password}");
        var accepted = false;
        await UntilAsync(() =>
        {
            var log = Log;
            accepted = log.Contains("to [LinphoneRegistrationOk]", StringComparison.Ordinal);
            return accepted || log.Contains("to [LinphoneRegistrationFailed]", StringComparison.Ordinal);
        }, "the end of its registration");
        return accepted;
    }

    /// <summary>Calls, and waits until it is connected.</summary>
    public async Task CallAsync(string target)
    {
        await CommandAsync($"call {target}");
        await UntilAsync(() => HasPrinted("Media streams established"), "its call stands");
    }

    /// <summary>Speaks a WAV file into the call, and keeps what it hears from now on.</summary>
    public async Task PlayAsync(string wav)
    {
        await CommandAsync($"record {Path.Combine(folder, "heard.wav")}");
        await CommandAsync($"play {wav}");
    }

    /// <summary>Ends the call.</summary>
    public async Task HangUpAsync()
    {
        await CommandAsync("terminate");
        await UntilAsync(() => HasPrinted("ended"), "the end of its call");
    }

    /// <summary>What it heard in the call that has just ended.</summary>
    public Task<Audio.WavFile> HeardAsync() => Audio.WavFile.ReadSettledAsync(Path.Combine(folder, "heard.wav"));

    /// <summary>Ends the process as its user would, so that the server forgets it; one that does not end is killed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (stopped) return;
        stopped = true;
        await LeaveAsync();
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static string LogFile(string folder) => Path.Combine(folder, "log");

    private async Task LeaveAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            // "quit" alone leaves before the server has asked for the password.
            await CommandAsync("unregister");
            while (Log.Contains("to [LinphoneRegistrationOk]", StringComparison.Ordinal) && !Log.Contains("to [LinphoneRegistrationCleared]", StringComparison.Ordinal))
                await Task.Delay(50, timeout.Token);
            await CommandAsync("quit");
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // It has ended already, or hangs.
        }
    }

    private async Task CommandAsync(string line)
    {
        await process.StandardInput.WriteLineAsync(line);
        await process.StandardInput.FlushAsync();
    }

    private bool HasPrinted(string text)
    {
        lock (printed) return printed.Any(line => line.Contains(text, StringComparison.Ordinal));
    }

    private async Task UntilAsync(Func<bool> condition, string what)
    {
        for (var attempt = 0; !condition(); attempt++)
        {
            if (attempt == 300 || process.HasExited)
            {
                lock (printed) throw new TimeoutException($"linphonec: not in 30 s: {what}.\n{string.Join('\n', printed)}\n{Tail()}");
            }
            await Task.Delay(100);
        }
    }

    private string Tail() => Log is { Length: > 6000 } log ? log[^6000..] : Log;

    private void Follow(StreamReader reader) => _ = Task.Run(async () =>
    {
        while (await reader.ReadLineAsync() is { } line)
            lock (printed) printed.Add(line);
    });
}
