using System.Runtime.CompilerServices;

namespace Pbx.Sip.Transactions;

/// <summary>What a machine asks its driver to do.</summary>
internal enum EffectKind
{
    /// <summary>Send the message that came with the input, and keep it for sending again.</summary>
    Send,
    /// <summary>Send the last message again.</summary>
    Resend,
    /// <summary>Send a 100 of our own.</summary>
    SendTrying,
    /// <summary>Acknowledge the response that came with the input.</summary>
    Acknowledge,
    /// <summary>Start a timer.</summary>
    StartTimer,
    /// <summary>Stop a timer.</summary>
    StopTimer,
    /// <summary>Hand the message that came with the input to the user.</summary>
    Deliver,
    /// <summary>Tell the user that it failed.</summary>
    Fail,
    /// <summary>Forget the transaction.</summary>
    Terminate,
}

/// <summary>The timers of RFC 3261 table 4 and RFC 6026, and two of our own.</summary>
internal enum TimerName
{
    /// <summary>INVITE is sent again (UDP).</summary>
    A,
    /// <summary>INVITE was not answered.</summary>
    B,
    /// <summary>Responses to INVITE may be repeated.</summary>
    D,
    /// <summary>Another request is sent again (UDP).</summary>
    E,
    /// <summary>Another request was not answered.</summary>
    F,
    /// <summary>A final response to INVITE is sent again (UDP).</summary>
    G,
    /// <summary>ACK did not come.</summary>
    H,
    /// <summary>ACK may be repeated.</summary>
    I,
    /// <summary>Another request may be repeated.</summary>
    J,
    /// <summary>Responses to another request may be repeated.</summary>
    K,
    /// <summary>INVITE may be repeated after our 2xx (RFC 6026).</summary>
    L,
    /// <summary>2xx may be repeated, or come from another branch (RFC 6026).</summary>
    M,
    /// <summary>INVITE deserves a 100 by now (RFC 3261 section 17.2.1: 200 ms).</summary>
    Trying,
    /// <summary>A cancelled INVITE gets no final response (RFC 3261 section 9.1).</summary>
    Cancelled,
}

/// <summary>One thing to do.</summary>
internal readonly record struct Effect(EffectKind Kind, TimerName Timer = default, TimeSpan After = default, TransactionFailure Failure = default)
{
    public static Effect Send => new(EffectKind.Send);

    public static Effect Resend => new(EffectKind.Resend);

    public static Effect SendTrying => new(EffectKind.SendTrying);

    public static Effect Acknowledge => new(EffectKind.Acknowledge);

    public static Effect Deliver => new(EffectKind.Deliver);

    public static Effect Terminate => new(EffectKind.Terminate);

    public static Effect Start(TimerName timer, TimeSpan after) => new(EffectKind.StartTimer, timer, after);

    public static Effect Stop(TimerName timer) => new(EffectKind.StopTimer, timer);

    public static Effect Fail(TransactionFailure failure) => new(EffectKind.Fail, Failure: failure);

    public override string ToString() => Kind switch
    {
        EffectKind.StartTimer => $"Start {Timer} {After.TotalMilliseconds}",
        EffectKind.StopTimer => $"Stop {Timer}",
        EffectKind.Fail => $"Fail {Failure}",
        _ => Kind.ToString(),
    };
}

/// <summary>What to do, in order: a small list without allocation.</summary>
[CollectionBuilder(typeof(Effects), nameof(Create))]
internal struct Effects
{
    private const int Most = 6;
    private Slots slots;

    /// <summary>Nothing to do.</summary>
    public static Effects None => default;

    public int Count { get; private set; }

    public readonly Effect this[int index] => slots[index];

    public static Effects Create(ReadOnlySpan<Effect> items)
    {
        var effects = default(Effects);
        foreach (var item in items) effects.slots[effects.Count++] = item;
        return effects;
    }

    public readonly Enumerator GetEnumerator() => new(this);

    public override readonly string ToString()
    {
        var texts = new string[Count];
        for (var i = 0; i < Count; i++) texts[i] = slots[i].ToString();
        return string.Join(", ", texts);
    }

    internal struct Enumerator(Effects effects)
    {
        private int index = -1;

        public readonly Effect Current => effects[index];

        public bool MoveNext() => ++index < effects.Count;
    }

    [InlineArray(Most)]
    private struct Slots
    {
        private Effect first;
    }
}
