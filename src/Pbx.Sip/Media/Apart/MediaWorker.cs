using System.Collections.Concurrent;
using Pbx.Core.Live;
using Pbx.Sip.Diagnostics;
using Pbx.Sip.Media.Codecs;
using Pbx.Sip.Media.Net;
using Pbx.Sip.Media.Sounds;

namespace Pbx.Sip.Media.Apart;

/// <summary>
/// The process that carries the sound: does what the server's frames say, tells what happens, and ends with the server. It keeps nothing that a start
/// would need, and makes next to no garbage, so that no collection is heard.
/// </summary>
internal sealed class MediaWorker : IDisposable
{
    private static readonly TimeSpan StatusInterval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<int, (MediaLoop Loop, LegStream Stream)> legs = [];
    private readonly ConcurrentDictionary<int, TaskCompletionSource<string?>> promises = new();
    private readonly ClipStore clips = new();
    private readonly TaskCompletionSource<bool> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MediaLink link;
    private readonly TimeProvider time;
    private readonly GarbagePauses pauses;
    private MediaLoops? loops;
    private ITimer? timer;
    private bool asked;

    private MediaWorker(int descriptor, TimeProvider time)
    {
        this.time = time;
        link = new MediaLink(descriptor, "link");
        pauses = new GarbagePauses(time, MediaStatus.Process, Tell);
    }

    /// <summary>Works until the server says that it is enough (true), or is gone (false): then everything ends where it stands, as with the server itself.</summary>
    /// <param name="descriptor">The connected socket, which it owns.</param>
    /// <param name="time">The clock.</param>
    /// <param name="abandoned">Called when the server is gone, before anything is put in order: a recording that is finished now would be finished twice.</param>
    public static bool Run(int descriptor, TimeProvider time, Action abandoned)
    {
        using var worker = new MediaWorker(descriptor, time);
        worker.link.Start(worker.Take, () => worker.ended.TrySetResult(worker.asked));
        if (worker.ended.Task.GetAwaiter().GetResult()) return true;
        abandoned();
        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        timer?.Dispose();
        loops?.Dispose();
        pauses.Dispose();
        link.Dispose();
    }

    private void Take(ReadOnlySpan<byte> frame, Queue<int> descriptors)
    {
        try
        {
            var fields = new FrameReader(frame);
            if (fields.Kind is FrameKind.Open) Open(ref fields, descriptors.Dequeue(), descriptors.Dequeue());
            else if (fields.Kind is FrameKind.Setup) SetUp(ref fields);
            else if (fields.Kind is FrameKind.WarmUp or FrameKind.MessageFound or FrameKind.Forget or FrameKind.Stop) Do(ref fields);
            else if (legs.TryGetValue(fields.Leg, out var leg)) Command(fields.Leg, leg, ref fields);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            Tell(failure); // a defect with one command must not silence all the others
        }
    }

    private void Do(ref FrameReader fields)
    {
        switch (fields.Kind)
        {
            case FrameKind.WarmUp:
                // Seconds of work, for which no call may wait.
                var sounds = fields.Sounds(Promised);
                _ = Task.Run(() => WarmUpAsync(sounds));
                break;
            case FrameKind.MessageFound:
                if (promises.TryRemove(fields.Leg, out var promise)) promise.TrySetResult(fields.OptionalText());
                break;
            case FrameKind.Forget: clips.Forget(fields.Text()); break;
            case FrameKind.Stop: Stop(); break;
        }
    }

    // Without loops it is of no use: it says why, and ends.
    private void SetUp(ref FrameReader fields)
    {
        try
        {
            if (!fields.IsThisProgram()) throw new InvalidOperationException("The program was replaced while the server runs: start the server again.");
            var options = fields.Options();
            loops = new MediaLoops(options, fields.Certificate(), static _ => { }, time, Tell);
            timer = time.CreateTimer(_ => TellStatus(), null, StatusInterval, StatusInterval);
            using var frame = link.Begin(FrameKind.Ready);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            Tell(failure);
            link.Close();
        }
    }

    // The legs' last reports are in the link before it is closed.
    private void Stop()
    {
        asked = true;
        timer?.Dispose();
        loops?.Dispose();
        link.Close();
    }

    private void Open(ref FrameReader fields, int rtp, int rtcp)
    {
        try
        {
            var loop = loops!.Of(new Guid(fields.Bytes()));
            var stream = new LegStream(loop, fields.Int32(), rtp, rtcp, Random.Shared) { Id = default, Listener = new WorkerEvents(link, fields.Leg) };
            legs[fields.Leg] = (loop, stream);
            loop.Post(stream, new MediaCommand.Add());
        }
        catch
        {
            _ = Libc.close(rtp);
            _ = Libc.close(rtcp);
            Lose(fields.Leg);
            throw;
        }
    }

    private void Lose(int leg)
    {
        using var frame = link.Begin(FrameKind.Lost, leg);
    }

    private void Command(int number, (MediaLoop Loop, LegStream Stream) leg, ref FrameReader fields)
    {
        if (fields.Kind == FrameKind.Close) legs.Remove(number);
        if (Read(ref fields) is not { } command) return;
        // A loop that is behind is given no more: what waits in the link then tells the server to take no more calls.
        leg.Loop.AwaitRoom();
        leg.Loop.Post(leg.Stream, command);
    }

    private MediaCommand? Read(ref FrameReader fields) => fields.Kind switch
    {
        FrameKind.Configure => MediaCommand.Configure.Of(fields.Media(), fields.Address()),
        FrameKind.Play => new MediaCommand.Play(ReadPlay(ref fields)),
        FrameKind.StopPlay => new MediaCommand.StopPlay(),
        FrameKind.Bridge => legs.TryGetValue(fields.Int32(), out var other) ? new MediaCommand.Bridge(other.Stream) : null,
        FrameKind.HearFrom => legs.TryGetValue(fields.Int32(), out var heard) ? new MediaCommand.HearFrom(heard.Stream) : null,
        FrameKind.Unbridge => new MediaCommand.Unbridge(),
        FrameKind.Hold => new MediaCommand.Hold(new Playback(0, clips.Clips(fields.Sounds(Promised)), loop: true)),
        FrameKind.Resume => new MediaCommand.Resume(),
        FrameKind.Record => new MediaCommand.Record(fields.Request()),
        FrameKind.StopRecording => new MediaCommand.StopRecording(),
        FrameKind.SendDigit => new MediaCommand.SendDigit((char)fields.Int32(), fields.Int32()),
        FrameKind.DigitsByInfo => new MediaCommand.DigitsByInfo(fields.Boolean()),
        FrameKind.Close => new MediaCommand.Close(),
        _ => null,
    };

    private Playback ReadPlay(ref FrameReader fields)
    {
        var (number, loop) = (fields.Int32(), fields.Boolean());
        return new Playback(number, clips.Clips(fields.Sounds(Promised)), loop);
    }

    // The frame that tells the file comes after the one that names the promise.
    private Task<string?> Promised(int number) =>
        promises.GetOrAdd(number, static _ => new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    private async Task WarmUpAsync(SoundSource[] sounds)
    {
        try
        {
            await clips.PrepareAsync(sounds, [AudioCodec.Pcma]).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            Tell(failure); // they are loaded again when they are asked for
        }
        using var frame = link.Begin(FrameKind.WarmedUp);
    }

    private void TellStatus()
    {
        using var frame = link.Begin(FrameKind.Status);
        MediaStatus.Of(loops!.Count(0)).Write(frame.Fields);
    }

    private void Tell(GarbagePause pause)
    {
        using var frame = link.Begin(FrameKind.Paused);
        MediaStatus.Write(frame.Fields, pause);
    }

    private void Tell(Exception failure)
    {
        using var frame = link.Begin(FrameKind.Fault);
        frame.Fields.Text(failure.ToString());
    }
}
