using System.Diagnostics;
using System.Globalization;

namespace Pbx.Testing.Peers;

/// <summary>A real name server (dnsmasq) on a port of its own, which knows what it is told and asks nobody else.</summary>
public sealed class Dnsmasq : IAsyncDisposable
{
    private readonly Process process;
    private readonly List<string> log = [];

    private Dnsmasq(Process process, int port) => (this.process, Port) = (process, port);

    /// <summary>Its port on 127.0.0.1, UDP and TCP.</summary>
    public int Port { get; }

    /// <summary>What it printed: each question and its answer.</summary>
    public string Log { get { lock (log) return string.Join('\n', log); } }

    /// <summary>Starts it with records as dnsmasq's options write them, such as <c>--host-record=first.test,127.0.0.3</c>.</summary>
    public static async Task<Dnsmasq> StartAsync(params IEnumerable<string> records)
    {
        var port = FreePorts.Take();
        string[] options =
        [
            "--no-daemon", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--bind-interfaces", "--listen-address=127.0.0.1", "--log-queries",
            string.Create(CultureInfo.InvariantCulture, $"--port={port}"),
        ];
        // Debian puts it where only root's path looks.
        var program = File.Exists("/usr/sbin/dnsmasq") ? "/usr/sbin/dnsmasq" : "dnsmasq";
        var server = new Dnsmasq(Process.Start(new ProcessStartInfo(program, [.. options, .. records]) { RedirectStandardOutput = true, RedirectStandardError = true })!, port);
        server.Follow(server.process.StandardOutput);
        server.Follow(server.process.StandardError);
        for (var attempt = 0; !server.Log.Contains("started", StringComparison.Ordinal); attempt++)
        {
            if (attempt == 300 || server.process.HasExited) throw new InvalidOperationException($"dnsmasq did not start.\n{server.Log}");
            await Task.Delay(100);
        }
        return server;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private void Follow(StreamReader reader) => _ = Task.Run(async () =>
    {
        while (await reader.ReadLineAsync() is { } line)
            lock (log) log.Add(line);
    });
}
