namespace Pbx.Core.CallFlow.Waiting;

/// <summary>Instants at which something is due. What is no longer true when its instant comes is dropped by whoever asked.</summary>
internal sealed class WakeList
{
    private readonly PriorityQueue<Action<DateTimeOffset>, (DateTimeOffset At, long Number)> due = new();
    private long number;

    /// <summary>The next instant; null: none.</summary>
    public DateTimeOffset? Next => due.TryPeek(out _, out var priority) ? priority.At : null;

    /// <summary>Asks to be called at an instant.</summary>
    public void At(DateTimeOffset instant, Action<DateTimeOffset> action) => due.Enqueue(action, (instant, number++));

    /// <summary>Calls everything that is due.</summary>
    public void Run(DateTimeOffset now)
    {
        while (due.TryPeek(out var action, out var priority) && priority.At <= now)
        {
            due.Dequeue();
            action(now);
        }
    }
}
