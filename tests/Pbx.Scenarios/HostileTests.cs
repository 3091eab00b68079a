using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Pbx.Testing.Audio;
using Pbx.Testing.Peers;

namespace Pbx.Scenarios;

/// <summary>The open internet at the running process: scanners, guessers, floods and hung connections, while phones go on.</summary>
[Collection(nameof(Alone))]
public sealed class HostileTests
{
    private const string ScannerFolder = "/usr/share/sipvicious";

    /// <summary>Debian's sipvicious as it is, and disguised as a telephone.</summary>
    [Fact]
    public async Task Sipvicious_LearnsNothingAndIsBanned_WhileAPhoneGoesOn()
    {
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create());
        using var silence = new TestSound(new WavFile(8000, new short[80000]));
        await using var phone = await Baresip.StartAsync(new("101", pbx.Server, "101", Company.Password) { LocalAddress = "127.0.0.5" }, silence.Path);
        await phone.RegisteredAsync();
        await using var other = new ScriptedPhone("127.0.0.6", pbx.SipPort, "102", Company.Password);
        Assert.Equal(200, await other.RegisterAsync());
        using var tools = new ScannerTools();
        var port = pbx.SipPort.ToString(CultureInfo.InvariantCulture);
        var words = Enumerable.Range(1, 300).Select(i => $"word{i}").Append(Company.Password);

        var map = await RunAsync(tools.Start("svmap", "127.0.0.20", false, "-p", port, "127.0.0.1"));
        var war = await RunAsync(tools.Start("svwar", "127.0.0.21", false, "-e", "100-199", "-p", port, "--maximumtime=4", "127.0.0.1"));
        var crack = await RunAsync(tools.Start("svcrack", "127.0.0.22", false, "-u", "101", "-r", "100-199", "-p", port, "--maximumtime=4", "127.0.0.1"));
        var before = (await pbx.CountersAsync())["requests-of-strangers"];
        var hiddenWar = await RunAsync(tools.Start("svwar", "127.0.0.23", true, "-e", "90-139", "-p", port, "--force", "--maximumtime=4", "127.0.0.1"));
        var asked = (await pbx.CountersAsync())["requests-of-strangers"] - before;
        var calling = CallTheMenuAsync(pbx, phone);
        var hiddenCrack = await RunAsync(tools.Start("svcrack", "127.0.0.24", true, "-u", "101", "-d", tools.Words(words), "-p", port, "--maximumtime=4", "127.0.0.1"));
        await calling;

        // The tools ran, and have no row of a table to show: neither the server nor an extension nor a password.
        Assert.All(new[] { map, war, crack, hiddenWar, hiddenCrack }, output => Assert.DoesNotContain("Traceback", output, StringComparison.Ordinal));
        Assert.All(new[] { map, war, crack, hiddenWar, hiddenCrack }, output => Assert.DoesNotMatch(@"\| *(10[0-9]|127\.0\.0\.1:\d+) *\|", output));
        Assert.DoesNotContain(Company.Password, crack + hiddenCrack, StringComparison.Ordinal);
        // The disguised one was answered, and gave up because nobody answers otherwise than somebody who does not exist.
        Assert.True(asked >= 2, $"{asked} requests\n{hiddenWar}");
        var bans = (await pbx.Api.GetFromJsonAsync<JsonObject>("protection/bans"))!["items"]!.AsArray();
        var banned = bans.Select(ban => (string)ban!["address"]!).Order(StringComparer.Ordinal).ToList();
        Assert.True(banned.SequenceEqual(["127.0.0.20", "127.0.0.21", "127.0.0.22", "127.0.0.24"]), $"{string.Join(' ', banned)}\n{map}\n{war}\n{crack}\n{hiddenWar}\n{hiddenCrack}");
        Assert.All(banned, address => Assert.Contains($"{address} is banned", pbx.Log, StringComparison.Ordinal));
        Assert.DoesNotContain("response=", bans.ToJsonString(), StringComparison.Ordinal);
        // Both phones are where they were.
        Assert.Equal(200, await other.RegisterAsync());
        await CallTheMenuAsync(pbx, phone);
        // One click, and the address is as any other.
        using var released = await pbx.Api.DeleteAsync("protection/bans?address=127.0.0.24");
        Assert.Equal(HttpStatusCode.NoContent, released.StatusCode);
        await using var late = new ScriptedPhone("127.0.0.24", pbx.SipPort, "103", Company.Password);
        Assert.Equal(200, await late.RegisterAsync());
        Assert.Equal(0, (await pbx.CountersAsync())["unhandled-exceptions"]);
    }

    /// <summary>REGISTER without credentials, thousands a second from 50 addresses: each gets one answer and nothing is kept.</summary>
    [Fact]
    public async Task FloodOfRegistrations_LeavesNothing_AndAPhoneGoesOn()
    {
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync(Company.Create());
        await using var phone = new ScriptedPhone("127.0.0.6", pbx.SipPort, "102", Company.Password);
        Assert.Equal(200, await phone.RegisterAsync());
        var before = pbx.WorkingSet();
        using var stop = new CancellationTokenSource();
        var flood = Task.Run(() => Flood(pbx.SipPort, perSecond: 5000, stop.Token));

        List<bool> registered = [];
        for (var i = 0; i < 20; i++)
        {
            registered.Add(await RegistersAsync(phone));
            await Task.Delay(250);
        }
        var during = await pbx.CountersAsync();
        await stop.CancelAsync();
        var (sent, answered) = await flood;

        Assert.True(registered.All(done => done), $"{string.Join(' ', registered)}; {sent} sent, {answered} answered");
        Assert.InRange(answered, 1, sent);
        Assert.True(during["requests-of-strangers"] > 1000, $"{sent} sent, {during["requests-of-strangers"]} seen");
        Assert.InRange(during["transactions"], 0, 200);
        var grown = pbx.WorkingSet() - before;
        Assert.True(grown < 150 << 20, $"{sent} requests, {grown >> 20} MiB more");
    }

    private static async Task CallTheMenuAsync(PbxProcess pbx, Baresip phone)
    {
        await phone.DialAsync($"sip:800@{pbx.Server}");
        await phone.WaitForAsync("CALL_ESTABLISHED");
        await phone.HangUpAsync();
        await phone.WaitForAsync("CALL_CLOSED");
    }

    /// <summary>A phone asks again when nothing comes back: under a flood the kernel drops datagrams of everybody.</summary>
    private static async Task<bool> RegistersAsync(ScriptedPhone phone)
    {
        List<Task<int>> attempts = [];
        while (attempts.Count < 10)
        {
            attempts.Add(phone.RegisterAsync());
            await Task.WhenAny([.. attempts, Task.Delay(TimeSpan.FromSeconds(2))]);
            if (attempts.Any(attempt => attempt.IsCompletedSuccessfully && attempt.Result == 200)) return true;
        }
        return false;
    }

    private static (int Sent, int Answered) Flood(int port, int perSecond, CancellationToken stop)
    {
        var server = new IPEndPoint(IPAddress.Loopback, port);
        var sockets = Enumerable.Range(1, 50).Select(i =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
            socket.Bind(new IPEndPoint(IPAddress.Parse($"127.0.1.{i}"), 0));
            return socket;
        }).ToList();
        var (sent, answered, buffer, clock) = (0, 0, new byte[65536], Stopwatch.StartNew());
        while (!stop.IsCancellationRequested)
        {
            if (sent > clock.Elapsed.TotalSeconds * perSecond)
            {
                Thread.Yield();
                continue;
            }
            var socket = sockets[sent++ % 50];
            var text = $"REGISTER sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP {socket.LocalEndPoint};rport;branch=z9hG4bKf{sent}\r\nMax-Forwards: 70\r\n"
                + $"From: <sip:{sent % 1000}@127.0.0.1>;tag=f{sent}\r\nTo: <sip:{sent % 1000}@127.0.0.1>\r\nCall-ID: flood-{sent}\r\nCSeq: 1 REGISTER\r\n"
                + $"Contact: <sip:x@{socket.LocalEndPoint}>\r\nContent-Length: 0\r\n\r\n";
            try
            {
                socket.SendTo(Encoding.ASCII.GetBytes(text), server);
                while (socket.Available > 0 && socket.Receive(buffer) > 0) answered++;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable)
            {
                // The kernel is full: that is a flood.
            }
        }
        sockets.ForEach(socket => socket.Dispose());
        return (sent, answered);
    }

    private static async Task<string> RunAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }
        return $"{string.Join(' ', start.ArgumentList)}\n{await output}{await errors}";
    }

    /// <summary>Debian's tools, each from an address of its own (they only know one), as they are or without saying who they are.</summary>
    private sealed class ScannerTools : IDisposable
    {
        private const string Starter = """
            import socket, sys
            bind, here = socket.socket.bind, sys.argv[2]
            socket.socket.bind = lambda self, address: bind(self, (here, 0))
            sys.path.insert(0, sys.argv[3])
            tool = __import__('sipvicious.' + sys.argv[1], fromlist=['main'])
            sys.argv = [sys.argv[1]] + sys.argv[4:]
            tool.main()
            """;

        private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("scanner");

        public ScannerTools()
        {
            foreach (var file in Directory.EnumerateFiles(ScannerFolder, "*.py", SearchOption.AllDirectories))
            {
                var copy = Path.Combine(folder.FullName, Path.GetRelativePath(ScannerFolder, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.WriteAllText(copy, File.ReadAllText(file).Replace("friendly-scanner", "Telephone/1.0", StringComparison.Ordinal));
            }
            File.WriteAllText(Path.Combine(folder.FullName, "start.py"), Starter);
        }

        public ProcessStartInfo Start(string tool, string address, bool disguised, params string[] arguments) =>
            new("python3", [Path.Combine(folder.FullName, "start.py"), tool, address, disguised ? folder.FullName : ScannerFolder, .. arguments])
            {
                RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
            };

        public string Words(IEnumerable<string> words)
        {
            var file = Path.Combine(folder.FullName, "words");
            File.WriteAllLines(file, words);
            return file;
        }

        public void Dispose() => folder.Delete(recursive: true);
    }
}
