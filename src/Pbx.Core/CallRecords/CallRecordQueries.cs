using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Data.Mapping;
using Pbx.Core.Spool;

namespace Pbx.Core.CallRecords;

/// <summary>Searches the stored records and lays over them what is only in memory.</summary>
internal sealed class CallRecordQueries(OpenDatabase open, CallJournal journal, TimeProvider time) : ICallRecords
{
    private const int Part = 500;

    /// <inheritdoc/>
    public async Task<CallRecordPage> SearchAsync(CallRecordFilter filter, int skip, int take, CancellationToken cancellationToken = default)
    {
        var kept = journal.Kept.OrderByDescending(e => e.Record.StartedAt).ToList();
        var shown = kept.Where(e => Matches(e.Record, filter)).ToList();
        try
        {
            await using var database = open();
            var keptIds = kept.Select(e => e.Record.Id).ToList();
            var stored = Where(database.Set<CallRecordRow>().AsNoTracking(), filter).Where(r => !keptIds.Contains(r.Id));
            var total = await stored.CountAsync(cancellationToken);
            // Those in memory are few and nearly always the newest: so many more rows are read as they may push out.
            var rows = await stored.OrderByDescending(r => r.StartedAt).ThenBy(r => r.Id)
                .Skip(Math.Max(0, skip - shown.Count)).Take(take + Math.Min(shown.Count, skip + take)).ToListAsync(cancellationToken);
            var merged = shown.Concat(rows.Select(r => new CallRecordEntry(CallRecordRows.Read(r), r.Running)))
                .OrderByDescending(e => e.Record.StartedAt).Skip(Math.Min(skip, shown.Count)).Take(take);
            return new CallRecordPage(merged.ToValueList(), total + shown.Count, false);
        }
        catch (Exception error) when (DatabaseVerdict.IsAway(error))
        {
            return new CallRecordPage(shown.Skip(skip).Take(take).ToValueList(), shown.Count, true);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<CallRecord> AllAsync(CallRecordFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var kept = journal.Kept.Select(e => e.Record).OrderByDescending(r => r.StartedAt).ToList();
        var given = kept.Select(r => r.Id).ToHashSet();
        DateTimeOffset? last = null;
        List<Guid> readOfLast = [];
        var began = time.GetTimestamp();
        var part = await PartAsync(filter, last, readOfLast, cancellationToken);
        foreach (var record in kept.Where(r => Matches(r, filter))) yield return record with { Journey = [], Quality = [] };
        while (part.Count > 0)
        {
            foreach (var record in part.Where(r => !given.Contains(r.Id))) yield return record;
            if (part[^1].StartedAt != last) readOfLast = [];
            last = part[^1].StartedAt;
            readOfLast.AddRange(part.Where(r => r.StartedAt == last).Select(r => r.Id));
            // It rests as long as it worked: years of records are asked for while people talk, and calls come first.
            await Task.Delay(time.GetElapsedTime(began), time, cancellationToken);
            began = time.GetTimestamp();
            part = await PartAsync(filter, last, readOfLast, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task<CallRecordEntry?> FindAsync(Guid call, CancellationToken cancellationToken = default)
    {
        if (journal.Kept.FirstOrDefault(e => e.Record.Id == call) is { } kept) return kept;
        try
        {
            await using var database = open();
            var row = await database.Set<CallRecordRow>().AsNoTracking().SingleOrDefaultAsync(r => r.Id == call, cancellationToken);
            return row is null ? null : new CallRecordEntry(CallRecordRows.Read(row), row.Running);
        }
        catch (Exception error) when (DatabaseVerdict.IsAway(error))
        {
            return null;
        }
    }

    /// <summary>The next rows after those of an instant that were read: what comes in meanwhile is newer and moves nothing.</summary>
    private async Task<List<CallRecord>> PartAsync(CallRecordFilter filter, DateTimeOffset? last, List<Guid> readOfLast, CancellationToken cancellationToken)
    {
        try
        {
            await using var database = open();
            var rows = Where(database.Set<CallRecordRow>().AsNoTracking(), filter);
            if (last is { } instant) rows = rows.Where(r => r.StartedAt <= instant && !readOfLast.Contains(r.Id));
            return await rows.OrderByDescending(r => r.StartedAt).ThenBy(r => r.Id).Take(Part).Select(CallRecordRows.Brief).ToListAsync(cancellationToken);
        }
        catch (Exception error) when (DatabaseVerdict.IsAway(error))
        {
            throw new StorageUnavailableException($"The database cannot be used now: {error.GetBaseException().Message}", error);
        }
    }

    private static IQueryable<CallRecordRow> Where(IQueryable<CallRecordRow> rows, CallRecordFilter filter)
    {
        if (filter.Direction is { } direction) rows = rows.Where(r => r.Direction == (int)direction);
        if (filter.Outcome is { } outcome) rows = rows.Where(r => r.Outcome == (int)outcome);
        if (filter.Unmatched is { } unmatched) rows = rows.Where(r => r.Unmatched == unmatched);
        if (filter.Site is { } site) rows = rows.Where(r => r.Site == site);
        if (filter.From is { } from) rows = rows.Where(r => r.StartedAt >= from);
        if (filter.Until is { } until) rows = rows.Where(r => r.StartedAt < until);
        if (string.IsNullOrWhiteSpace(filter.Text)) return rows;
        var text = CallRecordRows.Folded(filter.Text.Trim());
        return rows.Where(r => r.SearchText.Contains(text));
    }

    private static bool Matches(CallRecord record, CallRecordFilter filter) =>
        (filter.Direction is not { } direction || record.Direction == direction)
        && (filter.Outcome is not { } outcome || record.Outcome == outcome)
        && (filter.Unmatched is not { } unmatched || record.Unmatched == unmatched)
        && (filter.Site is not { } site || record.Site == site)
        && (filter.From is not { } from || record.StartedAt >= from)
        && (filter.Until is not { } until || record.StartedAt < until)
        && (string.IsNullOrWhiteSpace(filter.Text)
            || CallRecordRows.SearchText(record).Contains(CallRecordRows.Folded(filter.Text.Trim()), StringComparison.Ordinal));
}
