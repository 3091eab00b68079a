using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Pbx.Testing.Peers;

namespace Pbx.Scenarios;

/// <summary>
/// Thousands of connections that say nothing, a byte a second, or half of what begins one: others are served within a second, and all of them are
/// closed. <c>PBX_HUNG=10000</c> makes it as many of each kind; as usual they are fewer where the clients of this test have handshakes to compute.
/// </summary>
[Collection(nameof(Alone))]
public sealed class HungConnectionsTests(ITestOutputHelper output)
{
    private const int Addresses = 40;

    private static readonly string HalfMessage = "OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.9;branch=z9hG4bKhalf\r\nX-Endless: ";

    [Theory]
    [InlineData("TCP", 10_000)]
    [InlineData("TLS", 10_000)]
    [InlineData("WebSocket", 1_000)]
    public async Task Connections_ThatHang_AreClosed_WhileOthersAreServedWithinASecond(string kind, int usual)
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("PBX_HUNG"), CultureInfo.InvariantCulture, out var wished) ? wished : usual;
        await using var pbx = await PbxProcess.StartAsync(new Dictionary<string, string> { ["PBX__Sip__Limits__FirstMessageSeconds"] = "15" });
        await pbx.ApplyAsync(Company.Create());
        using var root = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(await pbx.RootFileAsync()));
        await using var honest = new Honest(pbx, root);
        await honest.ProbeAsync();
        var (memory, descriptors) = (pbx.WorkingSet(), pbx.Descriptors());
        await using var crowd = new Crowd(kind, pbx, root, await FirstFlightAsync());

        var clock = Stopwatch.StartNew();
        var opening = crowd.OpenAsync(count);
        while (!opening.IsCompleted) await honest.ProbeAsync();
        await opening;
        var (opened, whileOpening) = (clock.Elapsed, honest.TakeSlowest());
        var (held, grown) = (pbx.Descriptors() - descriptors, pbx.WorkingSet() - memory);
        for (var i = 0; i < 5; i++) await honest.ProbeAsync();
        var whileHeld = honest.TakeSlowest();
        clock.Restart();
        await pbx.EventuallyAsync(() => Task.FromResult(pbx.Descriptors() < descriptors + (count / 10)), "nine of ten are closed", 60);
        var closed = clock.Elapsed;

        var figures = string.Create(CultureInfo.InvariantCulture,
            $"{kind}: {count} opened in {opened.TotalSeconds:0.0} s, {held} held at once, {grown / 1024.0 / Math.Max(1, held):0} kB each; slowest answer while they came {whileOpening}, while they hung {whileHeld}; nine of ten closed {closed.TotalSeconds:0.0} s later");
        output.WriteLine(figures);
        Assert.True(held > count / 2, figures);
        Assert.True(grown < count * 100L * 1024, figures);
        Assert.True(whileHeld.Longest < TimeSpan.FromSeconds(1), figures);
        Assert.Equal(0, (await pbx.CountersAsync())["unhandled-exceptions"]);
    }

    /// <summary>What a client says first: captured from one whose server is silent.</summary>
    private static async Task<byte[]> FirstFlightAsync()
    {
        var silent = new SilentStream();
        await using var client = new SslStream(silent);
        var never = client.AuthenticateAsClientAsync("127.0.0.1");
        while (silent.Written.Length == 0) await Task.Delay(10);
        _ = never.ContinueWith(ended => _ = ended.Exception, TaskScheduler.Default);
        return silent.Written;
    }

    /// <summary>The slowest answers.</summary>
    private sealed record Slowest(TimeSpan Udp, TimeSpan Tls, TimeSpan Page)
    {
        public TimeSpan Longest => new[] { Udp, Tls, Page }.Max();

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Udp.TotalMilliseconds:0} ms by UDP, {Tls.TotalMilliseconds:0} ms by a new TLS connection, {Page.TotalMilliseconds:0} ms of a page");
    }

    /// <summary>A registered phone, somebody who connects by TLS, somebody who opens a page: each time anew.</summary>
    private sealed class Honest : IAsyncDisposable
    {
        private readonly PbxProcess pbx;
        private readonly X509Certificate2 root;
        private readonly ScriptedPhone phone;
        private readonly HttpClient browser;
        private Slowest slowest = new(default, default, default);

        public Honest(PbxProcess pbx, X509Certificate2 root)
        {
            (this.pbx, this.root) = (pbx, root);
            phone = new ScriptedPhone("127.0.0.6", pbx.SipPort, "102", Company.Password);
            browser = new HttpClient(new SocketsHttpHandler
            {
                PooledConnectionLifetime = TimeSpan.Zero,
                SslOptions = new SslClientAuthenticationOptions
                {
                    CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { root }, RevocationMode = X509RevocationMode.NoCheck },
                },
            }) { Timeout = TimeSpan.FromSeconds(30) };
        }

        public async Task ProbeAsync()
        {
            var udp = await TimeAsync(async () => Assert.Equal(200, await phone.RegisterAsync()));
            var tls = await TimeAsync(async () =>
            {
                await using var pipe = await MessagePipe.ConnectTlsAsync("127.0.0.1", pbx.TlsPort, root);
                await pipe.SendAsync(Draft.Options("TLS"));
                Assert.Equal(200, new SipText((await pipe.ReceiveAsync())!).Status);
            });
            var page = await TimeAsync(async () => Assert.Contains("<html", await browser.GetStringAsync(new Uri(pbx.Https, "/signin")), StringComparison.Ordinal));
            slowest = new(Max(slowest.Udp, udp), Max(slowest.Tls, tls), Max(slowest.Page, page));
        }

        public Slowest TakeSlowest()
        {
            var taken = slowest;
            slowest = new(default, default, default);
            return taken;
        }

        public async ValueTask DisposeAsync()
        {
            browser.Dispose();
            await phone.DisposeAsync();
        }

        private static async Task<TimeSpan> TimeAsync(Func<Task> what)
        {
            var clock = Stopwatch.StartNew();
            await what();
            return clock.Elapsed;
        }

        private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
    }

    /// <summary>Those who hang, from many addresses.</summary>
    private sealed class Crowd(string kind, PbxProcess pbx, X509Certificate2 root, byte[] firstFlight) : IAsyncDisposable
    {
        private const int AtOnce = 8;

        private readonly List<Stream> open = [];
        private readonly List<(Stream Stream, byte[] Text)> slow = [];
        private readonly Lock gate = new();
        private readonly CancellationTokenSource stop = new();
        private Task trickling = Task.CompletedTask;

        public Task OpenAsync(int count)
        {
            trickling = TrickleAsync();
            return Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, token) => await OpenOneAsync(i, token));
        }

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await trickling;
            foreach (var stream in open) await stream.DisposeAsync();
        }

        private async Task OpenOneAsync(int number, CancellationToken cancellation)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Parse($"127.0.2.{1 + (number % Addresses)}"), 0));
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, kind switch { "TCP" => pbx.SipPort, "TLS" => pbx.TlsPort, _ => pbx.Https.Port }), cancellation);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            lock (gate) open.Add(stream);
            try
            {
                await HangAsync(stream, number, cancellation);
            }
            catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
            {
                // The server has had enough of it already.
            }
        }

        private async Task HangAsync(Stream stream, int number, CancellationToken cancellation)
        {
            var start = kind == "TCP" ? Encoding.ASCII.GetBytes(HalfMessage) : firstFlight;
            // One of five of a WebSocket gets through the handshake and asks for half an upgrade; one has a whole one, and then nothing to say.
            var stage = number % (kind == "WebSocket" ? 5 : 3);
            if (stage == 1) lock (gate) slow.Add((stream, start));
            if (stage == 2) await stream.WriteAsync(start, cancellation);
            if (stage < 3) return;
            var secure = new SslStream(stream);
            lock (gate) open.Add(secure);
            var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { root }, RevocationMode = X509RevocationMode.NoCheck };
            await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "127.0.0.1", CertificateChainPolicy = trust }, cancellation);
            await secure.WriteAsync(Encoding.ASCII.GetBytes(stage == 3 ? RawWebSocket.Upgrade[..60] : RawWebSocket.Upgrade), cancellation);
        }

        private async Task TrickleAsync()
        {
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
            var second = 0;
            try
            {
                while (await timer.WaitForNextTickAsync(stop.Token))
                {
                    List<(Stream Stream, byte[] Text)> all;
                    lock (gate) all = [.. slow];
                    foreach (var (stream, text) in all) await TrickleAsync(stream, text[second % text.Length]);
                    second++;
                }
            }
            catch (OperationCanceledException)
            {
                // The test is over.
            }
        }

        private static async Task TrickleAsync(Stream stream, byte octet)
        {
            try
            {
                await stream.WriteAsync(new[] { octet });
            }
            catch (IOException)
            {
                // Closed by the server.
            }
        }
    }

    private sealed class SilentStream : Stream
    {
        private readonly TaskCompletionSource<int> never = new();

        public byte[] Written { get; private set; } = [];

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => await never.Task;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Written = [.. Written, .. buffer.Span];
            return ValueTask.CompletedTask;
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => Written = [.. Written, .. buffer.AsSpan(offset, count)];

        protected override void Dispose(bool disposing)
        {
            never.TrySetResult(0);
            base.Dispose(disposing);
        }
    }
}
