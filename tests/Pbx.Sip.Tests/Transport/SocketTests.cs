using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Pbx.Sip.Diagnostics;
using Pbx.Sip.Endpoint;
using Pbx.Sip.Messages;
using Pbx.Sip.Tests.Endpoint;
using Pbx.Sip.Transactions;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Tests.Transport;

/// <summary>The real sockets on 127.0.0.1 and ::1, port 0.</summary>
public sealed class SocketTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly RecordingRoom room = new(SipMethods.Invite, SipMethods.Register);
    private readonly SipStack stack = new(2, TimeProvider.System, TransactionTimes.Standard, new ShardLimits(), new OpenGate(), new SipCounters(), NullLogger.Instance);
    private readonly SipListeners listeners;
    private readonly SipSender sender;

    public SocketTests()
    {
        var options = new TransportOptions { Bind = [IPAddress.Loopback, IPAddress.IPv6Loopback], Port = 0, MaxConnectionsPerAddress = 5 };
        listeners = new SipListeners(options, stack.FrontDoor, TimeProvider.System, NullLogger.Instance, stack.OnUnhandled);
        sender = new SipSender(listeners, new OwnAddresses(options));
    }

    public ValueTask InitializeAsync()
    {
        stack.Build(sender, [room]);
        stack.Shards.Start();
        listeners.Open();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await listeners.StopAsync().WaitAsync(Patience);
        stack.Dispose();
        listeners.Dispose();
        Assert.Equal(0, stack.Counters.UnhandledExceptions);
        Assert.Equal(0, listeners.Flows.Count);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task Udp_Options_IsAnsweredAtTheSourcePortWhenRportIsAsked(string address)
    {
        using var socket = UdpSocket(address);
        await SendAsync(socket, Options("UDP", ";rport"));
        var answer = await ReceiveAsync(socket);
        Assert.StartsWith("SIP/2.0 200", answer, StringComparison.Ordinal);
        Assert.Contains($"rport={((IPEndPoint)socket.LocalEndPoint!).Port}", answer, StringComparison.Ordinal);
        Assert.Contains($"received={address}", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Udp_WithoutRport_IsAnsweredAtThePortOfSentBy()
    {
        using var asking = UdpSocket("127.0.0.1");
        using var listening = UdpSocket("127.0.0.1");
        var port = ((IPEndPoint)listening.LocalEndPoint!).Port;
        await SendAsync(asking, Options("UDP", "", $"127.0.0.1:{port}"));
        Assert.StartsWith("SIP/2.0 200", await ReceiveAsync(listening), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Udp_RubbishAndPeersThatAreGone_DoNotEndTheLoop()
    {
        var random = new Random(1);
        for (var i = 0; i < 300; i++)
        {
            using var gone = UdpSocket("127.0.0.1");
            var bytes = new byte[random.Next(0, 1500)];
            random.NextBytes(bytes);
            await gone.SendAsync(bytes);
            // Its answer meets a closed port: the kernel reports that to our socket.
            await SendAsync(gone, Options("UDP", ";rport"));
        }
        using var socket = UdpSocket("127.0.0.1");
        await SendAsync(socket, Options("UDP", ";rport"));
        Assert.StartsWith("SIP/2.0 200", await ReceiveAsync(socket), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task Tcp_MessagesInAnyPieces_AreAnsweredAndKeepAlivesToo(string address)
    {
        using var client = await ConnectAsync(address);
        var bytes = Encoding.ASCII.GetBytes("\r\n\r\n" + Options("TCP", "") + Options("TCP", "", id: "2"));
        foreach (var b in bytes) await client.GetStream().WriteAsync(new[] { b });
        var text = await ReadUntilAsync(client, text => Count(text, "SIP/2.0 200") == 2);
        Assert.StartsWith("\r\nSIP/2.0", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tcp_MessageWhoseEndCannotBeKnown_Is400AndTheConnectionCloses()
    {
        using var client = await ConnectAsync("127.0.0.1");
        var broken = Options("TCP", "").Replace("Content-Length: 0", "Content-Length: nothing", StringComparison.Ordinal);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(broken));
        Assert.StartsWith("SIP/2.0 400", await ReadUntilAsync(client, _ => false), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tcp_TooManyConnectionsFromOneAddress_AreRefused()
    {
        var clients = new List<TcpClient>();
        for (var i = 0; i < 5; i++)
        {
            var client = await ConnectAsync("127.0.0.1");
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Options("TCP", "", id: $"{i}")));
            await ReadUntilAsync(client, text => Count(text, "SIP/2.0 200") == 1);
            clients.Add(client);
        }
        using var refused = await ConnectAsync("127.0.0.1");
        Assert.Equal("", await ReadUntilAsync(refused, _ => false));
        Assert.Equal(5, listeners.Flows.Count);
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task Tcp_OutgoingRequest_MakesAConnectionAndUsesItAgain()
    {
        using var peer = new TcpListener(IPAddress.Loopback, 0);
        peer.Start();
        var target = (IPEndPoint)peer.LocalEndpoint;
        var heard = new Heard();
        Send("1", heard, target);
        Send("2", heard, target);
        using var accepted = await peer.AcceptTcpClientAsync().WaitAsync(Patience);
        var text = await ReadUntilAsync(accepted, text => Count(text, "OPTIONS ") == 2);
        foreach (var request in text.Split("\r\n\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var parsed = (SipRequest)SipValidator.ParseAndJudge(Encoding.ASCII.GetBytes(request + "\r\n\r\n")).Message!;
            Assert.Equal("TCP", parsed.Via.Transport);
            Assert.Equal(listeners.Port, parsed.Via.Port);
            await accepted.GetStream().WriteAsync(SipResponseBuilder.For(parsed, 200, "x").Build().Bytes);
        }
        Assert.Equal("200", await heard.Next().WaitAsync(Patience));
        Assert.Equal("200", await heard.Next().WaitAsync(Patience));
    }

    [Fact]
    public async Task Tcp_NobodyListens_TheRequestFails()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var target = (IPEndPoint)taken.LocalEndpoint;
        taken.Stop();
        var heard = new Heard();
        Send("1", heard, target);
        Assert.Equal("TransportFailed", await heard.Next().WaitAsync(Patience));
    }

    [Fact]
    public async Task Tcp_PeerClosesBeforeItAnswers_TheRequestFails()
    {
        using var peer = new TcpListener(IPAddress.Loopback, 0);
        peer.Start();
        var heard = new Heard();
        Send("1", heard, (IPEndPoint)peer.LocalEndpoint);
        using (var accepted = await peer.AcceptTcpClientAsync().WaitAsync(Patience))
            await ReadUntilAsync(accepted, text => Count(text, "OPTIONS ") == 1);
        Assert.Equal("TransportFailed", await heard.Next().WaitAsync(Patience));
    }

    [Theory]
    [InlineData("192.168.1.5", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("198.51.100.7", true)]
    [InlineData("203.0.113.9", false)]
    [InlineData("2001:db8::1", true)]
    public void OwnAddress_PeerOutsideOfLocalNetworks_IsGivenTheAdvertisedOne(string peer, bool advertised)
    {
        var addresses = new OwnAddresses(new TransportOptions { AdvertisedAddress = "pbx.example.com", LocalNetworks = [IPNetwork.Parse("203.0.113.0/24")] });
        Assert.Equal(advertised ? "pbx.example.com" : "10.1.1.1", addresses.HostFor(IPAddress.Parse(peer), IPAddress.Parse("10.1.1.1")));
    }

    [Fact]
    public void OwnAddress_ListeningOnAll_IsTheOneThatRoutingChooses() =>
        Assert.Equal("127.0.0.1", new OwnAddresses(new TransportOptions()).HostFor(IPAddress.Loopback, IPAddress.Any));

    private void Send(string id, Heard heard, IPEndPoint target)
    {
        var endpoint = stack.Endpoints[0];
        var builder = SipRequestBuilder.Create(SipMethods.Options, new SipUri(null, target), new NameAddress(null, SipUri.Parse("sip:us@here")).WithTag("t"),
            new NameAddress(null, SipUri.Parse("sip:peer@there")), id, 1);
        endpoint.Shard.Post(() => endpoint.Transactions.Send(builder, sender.FlowTo(SipTransport.Tcp, target)!, heard));
    }

    private Socket UdpSocket(string address)
    {
        var ip = IPAddress.Parse(address);
        var socket = new Socket(ip.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(ip, 0));
        socket.Connect(ip, listeners.Port);
        return socket;
    }

    private async Task<TcpClient> ConnectAsync(string address)
    {
        var ip = IPAddress.Parse(address);
        var client = new TcpClient(ip.AddressFamily) { NoDelay = true };
        await client.ConnectAsync(ip, listeners.Port);
        return client;
    }

    private static async Task SendAsync(Socket socket, string message) => await socket.SendAsync(Encoding.ASCII.GetBytes(message));

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        var buffer = new byte[65536];
        return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer).WaitAsync(Patience));
    }

    private static async Task<string> ReadUntilAsync(TcpClient client, Predicate<string> enough)
    {
        var text = "";
        var buffer = new byte[65536];
        while (!enough(text))
        {
            var read = await client.GetStream().ReadAsync(buffer).AsTask().WaitAsync(Patience);
            if (read == 0) return text;
            text += Encoding.ASCII.GetString(buffer, 0, read);
        }
        return text;
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static string Options(string transport, string viaParameters, string sentBy = "127.0.0.1:5999", string id = "1") =>
        $"OPTIONS sip:pbx@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/{transport} {sentBy}{viaParameters};branch=z9hG4bK{Guid.NewGuid():N}\r\nMax-Forwards: 70\r\n"
        + $"From: <sip:a@a>;tag=1\r\nTo: <sip:b@b>\r\nCall-ID: {id}{Guid.NewGuid():N}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";

    private sealed class Heard : IClientTransactionUser
    {
        private readonly System.Threading.Channels.Channel<string> outcomes = System.Threading.Channels.Channel.CreateUnbounded<string>();

        public Task<string> Next() => outcomes.Reader.ReadAsync().AsTask();

        public void OnResponse(IClientTransaction transaction, SipResponse response) =>
            outcomes.Writer.TryWrite(response.Status.ToString(System.Globalization.CultureInfo.InvariantCulture));

        public void OnFailed(IClientTransaction transaction, TransactionFailure failure) => outcomes.Writer.TryWrite(failure.ToString());
    }
}
