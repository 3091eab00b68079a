using Microsoft.AspNetCore.Components;
using Pbx.Core.Live;

namespace Pbx.Web.Shell.Live;

/// <summary>
/// A component that shows what changes all the time. It may be poked from any thread, any number of times: it renders at most four
/// times a second, and never after it was disposed.
/// </summary>
public abstract class LiveComponent : ComponentBase, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private readonly List<IDisposable> subscriptions = [];
    private readonly CancellationTokenSource disposed = new();
    private int pending;

    /// <summary>The clock.</summary>
    [Inject] protected TimeProvider Clock { get; set; } = null!;

    /// <summary>Whether the component was disposed.</summary>
    protected bool IsDisposed => disposed.IsCancellationRequested;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (IsDisposed) return;
        disposed.Cancel();
        foreach (var subscription in subscriptions) subscription.Dispose();
        subscriptions.Clear();
        GC.SuppressFinalize(this);
    }

    /// <summary>Renders when a topic has a newer value.</summary>
    protected void Watch<T>(ILiveTopic<T> topic) => Keep(topic.Subscribe(Poke));

    /// <summary>Disposes a subscription together with the component.</summary>
    protected void Keep(IDisposable subscription) => subscriptions.Add(subscription);

    /// <summary>Renders each second, for durations.</summary>
    protected void RenderEverySecond() => _ = TickAsync();

    /// <summary>Asks for a rendering soon. Returns at once; any thread may call it.</summary>
    protected void Poke()
    {
        if (!IsDisposed && Interlocked.Exchange(ref pending, 1) == 0) _ = RenderSoonAsync();
    }

    /// <summary>Runs on the renderer's thread before each poked rendering.</summary>
    protected virtual void Refresh()
    {
    }

    private async Task RenderSoonAsync()
    {
        try
        {
            await Task.Delay(Interval, Clock, disposed.Token);
            await InvokeAsync(() =>
            {
                Volatile.Write(ref pending, 0);
                if (IsDisposed) return;
                Refresh();
                StateHasChanged();
            });
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The page was left between the event and the rendering.
        }
    }

    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(disposed.Token)) Poke();
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
    }
}
