using System.Collections.Concurrent;
using Org.BouncyCastle.Tls;
using Pbx.Sip.Media.Net;
using Pbx.Sip.Sdp;

namespace Pbx.Sip.Media.Dtls;

/// <summary>
/// A DTLS association with one address. The media loop hands it datagrams; a thread of <see cref="DtlsRoom"/> carries the handshake out, and what
/// that sends goes back to the loop, whose socket it is.
/// </summary>
#pragma warning disable CA1001 // A queue that nobody waits for holds nothing of the system's.
internal sealed class DtlsAssociation : DatagramTransport
#pragma warning restore CA1001
{
    private const int MostWaiting = 32;
    private const int LargestRecord = 1500;
    private const int LargestSent = 1200;

    private readonly BlockingCollection<byte[]> waiting = new(MostWaiting);
    private readonly DtlsNegotiation negotiation;
    private readonly DtlsRequest? request;
    private readonly Action<byte[]> send;
    private readonly Action<DtlsAssociation> done;
    private DtlsTransport? established;
    private int pumping;
    private volatile bool aborted;

    /// <summary>An association that nobody has begun.</summary>
    /// <param name="peer">Its address.</param>
    /// <param name="negotiation">What is negotiated.</param>
    /// <param name="request">The verified hello of a client; null: we are the client.</param>
    /// <param name="send">Sends a datagram to the address; any thread.</param>
    /// <param name="done">Told once, when the handshake is over; any thread.</param>
    public DtlsAssociation(in PeerAddress peer, DtlsNegotiation negotiation, DtlsRequest? request, Action<byte[]> send, Action<DtlsAssociation> done)
    {
        Peer = peer;
        (this.negotiation, this.request, this.send, this.done) = (negotiation, request, send, done);
    }

    /// <summary>The address.</summary>
    public PeerAddress Peer { get; }

    /// <summary>True when the handshake is over.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The keys; null: it failed.</summary>
    public (SrtpKey Ours, SrtpKey Theirs)? Keys { get; private set; }

    /// <summary>Why it failed, in a word for logs; null when it was given up.</summary>
    public string? Failure { get; private set; }

    /// <summary>Hands it a datagram from its address. The loop's thread; what nobody has taken yet is limited.</summary>
    public void Take(ReadOnlySpan<byte> datagram)
    {
        try
        {
            if (!waiting.IsAddingCompleted) waiting.TryAdd(datagram.ToArray());
        }
        catch (InvalidOperationException)
        {
            // Ended by another thread between the look and the add: what comes for it now is for nobody.
        }
    }

    /// <summary>Ends it. Any thread.</summary>
    public void Abort()
    {
        aborted = true;
        waiting.CompleteAdding();
    }

    /// <summary>Carries the handshake out: blocks until it is over or its time is up.</summary>
    public void Shake()
    {
        try
        {
            established = request is null
                ? new DtlsClientProtocol().Connect(new DtlsClientRole(negotiation), this)
                : new DtlsServerProtocol().Accept(new DtlsServerRole(negotiation), this, request);
            if (negotiation is { Ours: { } ours, Theirs: { } theirs }) Keys = (ours, theirs);
        }
#pragma warning disable CA1031 // Whatever a stranger makes the library throw ends this handshake and nothing else.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Failure = aborted ? null : exception.GetBaseException().Message;
        }
        IsOver = true;
        done(this);
    }

    /// <summary>True when what came after the handshake should be looked at, and nobody is to do so yet: the far end may have lost our last flight.</summary>
    public bool BeginPump() => IsOver && Keys is not null && Interlocked.Exchange(ref pumping, 1) == 0;

    /// <summary>Looks at it: the library sends the last flight again where that was asked for.</summary>
    public void Pump()
    {
        Span<byte> nothing = stackalloc byte[LargestRecord];
        try
        {
            while (waiting.Count > 0) established!.Receive(nothing, 1);
        }
        catch (Exception exception) when (exception is IOException or TlsException or InvalidOperationException)
        {
            Abort(); // an alert, or nonsense: the keys stay as they are, they were proven
        }
        Volatile.Write(ref pumping, 0);
    }

    /// <inheritdoc/>
    public int GetReceiveLimit() => LargestRecord;

    /// <inheritdoc/>
    public int GetSendLimit() => LargestSent;

    /// <inheritdoc/>
    public int Receive(byte[] buf, int off, int len, int waitMillis) => Receive(buf.AsSpan(off, len), waitMillis);

    /// <inheritdoc/>
    public int Receive(Span<byte> buffer, int waitMillis)
    {
        if (!waiting.TryTake(out var datagram, Math.Max(1, waitMillis)))
            return waiting.IsAddingCompleted ? throw new TlsFatalAlert(AlertDescription.user_canceled) : -1;
        var length = Math.Min(buffer.Length, datagram.Length);
        datagram.AsSpan(0, length).CopyTo(buffer);
        return length;
    }

    /// <inheritdoc/>
    public void Send(byte[] buf, int off, int len) => Send(buf.AsSpan(off, len));

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> buffer) => send(buffer.ToArray());

    /// <inheritdoc/>
    public void Close()
    {
    }
}
