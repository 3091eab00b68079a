using Pbx.Sip.Network;

namespace Pbx.Sip.Transport;

/// <summary>
/// Lies under a TLS stream during its handshake. What arrives is handed up only when it is this connection's turn among those of its source, and the turn ends when
/// the handshake writes, reads again or fails: so only computing is limited, never waiting for a peer. Afterwards it does nothing.
/// </summary>
internal sealed class TurnTakingStream(Stream inner, HandshakeTurns turns, Source source) : Stream
{
    private ReadOnlyMemory<byte> head;
    private int held;
    private bool hasBegun;
    private volatile bool finished;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Gives what was read from the stream below already. Before the first read.</summary>
    public void Begin(ReadOnlyMemory<byte> already) => head = already;

    /// <summary>The handshake is done.</summary>
    public void Finish()
    {
        finished = true;
        Release();
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        finished && head.IsEmpty ? inner.ReadAsync(buffer, cancellationToken) : ReadInTurnAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!finished) Release();
        return inner.WriteAsync(buffer, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        Release();
        await inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Release();
            inner.Dispose();
        }
        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadInTurnAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        Release();
        var read = head.IsEmpty ? await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) : ReadHead(buffer.Span);
        // A read without room only asks whether something has come.
        if (buffer.IsEmpty || finished) return read;
        await turns.WaitAsync(source, hasBegun, cancellationToken).ConfigureAwait(false);
        hasBegun = true;
        Volatile.Write(ref held, 1);
        return read;
    }

    private int ReadHead(Span<byte> buffer)
    {
        var length = Math.Min(head.Length, buffer.Length);
        head.Span[..length].CopyTo(buffer);
        head = length == head.Length ? default : head[length..];
        return length;
    }

    private void Release()
    {
        if (Interlocked.Exchange(ref held, 0) == 1) turns.Release();
    }
}
