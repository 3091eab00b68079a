using System.Net;
using Pbx.Sip.Messages;

namespace Pbx.Sip.Transport;

/// <summary>The back door over real sockets: picks the flow, writes.</summary>
internal sealed class SipSender(SipListeners listeners, OwnAddresses addresses) : ISipSender
{
    /// <inheritdoc/>
    public bool Send(Flow flow, ReadOnlyMemory<byte> message)
    {
        if (flow.Connection != 0) return listeners.Flows.Find(flow)?.Send(message) ?? false;
        if (ListenerFor(flow) is not { } listener) return false;
        listener.Send(flow, message.Span);
        return true;
    }

    /// <inheritdoc/>
    public Flow? FlowTo(SipTransport transport, IPEndPoint remote)
    {
        if (transport == SipTransport.Udp)
            return listeners.Udp.FirstOrDefault(u => u.Local.AddressFamily == remote.AddressFamily) is { } udp ? new Flow(transport, remote, udp.Local) : null;
        // A TLS connection is made only to a peer whose name is known; a WebSocket always by its client.
        if (transport != SipTransport.Tcp) return null;
        var local = listeners.Tcp.FirstOrDefault(t => t.Local.AddressFamily == remote.AddressFamily)?.Local;
        return local is null ? null : listeners.Flows.FindOrConnect(transport, remote, local);
    }

    /// <inheritdoc/>
    public Flow? FlowTo(TlsPeer peer, IPEndPoint remote)
    {
        var local = listeners.Tls.Concat(listeners.Tcp).FirstOrDefault(t => t.Local.AddressFamily == remote.AddressFamily)?.Local;
        return local is null ? null : listeners.Flows.FindOrConnect(SipTransport.Tls, remote, local, peer);
    }

    /// <inheritdoc/>
    public PublicAddress AddressFor(Flow flow) =>
        new(addresses.HostFor(flow.Remote.Address, flow.Local.Address), PortOf(flow), flow.Transport.ToString().ToUpperInvariant());

    /// <inheritdoc/>
    public Flow FlowForResponse(SipRequest request, Flow receivedOn)
    {
        if (receivedOn.Transport == SipTransport.Udp)
        {
            var address = ResponseRoute.AddressFor(request, receivedOn.Remote);
            return address.Equals(receivedOn.Remote) ? receivedOn : receivedOn with { Remote = address };
        }
        if (listeners.Flows.Find(receivedOn) is not null || receivedOn.Transport != SipTransport.Tcp) return receivedOn;
        // §18.2.2: the connection is gone, so another one is tried, to where the peer says it listens.
        return FlowTo(SipTransport.Tcp, new IPEndPoint(receivedOn.Remote.Address, request.Via.EffectivePort)) ?? receivedOn;
    }

    private int PortOf(Flow flow) => flow.Transport switch
    {
        SipTransport.Udp or SipTransport.Tcp => listeners.Port,
        SipTransport.Tls => listeners.TlsPort,
        // A WebSocket came to the HTTP server's port.
        SipTransport.Ws or SipTransport.Wss => flow.Local.Port,
    };

    private UdpListener? ListenerFor(Flow flow)
    {
        UdpListener? sameFamily = null;
        foreach (var listener in listeners.Udp)
        {
            if (listener.Local.Equals(flow.Local)) return listener;
            if (listener.Local.AddressFamily == flow.Remote.AddressFamily) sameFamily ??= listener;
        }
        return sameFamily;
    }
}
