using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Pbx.Sip.Diagnostics;

namespace Pbx.Sip.Transport;

/// <summary>A TCP socket that accepts connections, in clear or for TLS, into the flow table.</summary>
internal sealed class TcpListenerLoop : IDisposable
{
    private readonly Socket socket;
    private readonly SipTransport transport;
    private readonly FlowTable flows;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;

    /// <summary>Binds the socket; accepts from <see cref="Start"/> on.</summary>
    public TcpListenerLoop(SipTransport transport, IPEndPoint address, FlowTable flows, TimeProvider time, ILogger logger)
    {
        (this.transport, this.flows, this.time, this.logger) = (transport, flows, time, logger);
        socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = false;
            // After a restart connections of the last run may still linger in the kernel.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(address);
            socket.Listen(4096);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        Local = (IPEndPoint)socket.LocalEndPoint!;
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Local { get; }

    /// <summary>Begins to accept.</summary>
    public void Start() => running = Task.Run(AcceptAsync);

    /// <summary>Ends accepting.</summary>
    public async Task StopAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        socket.Dispose();
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var accepted = await socket.AcceptAsync(stopping.Token).ConfigureAwait(false);
                accepted.NoDelay = true;
                if (!flows.Accept(transport, accepted)) accepted.Dispose();
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException exception)
            {
                logger.ListenerTroubled(exception, transport.ToString().ToUpperInvariant(), Local.ToString());
                // Out of descriptors, perhaps: not in a tight circle.
                await Task.Delay(TimeSpan.FromMilliseconds(50), time).ConfigureAwait(false);
            }
        }
    }
}
