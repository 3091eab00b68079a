using Pbx.Core.CallFlow;

namespace Pbx.Sip.Engine.Calls;

/// <summary>What a final response means for the call.</summary>
internal static class LegFailures
{
    /// <summary>The failure that a status of 300 or more stands for.</summary>
    public static LegFailure Of(int status) => status switch
    {
        486 or 600 => LegFailure.Busy,
        403 or 603 or 607 => LegFailure.Rejected,
        404 or 410 or 484 or 604 => LegFailure.NotFound,
        408 or 480 or 487 => LegFailure.NoAnswer,
        415 or 488 or 606 => LegFailure.Incompatible,
        // A redirection is not followed: its target may be a number that nobody allowed.
        < 400 => LegFailure.Unavailable,
        >= 500 => LegFailure.Unavailable,
        _ => LegFailure.Rejected,
    };

    /// <summary>Which of several devices' failures speaks for the extension: lower first. What a person did comes before what machines say.</summary>
    public static int Rank(LegFailure failure) => failure switch
    {
        LegFailure.Busy => 0,
        LegFailure.Rejected => 1,
        LegFailure.NoAnswer => 2,
        LegFailure.Incompatible => 3,
        LegFailure.NotFound => 4,
        LegFailure.Unavailable => 5,
        LegFailure.NotRegistered => 6,
    };

    /// <summary>The final response that fits a cause when the caller was not answered.</summary>
    public static int StatusOf(HangUpCause cause) => cause switch
    {
        HangUpCause.Normal or HangUpCause.Unavailable => 480,
        HangUpCause.Busy => 486,
        HangUpCause.Rejected => 603,
        HangUpCause.NotFound => 404,
        HangUpCause.Forbidden => 403,
        HangUpCause.Incompatible => 488,
        HangUpCause.Congestion => 503,
    };
}
