using Microsoft.Extensions.Logging;
using Pbx.Core.CallFlow;
using Pbx.Core.Live;
using Pbx.Sip.Diagnostics;
using Pbx.Sip.Media.Dtls;
using Pbx.Sip.Media.Net;
using Pbx.Sip.Media.Sounds;
using Pbx.Sip.Sdp;

namespace Pbx.Sip.Media.Apart;

/// <summary>
/// Media in a process of its own, so that the garbage of calls and console never pauses sound. The server binds the ports and hands the sockets over,
/// so that opening a leg waits for nobody. A worker that ends unasked takes its legs with it; a new one takes its place.
/// </summary>
internal sealed class MediaProcess : IMediaHost
{
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(12), ShortLife = TimeSpan.FromSeconds(10), Rest = TimeSpan.FromSeconds(1), Look = TimeSpan.FromSeconds(1);
    private const int DescriptorsKept = 256;

    private readonly Lock gate = new();
    private readonly MediaOptions options;
    private readonly SoundLibrary sounds;
    private readonly Func<int, IDisposable> launch;
    private readonly TimeProvider time;
    private readonly Action<Exception> faulted;
    private readonly ILogger<MediaProcess> logger;
    private readonly PortBinder ports;
    private readonly DescriptorPorts sockets;
    private readonly PauseLog pauses = new();
    private readonly DtlsCertificate certificate;
    private readonly int mostLegs = MostLegs();
    private MediaConnection? connection;
    private int waitingDescriptor;
    private IDisposable? worker;
    private ITimer? watch;
    private long startedAt;
    private bool started;
    private bool disposed;

    /// <summary>Media whose worker is not started yet; legs can be opened, and get their sound when it is.</summary>
    /// <param name="options">How it is set up.</param>
    /// <param name="sounds">Where sounds come from.</param>
    /// <param name="launch">Starts a worker that takes the socket given, and owns it even if it fails; disposing of the result makes sure that the worker is gone.</param>
    /// <param name="time">The clock.</param>
    /// <param name="faulted">Told of every exception that the worker survived.</param>
    /// <param name="logger">Told of workers that end.</param>
    public MediaProcess(MediaOptions options, SoundLibrary sounds, Func<int, IDisposable> launch, TimeProvider time, Action<Exception> faulted, ILogger<MediaProcess> logger)
    {
        (this.options, this.sounds, this.launch, this.time, this.faulted, this.logger) = (options, sounds, launch, time, faulted, logger);
        ports = new PortBinder(new PortAllocator(options.FirstPort, options.LastPort, options.PortRest, time));
        sockets = new DescriptorPorts(options.BindHere);
        certificate = DtlsCertificate.Create(time);
        (connection, waitingDescriptor) = Connect();
        sounds.Forgotten += Forget;
    }

    /// <summary>True where media can be a process of its own.</summary>
    public static bool IsSupported => LinkSocket.IsSupported;

    /// <inheritdoc/>
    public SdpFingerprint? Fingerprint => certificate.Fingerprint;

    /// <inheritdoc/>
    public MediaCounters Counters => Volatile.Read(ref connection) is { } now
        ? now.Status.Counters with { Legs = now.Legs, Ports = ports.Taken }
        : MediaStatus.None.Counters with { Ports = ports.Taken };

    /// <inheritdoc/>
    public IReadOnlyList<GarbagePause> Pauses => pauses.Recent;

    /// <summary>How often a worker ended unasked.</summary>
    public int Losses { get; private set; }

    private MediaStatus Status => Volatile.Read(ref connection)?.Status ?? MediaStatus.None;

    /// <inheritdoc/>
    public MediaLeg? Open(Guid call, LegId leg, IMediaListener listener)
    {
        if (Volatile.Read(ref connection) is not { IsBusy: false } now || disposed || now.Legs >= mostLegs) return null;
        return ports.TryBind(sockets, out var port, out var rtp, out var rtcp) ? now.Open(call, leg, port, rtp, rtcp, sounds, listener) : null;
    }

    /// <inheritdoc/>
    public void Start()
    {
        lock (gate)
        {
            if (started || disposed || connection is not { } first) return;
            try
            {
                Launch(first, waitingDescriptor);
            }
            catch
            {
                first.GiveUp();
                connection = null;
                throw;
            }
            finally
            {
                waitingDescriptor = -1;
            }
            started = true;
            watch = time.CreateTimer(_ => Volatile.Read(ref connection)?.Watch(), null, Look, Look);
        }
    }

    /// <inheritdoc/>
    public Task WarmUpAsync()
    {
        if (Volatile.Read(ref connection) is not { } now) return Task.CompletedTask;
        now.WarmUp(sounds.First);
        return now.WarmedUp;
    }

    /// <summary>Adds what it knows to the counters.</summary>
    public void Publish(SipCounters counters)
    {
        counters.AddGauge("media-restarts", () => Losses);
        counters.AddGauge("media-late-ticks", () => Status.Counters.LateTicks);
        counters.AddGauge("media-gc-collections-0", () => Status.Collections.Youngest);
        counters.AddGauge("media-gc-collections-1", () => Status.Collections.Younger);
        counters.AddGauge("media-gc-collections-2", () => Status.Collections.All);
        counters.AddGauge("media-gc-longest-pause-us", () => pauses.LongestMicroseconds);
        counters.AddGauge("media-gc-pauses-total-us", () => Status.PauseMicroseconds);
    }

    /// <summary>Closes all legs, finishes their recordings, and waits until the worker is gone.</summary>
    public void Dispose()
    {
        MediaConnection? last;
        lock (gate)
        {
            if (disposed) return;
            disposed = true;
            last = connection;
        }
        sounds.Forgotten -= Forget;
        watch?.Dispose();
        if (started && last is not null)
        {
            last.Stop();
            // A recording on a dead disk must not keep the server from ending.
            _ = last.Ended.Wait(LongestStop);
        }
        worker?.Dispose();
        last?.Link.Dispose();
        if (waitingDescriptor >= 0) _ = Libc.close(waitingDescriptor);
    }

    /// <summary>Two sockets for each leg, and some for everything else.</summary>
    private static unsafe int MostLegs()
    {
        var limits = stackalloc ulong[2];
        return Libc.getrlimit(Libc.RLIMIT_NOFILE, limits) == 0 ? (int)Math.Min(int.MaxValue, Math.Max(0, (long)Math.Min(limits[0], int.MaxValue) - DescriptorsKept) / 2) : int.MaxValue;
    }

    private void Forget(string path) => Volatile.Read(ref connection)?.Forget(path);

    private (MediaConnection Connection, int Theirs) Connect()
    {
        var (ours, theirs) = LinkSocket.Pair();
        return (new MediaConnection(ours, options, certificate, faulted) { Paused = pauses.Add, PortFree = ports.Return }, theirs);
    }

    private void Launch(MediaConnection next, int descriptor)
    {
        startedAt = time.GetTimestamp();
        worker = launch(descriptor);
        next.Start();
        _ = next.Ended.ContinueWith(_ => Lost(next), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private void Lost(MediaConnection lost)
    {
        IDisposable? dead;
        lock (gate)
        {
            if (disposed || lost != connection) return;
            Losses++;
            (dead, worker) = (worker, null);
            Volatile.Write(ref connection, null);
        }
        logger.MediaLost(lost.Lost);
        dead?.Dispose();
        // One that ends at once, again and again, does not take all of the processor.
        StartAnewAfter(time.GetElapsedTime(startedAt) < ShortLife ? Rest : TimeSpan.Zero);
    }

    private void StartAnewAfter(TimeSpan rest) =>
        _ = Task.Delay(rest, time).ContinueWith(_ => StartAnew(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    private void StartAnew()
    {
        lock (gate)
        {
            if (disposed || connection is not null) return;
            MediaConnection? next = null;
            try
            {
                (next, var theirs) = Connect();
                Launch(next, theirs);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                faulted(failure);
                next?.GiveUp();
                worker?.Dispose();
                StartAnewAfter(Rest);
                return;
            }
            Volatile.Write(ref connection, next);
        }
        _ = WarmUpAsync();
    }
}
