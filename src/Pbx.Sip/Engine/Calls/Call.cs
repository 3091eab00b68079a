using Pbx.Core.CallFlow;
using Pbx.Core.Common;
using Pbx.Core.Live;
using Pbx.Sip.Scheduling;
using Pbx.Sip.Transactions;

namespace Pbx.Sip.Engine.Calls;

/// <summary>
/// One call: the caller's leg, the legs that it rings, and the machine that decides. Everything that happens to it becomes an input in its
/// mailbox; one input after the other is taken, and the actions that it gives are carried out. Belongs to its shard's thread.
/// </summary>
internal sealed partial class Call
{
    // A recording's end that never comes must not keep a dead call for ever.
    private static readonly TimeSpan AfterHangUp = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ForReports = TimeSpan.FromSeconds(2);

    private readonly Queue<CallInput> mailbox = new();
    private readonly Dictionary<int, DialledLeg> legs = [];
    private readonly Dictionary<int, LegSession> sessions = [];
    private readonly CallLog log = new();
    private readonly CallRecordBuilder record;
    private readonly long begunAt;
    private readonly CallTimers timers;
    private readonly ShardTimer ending;
    private readonly MediaEvents mediaEvents;
    private readonly CallInput.Arrived arrived;
    private readonly CallerLeg caller;
    private CallState state = CallState.Initial;
    private LegId? talkingWith;
    private bool stepping;
    private bool finished;
    private bool recorded;
    private int openMedia;
    private int newConfiguration;
    private LiveCall? shown;

    /// <summary>Makes a call of an INVITE; <see cref="Start"/> sets it going.</summary>
    /// <param name="services">What it works with.</param>
    /// <param name="transaction">The INVITE.</param>
    /// <param name="arrived">What it is.</param>
    /// <param name="security">How strictly the caller's media is encrypted.</param>
    /// <param name="device">The device that calls; null: a trunk.</param>
    public Call(CallServices services, IServerTransaction transaction, CallInput.Arrived arrived, CallSecurity security,
        (string Extension, string Device)? device)
    {
        Services = services;
        this.arrived = arrived;
        record = new CallRecordBuilder(arrived.CallId, Now);
        begunAt = Shard.Timestamp;
        timers = new CallTimers(Shard, timer => Tell(new CallInput.TimerFired(timer)));
        ending = Shard.CreateTimer(Overdue);
        mediaEvents = new MediaEvents(this);
        caller = new CallerLeg(this, services.Dialogs, transaction, security, device);
    }

    /// <summary>The trunk that the caller comes from; null: a device.</summary>
    public string? TrunkOfCaller => (arrived.Origin as CallOrigin.FromTrunk)?.Trunk;

    /// <summary>The call's id, which is its record's.</summary>
    public Guid Id => arrived.CallId;

    /// <summary>Where it comes from.</summary>
    public CallOrigin Origin => arrived.Origin;

    /// <summary>Its shard.</summary>
    public IShard Shard => Services.Dialogs.Shard;

    /// <summary>What it works with.</summary>
    public CallServices Services { get; }

    private CallSurroundings Shared => Services.Shared;

    /// <summary>The time of day: for hours, and for what people read.</summary>
    private DateTimeOffset Now => Services.Dialogs.Shard.Time.GetUtcNow();

    // The record's instants keep the order and the distances that they had, also when the clock is set during the call.
    private DateTimeOffset RecordNow => record.StartedAt + Services.Dialogs.Shard.Time.GetElapsedTime(begunAt);

    /// <summary>Sets it going.</summary>
    public void Start()
    {
        if (arrived.Origin is CallOrigin.FromExtension extension) Shared.Queues.CallsChanged(extension.Extension, 1);
        if (arrived.Origin is CallOrigin.FromTrunk trunk) Shared.Trunks.CallsChanged(trunk.Trunk, 1);
        Tell(arrived);
        if (!recorded) Shared.Journal.Started(record.Build(state, null));
    }

    /// <summary>Hands it an input, from any thread.</summary>
    public void Post(CallInput input) => Shard.Post(() => Tell(input));

    /// <summary>
    /// Lets it know of a new configuration, from any thread. Of several in a row that it has not got to yet one is enough: what it reads then is the newest. So many
    /// changes at once, as when a shift logs in, cannot pile up in front of the messages of calls.
    /// </summary>
    public void TellOfConfiguration()
    {
        if (Interlocked.Exchange(ref newConfiguration, 1) == 1) return;
        Shard.Post(() =>
        {
            Interlocked.Exchange(ref newConfiguration, 0);
            Tell(new CallInput.ConfigurationChanged());
        });
    }

    /// <summary>Hands it an input, in its shard. What is told while a step is carried out waits for its end.</summary>
    public void Tell(CallInput input)
    {
        if (recorded) return;
        mailbox.Enqueue(input);
        if (stepping) return;
        stepping = true;
        try
        {
            while (mailbox.TryDequeue(out var next)) Step(next);
        }
        finally
        {
            stepping = false;
        }
    }

    /// <summary>Writes a step into the record that the machine does not know of.</summary>
    public void Note(JourneyStep step) => record.Note(RecordNow, step);

    /// <summary>Ends the call from outside: the console, or a server that stops.</summary>
    public void HangUp(HangUpReason reason)
    {
        if (finished) return;
        if (!caller.IsOver) caller.End(reason == HangUpReason.Shutdown ? 503 : 480);
        CallerEnded(reason);
    }

    private void Step(CallInput input)
    {
        var context = new CallContext(Shared.Configuration.Current, Now, Shared.Voicemail.Counts,
            arrived.Origin is CallOrigin.FromExtension own ? Shared.Outbound.UseOf(own.Extension, Id) : null);
        CallStep step;
        try
        {
            step = CallMachine.Step(state, input, context);
        }
#pragma warning disable CA1031 // A defect in one decision must end this call in order, and no other.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Shared.Observer.Broken(Id, $"machine at {input.GetType().Name}", exception);
            Abort();
            return;
        }
        if (input is CallInput.QueueOffer offer) offered.Add(offer.Agent);
        state = step.State;
        log.Add(input, context, step.Actions);
        foreach (var action in step.Actions) Perform(action);
        if (state.Ended) Finish();
        else ShowLive();
    }

    /// <summary>Ends everything at once: nothing can be decided for this call any more.</summary>
    private void Abort()
    {
        if (!caller.IsOver) caller.End(500);
        Finish();
    }

    /// <summary>The machine has ended the call: lets go of all that it holds. The record waits for the last media reports.</summary>
    private void Finish()
    {
        if (finished) return;
        finished = true;
        timers.StopAll();
        foreach (var leg in legs.Values.ToArray()) leg.HangUp();
        if (!caller.IsOver) caller.End(480);
        foreach (var session in sessions.Values) session.Media.Close();
        if (arrived.Origin is CallOrigin.FromExtension extension) Shared.Queues.CallsChanged(extension.Extension, -1);
        Shared.Outbound.Ended(Id);
        if (arrived.Origin is CallOrigin.FromTrunk trunk) Shared.Trunks.CallsChanged(trunk.Trunk, -1);
        if (openMedia == 0) WriteRecord();
        else ending.Start(ForReports);
    }

    private void WriteRecord()
    {
        if (recorded) return;
        recorded = true;
        ending.Stop();
        DiscardOpenRecordings();
        var final = record.Build(state, RecordNow);
        Shared.Journal.Ended(final);
        Shared.Live.Remove(Id);
        Shared.Observer.Ended(this, final, log);
    }

    private void Overdue()
    {
        if (finished) WriteRecord();
        else Abort();
    }

    private void ShowLive()
    {
        var codecs = sessions.OrderBy(entry => entry.Key).Select(entry => entry.Value.Agreed?.Codecs is [var first, ..] ? first.Name : "")
            .Where(name => name.Length > 0).ToValueList();
        var protection = sessions.OrderBy(entry => entry.Key).Where(entry => entry.Key == LegId.Caller.Value || legs.ContainsKey(entry.Key))
            .Select(entry => entry.Value.Protection).OfType<LegProtection>().ToValueList();
        var row = new LiveCall(Id, record.StartedAt, state.Caller, state.CallerName, state.Called, state.At, state.AnsweredBy, state.Live, codecs, protection);
        if (row == shown) return;
        shown = row;
        Shared.Live.Put(row);
    }
}
