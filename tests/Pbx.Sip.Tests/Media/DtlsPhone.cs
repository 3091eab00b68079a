using System.Net;
using System.Net.Sockets;
using Pbx.Sip.Media.Dtls;
using Pbx.Sip.Media.Net;
using Pbx.Sip.Media.Rtp;
using Pbx.Sip.Media.Srtp;
using Pbx.Sip.Sdp;

namespace Pbx.Sip.Tests.Media;

/// <summary>A far end on a real socket that gets its keys by DTLS, as client or as server.</summary>
internal sealed class DtlsPhone : Org.BouncyCastle.Tls.DatagramSender, IDisposable
{
    private readonly UdpClient socket;
    private readonly DtlsCertificate certificate = DtlsCertificate.Create(TimeProvider.System);
    private readonly DtlsRoom room;
    private readonly SdpFingerprint expected;
    private readonly TaskCompletionSource<DtlsAssociation> shaken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DtlsAssociation? association;
    private IPEndPoint? peer;
    private SrtpContext? opens;
    private SrtpContext? seals;
    private ushort sequence = 100;

    public DtlsPhone(SdpFingerprint expected, string address = "127.0.0.1")
    {
        this.expected = expected;
        room = new DtlsRoom(4, TimeSpan.FromSeconds(20), certificate, _ => { });
        socket = new UdpClient(new IPEndPoint(IPAddress.Parse(address), 0));
        _ = ReceiveAsync();
    }

    public SdpFingerprint Fingerprint => certificate.Fingerprint;

    public IPEndPoint Address => (IPEndPoint)socket.Client.LocalEndPoint!;

    /// <summary>RTP that came and could be read.</summary>
    public Inbox<byte[]> Packets { get; } = new();

    /// <summary>Datagrams that came which were neither DTLS nor readable.</summary>
    public Inbox<byte[]> Unreadable { get; } = new();

    /// <summary>Handshakes begun as server; only the first goes on.</summary>
    public Inbox<byte[]> Hellos { get; } = new();

    public Task<DtlsAssociation> Shaken => shaken.Task.WaitAsync(TimeSpan.FromSeconds(40));

    /// <summary>Begins a handshake as client.</summary>
    public void Begin(int port)
    {
        peer = new IPEndPoint(IPAddress.Loopback, port);
        association = room.Begin(PeerAddress.From(peer), [expected], null, bytes => socket.Send(bytes, peer), Done);
    }

    public void Send(int port, byte[] datagram) => socket.Send(datagram, new IPEndPoint(IPAddress.Loopback, port));

    public void Say(int port, byte[] payload)
    {
        var packet = new byte[12 + payload.Length];
        RtpHeader.Write(packet, 8, false, ++sequence, sequence * 160u, 4711);
        payload.CopyTo(packet, 12);
        Send(port, Srtp.SrtpContextTests.Protect(seals!, packet));
    }

    int Org.BouncyCastle.Tls.DatagramSender.GetSendLimit() => 1500;

    void Org.BouncyCastle.Tls.DatagramSender.Send(byte[] buf, int off, int len) => socket.Send(buf.AsSpan(off, len), peer!);

    void Org.BouncyCastle.Tls.DatagramSender.Send(ReadOnlySpan<byte> buffer) => socket.Send(buffer, peer!);

    public void Dispose()
    {
        socket.Dispose();
        room.Dispose();
    }

    private void Done(DtlsAssociation done)
    {
        if (done.Keys is var (ours, theirs)) (seals, opens) = (new SrtpContext(ours), new SrtpContext(theirs));
        shaken.TrySetResult(done);
    }

    private void Take(byte[] bytes, IPEndPoint from)
    {
        if (Demultiplexer.Classify(bytes) == PacketKind.Dtls)
        {
            if (association is null)
            {
                Hellos.Add(bytes);
                peer = from;
                if (room.Verify(bytes, PeerAddress.From(from), this) is { } request)
                    association = room.Begin(PeerAddress.From(from), [expected], request, reply => socket.Send(reply, from), Done);
            }
            else
            {
                association.Take(bytes);
                room.Pump(association);
            }
            return;
        }
        var copy = bytes.ToArray();
        var length = Demultiplexer.Classify(bytes) == PacketKind.Rtp && opens is not null ? opens.Unprotect(copy) : -1;
        if (length < 0) Unreadable.Add(bytes);
        else Packets.Add(copy[..length]);
    }

    private async Task ReceiveAsync()
    {
        try
        {
            while (true)
            {
                var result = await socket.ReceiveAsync();
                Take(result.Buffer, result.RemoteEndPoint);
            }
        }
        catch (Exception closed) when (closed is ObjectDisposedException or SocketException)
        {
            // the test is over
        }
    }
}
