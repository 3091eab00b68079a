using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pbx.Core.Common;

namespace Pbx.Core.Hosting;

/// <summary>Looks every few seconds whether the machine's clock was set, and says so in the log.</summary>
internal sealed partial class ClockWatch(SteadyClock clock, ILogger<ClockWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        clock.WallMoved += Say;
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken)) clock.LookAtWall();
    }

    private void Say(TimeSpan by) => LogMoved(logger, by.TotalSeconds);

    [LoggerMessage(3601, LogLevel.Warning, "The machine's clock was set by {Seconds:0} s. What lasts (registrations, waits, bans) goes on unchanged; office hours follow the new time.")]
    private static partial void LogMoved(ILogger logger, double seconds);
}
