namespace Pbx.Core.CallFlow.Nodes;

/// <summary>
/// A place that a call can be in, with that place's own state: immutable data, and the rules of the place. Inputs that it does not speak of
/// leave it as it is.
/// </summary>
internal abstract record CallNode
{
    /// <summary>Decides about an input.</summary>
    public abstract void On(Turn turn, CallInput input);

    /// <summary>The call leaves this place: undo what only it knows of. Timers, ringing legs and sounds are ended for it.</summary>
    public virtual void Leave(Turn turn)
    {
    }

    /// <summary>The caller is gone.</summary>
    public virtual void CallerGone(Turn turn, HangUpReason reason) => turn.EndByCaller(reason);
}

/// <summary>The call is over.</summary>
internal sealed record EndedNode : CallNode
{
    public override void On(Turn turn, CallInput input)
    {
    }
}
