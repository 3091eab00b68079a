using Pbx.Core.Common;

namespace Pbx.Core.Settings;

/// <summary>What calls to the outside may cost at most. Emergency calls pass whatever is set here.</summary>
public sealed record OutboundLimits
{
    /// <summary>Countries that may be called besides those of the sites, as ISO codes.</summary>
    public ValueList<string> Countries { get; init; } = [];

    /// <summary>Numbers at a premium may be called.</summary>
    public bool PremiumNumbers { get; init; }

    /// <summary>Calls outside that one extension may begin in an hour; 0: no limit.</summary>
    public int CallsPerHour { get; init; } = 60;

    /// <summary>The same in 24 hours.</summary>
    public int CallsPerDay { get; init; } = 300;

    /// <summary>Minutes that one extension may talk outside in an hour, calls at the same time together; 0: no limit.</summary>
    public int MinutesPerHour { get; init; } = 180;

    /// <summary>The same in 24 hours.</summary>
    public int MinutesPerDay { get; init; } = 900;

    /// <summary>Who is mailed when a limit is hit or an account is attacked; null: nobody, the console shows it all the same.</summary>
    public string? AlertAddress { get; init; }
}
