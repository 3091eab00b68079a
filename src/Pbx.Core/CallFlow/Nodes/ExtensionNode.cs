using Pbx.Core.Common;
using Pbx.Core.Extensions;
using Pbx.Core.Sites;

namespace Pbx.Core.CallFlow.Nodes;

/// <summary>All devices of an extension ring; busy, no answer, not registered, do not disturb and closed each have their route.</summary>
internal sealed record ExtensionNode(string Key, LegId Leg) : CallNode
{
    public static void Enter(Turn turn, Extension extension)
    {
        turn.Arrive(extension, OnNoAnswer(extension));
        if (IsOutside(turn, extension, out var state))
        {
            turn.NoteTime(extension.Site, state);
            // Who follows the hours is outside them in a break and on a holiday too: without a route of their own, its closed one.
            turn.Go(Turn.RouteOf(extension.TimeRoutes, state) ?? extension.TimeRoutes.Closed ?? MailboxOf(extension) ?? Hang("unavailable"));
            return;
        }
        if (extension.DoNotDisturb)
        {
            NoteFailure(turn, extension.Key, "do-not-disturb");
            turn.Go(extension.OnDoNotDisturb ?? OnBusy(extension));
            return;
        }
        var leg = turn.DialExtension(extension.Key);
        turn.Note(JourneyCodes.Ringing, extension.AsDestination.ToString());
        turn.Become(new ExtensionNode(extension.Key, leg));
        turn.Start(CallTimer.Ring, extension.RingSeconds);
        if (turn.State.Answered) turn.Ringback();
    }

    public override void On(Turn turn, CallInput input)
    {
        var extension = turn.Snapshot.Extensions.GetValueOrDefault(Key);
        switch (input)
        {
            case CallInput.LegRinging { EarlyMedia: true }:
                turn.StopPlay();
                turn.Do(new CallAction.RelayEarlyMedia(Leg));
                break;
            case CallInput.LegRinging:
                turn.Ringback();
                break;
            case CallInput.LegAnswered answered:
                turn.Note(JourneyCodes.Answered, Name(Key), answered.By);
                TalkingNode.Enter(turn, Leg, Key);
                break;
            case CallInput.LegFailed failed:
                NoteFailure(turn, Key, Words.Of(failed.Failure));
                if (extension is null) turn.Removed();
                else if (RouteOf(extension, failed.Failure) is { } route) turn.Go(route);
                else turn.HangUp(HangUpCause.Incompatible);
                break;
            case CallInput.TimerFired { Timer: CallTimer.Ring }:
                NoteFailure(turn, Key, Words.Of(LegFailure.NoAnswer));
                if (extension is null) turn.Removed();
                else turn.Go(OnNoAnswer(extension));
                break;
            case CallInput.ConfigurationChanged when extension is null:
                turn.Removed();
                break;
            case CallInput.ConfigurationChanged:
                turn.StillAt(extension, OnNoAnswer(extension));
                break;
        }
    }

    public static string Name(string key) => new Destination(DestinationKind.Extension, key).ToString();

    public static void NoteFailure(Turn turn, string key, string why) => turn.Note(JourneyCodes.NotAnswered, Name(key), why);

    // An exceptional closure stops calls from outside at their rule; colleagues still reach each other during it.
    private static bool IsOutside(Turn turn, Extension extension, out SiteState state)
    {
        state = SiteState.Open;
        if (!extension.FollowsOfficeHours || !turn.Snapshot.Sites.TryGetValue(extension.Site, out var site)) return false;
        state = SiteClock.HoursAt(site, turn.Now).State;
        return state != SiteState.Open;
    }

    /// <summary>Where a failure leads; null: nowhere, for want of a common codec.</summary>
    private static Destination? RouteOf(Extension extension, LegFailure failure) => failure switch
    {
        LegFailure.Busy or LegFailure.Rejected => OnBusy(extension),
        LegFailure.NoAnswer => OnNoAnswer(extension),
        LegFailure.Incompatible => extension.OnNotRegistered ?? MailboxOf(extension),
        LegFailure.NotRegistered or LegFailure.NotFound or LegFailure.Unavailable =>
            extension.OnNotRegistered ?? MailboxOf(extension) ?? Hang("unavailable"),
    };

    private static Destination OnBusy(Extension extension) => extension.OnBusy ?? MailboxOf(extension) ?? Hang("busy");

    private static Destination OnNoAnswer(Extension extension) => extension.OnNoAnswer ?? MailboxOf(extension) ?? Hang("unavailable");

    private static Destination? MailboxOf(Extension extension) =>
        extension.Mailbox is { } key ? new Destination(DestinationKind.Mailbox, key) : null;

    private static Destination Hang(string cause) => new(DestinationKind.HangUp, cause);
}
