using System.Collections.Concurrent;
using Pbx.Core.CallFlow;
using Pbx.Core.Live;
using Pbx.Sip.Media.Dtls;
using Pbx.Sip.Media.Recording;
using Pbx.Sip.Media.Sounds;

namespace Pbx.Sip.Media.Apart;

/// <summary>One worker as the server sees it, from its start to its end: the legs that it has, and what it tells of them.</summary>
internal sealed class MediaConnection
{
    // Turns of the watch. A worker says something every second; its start, on a busy machine, may take a while.
    private const int LongestSilence = 15, LongestStart = 60;

    private readonly ConcurrentDictionary<int, DistantLeg> legs = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource warmedUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MediaOptions options;
    private readonly Action<Exception> faulted;
    private int lastLeg;
    private int lastPromise;
    private int silent;
    private volatile bool ready;

    /// <summary>A connection over a socket; what it says is kept until the worker runs.</summary>
    public MediaConnection(int descriptor, MediaOptions options, DtlsCertificate certificate, Action<Exception> faulted)
    {
        (this.options, this.faulted) = (options, faulted);
        Link = new MediaLink(descriptor, "media");
        using var frame = Link.Begin(FrameKind.Setup);
        frame.Fields.Program();
        frame.Fields.Options(options);
        frame.Fields.Certificate(certificate);
    }

    /// <summary>What is said goes here.</summary>
    public MediaLink Link { get; }

    /// <summary>Legs open.</summary>
    public int Legs => legs.Count;

    /// <summary>Legs that were open when the worker ended.</summary>
    public int Lost { get; private set; }

    /// <summary>What the worker told of itself last.</summary>
    public MediaStatus Status { get; private set; } = MediaStatus.None;

    /// <summary>Done when the worker is gone.</summary>
    public Task Ended => ended.Task;

    /// <summary>Done when what was to be encoded ahead is, or the worker is gone.</summary>
    public Task WarmedUp => warmedUp.Task;

    /// <summary>True when so much waits for the worker that it cannot take another leg.</summary>
    public bool IsBusy => Link.Waiting > options.CommandCapacity * 16;

    /// <summary>Told of each pause of the worker's garbage collector.</summary>
    public required Action<GarbagePause> Paused { get; init; }

    /// <summary>Told of each port pair whose sockets are closed.</summary>
    public required Action<int> PortFree { get; init; }

    /// <summary>Starts to speak and to listen.</summary>
    public void Start() => Link.Start(Take, End);

    /// <summary>Looks, once a second, whether the worker still speaks. One that does not is ended: nobody who is called through it hears anything.</summary>
    public void Watch()
    {
        if (Interlocked.Increment(ref silent) > (ready ? LongestSilence : LongestStart)) Link.Cut();
    }

    /// <summary>Gives the worker a new leg with its sockets.</summary>
    public DistantLeg Open(Guid call, LegId id, int port, int rtp, int rtcp, SoundLibrary sounds, IMediaListener listener)
    {
        var leg = new DistantLeg(this, Interlocked.Increment(ref lastLeg), sounds, listener) { Call = call, Id = id, Port = port };
        legs[leg.Number] = leg;
        using (var frame = Link.Begin(FrameKind.Open, leg.Number))
        {
            Span<byte> bytes = stackalloc byte[16];
            call.TryWriteBytes(bytes);
            frame.Fields.Bytes(bytes);
            frame.Fields.Int32(port);
            frame.Bring(rtp, rtcp);
        }
        // It ended meanwhile, and did not see this leg any more.
        if (ended.Task.IsCompleted) Lose(leg);
        return leg;
    }

    /// <summary>Has sounds encoded ahead.</summary>
    public void WarmUp(SoundSource[] sounds)
    {
        using var frame = Link.Begin(FrameKind.WarmUp);
        frame.Fields.Sounds(sounds, Promise);
    }

    /// <summary>Has the sound of a file let go.</summary>
    public void Forget(string path)
    {
        using var frame = Link.Begin(FrameKind.Forget);
        frame.Fields.Text(path);
    }

    /// <summary>Asks the worker to close everything and to end.</summary>
    public void Stop()
    {
        using var frame = Link.Begin(FrameKind.Stop);
    }

    /// <summary>There will be no worker: what was opened for it is lost.</summary>
    public void GiveUp()
    {
        Link.Dispose();
        End();
    }

    /// <summary>Numbers a file that is still looked for, and tells it under this number when it is found.</summary>
    public int Promise(Task<string?> file)
    {
        var number = Interlocked.Increment(ref lastPromise);
        _ = file.ContinueWith(found => Keep(number, found.IsCompletedSuccessfully ? found.Result : null), CancellationToken.None,
            TaskContinuationOptions.None, TaskScheduler.Default);
        return number;
    }

    private void Keep(int promise, string? file)
    {
        using var frame = Link.Begin(FrameKind.MessageFound, promise);
        frame.Fields.OptionalText(file);
    }

    private void Take(ReadOnlySpan<byte> frame, Queue<int> descriptors)
    {
        silent = 0;
        try
        {
            var fields = new FrameReader(frame);
            if (fields.Kind is FrameKind.Ready or FrameKind.Status or FrameKind.Paused or FrameKind.Fault or FrameKind.WarmedUp) TakeOwn(ref fields);
            else if (legs.TryGetValue(fields.Leg, out var leg)) TakeEvent(leg, ref fields);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            faulted(failure); // a defect with one event must not silence all the others
        }
    }

    private void TakeOwn(ref FrameReader fields)
    {
        switch (fields.Kind)
        {
            case FrameKind.Ready: ready = true; break;
            case FrameKind.Status: Status = MediaStatus.Read(ref fields); break;
            case FrameKind.Paused: Paused(MediaStatus.ReadPause(ref fields)); break;
            case FrameKind.Fault: faulted(new MediaFaultException(fields.Text())); break;
            case FrameKind.WarmedUp: warmedUp.TrySetResult(); break;
        }
    }

    private void TakeEvent(DistantLeg leg, ref FrameReader fields)
    {
        switch (fields.Kind)
        {
            case FrameKind.PlayEnded: leg.Listener.PlayEnded(leg.Id, fields.Int32(), (PlayEnd)fields.Byte()); break;
            case FrameKind.Digit: leg.Listener.Digit(leg.Id, (char)fields.Int32()); break;
            case FrameKind.DigitEnded: leg.Listener.DigitEnded(leg.Id, (char)fields.Int32(), fields.Duration(), fields.Boolean()); break;
            case FrameKind.RecordingEnded: TakeRecording(leg, fields.Result()); break;
            case FrameKind.MediaLost: leg.Listener.MediaLost(leg.Id, fields.Duration()); break;
            case FrameKind.HandshakeFailed: leg.Listener.HandshakeFailed(leg.Id, fields.Text()); break;
            case FrameKind.KeysMissing: leg.Listener.KeysMissing(leg.Id); break;
            case FrameKind.Lost: Lose(leg); break;
            case FrameKind.Report: TakeReport(leg, fields.Boolean(), fields.Report()); break;
        }
    }

    private static void TakeRecording(DistantLeg leg, RecordingResult result)
    {
        leg.Recorded(result.Recording);
        leg.Listener.RecordingEnded(leg.Id, result);
    }

    private void TakeReport(DistantLeg leg, bool final, MediaReport report)
    {
        if (final && !Remove(leg)) return;
        leg.LastReport = report;
        leg.Listener.Report(leg.Id, report, final);
    }

    private bool Remove(DistantLeg leg)
    {
        if (!legs.TryRemove(leg.Number, out _)) return false;
        PortFree(leg.Port);
        return true;
    }

    private void End()
    {
        Lost = legs.Count;
        ended.TrySetResult();
        warmedUp.TrySetResult();
        foreach (var leg in legs.Values) Lose(leg);
    }

    /// <summary>The leg's stream is gone with the worker.</summary>
    private void Lose(DistantLeg leg)
    {
        if (!Remove(leg)) return;
        if (leg.Running is { } recording) _ = Task.Run(() => TellLost(leg, recording)); // a disk may be slow
        else TellLost(leg, null);
    }

    private void TellLost(DistantLeg leg, RecordingRequest? recording)
    {
        try
        {
            if (recording is not null) leg.Listener.RecordingEnded(leg.Id, CutRecording.Of(recording));
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            faulted(failure); // the call ends without it
        }
        leg.Listener.Gone(leg.Id);
        leg.Listener.Report(leg.Id, leg.LastReport, final: true);
    }
}

/// <summary>A defect that the process of media survived, in its words.</summary>
internal sealed class MediaFaultException(string what) : Exception(what);
