using System.Globalization;
using System.Linq.Expressions;
using System.Text;
using System.Text.Json;
using Pbx.Core.Common;
using Pbx.Core.Data.Mapping;

namespace Pbx.Core.CallRecords;

/// <summary>Records to rows and back.</summary>
internal static class CallRecordRows
{
    /// <summary>Writes the whole record into its row.</summary>
    public static void Fill(CallRecordRow row, CallRecord record, bool running)
    {
        row.StartedAt = record.StartedAt;
        row.AnsweredAt = record.AnsweredAt;
        row.EndedAt = record.EndedAt;
        row.Direction = (int)record.Direction;
        row.Outcome = (int)record.Outcome;
        row.Unmatched = record.Unmatched;
        row.Running = running;
        row.Caller = Storable(record.Caller);
        row.CallerName = Storable(record.CallerName);
        row.Called = Storable(record.Called);
        row.Site = record.Site;
        row.AnsweredBy = record.AnsweredBy;
        row.SearchText = SearchText(record);
        row.Journey = JsonSerializer.Serialize(record.Journey);
        row.Quality = JsonSerializer.Serialize(record.Quality);
    }

    /// <summary>
    /// The record of a row without its journey and its quality, which are most of a row; the database does not even read them.
    /// </summary>
    public static Expression<Func<CallRecordRow, CallRecord>> Brief { get; } = row => new CallRecord
    {
        Id = row.Id,
        StartedAt = row.StartedAt,
        AnsweredAt = row.AnsweredAt,
        EndedAt = row.EndedAt,
        Direction = (CallDirection)row.Direction,
        Outcome = (CallOutcome)row.Outcome,
        Unmatched = row.Unmatched,
        Caller = row.Caller,
        CallerName = row.CallerName,
        Called = row.Called,
        Site = row.Site,
        AnsweredBy = row.AnsweredBy,
    };

    private static readonly Func<CallRecordRow, CallRecord> ReadBrief = Brief.Compile();

    /// <summary>Reads the record of a row.</summary>
    public static CallRecord Read(CallRecordRow row) => ReadBrief(row) with
    {
        Journey = JsonSerializer.Deserialize<ValueList<JourneyEntry>>(row.Journey) ?? [],
        Quality = JsonSerializer.Deserialize<ValueList<LegQuality>>(row.Quality) ?? [],
    };

    /// <summary>What the search looks in: numbers and names as <see cref="Folded"/>.</summary>
    public static string SearchText(CallRecord record) =>
        Folded(string.Join('\n', record.Caller, record.CallerName, record.Called, record.AnsweredBy ?? ""));

    /// <summary>Lower case without accents, so that both databases compare alike.</summary>
    public static string Folded(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var c in Storable(text).Normalize(NormalizationForm.FormD))
            if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark) folded.Append(char.ToLowerInvariant(c));
        return folded.ToString();
    }

    /// <summary>What a caller sent may hold a NUL or half a surrogate pair, which PostgreSQL refuses.</summary>
    private static string Storable(string text) => DatabaseText.Clean(text);
}
