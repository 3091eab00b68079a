using System.Net;
using System.Net.WebSockets;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Hosting;

/// <summary>Where the HTTP server brings the WebSockets that browsers and other clients open for SIP (RFC 7118).</summary>
public interface ISipWebSockets
{
    /// <summary>The subprotocol that a client must offer and that is chosen (RFC 7118 section 3).</summary>
    const string Subprotocol = "sip";

    /// <summary>Serves an accepted socket until it is closed; false at once when there are too many connections.</summary>
    Task<bool> ServeAsync(WebSocket socket, WebSocketPeer peer);
}

/// <summary>What the HTTP server knows of a WebSocket.</summary>
/// <param name="Remote">The peer's address.</param>
/// <param name="Local">Our address that it came to.</param>
/// <param name="TlsVersion">Such as <c>TLS 1.3</c>; null: it came in clear.</param>
/// <param name="CipherSuite">IANA name of the cipher suite.</param>
public sealed record WebSocketPeer(IPEndPoint Remote, IPEndPoint Local, string? TlsVersion, string? CipherSuite);

/// <summary>Puts them into the flow table.</summary>
internal sealed class SipWebSockets(SipListeners listeners) : ISipWebSockets
{
    /// <inheritdoc/>
    public async Task<bool> ServeAsync(WebSocket socket, WebSocketPeer peer)
    {
        var security = peer.TlsVersion is null ? null : new TlsSession(peer.TlsVersion, peer.CipherSuite ?? "");
        if (listeners.Flows.Accept(socket, peer.Remote, peer.Local, security) is not { } connection) return false;
        await connection.Completion.ConfigureAwait(false);
        return true;
    }
}
