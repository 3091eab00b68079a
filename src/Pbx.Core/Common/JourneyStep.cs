namespace Pbx.Core.Common;

/// <summary>
/// A step of a call's journey, kept as data so that the console can say it in any language: a code from <see cref="JourneyCodes"/> and
/// what it speaks of.
/// </summary>
/// <param name="Code">What happened.</param>
/// <param name="Subject">What it concerns: the written form of an object or destination, or empty.</param>
/// <param name="Detail">A detail: a key pressed, a time state, a reason, a SIP status.</param>
public sealed record JourneyStep(string Code, string Subject = "", string Detail = "");

/// <summary>The codes of journey steps.</summary>
public static class JourneyCodes
{
    /// <summary>An inbound rule matched; detail: the called number in E.164.</summary>
    public const string RuleMatched = "rule-matched";
    /// <summary>No rule matched: the trunk's default destination.</summary>
    public const string Unmatched = "unmatched";
    /// <summary>A site's time state decided; subject: the site; detail: closure, holiday, break, open or closed.</summary>
    public const string TimeDecision = "time-decision";
    /// <summary>The call went to a destination.</summary>
    public const string WentTo = "went-to";
    /// <summary>A key was chosen in a menu; detail: the digits.</summary>
    public const string KeyPressed = "key-pressed";
    /// <summary>A wrong key.</summary>
    public const string InvalidKey = "invalid-key";
    /// <summary>No key in time.</summary>
    public const string MenuTimeout = "menu-timeout";
    /// <summary>An extension or number rings.</summary>
    public const string Ringing = "ringing";
    /// <summary>It did not answer; detail: why.</summary>
    public const string NotAnswered = "not-answered";
    /// <summary>It answered.</summary>
    public const string Answered = "answered";
    /// <summary>An agent was passed over; detail: why.</summary>
    public const string AgentSkipped = "agent-skipped";
    /// <summary>The caller left the queue; detail: why.</summary>
    public const string QueueLeft = "queue-left";
    /// <summary>A message was recorded; detail: its milliseconds.</summary>
    public const string MessageLeft = "message-left";
    /// <summary>No message; detail: too-short, silence, full or failed.</summary>
    public const string NoMessage = "no-message";
    /// <summary>A dial code; subject: empty; detail: the function.</summary>
    public const string DialCode = "dial-code";
    /// <summary>An outbound rule was taken.</summary>
    public const string OutboundRule = "outbound-rule";
    /// <summary>A call outside was refused; subject: the number; detail: why.</summary>
    public const string OutboundRefused = "outbound-refused";
    /// <summary>A trunk failed; detail: the reason and status.</summary>
    public const string TrunkFailed = "trunk-failed";
    /// <summary>What the call was in was removed; it went on to its last known route.</summary>
    public const string Removed = "removed";
    /// <summary>The guard against endless moves ended the call.</summary>
    public const string LoopGuard = "loop-guard";
    /// <summary>The call ended; detail: the cause and who ended it.</summary>
    public const string Ended = "ended";
}
