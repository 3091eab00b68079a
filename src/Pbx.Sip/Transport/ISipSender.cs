using System.Net;
using Pbx.Sip.Messages;

namespace Pbx.Sip.Transport;

/// <summary>The back door: everything that leaves goes through it. May be called from any thread; never blocks.</summary>
internal interface ISipSender
{
    /// <summary>
    /// Hands a message to the flow. False when the flow is gone or its queue is full; a failure noticed later comes as loss of the
    /// flow. A datagram that the network refuses is no failure: the next one may pass.
    /// </summary>
    bool Send(Flow flow, ReadOnlyMemory<byte> message);

    /// <summary>
    /// A flow to an address: for UDP the socket of its family, else the open connection to it or a new one, which takes messages at
    /// once and sends them when it stands. Null when we do not listen on that transport and family.
    /// </summary>
    Flow? FlowTo(SipTransport transport, IPEndPoint remote);

    /// <summary>
    /// A flow over TLS to a peer with a certificate that meets these expectations: the open connection to it or a new one. Null when we do
    /// not listen on that family, or make no TLS connections at all.
    /// </summary>
    Flow? FlowTo(TlsPeer peer, IPEndPoint remote) => null;

    /// <summary>The address that this peer is to be given for us, in Via, Contact and SDP alike: our real one in local networks, else the advertised one.</summary>
    PublicAddress AddressFor(Flow flow);

    /// <summary>
    /// Where the response to a request goes (RFC 3261 section 18.2.2, RFC 3581): back over the connection, or for UDP to the source port
    /// if rport was asked, else to the port of sent-by.
    /// </summary>
    Flow FlowForResponse(SipRequest request, Flow receivedOn);
}

/// <summary>How we are called by a peer.</summary>
/// <param name="Host">Address or name; IPv6 without brackets.</param>
/// <param name="Port">Port.</param>
/// <param name="Transport">As in Via: UDP, TCP ...</param>
internal sealed record PublicAddress(string Host, int Port, string Transport)
{
    /// <summary>Our Contact there; with sips where the peer speaks of us so (RFC 3261 §8.1.1.8, §12.1.1).</summary>
    public SipUri Contact(string? user, bool secure = false)
    {
        var contact = new SipUri(user, Host, Port, Transport == "UDP" ? default : default(SipParameters).With("transport", TransportParameter));
        return secure ? contact.WithScheme(UriScheme.Sips) : contact;
    }

    private string TransportParameter => Transport switch { "TCP" => "tcp", "TLS" => "tls", "WS" or "WSS" => "ws", _ => "udp" };
}
