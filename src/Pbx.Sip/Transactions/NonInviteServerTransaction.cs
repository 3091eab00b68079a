using static Pbx.Sip.Transactions.NonInviteServerTransaction.States;

namespace Pbx.Sip.Transactions;

/// <summary>Any other request that we receive: RFC 3261 section 17.2.2, figure 8.</summary>
internal sealed class NonInviteServerTransaction(TransactionTimes timers, bool reliable) : ITransactionMachine
{
    private static readonly (States From, States To)[] Legal =
    [
        (Trying, Proceeding), (Trying, Completed), (Trying, Terminated), (Proceeding, Completed), (Proceeding, Terminated),
        (Completed, Terminated),
    ];

    private States state = Trying;

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
        { Kind: InputKind.Begin } => [Effect.Deliver],
        { Kind: InputKind.Response, Status: < 200 } => Become(Proceeding, [Effect.Send]),
        _ => InBoth(input),
    };

    private Effects WhenProceeding(Input input) => input switch
    {
        { Kind: InputKind.Request } => [Effect.Resend],
        { Kind: InputKind.Response, Status: < 200 } => [Effect.Send],
        _ => InBoth(input),
    };

    private Effects InBoth(Input input) => input switch
    {
        // Timer J is zero over a reliable transport: nothing is repeated there.
        { Kind: InputKind.Response } => reliable
            ? Become(Terminated, [Effect.Send, Effect.Terminate])
            : Become(Completed, [Effect.Start(TimerName.J, timers.Timeout), Effect.Send]),
        { Kind: InputKind.TransportFailed } => Become(Terminated, [Effect.Terminate]),
        _ => Effects.None,
    };

    private Effects WhenCompleted(Input input) => input switch
    {
        { Kind: InputKind.Request } => [Effect.Resend],
        { Kind: InputKind.Timer, Timer: TimerName.J } or { Kind: InputKind.TransportFailed } => Become(Terminated, [Effect.Terminate]),
        _ => Effects.None,
    };

    private Effects Become(States next, Effects effects)
    {
        Legal.Become(ref state, next);
        return effects;
    }
}
