using Pbx.Core.Common;

namespace Pbx.Core.CallRecords;

/// <summary>What happened to one call, leg by leg.</summary>
public sealed record CallRecord
{
    /// <summary>The call's id.</summary>
    public required Guid Id { get; init; }

    /// <summary>When it came in (UTC).</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it was answered by the server or a person; null: never.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>When it ended; null while it runs or when the server was killed during it.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Inbound, outbound or internal.</summary>
    public CallDirection Direction { get; init; }

    /// <summary>The caller's number; empty when withheld.</summary>
    public string Caller { get; init; } = "";

    /// <summary>The caller's name.</summary>
    public string CallerName { get; init; } = "";

    /// <summary>The number called.</summary>
    public string Called { get; init; } = "";

    /// <summary>Key of the site whose rule took it; null: none.</summary>
    public string? Site { get; init; }

    /// <summary>Key of the extension (or number) that talked; null: nobody did.</summary>
    public string? AnsweredBy { get; init; }

    /// <summary>How it ended.</summary>
    public CallOutcome Outcome { get; init; }

    /// <summary>No inbound rule knew the number called: the call took its trunk's default destination, however it went on from there.</summary>
    public bool Unmatched { get; init; }

    /// <summary>What it went through.</summary>
    public ValueList<JourneyEntry> Journey { get; init; } = [];

    /// <summary>Media quality, one per leg.</summary>
    public ValueList<LegQuality> Quality { get; init; } = [];
}

/// <summary>Which way a call goes.</summary>
public enum CallDirection
{
    /// <summary>From a trunk.</summary>
    Inbound,
    /// <summary>To a trunk.</summary>
    Outbound,
    /// <summary>Between extensions or services.</summary>
    Internal,
}

/// <summary>How a call ended.</summary>
public enum CallOutcome
{
    /// <summary>Still running, or cut by a kill of the server.</summary>
    Unfinished,
    /// <summary>Two people talked.</summary>
    Answered,
    /// <summary>A message was left.</summary>
    Message,
    /// <summary>The caller gave up.</summary>
    Abandoned,
    /// <summary>Served by a machine only (menu, announcement, dial code).</summary>
    Service,
    /// <summary>Nobody answered, busy, rejected or failed.</summary>
    Failed,
}

/// <summary>One step of a call's journey and when it was taken.</summary>
public sealed record JourneyEntry(DateTimeOffset At, JourneyStep Step);

/// <summary>The media quality of one leg.</summary>
/// <param name="Leg">The leg's number.</param>
/// <param name="Codec">Its codec.</param>
/// <param name="PacketsReceived">Packets received.</param>
/// <param name="PacketsLost">Packets lost on the way to us.</param>
/// <param name="JitterMilliseconds">Interarrival jitter (RFC 3550 section 6.4.1).</param>
/// <param name="RoundTripMilliseconds">Round trip from RTCP; null: not measured.</param>
/// <param name="PacketsSent">Packets sent.</param>
/// <param name="RemoteLossPercent">Loss that the far end reports; null: none reported.</param>
/// <param name="Protection">How it was encrypted at last; null: nothing was agreed, or the record is older than this.</param>
public sealed record LegQuality(int Leg, string Codec, long PacketsReceived, long PacketsLost, double JitterMilliseconds,
    double? RoundTripMilliseconds, long PacketsSent, double? RemoteLossPercent, LegProtection? Protection = null);
