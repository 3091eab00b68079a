using System.Runtime;
using Pbx.Sip.Endpoint;

namespace Pbx.Sip.Hosting;

/// <summary>
/// Has garbage of every age collected in the background: all at once halts the sound of every call for 130 to 320 ms with ten thousand extensions, in the background for milliseconds. Asking the runtime for
/// that (<see cref="GCLatencyMode.SustainedLowLatency"/>) is not enough. Where it uses one processor it ends its thread for it after 20 s without work, and the collection that makes it anew, as
/// the very first, halts everything. So the first comes when nobody can have sound yet, and the others before the thread ends.
/// </summary>
internal sealed class BackgroundCollection(TimeProvider time) : IBackgroundRoom, IDisposable
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1), Interval = TimeSpan.FromSeconds(15);

    private ITimer? timer;

    /// <inheritdoc/>
    public void Start()
    {
        GCSettings.LatencyMode = GCLatencyMode.SustainedLowLatency;
        // Somebody has switched collecting in the background off: asking for it would halt everything.
        if (GCSettings.LatencyMode != GCLatencyMode.SustainedLowLatency) return;
        timer = time.CreateTimer(static _ => GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false), null, First,
            GCSettings.IsServerGC ? Timeout.InfiniteTimeSpan : Interval);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => timer?.Dispose();
}
