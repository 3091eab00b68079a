using Pbx.Sip.Network;

namespace Pbx.Sip.Transport;

/// <summary>
/// Turns of computing in handshakes. They go round the sources that wait, so that who begins thousands at once delays anybody else by one of theirs, not by all. Of one source those
/// that have begun come first: what was computed for them is not lost to a deadline behind others that have not.
/// </summary>
/// <param name="atOnce">How many compute at once, from 1 on.</param>
internal sealed class HandshakeTurns(int atOnce)
{
    private readonly Lock gate = new();
    private readonly Dictionary<Source, Line> lines = [];

    /// <summary>The sources that wait, each once, in the order in which they are served.</summary>
    private readonly Queue<Source> round = [];

    private int free = atOnce;

    /// <summary>Completes when it is its turn, which ends with <see cref="Release"/>.</summary>
    /// <param name="source">Where the handshake comes from.</param>
    /// <param name="hasBegun">It has had a turn before.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="OperationCanceledException">It waits no longer, and has no turn.</exception>
    public ValueTask WaitAsync(Source source, bool hasBegun, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            // Whenever a turn is free, nobody waits.
            if (free > 0)
            {
                free--;
                return ValueTask.CompletedTask;
            }
            if (!lines.TryGetValue(source, out var line))
            {
                lines[source] = line = new Line();
                round.Enqueue(source);
            }
            var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var ending = cancellationToken.UnsafeRegister(static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), mine);
            (hasBegun ? line.Begun : line.New).Enqueue(new Waiting(mine, ending));
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
                var line = lines[source];
                var served = Serve(line.Begun) || Serve(line.New);
                if (line.IsEmpty) lines.Remove(source);
                else round.Enqueue(source);
                if (served) return;
            }
            free++;
        }
    }

    /// <summary>Gives the turn to the first that still waits. Those that do not are forgotten, so that they cost their source no turn.</summary>
    private static bool Serve(Queue<Waiting> queue)
    {
        while (queue.TryDequeue(out var next))
        {
            next.Ending.Dispose();
            if (next.Turn.TrySetResult()) return true;
        }
        return false;
    }

    /// <summary>Who waits of one source.</summary>
    private sealed class Line
    {
        public Queue<Waiting> Begun { get; } = [];

        public Queue<Waiting> New { get; } = [];

        public bool IsEmpty => Begun.Count + New.Count == 0;
    }

    private readonly record struct Waiting(TaskCompletionSource Turn, CancellationTokenRegistration Ending);
}
