using System.Diagnostics;
using System.Globalization;
using Pbx.Testing.Peers;

namespace Pbx.Testing.Databases;

/// <summary>
/// A throw-away PostgreSQL server of its own: made with initdb under the temporary directory, run as the unprivileged user that Debian's
/// package brings, removed at the end. It can be stopped, frozen and started again, to see what happens without it.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private readonly string folder;

    private PostgresCluster(string folder, int port) => (this.folder, Port) = (folder, port);

    /// <summary>Its TCP port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Where Debian has put the server's programs, or null when it is not installed.</summary>
    public static string? Programs { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql").Order().Select(d => Path.Combine(d, "bin"))
            .LastOrDefault(d => File.Exists(Path.Combine(d, "initdb")))
        : null;

    /// <summary>Makes and starts one.</summary>
    public static async Task<PostgresCluster> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("postgres").FullName;
        var cluster = new PostgresCluster(folder, FreePorts.Take());
        if (Environment.UserName == "root") await RunAsync("chown", ["postgres", folder]);
        await cluster.RunAsServerAsync("initdb", "-D", cluster.Data, "-U", "pbx", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8");
        await cluster.StartServerAsync();
        return cluster;
    }

    /// <summary>A new empty database, as a connection string that waits so many seconds for a connection, and for an answer.</summary>
    public async Task<string> CreateDatabaseAsync(int patience = 60)
    {
        var name = $"pbx_{Guid.NewGuid():n}";
        await RunAsServerAsync("createdb", "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", "pbx", name);
        return $"Host=127.0.0.1;Port={Port};Username=pbx;Database={name};Timeout={patience};Command Timeout={patience}";
    }

    /// <summary>Starts the server after <see cref="StopServerAsync"/>.</summary>
    public Task StartServerAsync() => RunAsServerAsync("pg_ctl", "-D", Data, "-w", "-l", Path.Combine(folder, "log"), "-o",
        $"-p {Port} -h 127.0.0.1 -k {folder} -c fsync=off -c max_connections=500", "start");

    /// <summary>Stops it at once, cutting its connections.</summary>
    public Task StopServerAsync() => RunAsServerAsync("pg_ctl", "-D", Data, "-w", "-m", "immediate", "stop");

    /// <summary>Freezes (SIGSTOP) or thaws (SIGCONT) all its processes: connections stay, answers do not come.</summary>
    public async Task FreezeAsync(bool frozen)
    {
        var main = (await File.ReadAllLinesAsync(Path.Combine(Data, "postmaster.pid")))[0];
        string[] signal = [frozen ? "-STOP" : "-CONT"];
        using var children = Process.Start(new ProcessStartInfo("pgrep", ["-P", main]) { RedirectStandardOutput = true })!;
        var all = (await children.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Append(main);
        await RunAsync("kill", [.. signal, .. all]);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await RunAsServerAsync("pg_ctl", "-D", Data, "-w", "-m", "immediate", "stop");
        await RunAsync("rm", ["-rf", folder]);
    }

    private string Data => Path.Combine(folder, "data");

    private Task RunAsServerAsync(string program, params string[] arguments)
    {
        var path = Path.Combine(Programs ?? throw new InvalidOperationException("PostgreSQL is not installed."), program);
        return Environment.UserName == "root" ? RunAsync("runuser", ["-u", "postgres", "--", path, .. arguments]) : RunAsync(path, arguments);
    }

    private static async Task RunAsync(string program, string[] arguments)
    {
        // Output goes nowhere: the server inherits the pipes of pg_ctl and would keep them open.
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1 </dev/null", program, .. arguments]) { WorkingDirectory = "/tmp" })!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }
}
