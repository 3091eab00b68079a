namespace Pbx.Core.CallRecords;

/// <summary>What an extension has used of its calls to the outside, at one moment.</summary>
/// <param name="CallsThisHour">Calls begun in the last hour.</param>
/// <param name="CallsToday">Calls begun in the last 24 hours.</param>
/// <param name="MinutesThisHour">Minutes talked in the last hour, by all its calls together, those that go on included.</param>
/// <param name="MinutesToday">Minutes talked in the last 24 hours.</param>
public sealed record OutboundUse(int CallsThisHour, int CallsToday, int MinutesThisHour, int MinutesToday)
{
    /// <summary>Nothing yet.</summary>
    public static OutboundUse None { get; } = new(0, 0, 0, 0);
}
