using System.Buffers;
using Microsoft.Extensions.Logging;
using Pbx.Core.Common;

namespace Pbx.Core.Spool;

/// <summary>Limits of the spool.</summary>
internal sealed record SpoolOptions
{
    /// <summary>A segment that has grown to this many bytes is followed by a new one.</summary>
    public long SegmentBytes { get; init; } = 1024 * 1024;

    /// <summary>Most bytes that wait in memory for a disk that is slow or full; what comes then is refused.</summary>
    public long MemoryBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>How long lines for which nobody waits gather before they are written and flushed together.</summary>
    public TimeSpan Gathering { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How long to wait before writing again after a failure.</summary>
    public TimeSpan Retry { get; init; } = TimeSpan.FromMilliseconds(500);
}

/// <summary>
/// Lines on their way to the database, safe on disk first: one thread appends them, many with one flush, and nobody who gives one
/// waits unless it asks to. What a start finds is read again and drained like everything else.
/// </summary>
internal sealed partial class SpoolLog(DataDirectory directory, SpoolOptions options, ILogger<SpoolLog> logger) : IDisposable
{
    private readonly Lock gate = new();
    private readonly ManualResetEventSlim work = new();
    private readonly ManualResetEventSlim stopping = new();
    private readonly SemaphoreSlim drainable = new(0, 1);
    private List<Waiting> waiting = [];
    private long waitingBytes;
    private long waitingLines;
    private long refused;
    private volatile string? failure;
    private volatile bool open;
    private Thread? writer;
    private SpoolSegment? current;

    /// <summary>The committed lines.</summary>
    public SpoolReader Reader { get; } = new();

    /// <summary>Lines that have not reached the database.</summary>
    public long Pending => Interlocked.Read(ref waitingLines) + Reader.Pending;

    /// <summary>Lines refused because the disk took none for too long.</summary>
    public long Refused => Interlocked.Read(ref refused);

    /// <summary>Why the disk takes no lines at the moment; null when it does.</summary>
    public string? Failure => failure;

    /// <summary>Reads what an earlier run left, in order, and starts the writer.</summary>
    public IReadOnlyList<SpoolEntry> Open()
    {
        DataDirectory.Make(directory.Spool);
        var found = SpoolSegment.OpenAll(directory.Spool);
        var entries = new List<SpoolEntry>();
        foreach (var segment in found)
        {
            entries.AddRange(Reader.Recover(segment, out var damaged));
            if (damaged > 0) LogDamaged(logger, segment.Path, damaged);
        }
        current = SpoolSegment.Create(directory.Spool, (found.Count == 0 ? 0 : found[^1].Number) + 1);
        Reader.Add(current);
        open = true;
        writer = new Thread(Write) { IsBackground = true, Name = "spool" };
        writer.Start();
        if (entries.Count > 0) Signal();
        return entries;
    }

    /// <summary>Takes a line and returns at once. False when it was refused.</summary>
    public bool Post(SpoolEntry entry) => Take(entry, null);

    /// <summary>Takes a line; completes when it is safe on disk. Throws <see cref="IOException"/> when it was refused.</summary>
    public Task AppendAsync(SpoolEntry entry)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return Take(entry, done) ? done.Task : Task.FromException(new IOException($"The spool does not take this line: {Refusal}."));
    }

    /// <summary>Waits until there may be lines to drain.</summary>
    public Task<bool> WaitAsync(TimeSpan longest, CancellationToken cancellationToken) => drainable.WaitAsync(longest, cancellationToken);

    /// <summary>Writes what waits and closes the files; lines not drained stay on disk for the next start.</summary>
    public void Close()
    {
        lock (gate)
        {
            if (!open) return;
            open = false;
        }
        stopping.Set();
        work.Set();
        writer?.Join();
        Reader.Close();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        work.Dispose();
        stopping.Dispose();
        drainable.Dispose();
    }

    private string Refusal => failure ?? (open ? "it is too long, or too many wait" : "it is closed");

    private bool Take(SpoolEntry entry, TaskCompletionSource? done)
    {
        var size = SpoolFrame.SizeOf(entry);
        lock (gate)
        {
            if (!open || size > SpoolFrame.MaxContent || waitingBytes + size > options.MemoryBytes)
            {
                if (Interlocked.Increment(ref refused) == 1) LogRefused(logger, Refusal);
                return false;
            }
            waiting.Add(new Waiting(entry, done));
            waitingBytes += size;
            Interlocked.Increment(ref waitingLines);
        }
        work.Set();
        return true;
    }

    private void Write()
    {
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        while (true)
        {
            work.Wait();
            work.Reset();
            if (NobodyWaits()) stopping.Wait(options.Gathering);
            List<Waiting> batch;
            lock (gate) (batch, waiting) = (waiting, []);
            if (batch.Count > 0) Commit(batch, buffer);
            else if (stopping.IsSet) return;
            if (stopping.IsSet) work.Set();
        }
    }

    private bool NobodyWaits()
    {
        lock (gate) return waiting.TrueForAll(line => line.Done is null);
    }

    private void Commit(List<Waiting> batch, ArrayBufferWriter<byte> buffer)
    {
        buffer.ResetWrittenCount();
        foreach (var line in batch) SpoolFrame.Write(buffer, line.Entry);
        var written = TryAppend(buffer.WrittenSpan);
        // A full disk is waited for; a stop tries once more and then gives the lines back as failed.
        while (!written && !stopping.Wait(options.Retry)) written = TryAppend(buffer.WrittenSpan);
        if (!written) written = TryAppend(buffer.WrittenSpan);
        lock (gate) waitingBytes -= buffer.WrittenCount;
        if (written) Reader.Committed(batch.Count);
        Interlocked.Add(ref waitingLines, -batch.Count);
        foreach (var line in batch)
        {
            if (written) line.Done?.TrySetResult();
            else line.Done?.TrySetException(new IOException(failure));
        }
        if (written) Signal();
    }

    private bool TryAppend(ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (current!.Committed >= options.SegmentBytes)
            {
                current = SpoolSegment.Create(directory.Spool, current.Number + 1);
                Reader.Add(current);
            }
            current.Append(bytes);
            failure = null;
            return true;
        }
        catch (Exception error)
        {
            // Whatever it is, the lines are safe in memory, and this thread must not end.
            if (failure is null) LogWriteFailed(logger, error.Message);
            failure = error.Message;
            return false;
        }
    }

    private void Signal()
    {
        try
        {
            drainable.Release();
        }
        catch (SemaphoreFullException)
        {
            // Already signalled and not looked at yet: one look sees all lines.
        }
    }

    private sealed record Waiting(SpoolEntry Entry, TaskCompletionSource? Done);

    [LoggerMessage(3101, LogLevel.Warning, "The spool file {Path} ends with {Bytes} bytes that are no whole line; left out.")]
    private static partial void LogDamaged(ILogger logger, string path, long bytes);

    [LoggerMessage(3102, LogLevel.Error, "The spool cannot be written, its lines wait in memory: {Reason}")]
    private static partial void LogWriteFailed(ILogger logger, string reason);

    [LoggerMessage(3103, LogLevel.Critical, "The spool refuses lines: {Reason}")]
    private static partial void LogRefused(ILogger logger, string reason);
}
