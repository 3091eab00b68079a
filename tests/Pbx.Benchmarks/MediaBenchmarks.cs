using System.Net;
using BenchmarkDotNet.Attributes;
using Pbx.Core.CallFlow;
using Pbx.Sip.Media;
using Pbx.Sip.Media.Codecs;
using Pbx.Sip.Media.Net;
using Pbx.Sip.Media.Recording;
using Pbx.Sip.Media.Rtp;
using Pbx.Sip.Media.Sounds;
using Pbx.Sip.Sdp;

namespace Pbx.Benchmarks;

/// <summary>
/// What the media loop does for one packet, without the kernel: the goal is no garbage at all. Reports, which come every five seconds, are left out.
/// </summary>
[MemoryDiagnoser]
public class MediaBenchmarks
{
    private const int Length = RtpHeader.Size + 160;

    private readonly byte[] packet = new byte[Length];
    private readonly CountingSockets sockets = new();
    private readonly PeerAddress caller = Peer("198.51.100.7", 4000);
    private RecordingWriter writer = null!;
    private LegStream relaying = null!;
    private LegStream prompting = null!;
    private ushort sequence;
    private long now = 1_000_000;

    [GlobalSetup]
    public async Task Connect()
    {
        writer = new RecordingWriter();
        var loop = new MediaLoop(0, new MediaOptions { ReportInterval = TimeSpan.FromDays(1000) }, sockets, new PortAllocator(20000, 20099, TimeSpan.Zero, TimeProvider.System).Return, writer, TimeProvider.System,
            failure => throw failure);
        relaying = Leg(loop, 0, caller);
        var callee = Leg(loop, 1, Peer("203.0.113.9", 4002));
        relaying.Execute(new MediaCommand.Bridge(callee), now);
        prompting = Leg(loop, 2, Peer("198.51.100.8", 4004));
        var clip = SoundClip.Of([.. Enumerable.Range(0, 80_000).Select(i => (short)(8000 * Math.Sin(i / 7.0)))], 8000);
        await clip.PrepareAsync(AudioCodec.Pcma);
        prompting.Execute(new MediaCommand.Play(new Playback(1, [clip], loop: true)), now);
        Expect(Relay);
        Expect(Prompt);
    }

    /// <summary>A packet from one leg of a bridge to the other.</summary>
    [Benchmark]
    public void Relay()
    {
        now += 20_000;
        RtpHeader.Write(packet, 8, false, ++sequence, sequence * 160u, 77);
        relaying.Receive(packet, caller, now);
    }

    /// <summary>A leg's turn while it plays: the next 20 ms of a prompt.</summary>
    [Benchmark]
    public void Prompt()
    {
        now += 20_000;
        prompting.Tick(now);
    }

    [GlobalCleanup]
    public void Close()
    {
        Expect(Relay);
        Expect(Prompt);
        writer.Dispose();
    }

    private void Expect(Action step)
    {
        var before = sockets.Sent;
        for (var i = 0; i < 100; i++) step();
        if (sockets.Sent - before != 100) throw new InvalidOperationException($"{sockets.Sent - before} of 100 packets were sent.");
    }

    private static LegStream Leg(MediaLoop loop, int number, PeerAddress remote)
    {
        var leg = new LegStream(loop, 20000 + (2 * number), 2 * number, (2 * number) + 1, new Random(number)) { Id = new LegId(number), Listener = new DeafListener() };
        var media = new NegotiatedMedia { Remote = remote.ToEndPoint(), Codecs = [new NegotiatedCodec("PCMA", 8, 8000)], TelephoneEvent = 101 };
        leg.Execute(new MediaCommand.Configure(new LegCodecs(media), remote, null, MediaDirection.SendReceive, false), 1_000_000);
        return leg;
    }

    private static PeerAddress Peer(string address, int port) => PeerAddress.From(new IPEndPoint(IPAddress.Parse(address), port));

    private sealed class CountingSockets : IMediaSockets
    {
        public long Sent { get; private set; }

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
            Sent++;
            return true;
        }

        public void Wake()
        {
        }

        public void Dispose()
        {
        }
    }

    private sealed class DeafListener : IMediaListener
    {
        public void PlayEnded(LegId leg, int play, PlayEnd end)
        {
        }

        public void Digit(LegId leg, char key)
        {
        }

        public void RecordingEnded(LegId leg, RecordingResult result)
        {
        }

        public void MediaLost(LegId leg, TimeSpan silent)
        {
        }

        public void Report(LegId leg, MediaReport report, bool final)
        {
        }
    }
}
