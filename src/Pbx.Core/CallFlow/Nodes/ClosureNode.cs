using Pbx.Core.Common;
using Pbx.Core.Sites;

namespace Pbx.Core.CallFlow.Nodes;

/// <summary>The exceptional closure, or a holiday without a route: the closure announcement, then the site's mailbox or the end.</summary>
internal sealed record ClosureNode(string Site) : CallNode
{
    public static void Enter(Turn turn, string key)
    {
        if (!turn.TakeMove()) return;
        turn.Arrive($"closure:{key}");
        turn.State = turn.State with { Served = true };
        turn.Become(new ClosureNode(key));
        var site = turn.Snapshot.Sites.GetValueOrDefault(key);
        if (site?.ClosurePrompt is { } prompt && turn.Snapshot.Prompts.ContainsKey(prompt)) turn.Play([new Sound.OfPrompt(prompt)]);
        else if (Mailbox(turn, site) is { } mailbox) turn.Go(mailbox);
        else turn.Say(Phrases.Unavailable);
    }

    public override void On(Turn turn, CallInput input)
    {
        if (input is not CallInput.PlayEnded) return;
        turn.Go(Mailbox(turn, turn.Snapshot.Sites.GetValueOrDefault(Site)) ?? Destination.HangUp);
    }

    private static Destination? Mailbox(Turn turn, Site? site) =>
        site?.ClosureMailbox is { } key ? turn.Snapshot.Mailboxes.GetValueOrDefault(key)?.AsDestination : null;
}
