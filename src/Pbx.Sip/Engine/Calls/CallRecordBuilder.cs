using Pbx.Core.CallFlow;
using Pbx.Core.CallRecords;
using Pbx.Core.Common;

namespace Pbx.Sip.Engine.Calls;

/// <summary>Gathers what a call's machine does not know (instants, media quality) and makes the record from it and the machine's state.</summary>
internal sealed class CallRecordBuilder(Guid id, DateTimeOffset startedAt)
{
    private readonly List<JourneyEntry> journey = [];
    private readonly SortedDictionary<int, LegQuality> quality = [];

    /// <summary>When it came in.</summary>
    public DateTimeOffset StartedAt => startedAt;

    /// <summary>When the caller was answered; null: not yet.</summary>
    public DateTimeOffset? AnsweredAt { get; private set; }

    /// <summary>Takes a step of the journey.</summary>
    public void Note(DateTimeOffset at, JourneyStep step) => journey.Add(new JourneyEntry(at, step));

    /// <summary>The caller was answered.</summary>
    public void Answered(DateTimeOffset at) => AnsweredAt ??= at;

    /// <summary>The media quality of a leg; the last report counts.</summary>
    public void Measured(LegQuality report) => quality[report.Leg] = report;

    /// <summary>The record as it stands; <paramref name="endedAt"/> null while the call runs.</summary>
    public CallRecord Build(CallState state, DateTimeOffset? endedAt) => new()
    {
        Id = id,
        StartedAt = startedAt,
        AnsweredAt = AnsweredAt,
        EndedAt = endedAt,
        Direction = state.Direction,
        Caller = state.Caller,
        CallerName = state.CallerName,
        Called = state.Called,
        Site = state.Site,
        AnsweredBy = state.AnsweredBy,
        Unmatched = state.Unmatched,
        Outcome = endedAt is null ? CallOutcome.Unfinished : state.Outcome,
        Journey = journey.ToValueList(),
        Quality = quality.Values.ToValueList(),
    };
}
