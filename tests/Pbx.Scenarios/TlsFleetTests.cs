using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Pbx.Core.Common;
using Pbx.Core.Extensions;
using Pbx.Core.Settings;
using Pbx.Core.Sites;
using Pbx.Testing.Peers;

namespace Pbx.Scenarios;

/// <summary>Many phones over TLS, and a server that is killed.</summary>
[Collection(nameof(Alone))]
public sealed class TlsFleetTests
{
    private const int Phones = 500;

    [Fact]
    public async Task FiveHundredTlsPhones_ServerIsKilledAndStarted_AllAreBack()
    {
        await using var pbx = await PbxProcess.StartAsync();
        await pbx.ApplyAsync([new SystemSettings(), new Site { Key = "paris", Name = "Paris" }, .. Enumerable.Range(0, Phones).Select(Extension)]);
        using var root = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(await pbx.RootFileAsync()));
        var clock = Stopwatch.StartNew();
        var phones = Enumerable.Range(0, Phones).Select(i => new ConnectedPhone($"{1000 + i}", Company.Password, "127.0.0.1", "TLS",
            token => MessagePipe.ConnectTlsAsync("127.0.0.1", pbx.TlsPort, root, token), TimeSpan.FromSeconds(2))).ToList();
        await AllAsync(1);
        var first = clock.Elapsed;

        await pbx.KillAsync();
        clock.Restart();
        var launching = pbx.LaunchAsync();
        await AllAsync(2);
        var back = clock.Elapsed;
        await launching;

        await pbx.EventuallyAsync(async () => (await pbx.CountersAsync())["connections"] >= Phones, "all connections stand");
        Assert.Equal(Phones, (await pbx.CountersAsync())["registrations"]);
        TestContext.Current.SendDiagnosticMessage($"{Phones} TLS phones: registered at first in {first.TotalSeconds:0.0} s, all back {back.TotalSeconds:0.0} s after its process was started again.");
        await Task.WhenAll(phones.Select(phone => phone.DisposeAsync().AsTask()));

        async Task AllAsync(int registrations)
        {
            var limit = Stopwatch.StartNew();
            while (phones.Count(phone => phone.Registrations >= registrations) is var done && done < Phones)
            {
                if (limit.Elapsed > TimeSpan.FromMinutes(2))
                    throw new TimeoutException($"{done} of {Phones} registered. {string.Join(' ', phones.Select(p => p.LastTrouble).Distinct().Take(5))}\n{phones.First(p => p.Registrations < registrations).LastAnswer?.Text}");
                await Task.Delay(50);
            }
        }
    }

    [Fact]
    public async Task PhoneOfTheFleet_ItsMessages_AreSipToTshark()
    {
        var pipe = new RecordingPipe();
        await using var phone = new ConnectedPhone("1000", Company.Password, "127.0.0.1", "TLS", _ => Task.FromResult<MessagePipe>(pipe), TimeSpan.FromSeconds(1));
        var first = await pipe.Sent.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        pipe.Coming.Writer.TryWrite(new SipText(first).Reply(401, "t", "WWW-Authenticate: Digest realm=\"pbx\", nonce=\"abc\", algorithm=MD5, qop=\"auth\"\r\n"));
        var second = await pipe.Sent.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        pipe.Coming.Writer.TryWrite(new SipText(second).Reply(200, "t"));
        await phone.Registered.WaitAsync(TimeSpan.FromSeconds(30));

        foreach (var (message, user) in ((string, string)[])[(first, ""), (second, "\"1000\"")])
        {
            var fields = await TsharkAsync(message, "-T", "fields", "-E", "separator=|", "-e", "sip.Method", "-e", "sip.CSeq.method", "-e", "sip.contact.user", "-e", "sip.auth.username");
            Assert.Equal($"REGISTER|REGISTER|1000|{user}", fields.Trim());
            Assert.Equal("", await TsharkAsync(message, "-Y", "_ws.malformed || _ws.expert.severity >= 0x600000"));
        }
    }

    /// <summary>What tshark says of a message that goes over TCP.</summary>
    private static async Task<string> TsharkAsync(string message, params string[] arguments)
    {
        var file = Path.Combine(Path.GetTempPath(), $"fleet-{Guid.NewGuid():N}");
        try
        {
            await File.WriteAllTextAsync(file, "000000 " + string.Join(' ', System.Text.Encoding.UTF8.GetBytes(message).Select(b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture))) + "\n");
            await RunAsync("text2pcap", "-q", "-T", "5999,5060", file, file + ".pcap");
            return await RunAsync("tshark", ["-r", file + ".pcap", "-d", "tcp.port==5060,sip", .. arguments]);
        }
        finally
        {
            File.Delete(file);
            File.Delete(file + ".pcap");
        }
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        return output;
    }

    private sealed class RecordingPipe : MessagePipe
    {
        public Channel<string> Sent { get; } = Channel.CreateUnbounded<string>();

        public Channel<string> Coming { get; } = Channel.CreateUnbounded<string>();

        public override async Task SendAsync(string message, CancellationToken cancellationToken = default) => await Sent.Writer.WriteAsync(message, cancellationToken);

        public override async Task<string?> ReceiveAsync(CancellationToken cancellationToken = default) => await Coming.Reader.ReadAsync(cancellationToken);

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private static IConfigObject Extension(int i) => new Extension
    {
        Key = $"{1000 + i}", Name = $"Phone {i}", Number = $"{1000 + i}", Site = "paris",
        Devices = [new Device { Key = "phone", UserName = $"{1000 + i}", Password = new Secret(Company.Password) }],
    };
}
