using System.Net;
using Pbx.Core.CallFlow;
using Pbx.Sip.Media;
using Pbx.Sip.Media.Net;
using Pbx.Sip.Media.Recording;
using Pbx.Sip.Media.Rtp;
using Pbx.Sip.Media.Srtp;
using Pbx.Sip.Sdp;

namespace Pbx.Sip.Tests.Media;

/// <summary>Legs without thread, sockets or clock: the test says what arrives and how late it is.</summary>
internal sealed class LegBench : IDisposable
{
    private readonly RecordingWriter writer = new();
    private int next;

    public LegBench(MediaOptions? options = null)
    {
        Sockets = new SilentSockets();
        Wall = new SteppedTime();
        Loop = new MediaLoop(0, options ?? new MediaOptions(), Sockets, new PortAllocator(20000, 20099, TimeSpan.Zero, Wall).Return, writer, Wall, _ => { });
    }

    public MediaLoop Loop { get; }

    public SilentSockets Sockets { get; }

    public SteppedTime Wall { get; }

    public long Now { get; private set; } = 1_000_000;

    public BenchLeg Leg(string codec = "PCMA", int? telephoneEvent = 101)
    {
        var events = new Listener();
        var stream = new LegStream(Loop, 20000 + (2 * next), 2 * next, (2 * next) + 1, new Random(next)) { Id = new LegId(next), Listener = events };
        var remote = PeerAddress.From(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 4000 + (2 * next++)));
        var leg = new BenchLeg(this, stream, events, remote, codec, telephoneEvent);
        leg.Configure(MediaDirection.SendReceive);
        return leg;
    }

    public void Pass(TimeSpan time, params BenchLeg[] legs)
    {
        for (var until = Now + (long)time.TotalMicroseconds; Now < until;)
        {
            Now += 20_000;
            Wall.Advance(TimeSpan.FromMilliseconds(20));
            foreach (var leg in legs) leg.Stream.Tick(Now);
        }
    }

    public void Dispose() => writer.Dispose();
}

/// <summary>A leg on the bench and what its far end sends.</summary>
internal sealed class BenchLeg(LegBench bench, LegStream stream, Listener events, PeerAddress remote, string codec, int? telephoneEvent)
{
    private readonly byte[] buffer = new byte[400];
    private SrtpContext? seals;
    private int taken;
    private ushort sequence = 500;
    private uint timestamp = 9000;

    public LegStream Stream => stream;

    public Listener Events => events;

    public PeerAddress Remote => remote;

    public NegotiatedMedia Media { get; set; } = new()
    {
        Remote = remote.ToEndPoint(),
        Codecs = [new NegotiatedCodec(codec, TestPhone.TypeOf(codec), 8000)],
        TelephoneEvent = telephoneEvent,
    };

    public void Do(MediaCommand command) => stream.Execute(command, bench.Now);

    /// <summary>Where its signalling comes from; another host than SDP names, as behind a router.</summary>
    public PeerAddress Signalling { get; set; } = PeerAddress.From(new IPEndPoint(IPAddress.Parse("203.0.113.9"), 5060));

    public void Configure(MediaDirection direction) =>
        Do(new MediaCommand.Configure(new LegCodecs(Media), PeerAddress.From(Media.Remote), Media.RemoteRtcp is { } reports ? PeerAddress.From(reports) : null, direction, false, Media.Keying, Signalling));

    public void Hear(ReadOnlySpan<byte> payload, int payloadType, PeerAddress? from = null, uint ssrc = 77, uint step = 160)
    {
        RtpHeader.Write(buffer, payloadType, false, ++sequence, timestamp += step, ssrc);
        payload.CopyTo(buffer.AsSpan(12));
        var length = 12 + payload.Length;
        stream.Receive(buffer.AsSpan(0, seals?.Protect(buffer, length) ?? length), from ?? remote, bench.Now);
    }

    public void HearRaw(byte[] datagram, PeerAddress? from = null) => stream.Receive(datagram.ToArray(), from ?? remote, bench.Now);

    /// <summary>Agrees on keys in SDP; what the leg is to hear is encrypted from now on.</summary>
    public void Encrypt(SrtpSuite suite)
    {
        var (ours, theirs) = (SrtpKey.Create(suite), SrtpKey.Create(suite));
        seals = new SrtpContext(theirs);
        Opens = new SrtpContext(ours);
        Media = Media with { Keying = new MediaKeying.Sdes(ours, theirs) };
        Configure(MediaDirection.SendReceive);
    }

    /// <summary>The far end's way to read what the leg sends.</summary>
    public SrtpContext? Opens { get; private set; }

    /// <summary>What was sent, decrypted; each packet is taken once.</summary>
    public List<byte[]> TakeOpened()
    {
        List<byte[]> opened = [];
        foreach (var (datagram, _) in bench.Sockets.SentBy(stream.Sockets.Rtp).Skip(taken).ToArray())
        {
            taken++;
            var copy = datagram.ToArray();
            var length = Opens!.Unprotect(copy);
            Assert.True(length > 0, "The far end cannot read a packet.");
            opened.Add(copy[..length]);
        }
        return opened;
    }

    public void HearRtcp(byte[] packet) => stream.Receive(packet, remote.At(remote.Port + 1), bench.Now);

    public IEnumerable<(RtpHeader Header, byte[] Payload)> Sent => bench.Sockets.SentBy(stream.Sockets.Rtp).Select(each =>
    {
        Assert.True(RtpHeader.TryRead(each.Datagram, out var header));
        return (header, each.Datagram[12..]);
    });

    public (byte[] Datagram, PeerAddress To)[] SentRtcp => [.. bench.Sockets.SentBy(stream.Sockets.Rtcp)];
}

/// <summary>Keeps what is sent, unless told not to.</summary>
internal sealed class SilentSockets : IMediaSockets
{
    private readonly List<(int Handle, byte[] Datagram, PeerAddress To)> sent = [];

    public bool Keeps { get; set; } = true;

    public IEnumerable<(byte[] Datagram, PeerAddress To)> SentBy(int handle) => sent.Where(each => each.Handle == handle).Select(each => (each.Datagram, each.To));

    public bool TryBind(int port, out int handle)
    {
        handle = port;
        return true;
    }

    public void Abandon(int handle)
    {
    }

    public void Watch(int handle, int token)
    {
    }

    public void Close(int handle)
    {
    }

    public int Wait(Span<int> tokens, int timeoutMilliseconds) => 0;

    public int Receive(int handle, Span<byte> buffer, out PeerAddress from)
    {
        from = default;
        return -1;
    }

    public bool Send(int handle, ReadOnlySpan<byte> datagram, in PeerAddress to)
    {
        if (Keeps) sent.Add((handle, datagram.ToArray(), to));
        return true;
    }

    public void Wake()
    {
    }

    public void Dispose()
    {
    }
}

/// <summary>A clock that stands until it is moved.</summary>
internal sealed class SteppedTime : TimeProvider
{
    private DateTimeOffset now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Advance(TimeSpan by) => now += by;

    public override DateTimeOffset GetUtcNow() => now;

    public override long GetTimestamp() => now.Ticks;
}
