using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Pbx.Sip.Diagnostics;
using Pbx.Sip.Messages;

namespace Pbx.Sip.Transport;

/// <summary>
/// A UDP socket with a thread of its own that receives: synchronous calls cost a third of asynchronous ones. Sending is done on the
/// caller's thread. Nothing that a datagram contains, and no error that the network reports of a peer, ends the loop.
/// </summary>
internal sealed class UdpListener : IDisposable
{
    private const int MostFlowsRemembered = 20_000;

    private readonly Socket socket;
    private readonly ITransportUser user;
    private readonly SipLimits limits;
    private readonly ILogger logger;
    private readonly Action<Exception> failed;
    private readonly Dictionary<SocketAddress, Flow> flows = [];
    private readonly ManualResetEventSlim stopped = new();
    private readonly Thread thread;

    /// <summary>Binds the socket; receives from <see cref="Start"/> on.</summary>
    public UdpListener(IPEndPoint address, TransportOptions options, ITransportUser user, ILogger logger, Action<Exception> failed)
    {
        (this.user, this.logger, this.failed, limits) = (user, logger, failed, options.Limits);
        socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = false;
            socket.ReceiveBufferSize = options.UdpReceiveBuffer;
            socket.SendBufferSize = 1 << 20;
            socket.Bind(address);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        Local = (IPEndPoint)socket.LocalEndPoint!;
        thread = new Thread(Receive) { Name = $"sip udp {Local}", IsBackground = true };
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Local { get; }

    /// <summary>Begins to receive.</summary>
    public void Start() => thread.Start();

    /// <summary>Sends a datagram. That the network refuses one is no failure: the next may pass, and transactions repeat it.</summary>
    public void Send(Flow flow, ReadOnlySpan<byte> message)
    {
        try
        {
            socket.SendTo(message, SocketFlags.None, flow.RemoteSocketAddress);
        }
        catch (SocketException)
        {
            // An ICMP error of an earlier datagram, no route, a full buffer: never held against the peer.
        }
        catch (ObjectDisposedException)
        {
            // We are stopping.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stopped.Set();
        socket.Dispose();
        if (thread.IsAlive && thread != Thread.CurrentThread) thread.Join();
        stopped.Dispose();
    }

    private void Receive()
    {
        var buffer = GC.AllocateArray<byte>(65536, pinned: true);
        var sender = new SocketAddress(socket.AddressFamily);
        while (!stopped.IsSet)
        {
            try
            {
                sender.Size = sender.Buffer.Length;
                var length = socket.ReceiveFrom(buffer.AsSpan(), SocketFlags.None, sender);
                // Two bytes of CRLF, four of a keep-alive (RFC 5626 section 3.5.1), or one zero: pings without a question.
                if (length > 4) Take(buffer.AsSpan(0, length), FlowOf(sender));
            }
            catch (SocketException exception) when (!stopped.IsSet)
            {
                Trouble(exception);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever a datagram makes of us, the next one is read.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failed(exception);
            }
        }
    }

    private void Take(ReadOnlySpan<byte> datagram, Flow flow)
    {
        var result = SipValidator.ParseAndJudge(datagram, limits);
        if (result.Message is { } message) message.Source = flow.Remote;
        user.OnReceived(result, flow);
    }

    private Flow FlowOf(SocketAddress sender)
    {
        if (flows.TryGetValue(sender, out var flow)) return flow;
        if (flows.Count >= MostFlowsRemembered) flows.Clear();
        var key = new SocketAddress(sender.Family, sender.Size);
        sender.Buffer[..sender.Size].CopyTo(key.Buffer);
        flow = new Flow(SipTransport.Udp, (IPEndPoint)Local.Create(key), Local);
        return flows[key] = flow;
    }

    private void Trouble(SocketException exception)
    {
        // Reports of unreachable peers come here too; they are about somebody, not about the socket.
        if (exception.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionRefused or SocketError.HostUnreachable
            or SocketError.NetworkUnreachable or SocketError.TimedOut or SocketError.Interrupted) return;
        logger.ListenerTroubled(exception, "UDP", Local.ToString());
        stopped.Wait(TimeSpan.FromMilliseconds(20));
    }
}
