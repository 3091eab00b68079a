using System.Globalization;
using Pbx.Sip.Messages;

namespace Pbx.Sip.Dialogs;

/// <summary>
/// What two ends agreed on by RFC 4028: the session ends when nobody refreshes it in time. Pure: gives durations, starts no timer.
/// </summary>
/// <param name="Seconds">The session interval.</param>
/// <param name="WeRefresh">True when the refreshes are ours to send.</param>
internal sealed record SessionInterval(uint Seconds, bool WeRefresh)
{
    /// <summary>What we ask for and offer (section 4 recommends half an hour).</summary>
    public const uint Preferred = 1800;

    /// <summary>The shortest that we take (section 4).</summary>
    public const uint Shortest = 90;

    /// <summary>
    /// How long after a refresh something is to be done: half the interval for the refresher, else the interval less a third of it or 32 s,
    /// whichever is less, after which the session is dead (section 10).
    /// </summary>
    public TimeSpan Due => TimeSpan.FromSeconds(WeRefresh ? Seconds / 2.0 : Seconds - Math.Min(32.0, Seconds / 3.0));

    /// <summary>True when a request asks for an interval that we refuse with 422 (section 9): only a peer that knows 422 is sent one.</summary>
    public static bool TooShort(SipRequest request) =>
        request.SessionExpires is { Seconds: < Shortest } && request.HasToken(HeaderId.Supported, "timer");

    /// <summary>
    /// What a UAS answers (section 9): the interval asked for, shortened to ours; null when the peer neither asks nor knows timers.
    /// A peer that knows them refreshes; for one that does not, whose proxy asks, we do.
    /// </summary>
    public static SessionInterval? Answer(SipRequest request)
    {
        var knows = request.HasToken(HeaderId.Supported, "timer") || request.HasToken(HeaderId.Require, "timer");
        var asked = request.SessionExpires;
        if (asked is null && !knows) return null;
        var seconds = Math.Max(Math.Min(asked?.Seconds ?? Preferred, Preferred), Math.Max(Shortest, request.MinSE ?? 0));
        return new SessionInterval(seconds, !knows || asked?.Refresher == "uas");
    }

    /// <summary>What the answer of a UAS to our request means (section 7.2); null: no timer.</summary>
    public static SessionInterval? Accepted(SipResponse response) => response.SessionExpires is { } agreed
        ? new SessionInterval(Math.Max(agreed.Seconds, 1), agreed.Refresher != "uas")
        : null;

    /// <summary>The header of our answer as UAS.</summary>
    public string InAnswer => new SessionExpires(Seconds, WeRefresh ? "uas" : "uac").ToString();

    /// <summary>The header of our refresh as UAC, which keeps the roles.</summary>
    public string InRefresh => new SessionExpires(Seconds, WeRefresh ? "uac" : "uas").ToString();

    /// <summary>A number as headers need it.</summary>
    public static string Number(uint value) => value.ToString(CultureInfo.InvariantCulture);
}
