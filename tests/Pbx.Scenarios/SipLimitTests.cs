using System.Net;
using System.Net.Sockets;
using System.Text;
using Pbx.Core.Common;
using Pbx.Core.Extensions;
using Pbx.Core.Settings;
using Pbx.Core.Trunks;
using Pbx.Testing.Audio;
using Pbx.Testing.Peers;

namespace Pbx.Scenarios;

/// <summary>A server whose limits of SIP are all set, and set low.</summary>
public sealed class LimitedServer : IAsyncLifetime
{
    /// <summary>The server.</summary>
    public PbxProcess Pbx { get; private set; } = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Pbx = await PbxProcess.StartAsync(new Dictionary<string, string>
        {
            ["PBX__Sip__Limits__MessageBytes"] = "2000", ["PBX__Sip__Limits__Headers"] = "30", ["PBX__Sip__Limits__HeaderBytes"] = "600",
            ["PBX__Sip__Limits__Connections"] = "12", ["PBX__Sip__Limits__ConnectionsPerAddress"] = "4",
            ["PBX__Sip__Limits__FirstMessageSeconds"] = "3", ["PBX__Sip__Limits__IdleSeconds"] = "30",
            ["PBX__Sip__Limits__FailuresPerAddress"] = "2", ["PBX__Sip__Limits__BanSeconds"] = "86400",
            ["PBX__Http__ConnectionsPerAddress"] = "20",
        });
        await Pbx.ApplyAsync(Company.Create().Select(item => item switch
        {
            SystemSettings settings => settings with { MaxContacts = 2 },
            Extension { Key: "102" } extension => extension with { Devices = [Device("102"), Device("102b"), Device("102c")] },
            Trunk trunk => trunk with { MaxCalls = 1 },
            _ => item,
        }));
    }

    private static Device Device(string user) => new() { Key = user, UserName = user, Password = new Secret(Company.Password) };

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Pbx.DisposeAsync();
}

/// <summary>Each limit of what arrives by SIP, and of the console's connections, as its setting says, at the running process. Each test speaks from addresses of its own.</summary>
public sealed class SipLimitTests(LimitedServer server) : IClassFixture<LimitedServer>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Theory]
    [InlineData("127.0.1.1", 10, 10, 1200, 200)]
    [InlineData("127.0.1.2", 10, 10, 2100, 513)]
    [InlineData("127.0.1.3", 40, 10, 0, 400)]
    [InlineData("127.0.1.4", 1, 650, 0, 400)]
    public async Task Message_BeyondALimit_IsRefused_AndTheOneBelowIsAnswered(string address, int headers, int headerBytes, int bodyBytes, int status)
    {
        using var some = new Connections(server.Pbx.SipPort);
        var socket = await some.ConnectAsync(address);
        Assert.Equal(status, await Connections.AskAsync(socket, Options(address, ((IPEndPoint)socket.LocalEndPoint!).Port, headers, headerBytes, bodyBytes)));
    }

    [Fact]
    public async Task Connections_BeyondTheLimitOfAnAddress_AreClosed_AndAnotherAddressIsServed()
    {
        using var some = new Connections(server.Pbx.SipPort);
        for (var i = 0; i < 4; i++) Assert.Equal(200, await some.AskAsync("127.0.2.1"));
        Assert.Equal(0, await some.AskAsync("127.0.2.1"));
        Assert.Equal(200, await some.AskAsync("127.0.2.2"));
        some.Close(0);
        await server.Pbx.EventuallyAsync(async () => await some.AskAsync("127.0.2.1") == 200, "a place is free again");
    }

    [Fact]
    public async Task Connections_BeyondTheLimitOfAll_AreClosed_UntilOneIsFree()
    {
        await server.Pbx.EventuallyAsync(async () => (await server.Pbx.CountersAsync())["connections"] == 0, "those of the other tests are gone");
        using var some = new Connections(server.Pbx.SipPort);
        for (var i = 0; i < 12; i++) Assert.Equal(200, await some.AskAsync($"127.0.3.{1 + i / 4}"));
        Assert.Equal(0, await some.AskAsync("127.0.3.9"));
        some.Close(0);
        await server.Pbx.EventuallyAsync(async () => await some.AskAsync("127.0.3.9") == 200, "a place is free again");
    }

    [Fact]
    public async Task Connection_WithoutAWholeMessage_OrThatFallsSilent_IsClosed()
    {
        using var some = new Connections(server.Pbx.SipPort);
        var (silent, half, idle) = (await some.ConnectAsync("127.0.4.1"), await some.ConnectAsync("127.0.4.2"), await some.ConnectAsync("127.0.4.3"));
        await half.SendAsync(Encoding.ASCII.GetBytes("OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP"));
        Assert.Equal(200, await Connections.AskAsync(idle, "127.0.4.3"));

        Assert.True(await Connections.EndsAsync(silent), "a connection that says nothing is closed");
        Assert.True(await Connections.EndsAsync(half), "half a message is not enough");
        // The first two are long gone by now: this one had its 30 s.
        Assert.True(await Connections.EndsAsync(idle), "a connection that has fallen silent is closed");
    }

    [Fact]
    public async Task Address_AfterAsManyWrongPasswordsAsAreAllowed_IsBanned()
    {
        using var sound = TestSound.Tone(440);
        await using var guesser = await Baresip.StartAsync(new("101", server.Pbx.Server, "101", "wrong") { LocalAddress = "127.0.5.1" }, sound.Path);
        await server.Pbx.EventuallyAsync(async () =>
        {
            await guesser.RegisterAgainAsync();
            return (await server.Pbx.Api.GetStringAsync("protection/bans")).Contains("127.0.5.1", StringComparison.Ordinal);
        }, "the second wrong password bans");
    }

    [Fact]
    public async Task Registrations_BeyondTheLimitOfAnExtension_AreRefused_AndShown_UntilOneHasGone()
    {
        await using ScriptedPhone one = Phone("102"), two = Phone("102b"), three = Phone("102c");
        Assert.Equal(200, await one.RegisterAsync());
        Assert.Equal(200, await two.RegisterAsync());
        Assert.Equal(403, await three.RegisterAsync());
        await server.Pbx.EventuallyAsync(async () => (await server.Pbx.Api.GetStringAsync("live/refusals")).Contains("tooManyContacts", StringComparison.Ordinal), "the refusal is shown");
        Assert.Equal(200, await one.RegisterAsync(expires: 0));
        Assert.Equal(200, await three.RegisterAsync());
        await server.Pbx.EventuallyAsync(async () => !(await server.Pbx.Api.GetStringAsync("live/refusals")).Contains("tooManyContacts", StringComparison.Ordinal), "it is past");

        ScriptedPhone Phone(string user) => new("127.0.6.1", server.Pbx.SipPort, user, Company.Password) { Number = "102" };
    }

    [Fact]
    public async Task Calls_BeyondTheLimitOfATrunk_AreBusy_UntilOneHasEnded()
    {
        await using var provider = new ScriptedPhone("127.0.0.2", server.Pbx.SipPort, "+33612345678");
        var first = provider.Invite(Company.Number);
        await first.Established.WaitAsync(Patience);
        Assert.Equal(486, await provider.Invite(Company.Number).FinalAsync());
        first.Bye();
        await server.Pbx.EventuallyAsync(async () => (await server.Pbx.LiveAtAsync()).Length == 0, "the first call is over");
        var next = provider.Invite(Company.Number);
        await next.Established.WaitAsync(Patience);
        next.Bye();
    }

    [Fact]
    public async Task ConsoleConnections_BeyondTheLimitOfAnAddress_AreClosed_AndAnotherAddressIsServed()
    {
        var question = "GET /health/ready HTTP/1.1\r\nHost: pbx\r\n\r\n"u8.ToArray();
        using var some = new Connections(server.Pbx.Http.Port);
        for (var i = 0; i < 20; i++) await some.ConnectAsync("127.0.7.1");
        Assert.Equal("", await SaidToAsync("127.0.7.1"));
        Assert.StartsWith("HTTP/1.1 200", await SaidToAsync("127.0.7.2"), StringComparison.Ordinal);
        some.Close(0);
        await server.Pbx.EventuallyAsync(async () => (await SaidToAsync("127.0.7.1")).StartsWith("HTTP/1.1 200", StringComparison.Ordinal), "a place is free again");

        // Nothing is said to whom it is closed, be it while it connects already.
        async Task<string> SaidToAsync(string from)
        {
            try
            {
                var socket = await some.ConnectAsync(from);
                await socket.SendAsync(question);
                var buffer = new byte[1000];
                return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer));
            }
            catch (SocketException)
            {
                return "";
            }
        }
    }

    private static byte[] Options(string host, int port, int headers = 0, int headerBytes = 0, int bodyBytes = 0) => Encoding.ASCII.GetBytes(
        $"OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP {host}:{port};branch=z9hG4bK{Guid.NewGuid():n};rport\r\nMax-Forwards: 70\r\n"
        + $"From: <sip:t@127.0.0.1>;tag=1\r\nTo: <sip:127.0.0.1>\r\nCall-ID: {Guid.NewGuid():n}\r\nCSeq: 1 OPTIONS\r\n"
        + string.Concat(Enumerable.Range(0, headers).Select(i => $"X-Filler-{i}: {new string('x', headerBytes)}\r\n"))
        + $"Content-Type: text/plain\r\nContent-Length: {bodyBytes}\r\n\r\n{new string('b', bodyBytes)}");

    /// <summary>Connections over TCP from chosen addresses.</summary>
    private sealed class Connections(int port) : IDisposable
    {
        private readonly List<Socket> open = [];

        public async Task<Socket> ConnectAsync(string from)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            open.Add(socket);
            socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return socket;
        }

        /// <summary>Connects and asks; 0 when the server closes the connection instead of answering.</summary>
        public async Task<int> AskAsync(string from)
        {
            try
            {
                return await AskAsync(await ConnectAsync(from), from);
            }
            catch (SocketException)
            {
                return 0;
            }
        }

        public static Task<int> AskAsync(Socket socket, string from) => AskAsync(socket, Options(from, ((IPEndPoint)socket.LocalEndPoint!).Port));

        public static async Task<int> AskAsync(Socket socket, byte[] message)
        {
            using var patience = new CancellationTokenSource(Patience);
            await socket.SendAsync(message, patience.Token);
            var buffer = new byte[8192];
            var length = await socket.ReceiveAsync(buffer, patience.Token);
            return length == 0 ? 0 : new SipText(Encoding.ASCII.GetString(buffer, 0, length)).Status;
        }

        public static async Task<bool> EndsAsync(Socket socket)
        {
            using var patience = new CancellationTokenSource(Patience);
            var buffer = new byte[8192];
            try
            {
                while (await socket.ReceiveAsync(buffer, patience.Token) > 0)
                {
                }
                return true;
            }
            catch (SocketException)
            {
                return true;
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }

        public void Close(int number) => open[number].Dispose();

        public void Dispose() => open.ForEach(socket => socket.Dispose());
    }
}
