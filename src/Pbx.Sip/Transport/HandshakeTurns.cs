using Pbx.Sip.Network;

namespace Pbx.Sip.Transport;

/// <summary>
/// Turns of computing in handshakes. They go round the sources that wait, so that who begins thousands at once delays anybody else by one of theirs, not by all.
/// </summary>
/// <param name="atOnce">How many compute at once, from 1 on.</param>
internal sealed class HandshakeTurns(int atOnce)
{
    private readonly Lock gate = new();
    private readonly Dictionary<Source, Queue<Waiting>> waiting = [];

    /// <summary>The sources that wait, each once, in the order in which they are served.</summary>
    private readonly Queue<Source> round = [];

    private int free = atOnce;

    /// <summary>Completes when it is its turn, which ends with <see cref="Release"/>.</summary>
    /// <exception cref="OperationCanceledException">It waits no longer, and has no turn.</exception>
    public ValueTask WaitAsync(Source source, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            // Whenever a turn is free, nobody waits.
            if (free > 0)
            {
                free--;
                return ValueTask.CompletedTask;
            }
            if (!waiting.TryGetValue(source, out var others))
            {
                waiting[source] = others = [];
                round.Enqueue(source);
            }
            var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            others.Enqueue(new Waiting(mine, cancellationToken.UnsafeRegister(static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), mine)));
            return new ValueTask(mine.Task);
        }
    }

    /// <summary>A turn is over: the next source has one.</summary>
    public void Release()
    {
        lock (gate)
        {
            while (round.TryDequeue(out var source))
            {
                var others = waiting[source];
                var next = others.Dequeue();
                if (others.Count == 0) waiting.Remove(source);
                else round.Enqueue(source);
                next.Ending.Dispose();
                // One that waits no longer is passed over.
                if (next.Turn.TrySetResult()) return;
            }
            free++;
        }
    }

    private readonly record struct Waiting(TaskCompletionSource Turn, CancellationTokenRegistration Ending);
}
