using Pbx.Core.Live;

namespace Pbx.Core.CallFlow.Nodes;

/// <summary>Two people talk. Whoever is held hears music.</summary>
internal sealed record TalkingNode(LegId Leg, bool FromQueue) : CallNode
{
    /// <summary>The caller holds the call.</summary>
    public bool CallerHolds { get; init; }

    /// <summary>The other side holds the call.</summary>
    public bool OtherHolds { get; init; }

    /// <summary>The leg has hung up by itself.</summary>
    private bool Gone { get; init; }

    /// <summary>Connects the caller with a leg that answered; whatever else rings is told that it was answered elsewhere.</summary>
    public static void Enter(Turn turn, LegId leg, string by, bool fromQueue = false)
    {
        foreach (var other in turn.State.Ringing) turn.Cancel(other, answeredElsewhere: true);
        for (var timer = CallTimer.Timeout; timer <= CallTimer.Guard; timer++) turn.Stop(timer);
        turn.AnswerCaller();
        turn.StopPlay();
        turn.Do(new CallAction.Bridge(leg));
        turn.State = turn.State with { Node = new TalkingNode(leg, fromQueue), AnsweredBy = by, Live = LiveCallState.Talking };
    }

    public override void On(Turn turn, CallInput input)
    {
        switch (input)
        {
            case CallInput.LegHungUp gone when gone.Leg == Leg:
                turn.Become(this with { Gone = true });
                turn.End(HangUpCause.Normal, "callee");
                break;
            case CallInput.LegHeld held when held.Leg == LegId.Caller && held.Held != CallerHolds:
                Hold(turn, this with { CallerHolds = held.Held }, Leg, held.Held);
                break;
            case CallInput.LegHeld held when held.Leg == Leg && held.Held != OtherHolds:
                Hold(turn, this with { OtherHolds = held.Held }, LegId.Caller, held.Held);
                break;
        }
    }

    public override void Leave(Turn turn)
    {
        if (!Gone) turn.Do(new CallAction.HangUpLeg(Leg));
        if (FromQueue) turn.Do(new CallAction.LeaveQueue());
    }

    private static void Hold(Turn turn, TalkingNode node, LegId listener, bool held)
    {
        if (held) turn.PlayMusicTo(listener);
        else turn.Do(new CallAction.StopPlay(listener));
        turn.State = turn.State with
        {
            Node = node,
            Live = node.CallerHolds || node.OtherHolds ? LiveCallState.OnHold : LiveCallState.Talking,
        };
    }
}
