using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;
using Pbx.Core.CallRecords;
using Pbx.Web.Shell;
using Pbx.Web.Shell.Live;

namespace Pbx.Web.Features.Records;

/// <summary>The call records; filter and day are in the address, so that they can be sent to a colleague.</summary>
public sealed partial class RecordsPage
{
    private const int PageSize = 50;
    // Not an outcome: how such a call ended is shown beside it.
    private const string WithoutRule = "unmatched";
    private Load<CallRecordPage> page = Load<CallRecordPage>.Loading;
    private Guid? open;
    private int take = PageSize;

    [SupplyParameterFromQuery(Name = "q")] private string? Text { get; set; }

    [SupplyParameterFromQuery] private string? Direction { get; set; }

    [SupplyParameterFromQuery] private string? Outcome { get; set; }

    [SupplyParameterFromQuery] private string? Day { get; set; }

    [Inject] private ICallRecords Records { get; set; } = null!;

    private bool IsFiltered => Filter() != new CallRecordFilter();

    /// <summary>What is shown, as a table to download: all of it, not only the rows on the page.</summary>
    private string ExportUrl
    {
        get
        {
            var filter = Filter();
            return QueryHelpers.AddQueryString("/api/v1/call-records/export", new Dictionary<string, string?>
            {
                ["text"] = filter.Text, ["direction"] = filter.Direction?.ToString(), ["outcome"] = filter.Outcome?.ToString(), ["unmatched"] = filter.Unmatched?.ToString(),
                ["from"] = filter.From?.ToString("O", CultureInfo.InvariantCulture), ["until"] = filter.Until?.ToString("O", CultureInfo.InvariantCulture),
            });
        }
    }

    /// <inheritdoc/>
    protected override Task OnParametersSetAsync() => LoadAsync();

    private async Task LoadAsync()
    {
        try
        {
            var found = await Records.SearchAsync(Filter(), 0, take);
            page = found.Entries.Count == 0 && !found.DatabaseAway ? Load<CallRecordPage>.Empty : Load<CallRecordPage>.Ready(found);
        }
        catch (Exception e) when (e is System.Data.Common.DbException or TimeoutException)
        {
            page = Load<CallRecordPage>.Failed(L.DatabaseAway);
        }
    }

    private CallRecordFilter Filter()
    {
        var zone = Door.Current.Sites.Values.Select(s => s.TimeZone).FirstOrDefault() ?? "UTC";
        DateTimeOffset? day = DateOnly.TryParse(Day, CultureInfo.InvariantCulture, out var date)
            ? SiteTimes.ToInstant(date.ToDateTime(TimeOnly.MinValue), zone) : null;
        return new CallRecordFilter
        {
            Text = string.IsNullOrWhiteSpace(Text) ? null : Text.Trim(),
            Direction = Enum.TryParse<CallDirection>(Direction, out var direction) ? direction : null,
            Outcome = Enum.TryParse<CallOutcome>(Outcome, out var outcome) ? outcome : null,
            Unmatched = Outcome == WithoutRule ? true : null,
            From = day,
            Until = day?.AddDays(1),
        };
    }

    private Task MoreAsync()
    {
        take += PageSize;
        return LoadAsync();
    }

    private static string Tone(CallOutcome outcome) => outcome switch
    {
        CallOutcome.Answered => "good",
        CallOutcome.Message => "info",
        CallOutcome.Abandoned or CallOutcome.Failed => "bad",
        CallOutcome.Service or CallOutcome.Unfinished => "calm",
    };
}
