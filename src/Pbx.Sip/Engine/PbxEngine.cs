using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Pbx.Core.CallFlow;
using Pbx.Core.CallRecords;
using Pbx.Core.Common;
using Pbx.Sip.Defence;
using Pbx.Sip.Diagnostics;
using Pbx.Sip.Dialogs;
using Pbx.Sip.Endpoint;
using Pbx.Sip.Engine.Calls;
using Pbx.Sip.Engine.Queues;
using Pbx.Sip.Messages;
using Pbx.Sip.Transactions;

namespace Pbx.Sip.Engine;

/// <summary>
/// Makes calls of INVITEs and keeps the table of them: the caller is identified, limits are kept, and from then on the call lives by
/// itself in its shard.
/// </summary>
internal sealed class PbxEngine : IEndpointRoom, IRunningCalls, IQueueCalls, ICallObserver, IDisposable
{
    private readonly ConcurrentDictionary<Guid, Call> calls = new();
    private readonly ICallers callers;
    private readonly Func<ICallObserver, IQueueCalls, CallSurroundings> surround;
    private readonly EngineLimits limits;
    private readonly CallLimits callLimits;
    private readonly SipCounters counters;
    private readonly ILogger logger;
    private CallSurroundings? shared;
    private IDisposable? subscription;
    private long replayDifferences;

    /// <summary>Makes an engine without calls.</summary>
    /// <param name="callers">Who is who.</param>
    /// <param name="surround">Makes what calls share, given the engine.</param>
    /// <param name="limits">Limits.</param>
    /// <param name="counters">Where it shows what it holds.</param>
    /// <param name="logger">Where it tells what went wrong.</param>
    public PbxEngine(ICallers callers, Func<ICallObserver, IQueueCalls, CallSurroundings> surround, EngineLimits limits, SipCounters counters,
        ILogger logger)
    {
        (this.callers, this.surround, this.limits, this.counters, this.logger) = (callers, surround, limits, counters, logger);
        callLimits = limits.Calls ?? CallLimits.Standard;
        counters.AddGauge("calls", () => calls.Count);
        counters.AddGauge("replay-differences", () => Volatile.Read(ref replayDifferences));
    }

    /// <summary>Told of each call that ended, with its record and its log; for tests.</summary>
    public event Action<CallRecord, CallLog>? CallEnded;

    /// <inheritdoc/>
    public int Count => calls.Count;

    /// <summary>What calls share.</summary>
    public CallSurroundings Shared => shared ??= surround(this, this);

    /// <inheritdoc/>
    public void Enter(SipEndpoint endpoint)
    {
        subscription ??= Shared.Configuration.Subscribe(_ => TellAllOfConfiguration());
        var services = new CallServices(
            new DialogServices(endpoint.Shard, endpoint.Transactions, endpoint.Dialogs, Random.Shared), Shared);
        endpoint.Handle(SipMethods.Invite, transaction => OnInvite(services, transaction));
    }

    /// <summary>Ends a call. False when there is none of that id.</summary>
    public bool HangUp(Guid call, HangUpReason reason)
    {
        if (!calls.TryGetValue(call, out var found)) return false;
        found.Shard.Post(() => found.HangUp(reason));
        return true;
    }

    /// <inheritdoc/>
    public void EndAll()
    {
        foreach (var id in calls.Keys) HangUp(id, HangUpReason.Shutdown);
    }

    /// <inheritdoc/>
    void IQueueCalls.Post(Guid call, CallInput input)
    {
        if (calls.TryGetValue(call, out var found)) found.Post(input);
        // The caller is gone while the queue was speaking: it must not wait for an answer.
        else if (input is CallInput.QueueOffer) Shared.Queues.Send(new QueueInput.CallerLeft(call));
    }

    /// <inheritdoc/>
    void IQueueCalls.Note(Guid call, JourneyStep step)
    {
        if (calls.TryGetValue(call, out var found)) found.Shard.Post(() => found.Note(step));
    }

    /// <inheritdoc/>
    void ICallObserver.Ended(Call call, CallRecord record, CallLog log)
    {
        calls.TryRemove(call.Id, out _);
        callLimits.Ended(call.Id);
        if (limits.VerifyReplay) Verify(call.Id, log);
        CallEnded?.Invoke(record, log);
    }

    /// <inheritdoc/>
    void ICallObserver.Failed(Guid call, string what, Exception exception) => logger.CallTroubled(exception, call, what);

    /// <inheritdoc/>
    void ICallObserver.Broken(Guid call, string what, Exception exception)
    {
        counters.CountUnhandledException();
        logger.CallBroken(exception, call, what);
    }

    /// <inheritdoc/>
    public void Dispose() => subscription?.Dispose();

    private void OnInvite(CallServices services, IServerTransaction transaction)
    {
        if (IncomingInvite.Refusal(transaction) is { } refusal)
        {
            transaction.Respond(refusal);
            return;
        }
        var identity = callers.Identify(transaction);
        if (identity is CallerIdentity.Answered answered) transaction.Respond(answered.Response);
        else if (identity is CallerIdentity.Known known) Take(services, transaction, known);
    }

    private void Take(CallServices services, IServerTransaction transaction, CallerIdentity.Known caller)
    {
        if (calls.Count >= limits.MaxCalls)
        {
            Respond(transaction, 503);
            return;
        }
        if (DialogServices.Description(transaction.Request) is { } offer && !LegSession.IsUsable(offer, caller.Security))
        {
            transaction.Respond(SipResponseBuilder.For(transaction.Request, 488, transaction.LocalTag).Build());
            return;
        }
        var now = services.Dialogs.Shard.Time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        if (!callLimits.TryBegin(id, caller.Origin, transaction.Flow.Remote.Address, now))
        {
            logger.TooManyCalls(transaction.Flow.Remote.ToString());
            Respond(transaction, 503);
            return;
        }
        var arrived = new CallInput.Arrived(id, caller.Origin, PacketText.Printable(caller.Called),
            PacketText.Printable(caller.Number), PacketText.Printable(caller.Name), services.Dialogs.Random.Next());
        transaction.Respond(SipResponseBuilder.For(transaction.Request, 100).Build());
        var call = new Call(services, transaction, arrived, caller.Security, caller.Device);
        calls[call.Id] = call;
        call.Start();
    }

    private static void Respond(IServerTransaction transaction, int status) =>
        transaction.Respond(SipResponseBuilder.For(transaction.Request, status, transaction.LocalTag).Add(HeaderId.RetryAfter, "10").Build());

    private void TellAllOfConfiguration()
    {
        foreach (var call in calls.Values) call.TellOfConfiguration();
    }

    /// <summary>Runs the call's log through the machine again, outside the shard: the same actions must come.</summary>
    private void Verify(Guid call, CallLog log) => _ = Task.Run(() =>
    {
        if (log.FirstDifference() is not { } step) return;
        Interlocked.Increment(ref replayDifferences);
        logger.ReplayDiffers(call, step);
    });
}

/// <summary>Limits of the engine.</summary>
/// <param name="MaxCalls">Most calls at once; one more gets 503.</param>
/// <param name="VerifyReplay">Runs each ended call's log through the machine again and counts differences.</param>
/// <param name="Calls">What one extension or address may have; null: as delivered.</param>
internal sealed record EngineLimits(int MaxCalls = 4000, bool VerifyReplay = false, CallLimits? Calls = null);
