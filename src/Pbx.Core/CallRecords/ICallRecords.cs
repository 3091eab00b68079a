using Pbx.Core.Common;

namespace Pbx.Core.CallRecords;

/// <summary>What the console and the API ask of the call records.</summary>
public interface ICallRecords
{
    /// <summary>A page of records, newest first, those of running calls and of calls that are not in the database yet included.</summary>
    Task<CallRecordPage> SearchAsync(CallRecordFilter filter, int skip, int take, CancellationToken cancellationToken = default);

    /// <summary>
    /// All records that match, without journey and quality, newest first but for those that are not in the database yet, which come before the others. They
    /// are read a part at a time: years of them take no more memory than a page.
    /// </summary>
    /// <exception cref="Configuration.StorageUnavailableException">The database is away: at the start, or from then on.</exception>
    IAsyncEnumerable<CallRecord> AllAsync(CallRecordFilter filter, CancellationToken cancellationToken = default);

    /// <summary>One record, or null.</summary>
    Task<CallRecordEntry?> FindAsync(Guid call, CancellationToken cancellationToken = default);
}

/// <summary>Which records are asked for; each null means: any.</summary>
public sealed record CallRecordFilter
{
    /// <summary>Part of a number or name, without regard to case and accents.</summary>
    public string? Text { get; init; }

    /// <summary>The direction.</summary>
    public CallDirection? Direction { get; init; }

    /// <summary>The outcome.</summary>
    public CallOutcome? Outcome { get; init; }

    /// <summary>True: calls that no inbound rule knew; false: all others.</summary>
    public bool? Unmatched { get; init; }

    /// <summary>Key of the site.</summary>
    public string? Site { get; init; }

    /// <summary>Started at or after (UTC).</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Started before (UTC).</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>A record and whether its call goes on.</summary>
/// <param name="Record">The record.</param>
/// <param name="Running">True while the call goes on; an unfinished record that does not run was cut by a kill of the server.</param>
public sealed record CallRecordEntry(CallRecord Record, bool Running);

/// <summary>A page of records.</summary>
/// <param name="Entries">Newest first.</param>
/// <param name="Total">How many match in all.</param>
/// <param name="DatabaseAway">True when the database did not answer and only what is in memory is shown.</param>
public sealed record CallRecordPage(ValueList<CallRecordEntry> Entries, int Total, bool DatabaseAway);
