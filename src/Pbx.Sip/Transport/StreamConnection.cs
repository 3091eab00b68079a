using Pbx.Sip.Messages;

namespace Pbx.Sip.Transport;

/// <summary>
/// A connection that carries a stream of messages. Messages may be queued before it stands. What makes the stream (accepting, connecting,
/// a TLS handshake) is given from outside.
/// </summary>
internal sealed class StreamConnection : Connection
{
    private readonly Func<CancellationToken, Task<Stream>> open;
    private readonly TimeSpan openTime;

    private StreamConnection(Flow flow, Func<CancellationToken, Task<Stream>> open, TimeSpan openTime, ConnectionServices services)
        : base(flow, services) => (this.open, this.openTime) = (open, openTime);

    /// <summary>Begins to open the stream, which may take <paramref name="openTime"/>, and to run its loops.</summary>
    public static StreamConnection Start(Flow flow, Func<CancellationToken, Task<Stream>> open, TimeSpan openTime, ConnectionServices services)
    {
        var connection = new StreamConnection(flow, open, openTime, services);
        connection.Begin();
        return connection;
    }

    /// <inheritdoc/>
    protected override async Task CarryAsync()
    {
        var stream = await OpenAsync().ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            await RunAsync(SendLoopAsync(stream.WriteAsync, stream.FlushAsync), ReceiveLoopAsync(stream)).ConfigureAwait(false);
        }
    }

    private async Task<Stream> OpenAsync()
    {
        using var limit = new CancellationTokenSource(openTime, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, Closing);
        return await open(either.Token).ConfigureAwait(false);
    }

    private async Task ReceiveLoopAsync(Stream stream)
    {
        var buffer = new byte[4096];
        var filled = 0;
        try
        {
            while (IsListening)
            {
                if (filled == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
                var read = await stream.ReadAsync(buffer.AsMemory(filled), Closing).ConfigureAwait(false);
                if (read == 0)
                {
                    Close(CloseReason.PeerClosed);
                    return;
                }
                NoteTraffic();
                var before = filled + read;
                filled = TakeFrames(buffer, before);
                NoteUnfinished(filled > 0, anew: filled != before);
                if (filled == 0 && buffer.Length > 16384) buffer = new byte[4096];
            }
        }
        catch (Exception exception) when (IsOfTheNetwork(exception))
        {
            // The peer is gone, or we are closing: either way this is its end.
            Close(CloseReason.Broken);
        }
    }

    /// <summary>Takes all whole messages from the buffer; gives how many bytes remain, moved to its start.</summary>
    private int TakeFrames(byte[] buffer, int filled)
    {
        var start = 0;
        while (start < filled && IsListening)
        {
            var rest = buffer.AsSpan(start, filled - start);
            var frame = SipFramer.Next(rest, Options.Limits);
            if (frame.Kind == FrameKind.Incomplete) break;
            if (frame.Kind == FrameKind.Ping) Send(SipFramer.Pong.ToArray());
            else Take(rest, frame);
            start += frame.Consumed;
        }
        buffer.AsSpan(start, filled - start).CopyTo(buffer);
        return filled - start;
    }

    private void Take(ReadOnlySpan<byte> rest, Frame frame)
    {
        var result = SipValidator.ParseAndJudge(rest.Slice(frame.Start, frame.Length), Options.Limits);
        if (frame.Kind == FrameKind.Broken) result = result with { Rejection = frame.Rejection };
        Take(result, isLast: frame.Kind == FrameKind.Broken);
    }
}
