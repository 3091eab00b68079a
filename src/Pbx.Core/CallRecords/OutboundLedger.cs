using System.Text.Json;
using Microsoft.Extensions.Logging;
using Pbx.Core.Common;

namespace Pbx.Core.CallRecords;

/// <summary>
/// What each extension has used of its calls to the outside: calls begun and seconds talked, in slices of five minutes for a day. Kept in a small
/// file, written a few seconds after a change. Counted by the steady clock, so that no clock that is set makes a call longer or a limit shorter. From any
/// thread.
/// </summary>
public sealed partial class OutboundLedger : IDisposable
{
    private const int SliceSeconds = 300;
    private const int HourSlices = 12;
    private const int DaySlices = 288;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Dictionary<string, SortedDictionary<long, Slice>> used = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, Running> running = [];
    private readonly SteadyClock time;
    private readonly ILogger logger;
    private readonly string? file;
    private readonly ITimer timer;
    private bool changed;

    private readonly record struct Slice(int Calls, int Seconds);

    private readonly record struct Running(string Extension, DateTimeOffset? Since);

    private sealed record Line(string Extension, long Slice, int Calls, int Seconds);

    /// <summary>Takes up what was kept in the data directory; without one nothing is kept.</summary>
    public OutboundLedger(DataDirectory? directory, SteadyClock time, ILogger<OutboundLedger> logger)
    {
        (this.time, this.logger) = (time, logger);
        file = directory is null ? null : Path.Combine(directory.Path, "outbound-use");
        Read();
        timer = time.CreateTimer(_ => Write(), null, Interval, Interval);
    }

    /// <summary>An extension's call goes outside. Again for the same call (another trunk) changes nothing.</summary>
    public void Started(string extension, Guid call)
    {
        lock (gate)
        {
            if (!running.TryAdd(call, new(extension, null))) return;
            Add(extension, SliceOf(time.GetUtcNow()), calls: 1, seconds: 0);
        }
    }

    /// <summary>It is answered.</summary>
    public void Answered(Guid call)
    {
        lock (gate)
            if (running.TryGetValue(call, out var known) && known.Since is null) running[call] = known with { Since = time.GetUtcNow() };
    }

    /// <summary>It is over.</summary>
    public void Ended(Guid call)
    {
        lock (gate)
        {
            if (!running.Remove(call, out var known) || known.Since is not { } since) return;
            foreach (var (slice, seconds) in Cut(since, time.GetUtcNow())) Add(known.Extension, slice, calls: 0, seconds);
        }
    }

    /// <summary>What an extension has used; <paramref name="except"/> is the call that asks, which does not count itself.</summary>
    public OutboundUse UseOf(string extension, Guid except)
    {
        var now = time.GetUtcNow();
        var newest = SliceOf(now);
        var (hourCalls, dayCalls, hourSeconds, daySeconds) = (0, 0, 0, 0);
        lock (gate)
        {
            if (running.TryGetValue(except, out var own) && own.Extension == extension) (hourCalls, dayCalls) = (-1, -1);
            foreach (var (slice, part) in Parts(extension, now))
            {
                if (slice <= newest - DaySlices) continue;
                (dayCalls, daySeconds) = (dayCalls + part.Calls, daySeconds + part.Seconds);
                if (slice > newest - HourSlices) (hourCalls, hourSeconds) = (hourCalls + part.Calls, hourSeconds + part.Seconds);
            }
        }
        return new(Math.Max(0, hourCalls), Math.Max(0, dayCalls), hourSeconds / 60, daySeconds / 60);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        timer.Dispose();
        Write();
    }

    private IEnumerable<(long Slice, Slice Part)> Parts(string extension, DateTimeOffset now)
    {
        if (used.TryGetValue(extension, out var slices))
            foreach (var (slice, part) in slices) yield return (slice, part);
        foreach (var call in running.Values)
            if (call.Extension == extension && call.Since is { } since)
                foreach (var (slice, seconds) in Cut(since, now)) yield return (slice, new Slice(0, seconds));
    }

    private void Add(string extension, long slice, int calls, int seconds)
    {
        if (!used.TryGetValue(extension, out var slices)) used[extension] = slices = [];
        var before = slices.GetValueOrDefault(slice);
        slices[slice] = new(before.Calls + calls, before.Seconds + seconds);
        foreach (var old in slices.Keys.TakeWhile(key => key <= SliceOf(time.GetUtcNow()) - DaySlices).ToList()) slices.Remove(old);
        changed = true;
    }

    /// <summary>The seconds between two instants, slice by slice.</summary>
    private static IEnumerable<(long Slice, int Seconds)> Cut(DateTimeOffset from, DateTimeOffset to)
    {
        var (start, end) = (from.ToUnixTimeSeconds(), to.ToUnixTimeSeconds());
        while (start < end)
        {
            var next = Math.Min(end, (start / SliceSeconds + 1) * SliceSeconds);
            yield return (start / SliceSeconds, (int)(next - start));
            start = next;
        }
    }

    private static long SliceOf(DateTimeOffset at) => at.ToUnixTimeSeconds() / SliceSeconds;

    private void Read()
    {
        if (file is null || !File.Exists(file)) return;
        try
        {
            var newest = SliceOf(time.GetUtcNow());
            // What seems to come from the future was used before the clock stood back: when, nobody knows, so it counts for the day and not for the hour.
            foreach (var line in JsonSerializer.Deserialize<List<Line>>(File.ReadAllBytes(file)) ?? [])
                if (line.Extension is { } extension) Add(extension, line.Slice > newest ? newest - HourSlices : line.Slice, line.Calls, line.Seconds);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            LogTroubled(logger, exception);
        }
    }

    private void Write()
    {
        if (file is null) return;
        lock (gate)
        {
            if (!changed) return;
            var ahead = (long)Math.Floor(time.WallAhead.TotalSeconds / SliceSeconds + 0.5);
            var lines = used.SelectMany(extension => extension.Value.Select(slice => new Line(extension.Key, slice.Key + ahead, slice.Value.Calls, slice.Value.Seconds)));
            try
            {
                DataDirectory.WriteAtomically(file, JsonSerializer.SerializeToUtf8Bytes(lines.ToList()));
                changed = false;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                LogTroubled(logger, exception);
            }
        }
    }

    [LoggerMessage(3121, LogLevel.Warning, "The use of calls outside cannot be read or written; its limits hold, and it is written when it is possible again.")]
    private static partial void LogTroubled(ILogger logger, Exception exception);
}
