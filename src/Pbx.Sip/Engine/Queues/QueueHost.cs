using System.Threading.Channels;
using Pbx.Core.CallFlow;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Live;
using Pbx.Sip.Engine.Live;

namespace Pbx.Sip.Engine.Queues;

/// <summary>Takes the queue's words to a call, whatever shard it lives in. Called by the owner of the queues; must not block.</summary>
internal interface IQueueCalls
{
    /// <summary>Posts an input to a call; nothing happens when the call is gone.</summary>
    void Post(Guid call, CallInput input);

    /// <summary>Writes a step into a call's record.</summary>
    void Note(Guid call, JourneyStep step);
}

/// <summary>
/// The owner of all queues and agents: one loop that alone touches the queue machine. Calls, the registrar and the configuration speak
/// to it by messages; it answers with inputs to calls. Waiting and ringing last by the steady clock; hours follow the wall clock.
/// </summary>
internal sealed class QueueHost : IAsyncDisposable
{
    private static readonly TimeSpan LiveInterval = TimeSpan.FromMilliseconds(250);

    private readonly Channel<Message> mailbox = Channel.CreateUnbounded<Message>();
    private readonly QueueMachine machine = new();
    private readonly Dictionary<string, int> callsOf = [];
    private readonly ISnapshotSource snapshots;
    private readonly IQueueCalls calls;
    private readonly SteadyClock time;
    private readonly ITimer timer;
    private readonly ITimer liveTimer;
    private readonly IDisposable subscription;
    private readonly LiveTopic<ValueList<LiveQueue>> topic;
    private readonly Action<Exception> failed;
    private volatile ValueList<LiveQueue> live = [];
    private Task? loop;
    private DateTimeOffset? wakeAt;
    private bool liveIsDue;
    private int newConfiguration;

    /// <summary>Makes the owner; it does nothing before <see cref="Start"/>.</summary>
    /// <param name="snapshots">The configuration.</param>
    /// <param name="calls">The way to calls.</param>
    /// <param name="time">The clock.</param>
    /// <param name="failed">Told of an input that the machine could not take; the loop goes on.</param>
    public QueueHost(ISnapshotSource snapshots, IQueueCalls calls, SteadyClock time, Action<Exception> failed)
    {
        (this.snapshots, this.calls, this.time, this.failed) = (snapshots, calls, time, failed);
        topic = new LiveTopic<ValueList<LiveQueue>>(time, TimeSpan.Zero, () => live);
        liveTimer = time.CreateTimer(_ => mailbox.Writer.TryWrite(default), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer = time.CreateTimer(_ => Send(new QueueInput.Woken()), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        subscription = snapshots.Subscribe(_ => TellOfConfiguration());
        time.WallMoved += OnWallMoved;
    }

    /// <summary>What pages subscribe to.</summary>
    public ILiveTopic<ValueList<LiveQueue>> Topic => topic;

    /// <summary>Inputs not yet handled.</summary>
    public int Waiting => mailbox.Reader.Count;

    /// <summary>Starts the loop.</summary>
    public void Start()
    {
        Send(new QueueInput.ConfigurationChanged());
        loop = Task.Run(RunAsync);
    }

    /// <summary>Sends an input, from any thread.</summary>
    public void Send(QueueInput input) => mailbox.Writer.TryWrite(new Message(input, null, 0));

    /// <summary>
    /// An extension is in one call more (+1) or less (-1), offers of the queues not counted. Differences and not sums, so that two shards
    /// cannot overtake each other.
    /// </summary>
    public void CallsChanged(string extension, int difference) => mailbox.Writer.TryWrite(new Message(null, extension, difference));

    /// <summary>Handles what has been sent, on the calling thread: for tests that never call <see cref="Start"/>.</summary>
    public void Drain()
    {
        while (mailbox.Reader.TryRead(out var message)) Handle(message);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        subscription.Dispose();
        time.WallMoved -= OnWallMoved;
        await timer.DisposeAsync().ConfigureAwait(false);
        await liveTimer.DisposeAsync().ConfigureAwait(false);
        mailbox.Writer.TryComplete();
        if (loop is not null) await loop.ConfigureAwait(false);
        topic.Dispose();
    }

    private async Task RunAsync()
    {
        while (await mailbox.Reader.WaitToReadAsync().ConfigureAwait(false)) Drain();
    }

    private void Handle(Message message)
    {
        if (message is { Input: null, Extension: null })
        {
            liveIsDue = false;
            live = machine.Live();
            topic.Touch();
            return;
        }
        if (message.Input is QueueInput.ConfigurationChanged) Interlocked.Exchange(ref newConfiguration, 0);
        // Forgotten, so that the same instant asked for again starts the timer again.
        if (message.Input is QueueInput.Woken) wakeAt = null;
        try
        {
            Perform(machine.Handle(message.Input ?? Count(message), snapshots.Current, time.GetUtcNow(), time.WallAhead));
            if (liveIsDue) return;
            liveIsDue = true;
            liveTimer.Change(LiveInterval, Timeout.InfiniteTimeSpan);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A defect in one decision must not take the queues away from all other callers.
            failed(exception);
        }
    }

    /// <summary>Of several changes in a row that it has not got to yet one is enough: what is read then is the newest.</summary>
    private void TellOfConfiguration()
    {
        if (Interlocked.Exchange(ref newConfiguration, 1) == 0) Send(new QueueInput.ConfigurationChanged());
    }

    private void OnWallMoved(TimeSpan by) => Send(new QueueInput.Woken());

    private QueueInput.ExtensionCalls Count(Message message)
    {
        var extension = message.Extension!;
        var count = Math.Max(0, callsOf.GetValueOrDefault(extension) + message.Difference);
        if (count == 0) callsOf.Remove(extension);
        else callsOf[extension] = count;
        return new QueueInput.ExtensionCalls(extension, count);
    }

    private void Perform(IReadOnlyList<QueueAction> actions)
    {
        foreach (var action in actions)
        {
            switch (action)
            {
                case QueueAction.Offer offer: calls.Post(offer.Call, new CallInput.QueueOffer(offer.Agent, offer.RingSeconds, offer.Join)); break;
                case QueueAction.Withdraw withdraw: calls.Post(withdraw.Call, new CallInput.QueueOfferWithdrawn(withdraw.Agent, withdraw.Join)); break;
                case QueueAction.CallerOut gone: calls.Post(gone.Call, new CallInput.QueueLeft(gone.Reason, gone.Join)); break;
                case QueueAction.Skipped skipped: calls.Note(skipped.Call, skipped.ToStep()); break;
                case QueueAction.WakeAt wish: Wake(wish.At); break;
            }
        }
    }

    private void Wake(DateTimeOffset? at)
    {
        if (at == wakeAt) return;
        wakeAt = at;
        var after = at is { } instant ? instant - time.GetUtcNow() : Timeout.InfiniteTimeSpan;
        timer.Change(at is not null && after < TimeSpan.Zero ? TimeSpan.Zero : after, Timeout.InfiniteTimeSpan);
    }

    /// <summary>An input, or a difference in an extension's calls, or (all empty) the wish to have the live view built.</summary>
    private readonly record struct Message(QueueInput? Input, string? Extension, int Difference);
}
