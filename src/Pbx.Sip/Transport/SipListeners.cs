using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Pbx.Sip.Diagnostics;

namespace Pbx.Sip.Transport;

/// <summary>All sockets that we listen on: opens them together or not at all, and closes them together.</summary>
internal sealed class SipListeners : IDisposable
{
    private const int PortAttempts = 20;

    private readonly List<UdpListener> udp = [];
    private readonly List<TcpListenerLoop> tcp = [];
    private readonly List<TcpListenerLoop> tls = [];
    private readonly TransportOptions options;
    private readonly ITransportUser user;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Action<Exception> failed;
    private readonly bool listensForTls;

    /// <summary>
    /// Listeners as the options say; nothing is open yet. <paramref name="certificate"/> gives the one that serves now; without it TLS is
    /// not listened on.
    /// </summary>
    public SipListeners(TransportOptions options, ITransportUser user, TimeProvider time, ILogger logger, Action<Exception> failed,
        Func<bool, SslStreamCertificateContext?>? certificate = null)
    {
        (this.options, this.user, this.time, this.logger, this.failed) = (options, user, time, logger, failed);
        Flows = new FlowTable(user, options, time, logger, failed, certificate);
        listensForTls = options.TlsPort is not null && certificate is not null;
    }

    /// <summary>The connections.</summary>
    public FlowTable Flows { get; }

    /// <summary>The UDP sockets.</summary>
    public IReadOnlyList<UdpListener> Udp => udp;

    /// <summary>The TCP sockets.</summary>
    public IReadOnlyList<TcpListenerLoop> Tcp => tcp;

    /// <summary>The sockets for TLS.</summary>
    public IReadOnlyList<TcpListenerLoop> Tls => tls;

    /// <summary>The port of UDP and TCP, once open.</summary>
    public int Port => udp[0].Local.Port;

    /// <summary>The port of TLS, once open; its usual one when it is not listened on.</summary>
    public int TlsPort => tls.Count > 0 ? tls[0].Local.Port : 5061;

    /// <summary>Opens all and begins to receive. Throws when an address cannot be bound; then none is open.</summary>
    public void Open()
    {
        try
        {
            for (var attempt = 1; !TryBind(attempt == PortAttempts); attempt++) CloseSockets();
        }
        catch
        {
            CloseSockets();
            throw;
        }
        foreach (var listener in udp)
        {
            listener.Start();
            logger.Listening("UDP", listener.Local.ToString());
        }
        foreach (var listener in tcp)
        {
            listener.Start();
            logger.Listening("TCP", listener.Local.ToString());
        }
        foreach (var listener in tls)
        {
            listener.Start();
            logger.Listening("TLS", listener.Local.ToString());
        }
    }

    /// <summary>Takes no more connections, lets what is queued leave, closes all.</summary>
    public async Task StopAsync()
    {
        foreach (var listener in (IEnumerable<TcpListenerLoop>)[.. tcp, .. tls]) await listener.StopAsync().ConfigureAwait(false);
        await Flows.StopAsync().ConfigureAwait(false);
        CloseSockets();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        CloseSockets();
        Flows.Dispose();
    }

    /// <summary>Binds all to one port, and TLS to its own; with port 0 the first socket chooses it, and another is tried when the others cannot have it.</summary>
    private bool TryBind(bool lastAttempt)
    {
        var (port, tlsPort) = (options.Port, options.TlsPort ?? 0);
        foreach (var address in options.Bind)
        {
            try
            {
                var listener = new UdpListener(new IPEndPoint(address, port), options, user, logger, failed);
                udp.Add(listener);
                port = listener.Local.Port;
                tcp.Add(new TcpListenerLoop(SipTransport.Tcp, new IPEndPoint(address, port), Flows, time, logger));
                if (!listensForTls) continue;
                tls.Add(new TcpListenerLoop(SipTransport.Tls, new IPEndPoint(address, tlsPort), Flows, time, logger));
                tlsPort = tls[^1].Local.Port;
            }
            catch (SocketException exception) when ((options.Port == 0 || options.TlsPort == 0) && !lastAttempt && exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                return false;
            }
        }
        return true;
    }

    private void CloseSockets()
    {
        foreach (var listener in udp) listener.Dispose();
        foreach (var listener in (IEnumerable<TcpListenerLoop>)[.. tcp, .. tls]) listener.Dispose();
        udp.Clear();
        tcp.Clear();
        tls.Clear();
    }
}
