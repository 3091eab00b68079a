using Pbx.Core.CallFlow;
using Pbx.Sip.Media.Codecs;
using Pbx.Sip.Media.Dtls;
using Pbx.Sip.Media.Sounds;
using Pbx.Sip.Sdp;

namespace Pbx.Sip.Media;

/// <summary>Media within this process.</summary>
internal sealed class MediaEngine : IMediaHost
{
    private readonly MediaOptions options;
    private readonly SoundLibrary sounds;
    private readonly ClipStore clips = new();
    private readonly PortBinder ports;
    private readonly DtlsCertificate certificate;
    private readonly MediaLoops loops;
    private bool disposed;

    /// <summary>Starts the loops.</summary>
    /// <param name="options">How it is set up.</param>
    /// <param name="sounds">Where sounds come from.</param>
    /// <param name="time">The clock.</param>
    /// <param name="faulted">Told of every exception that a loop survived; called on the loop.</param>
    public MediaEngine(MediaOptions options, SoundLibrary sounds, TimeProvider time, Action<Exception> faulted)
    {
        (this.options, this.sounds) = (options, sounds);
        ports = new PortBinder(new PortAllocator(options.FirstPort, options.LastPort, options.PortRest, time));
        certificate = DtlsCertificate.Create(time);
        loops = new MediaLoops(options, certificate, ports.Return, time, faulted);
        sounds.Forgotten += clips.Forget;
    }

    /// <inheritdoc/>
    public SdpFingerprint? Fingerprint => certificate.Fingerprint;

    /// <inheritdoc/>
    public MediaCounters Counters => loops.Count(ports.Taken);

    /// <inheritdoc/>
    public MediaLeg? Open(Guid call, LegId leg, IMediaListener listener)
    {
        var loop = loops.Of(call);
        if (disposed || loop.Pending >= options.CommandCapacity / 2 || !ports.TryBind(loop.Sockets, out var port, out var rtp, out var rtcp)) return null;
        var stream = new LegStream(loop, port, rtp, rtcp, Random.Shared) { Id = leg, Listener = listener };
        loop.Post(stream, new MediaCommand.Add());
        return new OpenLeg(loop, stream, sounds, clips) { Call = call, Id = leg, Port = port };
    }

    /// <inheritdoc/>
    public void Start()
    {
    }

    /// <inheritdoc/>
    public Task WarmUpAsync() => clips.PrepareAsync(sounds.First, [AudioCodec.Pcma]);

    /// <summary>Closes all legs, finishes their recordings, ends the threads.</summary>
    public void Dispose()
    {
        if (disposed) return;
        disposed = true;
        sounds.Forgotten -= clips.Forget;
        loops.Dispose();
    }
}
