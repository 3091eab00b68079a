using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using Microsoft.Extensions.Logging;
using Pbx.Sip.Diagnostics;
using Pbx.Sip.Network;

namespace Pbx.Sip.Transport;

/// <summary>
/// The open connections, by number and by peer: whom one reaches (RFC 5626). Keeps their limits and closes those that are silent or idle.
/// From any thread.
/// </summary>
internal sealed class FlowTable : IDisposable
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<long, IConnection> byNumber = new();
    private readonly ConcurrentDictionary<(SipTransport Transport, IPEndPoint Remote, TlsPeer? Peer), IConnection> byRemote = new();
    private readonly ConnectionShares shares;
    private readonly Lock gate = new();
    private readonly ConnectionServices services;
    private readonly ILogger logger;
    private readonly TlsServer? tls;
    private readonly ITimer sweep;
    private long lastNumber;
    private bool stopped;

    /// <summary>An empty table that tells the user of messages and of lost flows; with a certificate it accepts TLS.</summary>
    public FlowTable(ITransportUser user, TransportOptions options, TimeProvider time, ILogger logger, Action<Exception> failed,
        Func<bool, SslStreamCertificateContext?>? certificate = null)
    {
        this.logger = logger;
        services = new ConnectionServices(user, options, time, failed, _ => { });
        tls = certificate is null ? null : new TlsServer(certificate, options.HandshakesAtOnce);
        shares = new ConnectionShares(time);
        sweep = time.CreateTimer(_ => Sweep(), null, SweepInterval, SweepInterval);
    }

    /// <summary>Open connections.</summary>
    public int Count => byNumber.Count;

    private TransportOptions Options => services.Options;

    /// <summary>The connection of a flow, or null when it is closed.</summary>
    public IConnection? Find(Flow flow) => byNumber.GetValueOrDefault(flow.Connection);

    /// <summary>Takes an accepted socket; refuses it when there are too many.</summary>
    public bool Accept(SipTransport transport, Socket socket)
    {
        var remote = Unmapped((IPEndPoint)socket.RemoteEndPoint!);
        if (!Reserve(remote.Address)) return false;
        var flow = NewFlow(transport, remote, Unmapped((IPEndPoint)socket.LocalEndPoint!));
        Add(flow, null, closed => StreamConnection.Start(flow, token => OpenAsync(flow, socket, token), Options.HandshakeTimeout, closed));
        return true;
    }

    /// <summary>Takes a WebSocket that the HTTP server accepted; null when there are too many.</summary>
    public IConnection? Accept(WebSocket socket, IPEndPoint remote, IPEndPoint local, TlsSession? security)
    {
        remote = Unmapped(remote);
        if (!Reserve(remote.Address)) return null;
        var flow = NewFlow(security is null ? SipTransport.Ws : SipTransport.Wss, remote, Unmapped(local));
        flow.Security = security;
        return Add(flow, null, closed => WebSocketConnection.Start(flow, socket, closed));
    }

    /// <summary>
    /// The open connection to a peer, or a new one that is being made; null when there are too many. Over TLS only with expectations of
    /// the peer.
    /// </summary>
    public Flow? FindOrConnect(SipTransport transport, IPEndPoint remote, IPEndPoint local, TlsPeer? peer = null)
    {
        if (byRemote.TryGetValue((transport, remote, peer), out var open)) return open.Flow;
        lock (gate)
        {
            if (byRemote.TryGetValue((transport, remote, peer), out open)) return open.Flow;
            if (!Reserve(remote.Address)) return null;
            var flow = NewFlow(transport, remote, local) with { IsOurs = true };
            return Add(flow, peer, closed => StreamConnection.Start(flow, token => ConnectAsync(flow, peer, token), Options.ConnectTimeout, closed)).Flow;
        }
    }

    /// <summary>Closes all, letting what is queued leave, and takes no more.</summary>
    public async Task StopAsync()
    {
        lock (gate) stopped = true;
        var all = byNumber.Values.ToList();
        foreach (var connection in all) connection.Close(CloseReason.Stopping);
        await Task.WhenAll(all.Select(connection => connection.Completion)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        sweep.Dispose();
    }

    private Flow NewFlow(SipTransport transport, IPEndPoint remote, IPEndPoint local) =>
        new(transport, remote, local, Interlocked.Increment(ref lastNumber));

    private Task<Stream> OpenAsync(Flow flow, Socket accepted, CancellationToken cancellationToken) => flow.Transport == SipTransport.Tls
        ? tls!.AuthenticateAsync(accepted, flow, cancellationToken)
        : Task.FromResult<Stream>(new NetworkStream(accepted, ownsSocket: true));

    private IConnection Add(Flow flow, TlsPeer? peer, Func<ConnectionServices, IConnection> start)
    {
        lock (gate)
        {
            // Within the lock: a connection that dies at once is removed after it was added.
            var connection = start(services with { Closed = connection => Remove(connection, peer) });
            byNumber[flow.Connection] = connection;
            byRemote[(flow.Transport, flow.Remote, peer)] = connection;
            if (!flow.IsOurs) shares.Add(connection);
            return connection;
        }
    }

    private void Remove(IConnection connection, TlsPeer? peer)
    {
        var flow = connection.Flow;
        lock (gate)
        {
            byNumber.TryRemove(flow.Connection, out _);
            byRemote.TryRemove(new((flow.Transport, flow.Remote, peer), connection));
            shares.Release(Source.Of(flow.Remote.Address));
        }
        if (logger.IsEnabled(LogLevel.Debug)) logger.ConnectionClosed(flow.ToString(), flow.Trouble ?? connection.Reason.ToString());
        services.User.OnFlowLost(flow);
    }

    private bool Reserve(IPAddress peer)
    {
        lock (gate)
        {
            if (stopped) return false;
            var source = Source.Of(peer);
            if (!HasRoomFor(source))
            {
                logger.ConnectionRefused(peer.ToString(), "too many connections");
                return false;
            }
            shares.Reserve(source);
            return true;
        }
    }

    private bool HasRoomFor(Source source)
    {
        var isFull = shares.Of(source) >= Options.MaxConnectionsPerAddress;
        if (!isFull && byNumber.Count < Options.MaxConnections) return true;
        var gives = isFull ? shares.OldestSilentOf(source) : shares.OldestSilentOfTheGreediest();
        gives?.Close(CloseReason.Silent);
        return gives is not null;
    }

    private void Sweep()
    {
        lock (gate) shares.Tidy();
        foreach (var connection in byNumber.Values)
        {
            if (services.Time.GetElapsedTime(connection.LastTraffic) > Options.IdleTimeout) connection.Close(CloseReason.Idle);
            // Counted from the beginning: a byte now and then is not speaking.
            else if (IsOver(connection.UnfinishedSince) || (connection is { HasSpoken: false, Flow.IsOurs: false } && IsOver(connection.OpenedAt))) connection.Close(CloseReason.Silent);
        }
    }

    private bool IsOver(long? since) => since is { } then && services.Time.GetElapsedTime(then) > Options.FirstMessageTimeout;

    private static async Task<Stream> ConnectAsync(Flow flow, TlsPeer? peer, CancellationToken cancellationToken)
    {
        var socket = new Socket(flow.Remote.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(flow.Remote, cancellationToken).ConfigureAwait(false);
            var stream = new NetworkStream(socket, ownsSocket: true);
            return peer is null ? stream : await TlsClient.AuthenticateAsync(stream, peer, flow, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static IPEndPoint Unmapped(IPEndPoint address) =>
        address.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(address.Address.MapToIPv4(), address.Port) : address;
}
