using System.Text;
using Pbx.Core.Access;
using Pbx.Core.CallRecords;
using Pbx.Core.Common;
using Pbx.Core.Configuration;

namespace Pbx.Web.Api;

/// <summary>Call records, newest first.</summary>
internal static class RecordsApi
{
    private const int MostAtOnce = 500;

    public static void MapRecords(this IEndpointRouteBuilder api)
    {
        var records = api.MapGroup("/call-records").RequireAuthorization(nameof(Permission.SeeCallRecords));
        records.MapGet("", async ([AsParameters] RecordsQuery query, ICallRecords calls, CancellationToken cancellationToken, int skip = 0, int take = 50) =>
        {
            var page = await calls.SearchAsync(query.Filter, Math.Max(0, skip), Math.Clamp(take, 1, MostAtOnce), cancellationToken);
            return Results.Json(new { items = page.Entries.Select(e => e.Record), page.Total, page.DatabaseAway });
        });
        records.MapGet("/export", ExportAsync);
        records.MapGet("/{call:guid}", async (Guid call, ICallRecords calls, CancellationToken cancellationToken) =>
            await calls.FindAsync(call, cancellationToken) is { } entry ? Results.Json(entry.Record) : ApiErrors.NotFound($"call {call}"));
    }

    /// <summary>All records that match as CSV. A database that goes away in the middle breaks the download off: half of it must not be taken for the whole.</summary>
    private static async Task<IResult> ExportAsync([AsParameters] RecordsQuery query, ICallRecords calls, ISnapshotSource configuration, TimeProvider time,
        CancellationToken cancellationToken)
    {
        var records = calls.AllAsync(query.Filter, cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            var any = await records.MoveNextAsync();
            return Results.Stream(body => WriteAsync(body, records, any, configuration, cancellationToken), "text/csv; charset=utf-8", $"calls-{time.GetUtcNow():yyyy-MM-dd}.csv");
        }
        catch (StorageUnavailableException e)
        {
            await records.DisposeAsync();
            return ApiErrors.Failure([new PbxError("database-unavailable", "", e.Message)]);
        }
    }

    private static async Task WriteAsync(Stream body, IAsyncEnumerator<CallRecord> records, bool any, ISnapshotSource configuration, CancellationToken cancellationToken)
    {
        await using var source = records;
        // With the mark, or spreadsheets take accents for something else.
        await using var writer = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true);
        await writer.WriteAsync(CallRecordCsv.Header.AsMemory(), cancellationToken);
        for (; any; any = await source.MoveNextAsync()) await writer.WriteAsync(CallRecordCsv.Line(source.Current, configuration.Current).AsMemory(), cancellationToken);
    }
}

/// <summary>Which records are asked for, as the query of an address says it; what is left out means: any.</summary>
/// <param name="Text">Part of a number or name.</param>
/// <param name="Direction">The direction.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Unmatched">Calls that no inbound rule knew, or all others.</param>
/// <param name="Site">Key of the site.</param>
/// <param name="From">Started at or after.</param>
/// <param name="Until">Started before.</param>
internal sealed record RecordsQuery(string? Text, CallDirection? Direction, CallOutcome? Outcome, bool? Unmatched, string? Site, DateTimeOffset? From, DateTimeOffset? Until)
{
    /// <summary>The same as a filter.</summary>
    public CallRecordFilter Filter => new()
    {
        Text = Text, Direction = Direction, Outcome = Outcome, Unmatched = Unmatched, Site = Site, From = From, Until = Until,
    };
}
