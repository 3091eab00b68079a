using static Pbx.Sip.Transactions.InviteServerTransaction.States;

namespace Pbx.Sip.Transactions;

/// <summary>INVITE that we receive: RFC 3261 section 17.2.1, figure 7, with the Accepted state of RFC 6026 section 7.1.</summary>
internal sealed class InviteServerTransaction(TransactionTimes timers, bool reliable) : ITransactionMachine
{
    private static readonly TimeSpan TryingAfter = TimeSpan.FromMilliseconds(200);

    private static readonly (States From, States To)[] Legal =
    [
        (Proceeding, Completed), (Proceeding, Accepted), (Proceeding, Terminated),
        (Completed, Confirmed), (Completed, Terminated), (Confirmed, Terminated), (Accepted, Terminated),
    ];

    private States state = Proceeding;
    private TimeSpan interval = timers.T1;

    internal enum States
    {
        Proceeding,
        Completed,
        Confirmed,
        Accepted,
        Terminated,
    }

    public bool IsTerminated => state == Terminated;

    public string StateName => state.ToString();

    public Effects On(Input input) => state switch
    {
        Proceeding => WhenProceeding(input),
        Completed => WhenCompleted(input),
        Confirmed => WhenConfirmed(input),
        Accepted => WhenAccepted(input),
        Terminated => Effects.None,
    };

    private Effects WhenProceeding(Input input) => input switch
    {
        { Kind: InputKind.Begin } => [Effect.Start(TimerName.Trying, TryingAfter), Effect.Deliver],
        { Kind: InputKind.Timer, Timer: TimerName.Trying } => [Effect.SendTrying],
        { Kind: InputKind.Request } => [Effect.Resend],
        { Kind: InputKind.Response, Status: < 200 } => [Effect.Stop(TimerName.Trying), Effect.Send],
        { Kind: InputKind.Response, Status: < 300 } =>
            Become(Accepted, [Effect.Stop(TimerName.Trying), Effect.Start(TimerName.L, timers.Timeout), Effect.Send]),
        { Kind: InputKind.Response } => reliable
            ? Become(Completed, [Effect.Stop(TimerName.Trying), Effect.Start(TimerName.H, timers.Timeout), Effect.Send])
            : Become(Completed, [Effect.Start(TimerName.G, interval), Effect.Start(TimerName.H, timers.Timeout), Effect.Send]),
        { Kind: InputKind.TransportFailed } => Become(Terminated, [Effect.Terminate]),
        _ => Effects.None,
    };

    private Effects WhenCompleted(Input input) => input switch
    {
        { Kind: InputKind.Request } => [Effect.Resend],
        { Kind: InputKind.Timer, Timer: TimerName.G } => SendAgain(),
        { Kind: InputKind.Ack } => reliable
            ? Become(Terminated, [Effect.Terminate])
            : Become(Confirmed, [Effect.Stop(TimerName.G), Effect.Stop(TimerName.H), Effect.Start(TimerName.I, timers.T4)]),
        { Kind: InputKind.Timer, Timer: TimerName.H } or { Kind: InputKind.TransportFailed } => Become(Terminated, [Effect.Terminate]),
        _ => Effects.None,
    };

    private Effects WhenConfirmed(Input input) => input switch
    {
        { Kind: InputKind.Timer, Timer: TimerName.I } => Become(Terminated, [Effect.Terminate]),
        _ => Effects.None,
    };

    private Effects WhenAccepted(Input input) => input switch
    {
        // RFC 6026 §7.1: the user repeats its 2xx; a repeated INVITE is absorbed.
        { Kind: InputKind.Response, Status: >= 200 and < 300 } => [Effect.Send],
        { Kind: InputKind.Ack } => [Effect.Deliver],
        { Kind: InputKind.Timer, Timer: TimerName.L } => Become(Terminated, [Effect.Terminate]),
        _ => Effects.None,
    };

    private Effects SendAgain()
    {
        interval = interval * 2 < timers.T2 ? interval * 2 : timers.T2;
        return [Effect.Resend, Effect.Start(TimerName.G, interval)];
    }

    private Effects Become(States next, Effects effects)
    {
        Legal.Become(ref state, next);
        return effects;
    }
}
