using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pbx.Core.Common;
using Pbx.Core.Data;
using Pbx.Core.Live;

namespace Pbx.Core.Alerts;

/// <summary>The room on a file system.</summary>
/// <param name="Total">Bytes in all.</param>
/// <param name="Free">Bytes that are left to this process.</param>
internal readonly record struct DiskRoom(long Total, long Free)
{
    /// <summary>How full it is, in percent.</summary>
    public int PercentUsed => Total <= 0 ? 0 : (int)Math.Clamp(100 - (100.0 * Free / Total), 0, 100);
}

/// <summary>
/// Looks every half minute how full the disks of the data directory and of the embedded database are, and raises an alert while there is still room to act:
/// at 90 %, unless what is left is plenty. Again once a day as long as it is so.
/// </summary>
internal sealed partial class DiskWatch(IReadOnlyList<string> places, Func<string, DiskRoom?> measure, IAlerts alerts, TimeProvider time, ILogger<DiskWatch> logger)
    : BackgroundService
{
    private const int AlertPercent = 90;
    private const int CalmPercent = 87;
    private const long Plenty = 20L * 1024 * 1024 * 1024;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Again = TimeSpan.FromDays(1);

    private readonly Dictionary<string, long> raised = new(StringComparer.Ordinal);

    /// <summary>The directories whose disks matter: of the data, and of SQLite's file when it lies elsewhere.</summary>
    public static IReadOnlyList<string> PlacesOf(DataDirectory directory, DatabaseAddress address)
    {
        var database = address.SqliteFile is { } file ? Path.GetDirectoryName(Path.GetFullPath(file)) : null;
        var inside = directory.Path.TrimEnd('/') + '/';
        return database is null || (database + '/').StartsWith(inside, StringComparison.Ordinal) ? [directory.Path] : [directory.Path, database];
    }

    /// <summary>Asks the operating system; null when it does not say.</summary>
    public static DiskRoom? Measure(string place)
    {
        try
        {
            var drive = new DriveInfo(place);
            return new DiskRoom(drive.TotalSize, drive.AvailableFreeSpace);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>One look.</summary>
    internal void Look()
    {
        foreach (var place in places)
        {
            if (measure(place) is not { } room) continue;
            if (room.PercentUsed >= AlertPercent && room.Free < Plenty) Raise(place, room);
            else if (room.PercentUsed < CalmPercent && raised.Remove(place)) alerts.Dismiss(AlertKind.DiskAlmostFull, place);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                Look();
            }
#pragma warning disable CA1031 // Whatever a disk makes of being asked, the next look may go better.
            catch (Exception error)
#pragma warning restore CA1031
            {
                LogTroubled(logger, error.Message);
            }
        }
    }

    private void Raise(string place, DiskRoom room)
    {
        if (raised.TryGetValue(place, out var at) && time.GetElapsedTime(at) < Again) return;
        raised[place] = time.GetTimestamp();
        alerts.Raise(AlertKind.DiskAlmostFull, place, room.PercentUsed.ToString(CultureInfo.InvariantCulture));
    }

    [LoggerMessage(3502, LogLevel.Warning, "It cannot be seen how full the disks are: {Reason}")]
    private static partial void LogTroubled(ILogger logger, string reason);
}
