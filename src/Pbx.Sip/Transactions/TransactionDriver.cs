using Pbx.Sip.Messages;
using Pbx.Sip.Scheduling;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Transactions;

/// <summary>
/// Performs what a machine asks: sends, starts and stops timers, delivers. What lingers after the final message is this object, the key
/// and the bytes of one message. No machine runs more than two timers at a time: one that repeats, one that ends something.
/// </summary>
internal abstract class TransactionDriver(TransactionLayer layer, ITransactionMachine machine, TransactionKey key, Flow flow)
{
    private ShardTimer? repeating;
    private ShardTimer? ending;
    private TimerName repeatingName;
    private TimerName endingName;
    private ReadOnlyMemory<byte> last;

    /// <summary>By what it is found.</summary>
    public TransactionKey Key => key;

    /// <summary>What its messages go by.</summary>
    public Flow SendsBy => flow;

    /// <summary>The name of the machine's state.</summary>
    public string StateName => machine.StateName;

    protected TransactionLayer Layer => layer;

    protected bool IsTerminated => machine.IsTerminated;

    /// <summary>Takes an input with the message it is about.</summary>
    public void Take(Input input, SipMessage? message = null)
    {
        Effects effects;
        try
        {
            effects = machine.On(input);
        }
        catch (InvalidOperationException)
        {
            Terminate();
            throw;
        }
        foreach (var effect in effects) Perform(effect, message);
    }

    /// <summary>Hands the message to the user; null for an input without one.</summary>
    protected abstract void Deliver(SipMessage? message);

    /// <summary>Tells the user that it failed.</summary>
    protected abstract void Fail(TransactionFailure failure);

    /// <summary>The message that a SendTrying or an Acknowledge means.</summary>
    protected abstract SipMessage? Make(EffectKind kind, SipMessage? about);

    /// <summary>Takes it out of its table.</summary>
    protected abstract void Forget();

    /// <summary>Hands the bytes to the flow.</summary>
    protected void SendNow(ReadOnlyMemory<byte> bytes)
    {
        last = bytes;
        SendLast();
    }

    private void Perform(Effect effect, SipMessage? message)
    {
        switch (effect.Kind)
        {
            case EffectKind.Send:
                SendNow(message!.Bytes);
                break;
            case EffectKind.Resend:
                SendLast();
                break;
            case EffectKind.SendTrying or EffectKind.Acknowledge:
                if (Make(effect.Kind, message) is { } made) SendNow(made.Bytes);
                break;
            case EffectKind.StartTimer:
                Start(effect.Timer, effect.After);
                break;
            case EffectKind.StopTimer:
                (IsRepeating(effect.Timer) ? repeating : ending)?.Stop();
                break;
            case EffectKind.Deliver:
                Deliver(message);
                break;
            case EffectKind.Fail:
                Fail(effect.Failure);
                break;
            case EffectKind.Terminate:
                Terminate();
                break;
        }
    }

    private void SendLast()
    {
        if (last.IsEmpty || layer.Sender.Send(flow, last)) return;
        // Not within the effect that sends: the machine has not finished its move.
        layer.Shard.Post(() => Take(Input.TransportFailed));
    }

    private void Start(TimerName name, TimeSpan after)
    {
        if (IsRepeating(name))
        {
            repeatingName = name;
            (repeating ??= layer.Shard.CreateTimer(() => Take(Input.Fired(repeatingName)))).Start(after);
        }
        else
        {
            endingName = name;
            (ending ??= layer.Shard.CreateTimer(() => Take(Input.Fired(endingName)))).Start(after);
        }
    }

    private void Terminate()
    {
        repeating?.Stop();
        ending?.Stop();
        Forget();
    }

    private static bool IsRepeating(TimerName name) => name is TimerName.A or TimerName.E or TimerName.G or TimerName.Trying;
}
