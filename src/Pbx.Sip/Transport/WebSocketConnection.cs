using System.Net.WebSockets;
using System.Text.Unicode;
using Pbx.Sip.Messages;

namespace Pbx.Sip.Transport;

/// <summary>
/// A connection over a WebSocket (RFC 7118): each of its messages is one SIP message, whatever frames it comes in. The HTTP server that
/// accepted the socket waits for <see cref="IConnection.Completion"/>.
/// </summary>
internal sealed class WebSocketConnection : Connection
{
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(1);

    private readonly WebSocket socket;

    private WebSocketConnection(Flow flow, WebSocket socket, ConnectionServices services)
        : base(flow, services) => this.socket = socket;

    /// <summary>Begins to send and receive.</summary>
    public static WebSocketConnection Start(Flow flow, WebSocket socket, ConnectionServices services)
    {
        var connection = new WebSocketConnection(flow, socket, services);
        connection.Begin();
        return connection;
    }

    /// <inheritdoc/>
    protected override Task CarryAsync() => RunAsync(SendAsync(), ReceiveLoopAsync());

    private async Task SendAsync()
    {
        await SendLoopAsync(WriteAsync, _ => Task.CompletedTask).ConfigureAwait(false);
        if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived)) return;
        using var limit = new CancellationTokenSource(FarewellTime, Time);
        try
        {
            await socket.CloseOutputAsync(Reason is CloseReason.NotSip ? WebSocketCloseStatus.ProtocolError : WebSocketCloseStatus.NormalClosure, null, limit.Token)
                .ConfigureAwait(false);
        }
        catch (Exception exception) when (IsOfTheNetwork(exception))
        {
            // It hears no farewell: it is gone.
        }
    }

    /// <summary>RFC 7118 §4.1: as text where it is text, for browsers give that to scripts as it is.</summary>
    private ValueTask WriteAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        socket.SendAsync(message, Utf8.IsValid(message.Span) ? WebSocketMessageType.Text : WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);

    private async Task ReceiveLoopAsync()
    {
        var buffer = new byte[4096];
        var filled = 0;
        try
        {
            while (IsListening)
            {
                if (filled == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
                var part = await socket.ReceiveAsync(buffer.AsMemory(filled), Closing).ConfigureAwait(false);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    Close(CloseReason.PeerClosed);
                    return;
                }
                NoteTraffic();
                filled += part.Count;
                if (filled > Options.Limits.MessageBytes) Close(CloseReason.NotSip);
                else if (part.EndOfMessage)
                {
                    Take(buffer.AsSpan(0, filled));
                    filled = 0;
                    if (buffer.Length > 16384) buffer = new byte[4096];
                }
                NoteUnfinished(!part.EndOfMessage, anew: false);
            }
        }
        catch (Exception exception) when (IsOfTheNetwork(exception))
        {
            // The peer is gone, or we are closing: either way this is its end.
            Close(CloseReason.Broken);
        }
    }

    private void Take(ReadOnlySpan<byte> message)
    {
        if (message.SequenceEqual(SipFramer.Ping)) Send(SipFramer.Pong.ToArray());
        else if (message.ContainsAnyExcept((byte)'\r', (byte)'\n')) Take(SipValidator.ParseAndJudge(message, Options.Limits), isLast: false);
    }
}
