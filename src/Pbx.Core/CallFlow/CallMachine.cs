using Pbx.Core.CallFlow.Nodes;
using Pbx.Core.Common;

namespace Pbx.Core.CallFlow;

/// <summary>What a step gives: the state after it and what is to be done, in order.</summary>
public sealed record CallStep(CallState State, ValueList<CallAction> Actions);

/// <summary>
/// Decides what a call does. Pure: the same state, input and context give the same step. The engine carries the actions out on real
/// calls, the simulator in imagined time.
/// </summary>
public static class CallMachine
{
    /// <summary>One decision. After <see cref="CallState.Ended"/> nothing is asked for but to end a leg that answered too late.</summary>
    public static CallStep Step(CallState state, CallInput input, CallContext context)
    {
        var turn = new Turn(state, context);
        if (input is CallInput.LegAnswered late && !state.Ringing.Contains(late.Leg)) turn.HangUpUnlessTalking(late.Leg);
        else if (!state.Ended && Accept(turn, input)) Decide(turn, input);
        return turn.Finished();
    }

    private static void Decide(Turn turn, CallInput input)
    {
        if (input is CallInput.CallerHungUp gone) turn.State.Node.CallerGone(turn, gone.Reason);
        else turn.State.Node.On(turn, input);
    }

    /// <summary>Notes what the input ends (a play, a timer, a leg's ringing). False when it speaks of something that is over already.</summary>
    private static bool Accept(Turn turn, CallInput input)
    {
        var state = turn.State;
        switch (input)
        {
            case CallInput.PlayEnded ended:
                if (ended.Play != state.Playing) return false;
                turn.State = state with { Playing = 0, Sounding = false };
                return true;
            case CallInput.TimerFired fired:
                return turn.Expire(fired.Timer);
            case CallInput.Digit digit:
                if (digit.Leg != LegId.Caller) return false;
                turn.State = state with { Moves = 0 };
                return true;
            case CallInput.LegRinging ringing:
                return state.Ringing.Contains(ringing.Leg);
            case CallInput.LegAnswered answered:
                turn.Forget(answered.Leg);
                turn.State = turn.State with { Moves = 0 };
                return true;
            case CallInput.LegFailed failed:
                return turn.Forget(failed.Leg);
            default:
                return true;
        }
    }
}
