using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pbx.Core.Configuration;
using Pbx.Sip.Diagnostics;
using Pbx.Sip.Endpoint;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Hosting;

/// <summary>
/// Starts the SIP side and stops it with care: no new calls, running ones may finish for the configured time, then BYE; connections are
/// closed last.
/// </summary>
internal sealed class SipHost(SipStack stack, SipListeners listeners, ISipSender sender, IEnumerable<IEndpointRoom> rooms,
    IEnumerable<IBackgroundRoom> background, IEnumerable<IRunningCalls> calls, ISnapshotSource configuration, IHostApplicationLifetime lifetime,
    ILogger<SipHost> logger) : IHostedLifecycleService
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ByeTime = TimeSpan.FromSeconds(5);

    private readonly IRunningCalls[] calls = [.. calls];
    private readonly IBackgroundRoom[] background = [.. background];
    private volatile bool listening;
    private bool running;

    /// <summary>True while new calls are answered. Once it is false, none is: whoever saw it may count on that.</summary>
    public bool IsReady => listening;

    private int Calls => calls.Sum(room => room.Count);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        stack.Build(sender, rooms);
        stack.Counters.AddGauge("connections", () => listeners.Flows.Count);
        stack.Shards.Start();
        listeners.Open();
        foreach (var room in background) room.Start();
        listening = running = true;
        // The moment the process is asked to stop, not when its turn comes among all services: on a busy machine that is a second later, with
        // calls taken in between that would only be ended again.
        lifetime.ApplicationStopping.Register(TakeNoMoreCalls);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Before any service stops: the HTTP server would wait for its WebSockets, over which calls may still be going on, and those wait for
    /// the drain.
    /// </summary>
    public Task StoppingAsync(CancellationToken cancellationToken) => StopAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (!running) return;
        running = false;
        TakeNoMoreCalls();
        var seconds = configuration.Current.Settings.DrainSeconds;
        logger.Draining(Calls, seconds);
        await WaitForCallsAsync(TimeSpan.FromSeconds(seconds), cancellationToken).ConfigureAwait(false);
        foreach (var room in calls) room.EndAll();
        await WaitForCallsAsync(ByeTime, CancellationToken.None).ConfigureAwait(false);
        using var limit = new CancellationTokenSource(ByeTime, stack.Time);
        foreach (var room in background) await room.StopAsync(limit.Token).ConfigureAwait(false);
        await listeners.StopAsync().ConfigureAwait(false);
        stack.Shards.Stop();
    }

    private void TakeNoMoreCalls()
    {
        stack.Drain(true);
        listening = false;
    }

    private async Task WaitForCallsAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        var start = stack.Time.GetTimestamp();
        while (Calls > 0 && stack.Time.GetElapsedTime(start) < longest && !cancellationToken.IsCancellationRequested)
            await Task.Delay(Look, stack.Time, CancellationToken.None).ConfigureAwait(false);
    }
}
