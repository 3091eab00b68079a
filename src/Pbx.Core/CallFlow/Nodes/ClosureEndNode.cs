using System.Globalization;
using Pbx.Core.Extensions;
using Pbx.Core.Sites;

namespace Pbx.Core.CallFlow.Nodes;

/// <summary>Asks for the end of the exceptional closure as four digits of local time, the next time that the clock shows it.</summary>
/// <param name="Site">The key of the site.</param>
/// <param name="By">Number of the extension that asks.</param>
/// <param name="Digits">Keys so far.</param>
/// <param name="Wrong">Wrong ones so far.</param>
internal sealed record ClosureEndNode(string Site, string By, string Digits, int Wrong) : CallNode
{
    private const int MaxWrong = 3;
    private const int WaitSeconds = 10;

    public static void Enter(Turn turn, Extension extension)
    {
        turn.Become(new ClosureEndNode(extension.Site, extension.Number, "", 0));
        turn.Say(Phrases.EnterEndTime);
    }

    public override void On(Turn turn, CallInput input)
    {
        switch (input)
        {
            case CallInput.PlayEnded:
                turn.Start(CallTimer.Timeout, WaitSeconds);
                break;
            case CallInput.TimerFired { Timer: CallTimer.Timeout }:
                Refuse(turn);
                break;
            case CallInput.Digit digit:
                turn.StopPlay();
                var next = this with { Digits = Digits + digit.Key };
                turn.Become(next);
                turn.Start(CallTimer.Timeout, WaitSeconds);
                if (next.Digits.Length == 4) next.Take(turn);
                break;
        }
    }

    private void Take(Turn turn)
    {
        turn.Stop(CallTimer.Timeout);
        if (!turn.Snapshot.Sites.TryGetValue(Site, out var site))
        {
            FarewellNode.Enter(turn, Phrases.Failed);
            return;
        }
        if (!TimeOnly.TryParseExact(Digits, "HHmm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            Refuse(turn);
            return;
        }
        var until = NextAt(site, time, turn.Now);
        ChangeNode.Enter(turn, new CallAction.SwitchClosure(Site, true, until, By),
            turn.Phrase(Phrases.ClosureUntil), new Sound.OfTime(SiteClock.LocalTime(site, until), turn.State.Language));
    }

    private void Refuse(Turn turn)
    {
        turn.Stop(CallTimer.Timeout);
        if (Wrong + 1 >= MaxWrong)
        {
            FarewellNode.Enter(turn, Phrases.InvalidTime, Phrases.Goodbye);
            return;
        }
        turn.Become(this with { Digits = "", Wrong = Wrong + 1 });
        turn.Say(Phrases.InvalidTime, Phrases.EnterEndTime);
    }

    /// <summary>The first instant after now at which the site's clock shows this time; a skipped time counts as the end of the gap.</summary>
    private static DateTimeOffset NextAt(Site site, TimeOnly time, DateTimeOffset now)
    {
        var zone = SiteClock.ZoneOf(site);
        var today = DateOnly.FromDateTime(SiteClock.LocalTime(site, now));
        for (var day = 0; ; day++)
        {
            var local = today.AddDays(day).ToDateTime(time);
            while (zone.IsInvalidTime(local)) local = local.AddMinutes(1);
            var offsets = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local) : [zone.GetUtcOffset(local)];
            foreach (var offset in offsets.OrderDescending())
            {
                var instant = new DateTimeOffset(local, offset).ToUniversalTime();
                if (instant > now) return instant;
            }
        }
    }
}
