using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Pbx.Sip.Diagnostics;
using Pbx.Sip.Endpoint;
using Pbx.Sip.Hosting;
using Pbx.Sip.Messages;
using Pbx.Sip.Tests.Endpoint;
using Pbx.Sip.Transactions;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Tests.Transport;

/// <summary>SIP over WebSocket frames on 127.0.0.1; the HTTP upgrade before them belongs to the tests of the web.</summary>
public sealed class WebSocketTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly RecordingRoom room = new(SipMethods.Register);
    private readonly SipStack stack = new(2, TimeProvider.System, TransactionTimes.Standard, new ShardLimits(), new OpenGate(), new SipCounters(), NullLogger.Instance);
    private readonly SipListeners listeners;
    private readonly SipSender sender;

    public WebSocketTests()
    {
        var options = new TransportOptions { Bind = [IPAddress.Loopback], Port = 0, MaxConnectionsPerAddress = 3 };
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
    [InlineData(WebSocketMessageType.Text, 10_000)]
    [InlineData(WebSocketMessageType.Binary, 10_000)]
    [InlineData(WebSocketMessageType.Text, 1)]
    [InlineData(WebSocketMessageType.Text, 100)]
    public async Task Message_InOneFrameOrMany_IsAnsweredInOneTextFrame(WebSocketMessageType type, int frame)
    {
        var (client, _) = await OpenAsync();
        await SendAsync(client, Options(), type, frame);
        await SendAsync(client, Options(), type, frame);
        Assert.StartsWith("SIP/2.0 200", await ReceiveAsync(client), StringComparison.Ordinal);
        Assert.StartsWith("SIP/2.0 200", await ReceiveAsync(client), StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeepAlive_IsAnswered_EmptyMessagesAreNot()
    {
        var (client, _) = await OpenAsync();
        await SendAsync(client, "");
        await SendAsync(client, "\r\n");
        await SendAsync(client, "\r\n\r\n");
        Assert.Equal("\r\n", await ReceiveAsync(client));
    }

    [Fact]
    public async Task Request_OfOurs_GoesBackOverTheSocketToAContactThatNoDnsKnows()
    {
        var came = new TaskCompletionSource<IServerTransaction>(TaskCreationOptions.RunContinuationsAsynchronously);
        room.OnRequest = came.SetResult;
        var (client, _) = await OpenAsync(new TlsSession("TLS 1.3", "TLS_AES_256_GCM_SHA384"));
        await SendAsync(client, Options("REGISTER"));
        var registered = await came.Task.WaitAsync(Patience);
        Assert.Equal(SipTransport.Wss, registered.Flow.Transport);

        stack.Endpoints[0].Shard.Post(() => stack.Endpoints[0].Transactions.Send(SipRequestBuilder.Create(SipMethods.Options, SipUri.Parse("sip:a@k3j2.invalid;transport=ws"),
            new NameAddress(null, SipUri.Parse("sip:us@here")).WithTag("t"), new NameAddress(null, SipUri.Parse("sip:peer@there")), "back", 1)
            .Contact(sender.AddressFor(registered.Flow).Contact("us")), registered.Flow, new Nobody()));

        var request = await ReceiveAsync(client);
        Assert.StartsWith("OPTIONS sip:a@k3j2.invalid;transport=ws SIP/2.0\r\n", request, StringComparison.Ordinal);
        Assert.Contains("Via: SIP/2.0/WSS 127.0.0.1:", request, StringComparison.Ordinal);
        Assert.Contains(";transport=ws>", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_TooLargeOrNoSip_ClosesTheSocketAndNothingElse()
    {
        foreach (var (text, _) in ((string, int)[])[(new string('x', 70_000), 0), ("hello", 0)])
        {
            var (client, served) = await OpenAsync();
            await SendAsync(client, text);
            Assert.Null(await ReceiveAsync(client));
            Assert.True(await served.WaitAsync(Patience));
        }
    }

    [Fact]
    public async Task Socket_ClosedByEitherSide_LosesItsFlow()
    {
        var (client, served) = await OpenAsync();
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default).WaitAsync(Patience);
        Assert.True(await served.WaitAsync(Patience));

        var (gone, servedGone) = await OpenAsync();
        gone.Abort();
        Assert.True(await servedGone.WaitAsync(Patience));
    }

    [Fact]
    public async Task Sockets_TooManyFromOneAddress_AreRefused()
    {
        // Kept: a socket that nobody refers to any more is closed by the collector.
        var clients = new List<WebSocket>();
        for (var i = 0; i < 3; i++)
        {
            var (client, _) = await OpenAsync();
            clients.Add(client);
            await SendAsync(client, Options());
            await ReceiveAsync(client);
        }
        var (_, refused) = await OpenAsync();
        Assert.False(await refused.WaitAsync(Patience));
        clients.ForEach(client => client.Dispose());
    }

    private async Task<(WebSocket Client, Task<bool> Served)> OpenAsync(TlsSession? security = null)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var outer = new TcpClient();
        await outer.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        var accepted = await listener.AcceptTcpClientAsync();
        var server = WebSocket.CreateFromStream(accepted.GetStream(), new WebSocketCreationOptions { IsServer = true, SubProtocol = "sip" });
        var peer = new WebSocketPeer((IPEndPoint)accepted.Client.RemoteEndPoint!, (IPEndPoint)accepted.Client.LocalEndPoint!, security?.Version, security?.CipherSuite);
        return (WebSocket.CreateFromStream(outer.GetStream(), new WebSocketCreationOptions { SubProtocol = "sip" }), new SipWebSockets(listeners).ServeAsync(server, peer));
    }

    private static async Task SendAsync(WebSocket client, string text, WebSocketMessageType type = WebSocketMessageType.Text, int frame = 100_000)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        var sent = 0;
        do
        {
            var part = Math.Min(frame, bytes.Length - sent);
            await client.SendAsync(bytes.AsMemory(sent, part), type, sent + part == bytes.Length, default).AsTask().WaitAsync(Patience);
            sent += part;
        }
        while (sent < bytes.Length);
    }

    /// <summary>The next message; null when the socket was closed.</summary>
    private static async Task<string?> ReceiveAsync(WebSocket client)
    {
        var buffer = new byte[65536];
        var result = await client.ReceiveAsync(buffer.AsMemory(), default).AsTask().WaitAsync(Patience);
        return result.MessageType == WebSocketMessageType.Close ? null : Encoding.ASCII.GetString(buffer, 0, result.Count);
    }

    private static string Options(string method = "OPTIONS") =>
        $"{method} sip:pbx@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/WSS k3j2.invalid;branch=z9hG4bK{Guid.NewGuid():N}\r\nMax-Forwards: 70\r\n"
        + $"From: <sip:a@a>;tag=1\r\nTo: <sip:b@b>\r\nCall-ID: {Guid.NewGuid():N}\r\nCSeq: 1 {method}\r\nContent-Length: 0\r\n\r\n";

    private sealed class Nobody : IClientTransactionUser
    {
        public void OnResponse(IClientTransaction transaction, SipResponse response)
        {
        }

        public void OnFailed(IClientTransaction transaction, TransactionFailure failure)
        {
        }
    }
}
