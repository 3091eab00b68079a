namespace Pbx.Core.CallFlow;

/// <summary>Why a call to the outside is refused.</summary>
public enum OutboundRefusal
{
    /// <summary>It may go.</summary>
    None,
    /// <summary>To a country that is not allowed, or to no country at all (satellites, international networks).</summary>
    Country,
    /// <summary>To a number at a premium.</summary>
    Premium,
    /// <summary>The extension may call out in its office hours only.</summary>
    OutsideHours,
    /// <summary>The extension's calls of the hour are used up.</summary>
    CallsPerHour,
    /// <summary>Those of the day.</summary>
    CallsPerDay,
    /// <summary>Its minutes of the hour.</summary>
    MinutesPerHour,
    /// <summary>Those of the day.</summary>
    MinutesPerDay,
}
