using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Pbx.Core.Spool;

namespace Pbx.Core.CallRecords;

/// <summary>
/// Takes a line when a call starts and one when it ends, brings them to the spool and from there to the database, and keeps in memory
/// what is not there yet. A start line of the server itself closes the records of calls that a kill cut off.
/// </summary>
internal sealed class CallJournal(SpoolLog spool, TimeProvider time) : ICallJournal, ISpoolSink
{
    private const string StartedKind = "call-started";
    private const string EndedKind = "call-ended";
    private const string ServerKind = "server-started";

    /// <summary>Most ended calls kept in memory while the database is away; what is beyond lies on disk only.</summary>
    private const int MostKept = 5000;

    private readonly ConcurrentDictionary<Guid, CallRecordEntry> kept = new();
    private readonly ConcurrentQueue<Guid> ended = new();

    /// <inheritdoc/>
    public long Pending => spool.Pending;

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Kinds { get; } = [StartedKind, EndedKind, ServerKind];

    /// <summary>Records of running calls and of calls that are not in the database yet.</summary>
    public IEnumerable<CallRecordEntry> Kept => kept.Values;

    /// <inheritdoc/>
    public void Started(CallRecord record)
    {
        kept[record.Id] = new CallRecordEntry(record, true);
        spool.Post(SpoolEntry.Of(StartedKind, record));
    }

    /// <inheritdoc/>
    public void Ended(CallRecord record)
    {
        KeepEnded(record);
        // A line that the spool refuses (disk full for long) lives on in memory only; it must not stay there for ever.
        if (!spool.Post(SpoolEntry.Of(EndedKind, record))) kept.TryRemove(record.Id, out _);
    }

    /// <summary>Takes over what an earlier run left in the spool and marks the start of this one.</summary>
    public void Recover(IReadOnlyList<SpoolEntry> found)
    {
        foreach (var entry in found)
        {
            if (entry.Kind is not (StartedKind or EndedKind)) continue;
            KeepEnded(entry.Read<CallRecord>());
        }
        spool.Post(SpoolEntry.Of(ServerKind, time.GetUtcNow()));
    }

    /// <inheritdoc/>
    public async Task ApplyAsync(DbContext database, IReadOnlyList<SpoolEntry> entries, CancellationToken cancellationToken)
    {
        await using var table = await CallRecordTable.OpenAsync(database, cancellationToken);
        foreach (var entry in entries)
        {
            // Lines come in order, so what runs where a server starts was cut with the server before it, whatever the clocks say.
            if (entry.Kind == ServerKind) await table.EndAllAsync(cancellationToken);
            else if (entry.Kind == StartedKind) await table.StartAsync(entry.Read<CallRecord>(), cancellationToken);
            else await table.EndAsync(entry.Read<CallRecord>(), cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Applied(IReadOnlyList<SpoolEntry> entries)
    {
        foreach (var entry in entries)
        {
            if (entry.Kind == ServerKind) continue;
            var id = entry.Read<CallRecord>().Id;
            if (kept.TryGetValue(id, out var current) && !current.Running) kept.TryRemove(KeyValuePair.Create(id, current));
        }
    }

    private void KeepEnded(CallRecord record)
    {
        kept[record.Id] = new CallRecordEntry(record, false);
        ended.Enqueue(record.Id);
        if (ended.Count > MostKept && ended.TryDequeue(out var oldest)) kept.TryRemove(oldest, out _);
    }
}
