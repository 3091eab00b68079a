using Pbx.Core.Common;
using Pbx.Core.Queues;

namespace Pbx.Core.CallFlow.Nodes;

/// <summary>Waiting in a queue: intro once, then music with the waiting message; the queue's owner offers agents, this rings them.</summary>
/// <param name="Key">The key of the queue.</param>
/// <param name="Join">The number of this entry.</param>
/// <param name="Offers">The agents that ring.</param>
internal sealed record QueueNode(string Key, int Join, ValueList<GroupLeg> Offers) : CallNode
{
    /// <summary>The queue was removed while something spoken plays: when it ends, the call goes on.</summary>
    public bool Removed { get; init; }

    public static void Enter(Turn turn, Queue queue)
    {
        turn.Arrive(queue, queue.OnNoAnswer);
        if (turn.TakesRouteOf(queue.TimeRoutes, queue.Site)) return;
        turn.AnswerCaller();
        var join = turn.State.Given.Joins + 1;
        turn.State = turn.State with { Given = turn.State.Given with { Joins = join } };
        turn.Become(new QueueNode(queue.Key, join, []));
        if (queue.IntroPrompt is { } intro) turn.Play([new Sound.OfPrompt(intro)]);
        else PlayMusic(turn, queue);
        turn.Do(new CallAction.JoinQueue(queue.Key, join));
    }

    public override void On(Turn turn, CallInput input)
    {
        var queue = turn.Snapshot.Queues.GetValueOrDefault(Key);
        switch (input)
        {
            case CallInput.PlayEnded when Removed || queue is null:
                turn.Removed();
                break;
            case CallInput.PlayEnded:
                PlayMusic(turn, queue);
                break;
            case CallInput.TimerFired { Timer: CallTimer.WaitingMessage } when queue?.WaitingPrompt is { } waiting:
                turn.Play([new Sound.OfPrompt(waiting)]);
                break;
            case CallInput.Digit digit when queue?.ExitKey == digit.Key.ToString():
                turn.Note(JourneyCodes.KeyPressed, queue.AsDestination.ToString(), digit.Key.ToString());
                turn.Note(JourneyCodes.QueueLeft, queue.AsDestination.ToString(), "exit-key");
                turn.Go(queue.OnExit ?? queue.OnNoAnswer);
                break;
            case CallInput.QueueOffer offer when IsOurs(offer.Join):
                Offer(turn, offer.Agent);
                break;
            case CallInput.QueueOfferWithdrawn withdrawn when IsOurs(withdrawn.Join):
                Withdraw(turn, withdrawn.Agent);
                break;
            case CallInput.LegAnswered answered:
                Answered(turn, answered);
                break;
            case CallInput.LegFailed failed:
                Failed(turn, failed);
                break;
            case CallInput.QueueLeft left when IsOurs(left.Join):
                Left(turn, queue, left.Reason);
                break;
            case CallInput.ConfigurationChanged when queue is not null:
                turn.StillAt(queue, queue.OnNoAnswer);
                if (turn.State.Playing == 0) StartWaitingMessage(turn, queue);
                break;
            case CallInput.ConfigurationChanged when !Removed:
                Left(turn, null, QueueLeaveReason.Removed);
                break;
        }
    }

    public override void Leave(Turn turn) => turn.Do(new CallAction.LeaveQueue());

    private bool IsOurs(int join) => !Removed && (join == 0 || join == Join);

    private static void PlayMusic(Turn turn, Queue queue)
    {
        turn.Play([turn.Music(queue.Music)], loop: true);
        StartWaitingMessage(turn, queue);
    }

    private static void StartWaitingMessage(Turn turn, Queue queue)
    {
        if (queue.WaitingPrompt is not null && !turn.Runs(CallTimer.WaitingMessage))
            turn.Start(CallTimer.WaitingMessage, queue.WaitingEverySeconds);
    }

    private void Offer(Turn turn, string agent)
    {
        if (Offers.Any(o => o.Extension == agent)) return;
        if (!turn.Snapshot.Extensions.ContainsKey(agent))
        {
            turn.Do(new CallAction.ReportOffer(agent, OfferOutcome.Failed));
            return;
        }
        var leg = turn.DialExtension(agent);
        turn.Note(JourneyCodes.Ringing, ExtensionNode.Name(agent));
        turn.Become(this with { Offers = Offers.Append(new GroupLeg(leg, agent)).ToValueList() });
    }

    private void Withdraw(Turn turn, string agent)
    {
        foreach (var offer in Offers.Where(o => o.Extension == agent))
        {
            turn.Cancel(offer.Leg);
            ExtensionNode.NoteFailure(turn, agent, Words.Of(LegFailure.NoAnswer));
        }
        // The agent stays reserved until the queue hears that it rings no more.
        turn.Do(new CallAction.ReportOffer(agent, OfferOutcome.NoAnswer));
        turn.Become(this with { Offers = Offers.Where(o => o.Extension != agent).ToValueList() });
    }

    private void Answered(Turn turn, CallInput.LegAnswered answered)
    {
        var agent = Offers.First(o => o.Leg == answered.Leg).Extension;
        turn.Note(JourneyCodes.Answered, ExtensionNode.Name(agent), answered.By);
        TalkingNode.Enter(turn, answered.Leg, agent, fromQueue: true);
        turn.Do(new CallAction.ReportOffer(agent, OfferOutcome.Answered));
    }

    private void Failed(Turn turn, CallInput.LegFailed failed)
    {
        var agent = Offers.First(o => o.Leg == failed.Leg).Extension;
        ExtensionNode.NoteFailure(turn, agent, Words.Of(failed.Failure));
        turn.Become(this with { Offers = Offers.Where(o => o.Leg != failed.Leg).ToValueList() });
        turn.Do(new CallAction.ReportOffer(agent, failed.Failure switch
        {
            LegFailure.Busy => OfferOutcome.Busy,
            LegFailure.Rejected => OfferOutcome.Rejected,
            LegFailure.NoAnswer => OfferOutcome.NoAnswer,
            LegFailure.NotRegistered or LegFailure.NotFound or LegFailure.Incompatible or LegFailure.Unavailable => OfferOutcome.Failed,
        }));
    }

    private void Left(Turn turn, Queue? queue, QueueLeaveReason reason)
    {
        turn.Note(JourneyCodes.QueueLeft, turn.State.At, Words.Of(reason));
        foreach (var offer in Offers)
        {
            turn.Cancel(offer.Leg);
            ExtensionNode.NoteFailure(turn, offer.Extension, Words.Of(LegFailure.NoAnswer));
        }
        if (queue is not null && reason != QueueLeaveReason.Removed) turn.Go(queue.OnNoAnswer);
        else if (turn.State.Playing == 0) turn.Removed();
        else turn.Become(this with { Removed = true, Offers = [] });
    }
}
