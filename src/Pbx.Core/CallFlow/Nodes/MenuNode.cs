using Pbx.Core.Common;
using Pbx.Core.Ivr;

namespace Pbx.Core.CallFlow.Nodes;

/// <summary>An IVR menu. Keys are looked up in the newest configuration, also while the prompt plays.</summary>
/// <param name="Key">The key of the menu.</param>
/// <param name="Digits">Keys pressed so far of a choice.</param>
/// <param name="Repeats">How often the prompt was repeated.</param>
/// <param name="Wrong">How often the choice was wrong.</param>
internal sealed record MenuNode(string Key, string Digits, int Repeats, int Wrong) : CallNode
{
    public static void Enter(Turn turn, IvrMenu menu)
    {
        turn.Arrive(menu, menu.OnTimeout);
        if (turn.TakesRouteOf(menu.TimeRoutes, menu.Site)) return;
        turn.Become(new MenuNode(menu.Key, "", 0, 0));
        turn.Play([new Sound.OfPrompt(menu.Prompt)]);
    }

    public override void On(Turn turn, CallInput input)
    {
        var menu = turn.Snapshot.IvrMenus.GetValueOrDefault(Key);
        switch (input)
        {
            case CallInput.ConfigurationChanged when menu is not null:
                turn.StillAt(menu, menu.OnTimeout);
                break;
            case CallInput.ConfigurationChanged when turn.State.Playing != 0:
                break;
            case CallInput.ConfigurationChanged:
                turn.Removed();
                break;
            case CallInput.Digit or CallInput.PlayEnded or CallInput.TimerFired when menu is null:
                turn.Removed();
                break;
            case CallInput.Digit digit:
                Press(turn, menu!, digit.Key);
                break;
            case CallInput.PlayEnded when Wrong >= menu!.MaxInvalid:
                turn.Go(menu.OnInvalid);
                break;
            case CallInput.PlayEnded:
                turn.Start(CallTimer.Timeout, menu.TimeoutSeconds);
                break;
            case CallInput.TimerFired { Timer: CallTimer.InterDigit }:
                Choose(turn, menu!, Digits);
                break;
            case CallInput.TimerFired { Timer: CallTimer.Timeout }:
                Repeat(turn, menu!);
                break;
        }
    }

    private void Press(Turn turn, IvrMenu menu, char key)
    {
        // The last wrong key has been said: what is pressed then changes nothing any more.
        if (Wrong >= menu.MaxInvalid && turn.State.Playing != 0) return;
        turn.StopPlay();
        turn.Stop(CallTimer.Timeout);
        turn.Stop(CallTimer.InterDigit);
        var digits = Digits + key;
        var exact = Find(turn, menu, digits);
        if (HasLonger(turn, menu, digits))
        {
            turn.Become(this with { Digits = digits });
            turn.Start(CallTimer.InterDigit, menu.InterDigitSeconds);
        }
        else if (exact is null && key == '#' && Find(turn, menu, Digits) is not null) Choose(turn, menu, Digits);
        else Choose(turn, menu, digits);
    }

    private void Choose(Turn turn, IvrMenu menu, string digits)
    {
        if (Find(turn, menu, digits) is { } destination)
        {
            turn.Note(JourneyCodes.KeyPressed, menu.AsDestination.ToString(), digits);
            turn.Go(destination);
            return;
        }
        turn.Note(JourneyCodes.InvalidKey, menu.AsDestination.ToString(), digits);
        var wrong = Wrong + 1;
        turn.Become(this with { Digits = "", Wrong = wrong });
        var said = menu.InvalidPrompt is { } prompt ? new Sound.OfPrompt(prompt) : turn.Phrase(Phrases.InvalidKey);
        turn.Play(wrong >= menu.MaxInvalid ? [said] : [said, new Sound.OfPrompt(menu.Prompt)]);
    }

    private void Repeat(Turn turn, IvrMenu menu)
    {
        if (Repeats >= menu.Repeats)
        {
            turn.Note(JourneyCodes.MenuTimeout, menu.AsDestination.ToString());
            turn.Go(menu.OnTimeout);
            return;
        }
        turn.Become(this with { Digits = "", Repeats = Repeats + 1 });
        turn.Play([new Sound.OfPrompt(menu.Prompt)]);
    }

    private static Destination? Find(Turn turn, IvrMenu menu, string digits)
    {
        foreach (var key in menu.Keys)
        {
            if (key.Digits == digits) return key.Destination;
        }
        return menu.DialNumbers ? turn.Snapshot.Numbers.GetValueOrDefault(digits) : null;
    }

    private static bool HasLonger(Turn turn, IvrMenu menu, string digits)
    {
        foreach (var key in menu.Keys)
        {
            if (key.Digits.Length > digits.Length && key.Digits.StartsWith(digits, StringComparison.Ordinal)) return true;
        }
        return menu.DialNumbers && Dialling.HasLongerNumber(turn, digits);
    }
}
