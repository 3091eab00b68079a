using System.Diagnostics;
using System.Globalization;

namespace Pbx.Testing.Peers;

/// <summary>A real softphone (linphone's command line) as a process of its own, which insists on SRTP: plays a WAV, records what it hears.</summary>
public sealed class Linphone : IAsyncDisposable
{
    private readonly Process process;
    private readonly List<string> log = [];
    private readonly string folder;
    private bool stopped;

    private Linphone(Process process, string folder) => (this.process, this.folder) = (process, folder);

    /// <summary>What it printed.</summary>
    public string Log { get { lock (log) return string.Join('\n', log); } }

    /// <summary>
    /// Starts it and waits until it is registered; with the file of an authority it registers over TLS, and the server's certificate must be
    /// for its name and come from there.
    /// </summary>
    public static async Task<Linphone> StartAsync(string number, string server, string password, string playWav, string? authority = null)
    {
        var folder = Directory.CreateTempSubdirectory("linphone").FullName;
        Directory.CreateDirectory(Path.Combine(folder, ".local/share/linphone"));
        var domain = server.Split(':')[0];
        await File.WriteAllTextAsync(Path.Combine(folder, "rc"), string.Create(CultureInfo.InvariantCulture, $"""
            [sip]
            sip_port={FreePorts.Take()}
            sip_tcp_port=0
            sip_tls_port={(authority is null ? 0 : -1)}
            {(authority is null ? "" : $"root_ca={authority}")}
            verify_server_certs=1
            verify_server_cn=1
            media_encryption=srtp
            media_encryption_mandatory=1
            default_proxy=0
            register_only_when_network_is_up=0
            guess_hostname=0
            contact=sip:{number}@127.0.0.1
            [rtp]
            audio_rtp_port={FreePorts.TakeRange(4)}
            [net]
            firewall_policy=0
            [video]
            enabled=0
            [proxy_0]
            reg_proxy=<sip:{server};transport={(authority is null ? "udp" : "tls")}>
            reg_identity=sip:{number}@{domain}
            reg_expires=600
            reg_sendregister=1
            publish=0
            [auth_info_0]
            username={number}
            userid={number}
            passwd={password}
            """) + "\n");
        var start = new ProcessStartInfo("linphonec", ["-c", Path.Combine(folder, "rc")])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder,
            Environment = { ["HOME"] = folder },
        };
        var linphone = new Linphone(Process.Start(start)!, folder);
        linphone.Follow(linphone.process.StandardOutput);
        linphone.Follow(linphone.process.StandardError);
        await linphone.CommandAsync("soundcard use files");
        await linphone.CommandAsync($"play {playWav}");
        await linphone.CommandAsync($"record {Path.Combine(folder, "heard.wav")}");
        await linphone.AskAsync("status register", "registered, identity");
        return linphone;
    }

    /// <summary>Calls, and waits until it is answered.</summary>
    public async Task CallAsync(string target)
    {
        await CommandAsync($"call {target}");
        await SaysAsync("Media streams established");
    }

    /// <summary>Hangs up.</summary>
    public async Task HangUpAsync()
    {
        await CommandAsync("terminate");
        await AskAsync("status hook", "hook=on-hook");
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

    private async Task LeaveAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await CommandAsync("quit");
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // It has ended already, or hangs.
        }
    }

    private async Task CommandAsync(string command)
    {
        await process.StandardInput.WriteLineAsync(command);
        await process.StandardInput.FlushAsync();
    }

    private async Task AskAsync(string question, string answer)
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            await CommandAsync(question);
            await Task.Delay(300);
            if (Log.Contains(answer, StringComparison.OrdinalIgnoreCase)) return;
        }
        throw new TimeoutException($"linphone did not say '{answer}' to '{question}'.\n{Log}");
    }

    private async Task SaysAsync(string text)
    {
        for (var attempt = 0; attempt < 400; attempt++)
        {
            if (Log.Contains(text, StringComparison.OrdinalIgnoreCase)) return;
            await Task.Delay(100);
        }
        throw new TimeoutException($"linphone did not say '{text}'.\n{Log}");
    }

    private void Follow(StreamReader reader) => _ = Task.Run(async () =>
    {
        while (await reader.ReadLineAsync() is { } line)
            lock (log) log.Add(line);
    });
}
