using Pbx.Core.Access;
using Pbx.Core.CallRecords;

namespace Pbx.Web.Api;

/// <summary>Call records, newest first.</summary>
internal static class RecordsApi
{
    private const int MostAtOnce = 500;

    public static void MapRecords(this IEndpointRouteBuilder api)
    {
        var records = api.MapGroup("/call-records").RequireAuthorization(nameof(Permission.SeeCallRecords));
        records.MapGet("", async (ICallRecords calls, CancellationToken cancellationToken, string? text = null, CallDirection? direction = null,
            CallOutcome? outcome = null, bool? unmatched = null, string? site = null, DateTimeOffset? from = null, DateTimeOffset? until = null, int skip = 0, int take = 50) =>
        {
            var filter = new CallRecordFilter { Text = text, Direction = direction, Outcome = outcome, Unmatched = unmatched, Site = site, From = from, Until = until };
            var page = await calls.SearchAsync(filter, Math.Max(0, skip), Math.Clamp(take, 1, MostAtOnce), cancellationToken);
            return Results.Json(new { items = page.Entries.Select(e => e.Record), page.Total, page.DatabaseAway });
        });
        records.MapGet("/{call:guid}", async (Guid call, ICallRecords calls, CancellationToken cancellationToken) =>
            await calls.FindAsync(call, cancellationToken) is { } entry ? Results.Json(entry.Record) : ApiErrors.NotFound($"call {call}"));
    }
}
