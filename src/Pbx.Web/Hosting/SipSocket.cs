using System.Net;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections.Features;
using Pbx.Sip.Hosting;

namespace Pbx.Web.Hosting;

/// <summary>
/// SIP over WebSocket (RFC 7118) at <c>/sip</c>, on every port of the console. Who registers proves itself by digest as on any transport,
/// so no session is needed; but a page of another site may not use the browser of somebody inside the network as its way in.
/// </summary>
internal static class SipSocket
{
    private const string Path = "/sip";

    /// <summary>Lets WebSockets pass. A client that answers no ping for a minute is gone.</summary>
    public static void UseSipWebSockets(this IApplicationBuilder app) => app.UseWebSockets(new WebSocketOptions
    {
        KeepAliveInterval = TimeSpan.FromSeconds(30), KeepAliveTimeout = TimeSpan.FromSeconds(30),
    });

    /// <summary>Maps the address.</summary>
    public static void MapSipWebSocket(this IEndpointRouteBuilder routes) => routes.Map(Path, ServeAsync).AllowAnonymous();

    private static async Task ServeAsync(HttpContext context)
    {
        if (Refusal(context) is { } status)
        {
            context.Response.StatusCode = status;
            return;
        }
        using var socket = await context.WebSockets.AcceptWebSocketAsync(ISipWebSockets.Subprotocol);
        if (!await context.RequestServices.GetRequiredService<ISipWebSockets>().ServeAsync(socket, PeerOf(context))) context.Abort();
    }

    private static int? Refusal(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest) return StatusCodes.Status426UpgradeRequired;
        if (!context.WebSockets.WebSocketRequestedProtocols.Contains(ISipWebSockets.Subprotocol, StringComparer.OrdinalIgnoreCase)) return StatusCodes.Status400BadRequest;
        return IsForeign(context.Request) ? StatusCodes.Status403Forbidden : null;
    }

    /// <summary>Browsers always say whose page opens a WebSocket; other programs do not, and need not.</summary>
    private static bool IsForeign(HttpRequest request) => request.Headers.Origin.ToString() is { Length: > 0 } origin
        && !(Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase));

    private static WebSocketPeer PeerOf(HttpContext context)
    {
        var connection = context.Connection;
        var tls = context.Features.Get<ITlsHandshakeFeature>();
        return new WebSocketPeer(
            new IPEndPoint(connection.RemoteIpAddress ?? IPAddress.Loopback, connection.RemotePort),
            new IPEndPoint(connection.LocalIpAddress ?? IPAddress.Loopback, connection.LocalPort),
            tls?.Protocol switch
            {
                null => null,
                SslProtocols.Tls12 => "TLS 1.2",
                SslProtocols.Tls13 => "TLS 1.3",
                var other => other.ToString(),
            },
            tls?.NegotiatedCipherSuite?.ToString());
    }
}
