using Pbx.Core.Announcements;
using Pbx.Core.Common;

namespace Pbx.Core.CallFlow.Nodes;

/// <summary>Plays its prompt to the end, or to the key that skips it, and goes on. Removed meanwhile, it is still heard to its end.</summary>
internal sealed record AnnouncementNode(string Key) : CallNode
{
    public static void Enter(Turn turn, Announcement announcement)
    {
        turn.Arrive(announcement, announcement.Next);
        turn.State = turn.State with { Served = true };
        turn.Become(new AnnouncementNode(announcement.Key));
        turn.Play([new Sound.OfPrompt(announcement.Prompt)]);
    }

    public override void On(Turn turn, CallInput input)
    {
        var announcement = turn.Snapshot.Announcements.GetValueOrDefault(Key);
        switch (input)
        {
            case CallInput.PlayEnded when announcement is null:
                turn.Removed();
                break;
            case CallInput.PlayEnded:
                turn.Go(announcement.Next);
                break;
            case CallInput.Digit digit when announcement?.SkipKey == digit.Key.ToString():
                turn.Note(JourneyCodes.KeyPressed, announcement.AsDestination.ToString(), digit.Key.ToString());
                turn.Go(announcement.Next);
                break;
            case CallInput.ConfigurationChanged when announcement is not null:
                turn.StillAt(announcement, announcement.Next);
                break;
        }
    }
}
