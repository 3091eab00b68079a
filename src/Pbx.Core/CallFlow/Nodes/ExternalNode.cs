using Pbx.Core.CallRecords;
using Pbx.Core.Common;
using Pbx.Core.Live;

namespace Pbx.Core.CallFlow.Nodes;

/// <summary>A number outside: the trunks of its plan in order, the next one when a trunk cannot.</summary>
/// <param name="Number">The number as dialled.</param>
/// <param name="Plan">How it can be reached.</param>
/// <param name="Index">The attempt that runs.</param>
/// <param name="Leg">Its leg.</param>
/// <param name="Rang">The far end rings: the trunk works, and what comes now is the callee's answer.</param>
internal sealed record ExternalNode(string Number, OutboundPlan Plan, int Index, LegId Leg, bool Rang) : CallNode
{
    /// <summary>How long a trunk may take to answer anything but 100.</summary>
    public const int TrunkSeconds = 6;

    /// <summary>How long a number outside may ring (RFC 3261 section 16.6 lets a proxy wait three minutes).</summary>
    private const int RingSeconds = 180;

    public static void Enter(Turn turn, string number)
    {
        if (turn.State.Origin is CallOrigin.FromExtension) turn.State = turn.State with { Direction = CallDirection.Outbound };
        var key = (turn.State.Origin as CallOrigin.FromExtension)?.Extension;
        var caller = key is null ? null : turn.Snapshot.Extensions.GetValueOrDefault(key);
        var plan = OutboundRouting.Plan(turn.Snapshot, number, caller, caller?.Site ?? turn.State.PlaceSite ?? turn.State.Site);
        if (plan is { Emergency: false, Attempts.Count: > 0 })
        {
            var refusal = caller is null ? OutboundRefusal.None : OutboundPolicy.OfCaller(turn.Snapshot, caller, turn.Context.Use ?? OutboundUse.None, turn.Now);
            if (refusal == OutboundRefusal.None) (plan, refusal) = Allowed(turn, plan);
            if (refusal != OutboundRefusal.None)
            {
                Refuse(turn, number, caller?.Key, refusal);
                return;
            }
        }
        if (plan.Attempts.Count > 0)
        {
            new ExternalNode(number, plan, -1, default, false).Next(turn, HangUpCause.Congestion);
            return;
        }
        turn.Note(JourneyCodes.NotAnswered, Name(number), plan.Forbidden ? "forbidden" : "no-rule");
        turn.HangUp(plan.Emergency ? HangUpCause.Congestion : plan.Forbidden ? HangUpCause.Forbidden : HangUpCause.NotFound);
    }

    public override void On(Turn turn, CallInput input)
    {
        switch (input)
        {
            case CallInput.LegRinging ringing:
                Ring(turn, ringing.EarlyMedia);
                break;
            case CallInput.LegAnswered answered:
                turn.Note(JourneyCodes.Answered, Name(Number), answered.By);
                TalkingNode.Enter(turn, Leg, Number);
                break;
            case CallInput.LegFailed failed when !Plan.Emergency && (Rang || IsCalleesAnswer(failed)):
                turn.Note(JourneyCodes.NotAnswered, Name(Number), Detail(failed));
                turn.HangUp(CauseOf(failed.Failure));
                break;
            case CallInput.LegFailed failed:
                turn.Note(JourneyCodes.TrunkFailed, TrunkName, Detail(failed));
                turn.Stop(CallTimer.Guard);
                turn.Stop(CallTimer.Ring);
                Next(turn, CauseOf(failed.Failure));
                break;
            case CallInput.TimerFired { Timer: CallTimer.Guard }:
                turn.Note(JourneyCodes.TrunkFailed, TrunkName, "silent");
                turn.Cancel(Leg);
                Next(turn, HangUpCause.Congestion);
                break;
            case CallInput.TimerFired { Timer: CallTimer.Ring }:
                turn.Note(JourneyCodes.NotAnswered, Name(Number), Words.Of(LegFailure.NoAnswer));
                turn.HangUp(HangUpCause.Unavailable);
                break;
        }
    }

    /// <summary>Only the attempts that may be made; when none may, why the first may not.</summary>
    private static (OutboundPlan Plan, OutboundRefusal Refusal) Allowed(Turn turn, OutboundPlan plan)
    {
        OutboundRefusal Judge(TrunkAttempt attempt)
        {
            var country = turn.Snapshot.Trunks.GetValueOrDefault(attempt.Trunk)?.Country ?? "";
            var refusal = OutboundPolicy.OfNumber(turn.Snapshot, attempt.Bare, country);
            // With what a provider wants in front, another number may have come of it.
            return refusal != OutboundRefusal.None || attempt.Number == attempt.Bare ? refusal : OutboundPolicy.OfNumber(turn.Snapshot, attempt.Number, country);
        }
        var allowed = plan.Attempts.Where(attempt => Judge(attempt) == OutboundRefusal.None).ToValueList();
        return allowed.Count > 0 ? (plan with { Attempts = allowed }, OutboundRefusal.None) : (plan, Judge(plan.Attempts[0]));
    }

    /// <summary>The journey says why, the caller hears it, and a limit that was hit is told to people.</summary>
    private static void Refuse(Turn turn, string number, string? caller, OutboundRefusal refusal)
    {
        turn.Note(JourneyCodes.OutboundRefused, Name(number), Words.Of(refusal));
        if (OutboundPolicy.IsLimit(refusal)) turn.Do(new CallAction.Alert(AlertKind.OutboundLimit, caller ?? "", Words.Of(refusal)));
        FarewellNode.Enter(turn, HangUpCause.Forbidden, OutboundPolicy.IsLimit(refusal) ? Phrases.OutboundLimit : Phrases.OutboundRefused);
    }

    private string TrunkName => new ObjectRef(ObjectKind.Trunk, Plan.Attempts[Index].Trunk).ToString();

    private void Ring(Turn turn, bool earlyMedia)
    {
        turn.Stop(CallTimer.Guard);
        if (!Rang) turn.Start(CallTimer.Ring, RingSeconds);
        turn.Become(this with { Rang = true });
        if (!earlyMedia)
        {
            turn.Ringback();
            return;
        }
        turn.StopPlay();
        turn.Do(new CallAction.RelayEarlyMedia(Leg));
    }

    private void Next(Turn turn, HangUpCause lastCause)
    {
        var index = Index + 1;
        if (index >= Plan.Attempts.Count)
        {
            turn.HangUp(lastCause);
            return;
        }
        var attempt = Plan.Attempts[index];
        if (attempt.Rule is not null && (index == 0 || Plan.Attempts[index - 1].Rule != attempt.Rule))
            turn.Note(JourneyCodes.OutboundRule, new ObjectRef(ObjectKind.OutboundRule, attempt.Rule), attempt.Number);
        var leg = turn.Dial(new DialTarget.ToTrunk(attempt.Trunk, attempt.Number, attempt.PresentedNumber, TrunkSeconds, attempt.LastResort),
            attempt.PresentedNumber, turn.State.CallerName);
        turn.Note(JourneyCodes.Ringing, Name(Number), new ObjectRef(ObjectKind.Trunk, attempt.Trunk).ToString());
        turn.Become(this with { Index = index, Leg = leg, Rang = false });
        turn.Start(CallTimer.Guard, TrunkSeconds);
        if (turn.State.Answered) turn.Ringback();
    }

    // For an emergency number no answer but a 200 is final: another provider may know it. Otherwise:
    // Busy, no such number, declined and temporarily unavailable are said by the callee's side: another trunk would say the same.
    // 408 before any ringing, 403, redirections and 5xx are the trunk's.
    private static bool IsCalleesAnswer(CallInput.LegFailed failed) => failed.Failure switch
    {
        LegFailure.Busy or LegFailure.NotFound => true,
        LegFailure.NoAnswer => failed.Status != 408,
        LegFailure.Rejected => failed.Status is 603 or 600 or 607,
        LegFailure.NotRegistered or LegFailure.Incompatible or LegFailure.Unavailable => false,
    };

    private static HangUpCause CauseOf(LegFailure failure) => failure switch
    {
        LegFailure.Busy => HangUpCause.Busy,
        LegFailure.Rejected => HangUpCause.Rejected,
        LegFailure.NoAnswer => HangUpCause.Unavailable,
        LegFailure.NotFound => HangUpCause.NotFound,
        LegFailure.Incompatible => HangUpCause.Incompatible,
        LegFailure.NotRegistered or LegFailure.Unavailable => HangUpCause.Congestion,
    };

    private static string Detail(CallInput.LegFailed failed) =>
        failed.Status == 0 ? Words.Of(failed.Failure) : string.Create(null, $"{Words.Of(failed.Failure)} {failed.Status}");

    private static string Name(string number) => new Destination(DestinationKind.External, number).ToString();
}
