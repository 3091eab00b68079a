using System.Globalization;
using System.Text.Json;
using Pbx.Core.Sites;
using Pbx.Core.Snapshot;

namespace Pbx.Core.CallRecords;

/// <summary>
/// Call records as lines of a table (CSV, RFC 4180), for spreadsheets and for programs: times are those of the call's site, with their distance from
/// UTC; directions and outcomes are named as in the API.
/// </summary>
public static class CallRecordCsv
{
    /// <summary>The first line: the names of the columns.</summary>
    public const string Header = "id,started,answered,ended,seconds,direction,caller,callerName,called,site,answeredBy,outcome,withoutRule\r\n";

    /// <summary>One record as a line, with its end.</summary>
    public static string Line(CallRecord record, PbxSnapshot snapshot)
    {
        var site = record.Site is { } key ? snapshot.Sites.GetValueOrDefault(key) : snapshot.Sites.Values.FirstOrDefault();
        var zone = site is null ? TimeZoneInfo.Utc : SiteClock.ZoneOf(site);
        return string.Join(',',
            record.Id, Time(record.StartedAt), Time(record.AnsweredAt), Time(record.EndedAt), Seconds(record), Name(record.Direction.ToString()), Field(record.Caller),
            Field(record.CallerName), Field(record.Called), Field(record.Site), Field(record.AnsweredBy), Name(record.Outcome.ToString()), record.Unmatched ? "true" : "false") + "\r\n";

        string Time(DateTimeOffset? at) => at is { } instant ? TimeZoneInfo.ConvertTime(instant, zone).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture) : "";
    }

    private static string Seconds(CallRecord record) =>
        record.EndedAt is { } end ? ((long)(end - record.StartedAt).TotalSeconds).ToString(CultureInfo.InvariantCulture) : "";

    private static string Name(string value) => JsonNamingPolicy.CamelCase.ConvertName(value);

    private static string Field(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        // A spreadsheet takes what begins so for a formula, and the caller chose the words. A number with its plus is left as it is.
        if (text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' && !IsNumber(text)) text = "'" + text;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static bool IsNumber(string text) => text is ['+', _, ..] && text.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;
}
