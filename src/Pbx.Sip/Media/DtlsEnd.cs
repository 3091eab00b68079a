using Org.BouncyCastle.Tls;
using Pbx.Sip.Media.Dtls;
using Pbx.Sip.Media.Net;
using Pbx.Sip.Sdp;

namespace Pbx.Sip.Media;

/// <summary>
/// The DTLS of one of a leg's sockets: handshakes with whoever is possible, at most a few at once. The first that shows the certificate promised is
/// the far end's; a later one, when the far end begins anew, takes its place. Belongs to the leg's loop.
/// </summary>
internal sealed class DtlsEnd(LegStream leg, MediaLoop loop, int socket) : DatagramSender
{
    private const int MostHandshakes = 4;
    private const int HellosPerSecond = 20;
    private const int LongestDatagram = 1500;

    private readonly List<DtlsAssociation> handshakes = [];
    private DtlsAssociation? association;
    private PeerAddress helloFrom;
    private long hellosSince;
    private int hellos;

    /// <summary>Begins as client.</summary>
    public void Connect(in PeerAddress peer, MediaKeying.Dtls dtls) => Begin(peer, dtls, null);

    /// <summary>Takes a datagram from a possible far end; false when it is nothing for us.</summary>
    public bool Receive(ReadOnlySpan<byte> datagram, in PeerAddress from, MediaKeying.Dtls dtls, long now)
    {
        if (datagram.Length > LongestDatagram) return false;
        foreach (var handshake in handshakes)
        {
            if (handshake.Peer != from) continue;
            handshake.Take(datagram);
            return true;
        }
        if (IsHello(datagram)) return ReceiveHello(datagram, from, dtls, now);
        if (association is not { } known || known.Peer != from) return false;
        known.Take(datagram);
        loop.Dtls?.Pump(known);
        return true;
    }

    /// <summary>Hears that a handshake is over; true when it is one of these and gave keys. One that was given up has nothing to say any more.</summary>
    public bool Finish(DtlsAssociation done)
    {
        if (!handshakes.Remove(done) || done.Keys is null) return false;
        End();
        association = done;
        return true;
    }

    /// <summary>Gives everything up.</summary>
    public void End()
    {
        foreach (var handshake in handshakes) handshake.Abort();
        handshakes.Clear();
        association?.Abort();
        association = null;
    }

    // Content type handshake, epoch 0, message type ClientHello.
    private static bool IsHello(ReadOnlySpan<byte> datagram) => datagram is [22, _, _, 0, 0, _, _, _, _, _, _, _, _, 1, ..];

    private bool ReceiveHello(ReadOnlySpan<byte> datagram, in PeerAddress from, MediaKeying.Dtls dtls, long now)
    {
        if (now - hellosSince > 1_000_000) (hellosSince, hellos) = (now, 0);
        if (loop.Dtls is not { } room || ++hellos > HellosPerSecond || handshakes.Count == MostHandshakes) return false;
        helloFrom = from;
        if (room.Verify(datagram, from, this) is { } request) Begin(from, dtls, request);
        return true;
    }

    private void Begin(in PeerAddress peer, MediaKeying.Dtls dtls, DtlsRequest? request)
    {
        var to = peer;
        if (loop.Dtls?.Begin(peer, dtls.Theirs, request, datagram => loop.Post(leg, new MediaCommand.SendHandshake(socket, datagram, to)),
                done => loop.Post(leg, new MediaCommand.Shaken(done))) is { } begun) handshakes.Add(begun);
    }

    /// <inheritdoc/>
    int DatagramSender.GetSendLimit() => LongestDatagram;

    /// <inheritdoc/>
    void DatagramSender.Send(byte[] buf, int off, int len) => loop.Send(socket, buf.AsSpan(off, len), helloFrom);

    /// <inheritdoc/>
    void DatagramSender.Send(ReadOnlySpan<byte> buffer) => loop.Send(socket, buffer, helloFrom);
}
