using Microsoft.Extensions.Logging;
using Pbx.Sip.Diagnostics;
using Pbx.Sip.Transactions;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Endpoint;

/// <summary>
/// The protocol stack put together: shards, their endpoints, the front door. Over real sockets or over a network in memory, with running
/// threads or pumped by a test.
/// </summary>
internal sealed class SipStack : IDisposable
{
    private readonly ILogger logger;
    private SipEndpoint[] endpoints = [];

    /// <summary>A stack whose shards do not run yet.</summary>
    public SipStack(int shards, TimeProvider time, TransactionTimes times, ShardLimits limits, IGate gate, SipCounters counters, ILogger logger)
    {
        (Time, Times, Counters, this.logger) = (time, times, counters, logger);
        Shards = new ShardSet(shards, time, limits, OnUnhandled);
        FrontDoor = new FrontDoor(Shards, gate, limits.Transactions, counters, logger);
    }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>The values of the transaction timers.</summary>
    public TransactionTimes Times { get; }

    /// <summary>What is counted.</summary>
    public SipCounters Counters { get; }

    /// <summary>The shards.</summary>
    public ShardSet Shards { get; }

    /// <summary>What transports hand their messages to.</summary>
    public FrontDoor FrontDoor { get; }

    /// <summary>The endpoints, one for each shard in order; empty before <see cref="Build"/>.</summary>
    public IReadOnlyList<SipEndpoint> Endpoints => endpoints;

    /// <summary>Makes the endpoints over a back door and introduces the rooms to each. Before anything is received.</summary>
    public void Build(ISipSender sender, IEnumerable<IEndpointRoom> rooms)
    {
        endpoints = [.. Shards.All.Select(shard => new SipEndpoint(shard, sender, Times, Counters))];
        FrontDoor.Open(sender, endpoints);
        foreach (var room in rooms)
            foreach (var endpoint in endpoints)
                room.Enter(endpoint);
    }

    /// <summary>From now on new calls get 503, or again not; from any thread, even those that wait already to be read.</summary>
    public void Drain(bool draining)
    {
        foreach (var endpoint in endpoints) endpoint.IsDraining = draining;
    }

    /// <summary>Counts and logs an exception that should not have been.</summary>
    public void OnUnhandled(Exception exception)
    {
        Counters.CountUnhandledException();
        logger.Unhandled(exception, "the SIP stack");
    }

    /// <inheritdoc/>
    public void Dispose() => Shards.Dispose();
}
