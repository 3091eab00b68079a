using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using Pbx.Testing.Audio;

namespace Pbx.Testing.Peers;

/// <summary>A run of sipp with a scenario given as text.</summary>
public sealed class Sipp : IAsyncDisposable
{
    private const string MessageFile = "messages.log";

    private readonly Process process;
    private readonly string folder;
    private readonly Task<string> output;

    private Sipp(Process process, string folder)
    {
        (this.process, this.folder) = (process, folder);
        output = ReadAsync(process);
    }

    /// <summary>Starts sipp with a scenario and further arguments; <paramref name="target"/> null for a server scenario.</summary>
    public static Sipp Start(string scenario, string? target, params IEnumerable<string> arguments) =>
        Start(scenario, target, new Dictionary<string, byte[]>(), arguments);

    private static Sipp Start(string scenario, string? target, Dictionary<string, byte[]> files, params IEnumerable<string> arguments)
    {
        var folder = Directory.CreateTempSubdirectory("sipp").FullName;
        foreach (var (name, content) in files) File.WriteAllBytes(Path.Combine(folder, name), content);
        File.WriteAllText(Path.Combine(folder, "scenario.xml"), scenario);
        IEnumerable<string> all = ["-sf", "scenario.xml", "-nostdin", "-trace_err", "-error_file", "errors.log", .. arguments];
        var start = new ProcessStartInfo("sipp", target is null ? all : all.Append(target))
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder,
        };
        start.Environment["TERM"] = "xterm";
        return new Sipp(Process.Start(start)!, folder);
    }

    /// <summary>
    /// Starts sipp as a provider on an address of its own. Whoever it talks with hears a tone of this frequency, <c>tone.alaw</c> to the scenario.
    /// </summary>
    public static async Task<Sipp> ProvideAsync(string scenario, string address, int port, double tone)
    {
        var sipp = Start(scenario, null, new Dictionary<string, byte[]> { ["tone.alaw"] = ALaw.Encode(WavFile.Tone(tone, 4).Samples) },
            "-i", address, "-mi", address, "-p", Text(port), "-mp", Text(FreePorts.TakeRange(100)), "-trace_msg", "-message_file", MessageFile,
            "-rtp_payload", "8", "-default_behaviors", "none", "-timer_resol", "10");
        for (var attempt = 0; attempt < 300; attempt++)
        {
            if (sipp.process.HasExited) break;
            if (IPGlobalProperties.GetIPGlobalProperties().GetActiveUdpListeners().Contains(new IPEndPoint(IPAddress.Parse(address), port))) return sipp;
            await Task.Delay(100);
        }
        if (!sipp.process.HasExited) sipp.process.Kill();
        throw new InvalidOperationException($"sipp does not listen on {address}:{port}.\n{await sipp.DetailsAsync()}");
    }

    /// <summary>The requests that it has received so far, in order; a retransmission counts again.</summary>
    public IReadOnlyList<SipText> Received()
    {
        var path = Path.Combine(folder, MessageFile);
        if (!File.Exists(path)) return [];
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var log = reader.ReadToEnd().ReplaceLineEndings("\n");
        // A line of hyphens and the time stand before each message, then a line that says whether it was sent or received.
        return [.. log.Split("-----------------------------------------------").Select(part => part.Split("\n\n", 2))
            .Where(part => part.Length == 2 && part[0].Contains("message received", StringComparison.Ordinal) && !part[1].StartsWith("SIP/2.0", StringComparison.Ordinal))
            .Select(part => new SipText(part[1].ReplaceLineEndings("\r\n")))];
    }

    /// <summary>Waits for a request that fulfils a condition, and returns the first such.</summary>
    public async Task<SipText> RequestAsync(Func<SipText, bool> condition, string what, double seconds = 90)
    {
        for (var attempt = 0; attempt < seconds * 10; attempt++)
        {
            if (Received().FirstOrDefault(condition) is { } found) return found;
            if (process.HasExited) break;
            await Task.Delay(100);
        }
        var seen = string.Join("\n", Received().Select(message => message.Text));
        throw new TimeoutException($"sipp received no {what} in {seconds} s (running: {!process.HasExited}).\n{(process.HasExited ? await DetailsAsync() : "")}\n{seen}");
    }

    /// <summary>Waits for its end; throws with its last screen and errors unless every call succeeded.</summary>
    public async Task SucceedAsync(double seconds = 60)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"sipp did not end in {seconds} s.\n{await DetailsAsync()}");
        }
        if (process.ExitCode != 0) throw new InvalidOperationException($"sipp ended with {process.ExitCode}.\n{await DetailsAsync()}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task<string> DetailsAsync()
    {
        var errors = Path.Combine(folder, "errors.log");
        var text = File.Exists(errors) ? await File.ReadAllTextAsync(errors) : "";
        var screen = await output;
        return screen[^Math.Min(screen.Length, 3000)..] + "\n" + text[..Math.Min(text.Length, 4000)];
    }

    private static async Task<string> ReadAsync(Process process) =>
        string.Concat(await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync()));
}
