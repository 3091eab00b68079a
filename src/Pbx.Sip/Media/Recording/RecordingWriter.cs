using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pbx.Sip.Media.Recording;

/// <summary>
/// The thread that writes all recordings to disk as they come. After each pass a file's header fits its length, so that whatever ends the
/// process leaves readable files. A finished one is synced before anybody is told.
/// </summary>
internal sealed class RecordingWriter : IDisposable
{
    private const int Rate = 8000;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentQueue<(Recorder Recorder, Action<bool> Finished)> arriving = new();
    private readonly List<OpenFile> open = [];
    private readonly AutoResetEvent wake = new(false);
    private readonly Thread thread;
    private volatile bool stopping;
    private int count;

    public RecordingWriter()
    {
        thread = new Thread(Run) { IsBackground = true, Name = "recordings" };
        thread.Start();
    }

    /// <summary>Recordings not finished.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>
    /// Writes a recording from now on; <paramref name="finished"/> is called on the writer's thread once the file is complete and synced, with
    /// false when it could not be written.
    /// </summary>
    public void Add(Recorder recorder, Action<bool> finished)
    {
        Interlocked.Increment(ref count);
        arriving.Enqueue((recorder, finished));
        wake.Set();
    }

    /// <summary>Looks at once: a recording has ended.</summary>
    public void Hurry() => wake.Set();

    /// <inheritdoc/>
    public void Dispose()
    {
        stopping = true;
        wake.Set();
        thread.Join();
        wake.Dispose();
    }

    private void Run()
    {
        while (!stopping || !arriving.IsEmpty || open.Count > 0)
        {
            wake.WaitOne(open.Count == 0 && arriving.IsEmpty && !stopping ? Timeout.InfiniteTimeSpan : Pace);
            while (arriving.TryDequeue(out var next)) open.Add(new OpenFile(next.Recorder, next.Finished));
            for (var i = open.Count - 1; i >= 0; i--)
            {
                if (stopping) open[i].Recorder.Stop(Core.CallFlow.RecordingEnd.Stopped);
                if (!open[i].Pass()) continue;
                open.RemoveAt(i);
                Interlocked.Decrement(ref count);
            }
        }
    }

    private sealed class OpenFile(Recorder recorder, Action<bool> finished)
    {
        private readonly short[] block = new short[8192];
        private readonly byte[] header = new byte[WavHeader.Size];
        private SafeFileHandle? file;
        private long bytes;
        private bool broken;

        public Recorder Recorder => recorder;

        // One pass over what has come; true when the recording is over and reported.
        public bool Pass()
        {
            var over = recorder.End is not null; // looked at before the ring, so that nothing written before the end is missed
            try
            {
                if (!broken) Drain();
                if (!over) return false;
                if (file is not null && !broken) RandomAccess.FlushToDisk(file);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                broken = true; // disk full or gone: the call goes on, and the end says that it failed
                recorder.Stop(Core.CallFlow.RecordingEnd.Failed);
                if (!over) return false;
            }
            file?.Dispose();
            finished(!broken);
            return true;
        }

        private void Drain()
        {
            file ??= File.OpenHandle(recorder.File, FileMode.Create, FileAccess.ReadWrite, FileShare.Read);
            int samples;
            while ((samples = recorder.Ring.Read(block)) > 0)
            {
                var data = MemoryMarshal.AsBytes(block.AsSpan(0, samples));
                RandomAccess.Write(file, data, WavHeader.Size + bytes);
                bytes += data.Length;
            }
            WavHeader.Write(header, Rate, bytes);
            RandomAccess.Write(file, header, 0);
        }
    }
}
