using static Pbx.Sip.Transactions.NonInviteClientTransaction.States;

namespace Pbx.Sip.Transactions;

/// <summary>Any other request that we send: RFC 3261 section 17.1.2, figure 6.</summary>
internal sealed class NonInviteClientTransaction(TransactionTimes timers, bool reliable) : ITransactionMachine
{
    private static readonly (States From, States To)[] Legal =
    [
        (Trying, Proceeding), (Trying, Completed), (Trying, Terminated), (Proceeding, Completed), (Proceeding, Terminated),
        (Completed, Terminated),
    ];

    private States state = Trying;
    private TimeSpan interval = timers.T1;

    internal enum States
    {
        Trying,
        Proceeding,
        Completed,
        Terminated,
    }

    public bool IsTerminated => state == Terminated;

    public string StateName => state.ToString();

    public Effects On(Input input) => state switch
    {
        Trying => WhenTrying(input),
        Proceeding => WhenProceeding(input),
        Completed => WhenCompleted(input),
        Terminated => Effects.None,
    };

    private Effects WhenTrying(Input input) => input switch
    {
        { Kind: InputKind.Begin } => reliable
            ? [Effect.Send, Effect.Start(TimerName.F, timers.Timeout)]
            : [Effect.Send, Effect.Start(TimerName.E, interval), Effect.Start(TimerName.F, timers.Timeout)],
        { Kind: InputKind.Timer, Timer: TimerName.E } => SendAgain(interval * 2 < timers.T2 ? interval * 2 : timers.T2),
        { Kind: InputKind.Response, Status: < 200 } => Become(Proceeding, [Effect.Deliver]),
        _ => InBoth(input),
    };

    private Effects WhenProceeding(Input input) => input switch
    {
        // §17.1.2.2: at T2 from the first provisional response on.
        { Kind: InputKind.Timer, Timer: TimerName.E } => SendAgain(timers.T2),
        { Kind: InputKind.Response, Status: < 200 } => [Effect.Deliver],
        _ => InBoth(input),
    };

    private Effects InBoth(Input input) => input switch
    {
        { Kind: InputKind.Response } => reliable
            ? Become(Terminated, [Effect.Terminate, Effect.Deliver])
            : Become(Completed, [Effect.Stop(TimerName.E), Effect.Stop(TimerName.F), Effect.Start(TimerName.K, timers.T4), Effect.Deliver]),
        { Kind: InputKind.Timer, Timer: TimerName.F } =>
            Become(Terminated, [Effect.Terminate, Effect.Fail(TransactionFailure.TimedOut)]),
        { Kind: InputKind.TransportFailed } =>
            Become(Terminated, [Effect.Terminate, Effect.Fail(TransactionFailure.TransportFailed)]),
        _ => Effects.None,
    };

    private Effects WhenCompleted(Input input) => input switch
    {
        { Kind: InputKind.Timer, Timer: TimerName.K } => Become(Terminated, [Effect.Terminate]),
        _ => Effects.None,
    };

    private Effects SendAgain(TimeSpan next)
    {
        interval = next;
        return [Effect.Resend, Effect.Start(TimerName.E, interval)];
    }

    private Effects Become(States next, Effects effects)
    {
        Legal.Become(ref state, next);
        return effects;
    }
}
