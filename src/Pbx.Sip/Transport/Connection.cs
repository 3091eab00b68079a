using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using System.Threading.Channels;
using Pbx.Sip.Messages;

namespace Pbx.Sip.Transport;

/// <summary>What all connections have in common: a queue of what is to be sent, the messages that came, and one way to die.</summary>
#pragma warning disable CA1001 // The token source holds nothing to release, and whoever closes may come after the end.
internal abstract class Connection : IConnection
#pragma warning restore CA1001
{
    private const int MostQueued = 1024;
    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMilliseconds(500);

    private readonly Channel<ReadOnlyMemory<byte>> queue = Channel.CreateBounded<ReadOnlyMemory<byte>>(
        new BoundedChannelOptions(MostQueued) { SingleReader = true });
    private readonly CancellationTokenSource closing = new();
    private readonly ConnectionServices services;
    private long lastTraffic;
    private long unfinishedSince;
    private volatile bool isDeaf;
    private int closeReason;

    /// <summary>A connection that has not begun.</summary>
    protected Connection(Flow flow, ConnectionServices services)
    {
        (Flow, this.services) = (flow, services);
        OpenedAt = lastTraffic = services.Time.GetTimestamp();
    }

    /// <inheritdoc/>
    public Flow Flow { get; }

    /// <inheritdoc/>
    public long OpenedAt { get; }

    /// <inheritdoc/>
    public long LastTraffic => Volatile.Read(ref lastTraffic);

    /// <inheritdoc/>
    public long? UnfinishedSince => Volatile.Read(ref unfinishedSince) is var since and not 0 ? since : null;

    /// <inheritdoc/>
    public bool HasSpoken { get; private set; }

    /// <inheritdoc/>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <inheritdoc/>
    public CloseReason Reason => (CloseReason)Volatile.Read(ref closeReason);

    /// <summary>Cancelled when nothing more is to be done on it.</summary>
    protected CancellationToken Closing => closing.Token;

    /// <summary>True while messages are still taken.</summary>
    protected bool IsListening => Reason == CloseReason.None && !isDeaf;

    /// <summary>Limits and times.</summary>
    protected TransportOptions Options => services.Options;

    /// <summary>The clock.</summary>
    protected TimeProvider Time => services.Time;

    /// <inheritdoc/>
    public bool Send(ReadOnlyMemory<byte> message)
    {
        if (Reason != CloseReason.None) return false;
        if (queue.Writer.TryWrite(message)) return true;
        Close(CloseReason.TooSlow);
        return false;
    }

    /// <inheritdoc/>
    public void Close(CloseReason reason)
    {
        if (Interlocked.CompareExchange(ref closeReason, (int)reason, (int)CloseReason.None) != (int)CloseReason.None) return;
        queue.Writer.TryComplete();
        // What is queued may still leave when the peer can take it: a 400 before closing, a BYE before stopping.
        if (reason is CloseReason.NotSip or CloseReason.Stopping or CloseReason.Idle) closing.CancelAfter(FlushTime);
        else closing.Cancel();
    }

    /// <summary>Begins to live. Called once, by the one who made it.</summary>
    protected void Begin() => Completion = Task.Run(LiveAsync);

    /// <summary>Opens it, then sends and receives until its end. May throw what a network throws.</summary>
    protected abstract Task CarryAsync();

    /// <summary>Sends what is queued, until the queue ends.</summary>
    protected async Task SendLoopAsync(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> write, Func<CancellationToken, Task> flush)
    {
        try
        {
            while (await queue.Reader.WaitToReadAsync(closing.Token).ConfigureAwait(false))
            {
                while (queue.Reader.TryRead(out var message)) await write(message, closing.Token).ConfigureAwait(false);
                await flush(closing.Token).ConfigureAwait(false);
                NoteTraffic();
            }
        }
        catch (Exception exception) when (IsOfTheNetwork(exception))
        {
            // The peer is gone, or we are closing: either way this is its end.
            Close(CloseReason.Broken);
        }
    }

    /// <summary>Runs both loops to their end: when nothing more leaves there is nothing more to come.</summary>
    protected async Task RunAsync(Task sending, Task receiving)
    {
        await sending.ConfigureAwait(false);
        await closing.CancelAsync().ConfigureAwait(false);
        await receiving.ConfigureAwait(false);
    }

    /// <summary>Something came or left.</summary>
    protected void NoteTraffic() => Volatile.Write(ref lastTraffic, services.Time.GetTimestamp());

    /// <summary>A part of a message waits for its rest, or not; <paramref name="anew"/>: it is another message's part than before.</summary>
    protected void NoteUnfinished(bool waits, bool anew)
    {
        if (!waits) Volatile.Write(ref unfinishedSince, 0);
        else if (anew || Volatile.Read(ref unfinishedSince) == 0) Volatile.Write(ref unfinishedSince, services.Time.GetTimestamp());
    }

    /// <summary>Hands a message up. After what is no SIP nothing more is read.</summary>
    protected void Take(SipParseResult result, bool isLast)
    {
        if (result.Message is { } message) message.Source = Flow.Remote;
        HasSpoken |= result.IsValid;
        try
        {
            services.User.OnReceived(result, Flow);
        }
#pragma warning disable CA1031 // Whatever a message makes of us, the next one is read.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            services.Failed(exception);
        }
        if (isLast || result.Message is null) _ = CloseSoonAsync();
    }

    /// <summary>What a network that fails throws, and what closing looks like.</summary>
    protected static bool IsOfTheNetwork(Exception exception) => exception is IOException or SocketException or OperationCanceledException
        or ObjectDisposedException or AuthenticationException or WebSocketException;

    private async Task LiveAsync()
    {
        try
        {
            await CarryAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (IsOfTheNetwork(exception))
        {
            Flow.Trouble = exception is OperationCanceledException ? "no connection in time" : exception.Message;
            Close(CloseReason.ConnectFailed);
        }
#pragma warning disable CA1031 // The last guard of a task that nobody awaits for its result.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            services.Failed(exception);
            Close(CloseReason.Broken);
        }
        services.Closed(this);
    }

    /// <summary>
    /// Reads no further, and closes a little later: a message before the rubbish may still be on its way to being answered (RFC 4475
    /// sections 3.1.1.8 and 3.4.1 over a stream).
    /// </summary>
    private async Task CloseSoonAsync()
    {
        if (isDeaf) return;
        isDeaf = true;
        try
        {
            await Task.Delay(AnswerTime, services.Time, closing.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Closed for another reason meanwhile.
        }
        Close(CloseReason.NotSip);
    }
}

/// <summary>What a connection needs of those around it.</summary>
/// <param name="User">Hears its messages.</param>
/// <param name="Options">Limits and times.</param>
/// <param name="Time">The clock.</param>
/// <param name="Failed">Hears of exceptions that should not have been.</param>
/// <param name="Closed">Called once, at its end.</param>
internal sealed record ConnectionServices(ITransportUser User, TransportOptions Options, TimeProvider Time, Action<Exception> Failed, Action<IConnection> Closed);
