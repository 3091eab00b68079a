namespace Pbx.Core.CallFlow.Nodes;

/// <summary>
/// An answered caller hears why the call ends before it is hung up: for some seconds a tone, or words where a tone would not tell. A caller
/// who was not answered gets a final response, of which its phone or its network makes the same.
/// </summary>
internal sealed record TonesNode(HangUpCause Cause) : CallNode
{
    public static void Enter(Turn turn, HangUpCause cause)
    {
        turn.Become(new TonesNode(cause));
        var tone = new Sound.OfTone(cause is HangUpCause.Busy or HangUpCause.Rejected ? Tone.Busy : Tone.Congestion);
        if (WordsOf(cause) is { } words)
        {
            turn.Play([turn.Phrase(words), tone, tone, tone, tone]);
            return;
        }
        turn.Play([tone], loop: true);
        turn.Start(CallTimer.Timeout, Turn.ToneSeconds);
    }

    private static string? WordsOf(HangUpCause cause) => cause switch
    {
        HangUpCause.NotFound => Phrases.NumberUnknown,
        HangUpCause.Unavailable => Phrases.Unavailable,
        HangUpCause.Forbidden => Phrases.NotAllowed,
        HangUpCause.Normal or HangUpCause.Busy or HangUpCause.Rejected or HangUpCause.Incompatible or HangUpCause.Congestion => null,
    };

    public override void On(Turn turn, CallInput input)
    {
        if (input is CallInput.TimerFired or CallInput.PlayEnded) turn.End(Cause, "server");
    }
}

/// <summary>Last words, then the hang-up.</summary>
internal sealed record FarewellNode(HangUpCause Cause = HangUpCause.Normal) : CallNode
{
    public static void Enter(Turn turn, params ReadOnlySpan<string> phrases) => Enter(turn, HangUpCause.Normal, phrases);

    public static void Enter(Turn turn, HangUpCause cause, params ReadOnlySpan<string> phrases)
    {
        turn.Become(new FarewellNode(cause));
        turn.Say(phrases);
    }

    public override void On(Turn turn, CallInput input)
    {
        if (input is CallInput.PlayEnded) turn.End(Cause, "server");
    }
}
