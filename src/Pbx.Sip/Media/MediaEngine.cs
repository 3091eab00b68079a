using System.Net;
using System.Net.Sockets;
using Pbx.Core.CallFlow;
using Pbx.Sip.Media.Codecs;
using Pbx.Sip.Media.Dtls;
using Pbx.Sip.Media.Net;
using Pbx.Sip.Media.Recording;
using Pbx.Sip.Media.Sounds;

namespace Pbx.Sip.Media;

/// <summary>All of media: its loops, its ports, its recordings' writer.</summary>
internal sealed class MediaEngine : IMedia, IDisposable
{
    private const int BindAttempts = 50;

    private readonly MediaLoop[] loops;
    private readonly PortAllocator ports;
    private readonly RecordingWriter writer = new();
    private readonly SoundLibrary sounds;
    private readonly MediaOptions options;
    private readonly DtlsRoom dtls;
    private bool disposed;

    /// <summary>Starts the loops.</summary>
    /// <param name="options">How it is set up.</param>
    /// <param name="sounds">Where sounds come from.</param>
    /// <param name="time">The clock.</param>
    /// <param name="faulted">Told of every exception that a loop survived; called on the loop.</param>
    public MediaEngine(MediaOptions options, SoundLibrary sounds, TimeProvider time, Action<Exception> faulted)
    {
        (this.options, this.sounds) = (options, sounds);
        dtls = new DtlsRoom(options.HandshakeThreads, options.HandshakeTimeout, time, faulted);
        ports = new PortAllocator(options.FirstPort, options.LastPort, options.PortRest, time);
        loops = [.. Enumerable.Range(0, options.Loops > 0 ? options.Loops : Environment.ProcessorCount)
            .Select(number => new MediaLoop(number, options, OpenSockets(), ports, writer, time, faulted) { Dtls = dtls })];
        foreach (var loop in loops) loop.Start();
    }

    /// <inheritdoc/>
    public Sdp.SdpFingerprint? Fingerprint => dtls.Fingerprint;

    /// <inheritdoc/>
    public MediaCounters Counters =>
        loops.Aggregate(new MediaCounters(0, ports.Taken, 0, 0, 0, 0, 0, writer.Count), (all, loop) => loop.AddTo(all));

    /// <inheritdoc/>
    public MediaLeg? Open(Guid call, LegId leg, IMediaListener listener)
    {
        var loop = loops[(uint)call.GetHashCode() % (uint)loops.Length];
        if (disposed || loop.Pending >= options.CommandCapacity / 2 || !TryBind(loop, out var port, out var rtp, out var rtcp)) return null;
        var stream = new LegStream(loop, port, rtp, rtcp, Random.Shared) { Listener = listener };
        var face = new OpenLeg(loop, stream, sounds) { Call = call, Id = leg, Port = port };
        stream.Face = face;
        loop.Post(stream, new MediaCommand.Add());
        return face;
    }

    /// <summary>Encodes ahead what callers will hear first.</summary>
    public Task WarmUpAsync() => sounds.WarmUpAsync([AudioCodec.Pcma]);

    /// <summary>Closes all legs, finishes their recordings, ends the threads.</summary>
    public void Dispose()
    {
        if (disposed) return;
        disposed = true;
        dtls.Dispose();
        foreach (var loop in loops) loop.Stop();
        writer.Dispose();
    }

    private bool TryBind(MediaLoop loop, out int port, out int rtp, out int rtcp)
    {
        rtp = rtcp = -1;
        for (var attempt = 0; attempt < BindAttempts && ports.TryTake(out port); attempt++)
        {
            if (loop.Sockets.TryBind(port, out rtp))
            {
                if (loop.Sockets.TryBind(port + 1, out rtcp)) return true;
                loop.Sockets.Abandon(rtp);
            }
            ports.Return(port); // somebody else's; it rests like any other
        }
        port = 0;
        return false;
    }

    private IMediaSockets OpenSockets()
    {
        // A machine without IPv6 has no any-address for both families.
        var bind = options.Bind.Equals(IPAddress.IPv6Any) && !Socket.OSSupportsIPv6 ? IPAddress.Any : options.Bind;
        return EpollSockets.IsSupported && !options.Portable ? new EpollSockets(bind) : new PortableSockets(bind);
    }
}
