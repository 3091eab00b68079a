namespace Pbx.Sip.Transactions;

/// <summary>What can happen to a transaction.</summary>
internal enum InputKind
{
    /// <summary>It begins: a client's request is to be sent, a server's has come.</summary>
    Begin,
    /// <summary>The request came again (server).</summary>
    Request,
    /// <summary>ACK came (INVITE server).</summary>
    Ack,
    /// <summary>A response: from the network (client) or from the user (server).</summary>
    Response,
    /// <summary>A timer fired.</summary>
    Timer,
    /// <summary>The user cancelled it (INVITE client).</summary>
    Cancel,
    /// <summary>A message could not be sent, or the connection is lost.</summary>
    TransportFailed,
}

/// <summary>One thing that happened. The message itself stays with the driver: machines need only its class.</summary>
internal readonly record struct Input(InputKind Kind, int Status = 0, TimerName Timer = default)
{
    public static Input Begin => new(InputKind.Begin);

    public static Input Request => new(InputKind.Request);

    public static Input Ack => new(InputKind.Ack);

    public static Input Cancel => new(InputKind.Cancel);

    public static Input TransportFailed => new(InputKind.TransportFailed);

    public static Input Response(int status) => new(InputKind.Response, status);

    public static Input Fired(TimerName timer) => new(InputKind.Timer, Timer: timer);
}

/// <summary>One of the four machines. Pure: no socket, no timer, no log, no clock.</summary>
internal interface ITransactionMachine
{
    /// <summary>Takes an input; gives what is to be done about it.</summary>
    Effects On(Input input);

    /// <summary>True at the end.</summary>
    bool IsTerminated { get; }

    /// <summary>The name of its state, for logs and tests.</summary>
    string StateName { get; }
}

/// <summary>Checks each move of a machine against the figure of the RFC.</summary>
internal static class Moves
{
    /// <summary>Makes the move. A move that is not in the figure is a bug of ours.</summary>
    public static void Become<T>(this (T From, T To)[] legal, ref T state, T next)
        where T : struct, Enum
    {
        if (Array.IndexOf(legal, (state, next)) < 0)
            throw new InvalidOperationException($"{typeof(T).DeclaringType?.Name} cannot go from {state} to {next}.");
        state = next;
    }
}
