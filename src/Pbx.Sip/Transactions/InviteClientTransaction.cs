using static Pbx.Sip.Transactions.InviteClientTransaction.States;

namespace Pbx.Sip.Transactions;

/// <summary>INVITE that we send: RFC 3261 section 17.1.1, figure 5, with the Accepted state of RFC 6026 section 7.2.</summary>
internal sealed class InviteClientTransaction(TransactionTimes timers, bool reliable) : ITransactionMachine
{
    private static readonly (States From, States To)[] Legal =
    [
        (Calling, Proceeding), (Calling, Completed), (Calling, Accepted), (Calling, Terminated),
        (Proceeding, Completed), (Proceeding, Accepted), (Proceeding, Terminated),
        (Completed, Terminated), (Accepted, Terminated),
    ];

    private States state = Calling;
    private TimeSpan interval = timers.T1;

    internal enum States
    {
        Calling,
        Proceeding,
        Completed,
        Accepted,
        Terminated,
    }

    public bool IsTerminated => state == Terminated;

    public string StateName => state.ToString();

    public Effects On(Input input) => state switch
    {
        Calling => WhenCalling(input),
        Proceeding => WhenProceeding(input),
        Completed => WhenCompleted(input),
        Accepted => WhenAccepted(input),
        Terminated => Effects.None,
    };

    private Effects WhenCalling(Input input) => input switch
    {
        { Kind: InputKind.Begin } => reliable
            ? [Effect.Send, Effect.Start(TimerName.B, timers.Timeout)]
            : [Effect.Send, Effect.Start(TimerName.A, interval), Effect.Start(TimerName.B, timers.Timeout)],
        { Kind: InputKind.Timer, Timer: TimerName.A } => SendAgain(),
        { Kind: InputKind.Timer, Timer: TimerName.B } => End(TransactionFailure.TimedOut),
        { Kind: InputKind.TransportFailed } => End(TransactionFailure.TransportFailed),
        // §17.1.1.2: no retransmission once provisional.
        { Kind: InputKind.Response, Status: < 200 } => Become(Proceeding, [Effect.Stop(TimerName.A), Effect.Stop(TimerName.B), Effect.Deliver]),
        { Kind: InputKind.Response } => OnFinal(input.Status),
        _ => Effects.None,
    };

    private Effects WhenProceeding(Input input) => input switch
    {
        { Kind: InputKind.Response, Status: < 200 } => [Effect.Deliver],
        { Kind: InputKind.Response } => OnFinal(input.Status),
        // §9.1: without a final response for 64*T1 after CANCEL it is over.
        { Kind: InputKind.Cancel } => [Effect.Start(TimerName.Cancelled, timers.Timeout)],
        { Kind: InputKind.Timer, Timer: TimerName.Cancelled } => End(TransactionFailure.TimedOut),
        { Kind: InputKind.TransportFailed } => End(TransactionFailure.TransportFailed),
        _ => Effects.None,
    };

    private Effects WhenCompleted(Input input) => input switch
    {
        { Kind: InputKind.Response, Status: >= 300 } => [Effect.Resend],
        { Kind: InputKind.Timer, Timer: TimerName.D } => Become(Terminated, [Effect.Terminate]),
        { Kind: InputKind.TransportFailed } => Become(Terminated, [Effect.Terminate]),
        _ => Effects.None,
    };

    private Effects WhenAccepted(Input input) => input switch
    {
        // RFC 6026 §8.4: every 2xx goes up, its user acknowledges it.
        { Kind: InputKind.Response, Status: >= 200 and < 300 } => [Effect.Deliver],
        { Kind: InputKind.Timer, Timer: TimerName.M } => Become(Terminated, [Effect.Terminate]),
        { Kind: InputKind.TransportFailed } => Become(Terminated, [Effect.Terminate]),
        _ => Effects.None,
    };

    private Effects OnFinal(int status)
    {
        if (status < 300)
            return Become(Accepted,
                [Effect.Stop(TimerName.A), Effect.Stop(TimerName.B), Effect.Start(TimerName.M, timers.Timeout), Effect.Deliver]);
        // Timer D is zero over a reliable transport: nothing is repeated there.
        return reliable
            ? Become(Terminated, [Effect.Acknowledge, Effect.Terminate, Effect.Deliver])
            : Become(Completed, [Effect.Stop(TimerName.A), Effect.Stop(TimerName.B), Effect.Acknowledge, Effect.Start(TimerName.D, timers.D), Effect.Deliver]);
    }

    private Effects SendAgain()
    {
        interval *= 2;
        return [Effect.Resend, Effect.Start(TimerName.A, interval)];
    }

    private Effects End(TransactionFailure failure) => Become(Terminated, [Effect.Terminate, Effect.Fail(failure)]);

    private Effects Become(States next, Effects effects)
    {
        Legal.Become(ref state, next);
        return effects;
    }
}
