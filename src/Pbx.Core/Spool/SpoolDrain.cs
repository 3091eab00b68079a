using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pbx.Core.Common;

namespace Pbx.Core.Spool;

/// <summary>
/// Brings the lines of the spool to the database in order and in batches, and waits patiently while the database is away. A line that
/// the database refuses whatever happens is set aside in a file, so that it does not hold up those behind it.
/// </summary>
internal sealed partial class SpoolDrain(SpoolLog spool, IEnumerable<ISpoolSink> sinks, OpenDatabase open, DataDirectory directory,
    TimeProvider time, ILogger<SpoolDrain> logger) : BackgroundService
{
    private const int BatchLines = 200;

    /// <summary>
    /// How long lines gather after the first: a transaction for each call would cost more than the call, and pages look into memory for what is
    /// not in the database yet. By the machine's own time, like all that has to do with its disk.
    /// </summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan IdleLook = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LastDrain = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, ISpoolSink> sinkOf = sinks.SelectMany(s => s.Kinds.Select(k => (Kind: k, Sink: s))).ToDictionary(p => p.Kind, p => p.Sink);
    private readonly TaskCompletionSource recovered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim one = new(1, 1);
    private bool away;

    /// <summary>Completes when everything that the start found has reached the database.</summary>
    public Task Recovered => recovered.Task;

    /// <summary>Drains all there is. False when the database is away.</summary>
    public async Task<bool> DrainAsync(CancellationToken cancellationToken)
    {
        await one.WaitAsync(cancellationToken);
        try
        {
            while (spool.Reader.Peek(BatchLines) is { Entries.Count: > 0 } batch)
            {
                await ApplyAsync(batch.Entries, cancellationToken);
                spool.Reader.Done(batch);
            }
            if (away) LogBack(logger);
            away = false;
            recovered.TrySetResult();
            return true;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            if (!away) LogAway(logger, error.Message);
            away = true;
            return false;
        }
        finally
        {
            one.Release();
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        one.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LastDrain);
        try
        {
            await DrainAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // What is left lies on disk for the next start.
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var retry = FirstRetry;
        while (!stoppingToken.IsCancellationRequested)
        {
            if (await DrainAsync(stoppingToken))
            {
                retry = FirstRetry;
                if (await spool.WaitAsync(IdleLook, stoppingToken)) await Task.Delay(Gathering, stoppingToken);
                continue;
            }
            await Task.Delay(retry, time, stoppingToken);
            retry = retry * 2 < LongestRetry ? retry * 2 : LongestRetry;
        }
    }

    private async Task ApplyAsync(IReadOnlyList<SpoolEntry> entries, CancellationToken cancellationToken)
    {
        try
        {
            await SaveAsync(entries, cancellationToken);
        }
        catch (Exception error) when (DatabaseVerdict.IsRefusal(error))
        {
            if (entries.Count == 1)
            {
                await SetAsideAsync(entries[0], error, cancellationToken);
                return;
            }
            foreach (var entry in entries) await ApplyAsync([entry], cancellationToken);
        }
    }

    private async Task SaveAsync(IReadOnlyList<SpoolEntry> entries, CancellationToken cancellationToken)
    {
        var runs = Runs(entries).ToList();
        await using var database = open();
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        // Looked for once, when they are saved: a sink asks for rows line by line, and each such look would go through all rows of the batch.
        database.ChangeTracker.AutoDetectChangesEnabled = false;
        foreach (var (sink, run) in runs) await sink.ApplyAsync(database, run, cancellationToken);
        database.ChangeTracker.AutoDetectChangesEnabled = true;
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        foreach (var (sink, run) in runs) sink.Applied(run);
    }

    /// <summary>Neighbours of the same sink together, in order. A kind that nobody knows (of a newer version) is refused data.</summary>
    private IEnumerable<(ISpoolSink Sink, IReadOnlyList<SpoolEntry> Run)> Runs(IReadOnlyList<SpoolEntry> entries)
    {
        for (var start = 0; start < entries.Count;)
        {
            if (!sinkOf.TryGetValue(entries[start].Kind, out var sink)) throw new System.Text.Json.JsonException($"No sink knows '{entries[start].Kind}'.");
            var end = start + 1;
            while (end < entries.Count && sinkOf.GetValueOrDefault(entries[end].Kind) == sink) end++;
            yield return (sink, [.. entries.Skip(start).Take(end - start)]);
            start = end;
        }
    }

    private async Task SetAsideAsync(SpoolEntry entry, Exception error, CancellationToken cancellationToken)
    {
        LogRefused(logger, entry.Kind, (error.InnerException ?? error).Message);
        var line = new[] { $"{entry.Kind} {System.Text.Encoding.UTF8.GetString(entry.Body)}" };
        await File.AppendAllLinesAsync(Path.Combine(directory.Spool, "refused.log"), line, cancellationToken);
    }

    [LoggerMessage(3111, LogLevel.Warning, "The database takes no records; they wait in the spool. {Reason}")]
    private static partial void LogAway(ILogger logger, string reason);

    [LoggerMessage(3112, LogLevel.Information, "The database is back and has all records.")]
    private static partial void LogBack(ILogger logger);

    [LoggerMessage(3113, LogLevel.Error, "The database refuses a line of kind {Kind}; it is set aside in spool/refused.log. {Reason}")]
    private static partial void LogRefused(ILogger logger, string kind, string reason);
}
