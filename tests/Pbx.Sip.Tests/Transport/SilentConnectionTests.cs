using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Pbx.Sip.Messages;
using Pbx.Sip.Transport;
using Pbx.Testing;

namespace Pbx.Sip.Tests.Transport;

/// <summary>Who is closed because nothing came, over real sockets and in a time of ours.</summary>
public sealed class SilentConnectionTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FakeClock clock = new();
    private readonly LostFlows lost = new();
    private readonly FlowTable flows;
    private readonly TcpListener provider = new(IPAddress.Loopback, 0);

    public SilentConnectionTests() => flows = new FlowTable(lost, new TransportOptions(), clock, NullLogger.Instance, _ => { });

    public ValueTask InitializeAsync()
    {
        provider.Start();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await flows.StopAsync();
        flows.Dispose();
        provider.Dispose();
    }

    [Fact]
    public async Task NothingComes_TheStrangersConnectionIsClosed_OurOwnToAProviderStays()
    {
        var ours = flows.FindOrConnect(SipTransport.Tcp, (IPEndPoint)provider.LocalEndpoint, new IPEndPoint(IPAddress.Loopback, 0))!;
        using var atProvider = await provider.AcceptSocketAsync();
        // Accepted there, it may not stand here yet; once something has come through, it does.
        flows.Find(ours)!.Send("\r\n\r\n"u8.ToArray());
        await atProvider.ReceiveAsync(new byte[4]).WaitAsync(Patience);
        using var stranger = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var accepting = provider.AcceptSocketAsync();
        await stranger.ConnectAsync(provider.LocalEndpoint);
        Assert.True(flows.Accept(SipTransport.Tcp, await accepting));

        clock.Advance(new TransportOptions().FirstMessageTimeout + TimeSpan.FromSeconds(10));

        var closed = await lost.First.Task.WaitAsync(Patience);
        Assert.Equal(((IPEndPoint)stranger.LocalEndPoint!).Port, closed.Remote.Port);
        Assert.NotNull(flows.Find(ours));
        Assert.Equal(1, flows.Count);
    }

    private sealed class LostFlows : ITransportUser
    {
        public TaskCompletionSource<Flow> First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void OnReceived(SipParseResult result, Flow flow)
        {
        }

        public void OnFlowLost(Flow flow) => First.TrySetResult(flow);
    }
}
