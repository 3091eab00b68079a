using Pbx.Core.CallFlow;
using Pbx.Core.Common;
using Pbx.Core.Live;
using Pbx.Core.Voicemail;

namespace Pbx.Testing.CallFlow;

/// <summary>A call in a simulated world: carries out what its machine asks for, with phones that act by chance.</summary>
public sealed class SimulatedCall(SimulatedWorld world, Guid id)
{
    private const int MaxSteps = 5_000;

    private readonly List<(CallInput Input, CallContext Context, ValueList<CallAction> Actions)> log = [];
    private readonly Dictionary<CallTimer, int> timers = [];
    private readonly Dictionary<LegId, string?> legs = [];
    private readonly HashSet<LegId> ringing = [];
    private readonly HashSet<LegId> up = [];
    private bool bridged, queued, recording, changing, loading, echoing, callerGone;
    private int play, recordings, hangUps, timerNumber;

    public Guid Id => id;

    public CallState State { get; private set; } = CallState.Initial;

    /// <summary>What was written into the record.</summary>
    public List<JourneyStep> Journey { get; } = [];

    /// <summary>All that was asked for.</summary>
    public IEnumerable<CallAction> Actions => log.SelectMany(l => l.Actions);

    /// <summary>Sends an input after a short while, as between threads.</summary>
    public void Post(CallInput input) => world.After(world.Random.NextDouble() * 0.05, () => Input(input));

    /// <summary>The caller hangs up.</summary>
    public void HangUp()
    {
        if (callerGone || State.Ended) return;
        callerGone = true;
        if (recording) EndRecording(RecordingEnd.HangUp, world.Random.Next(3000), world.Random.Next(2) == 0);
        Input(new CallInput.CallerHungUp(HangUpReason.Normal));
    }

    /// <summary>The caller presses a key.</summary>
    public void Press(char key)
    {
        if (!callerGone && !State.Ended) Input(new CallInput.Digit(LegId.Caller, key));
    }

    public void Input(CallInput input)
    {
        if (log.Count > MaxSteps) throw Broken("does not end");
        var context = new CallContext(world.Snapshot, world.Now, world.MailboxCounts);
        var step = CallMachine.Step(State, input, context);
        if (State.Ended && step.Actions.Any(a => a is not CallAction.HangUpLeg)) throw Broken($"does something after its end: {step.Actions[0]}");
        var wasEnded = State.Ended;
        State = step.State;
        log.Add((input, context, step.Actions));
        foreach (var action in step.Actions) Perform(action);
        if (State.Ended && !wasEnded) End();
        if (!State.Ended && !WaitsForSomething()) throw Broken($"waits for nothing after {input}, at {State.At}");
    }

    public void CheckEnd()
    {
        if (!State.Ended) throw Broken($"never ended, at {State.At}");
        if (Journey.Count(s => s.Code == JourneyCodes.Ended) != 1) throw Broken("has not one end");
        if (Journey[^1].Code != JourneyCodes.Ended) throw Broken("goes on after its end");
        if (hangUps > 1 || (hangUps == 0 && !callerGone)) throw Broken($"was hung up {hangUps} times");
        if (ringing.Count > 0 || up.Count > 0) throw Broken("left a leg ringing or up");
        if (queued) throw Broken("stayed in a queue");
        if (recording) throw Broken("stayed recording");
    }

    public void Replay()
    {
        var state = CallState.Initial;
        foreach (var (input, context, actions) in log)
        {
            var step = CallMachine.Step(state, input, context);
            if (!step.Actions.Equals(actions)) throw Broken($"decides differently in a replay at {input}");
            state = step.State;
        }
        if (!state.Equals(State)) throw Broken("ends in another state in a replay");
    }

    private bool WaitsForSomething() =>
        timers.Count > 0 || play != 0 || bridged || recording || changing || loading || queued || (ringing.Count > 0 && timers.Count > 0);

    private BrokenRuleException Broken(string what) => new($"call {id}: {what}; {string.Join(", ", Journey.TakeLast(12))}");

    private void Perform(CallAction action)
    {
        switch (action)
        {
            case CallAction.Play sound when sound.Leg == LegId.Caller:
                Play(sound);
                break;
            case CallAction.StopPlay stop when stop.Leg == LegId.Caller:
                play = 0;
                break;
            case CallAction.StartTimer start:
                var timer = ++timerNumber;
                timers[start.Timer] = timer;
                world.After(start.After.TotalSeconds, () => Fire(start.Timer, timer));
                break;
            case CallAction.StopTimer stop:
                timers.Remove(stop.Timer);
                break;
            case CallAction.Dial dial:
                Dial(dial);
                break;
            case CallAction.CancelLeg cancel:
                Cancel(cancel.Leg);
                break;
            case CallAction.HangUpLeg leg:
                LegDown(leg.Leg);
                break;
            case CallAction.Bridge bridge:
                if (bridged || !up.Contains(bridge.Leg)) throw Broken("is bridged wrongly");
                bridged = true;
                play = 0;
                break;
            case CallAction.Echo:
                echoing = true;
                break;
            case CallAction.Record record:
                Record(record);
                break;
            case CallAction.StopRecording when recording:
                var running = recordings;
                world.After(0.02, () => { if (recordings == running) EndRecording(RecordingEnd.Stopped, 3000, true); });
                break;
            case CallAction.KeepPrompt or CallAction.SwitchClosure or CallAction.SwitchAgent:
                changing = true;
                world.After(0.1, () => Answer(ref changing, new CallInput.ChangeDone(world.Random.Next(5) > 0)));
                break;
            case CallAction.LoadMessages:
                loading = true;
                world.After(0.1, () => Answer(ref loading, new CallInput.MessagesLoaded(Messages())));
                break;
            case CallAction.JoinQueue join:
                queued = true;
                world.ToQueues(new QueueInput.CallerJoined(id, join.Queue, State.Caller, world.Random.Next(), join.Join));
                break;
            case CallAction.LeaveQueue:
                queued = false;
                world.ToQueues(new QueueInput.CallerLeft(id));
                break;
            case CallAction.ReportOffer report:
                if (report.Outcome == OfferOutcome.Answered) queued = false;
                world.ToQueues(new QueueInput.OfferEnded(id, report.Agent, report.Outcome));
                break;
            case CallAction.HangUp:
                hangUps++;
                break;
            case CallAction.Note note:
                Journey.Add(note.Step);
                break;
        }
    }

    private void Play(CallAction.Play sound)
    {
        play = sound.Loop ? 0 : sound.Number;
        if (sound.Loop) return;
        var empty = sound.Sounds.All(s => s is Sound.OfPrompt prompt && (world.Snapshot.Prompts.GetValueOrDefault(prompt.Key)?.DurationMilliseconds ?? 0) == 0);
        world.After(empty ? 0 : 2, () =>
        {
            if (play != sound.Number || callerGone) return;
            play = 0;
            Input(new CallInput.PlayEnded(sound.Number));
        });
    }

    private void Fire(CallTimer timer, int started)
    {
        if (!timers.TryGetValue(timer, out var current) || current != started) return;
        timers.Remove(timer);
        Input(new CallInput.TimerFired(timer));
    }

    private void Answer(ref bool waiting, CallInput input)
    {
        waiting = false;
        if (!State.Ended) Input(input);
    }

    private void Dial(CallAction.Dial dial)
    {
        ringing.Add(dial.Leg);
        var extension = (dial.Target as DialTarget.ToExtension)?.Extension;
        legs[dial.Leg] = extension;
        if (extension is not null && !world.Registered.Contains(extension)) FailLater(dial.Leg, LegFailure.NotRegistered, 0.01);
        else if (extension is not null && world.IsInCall(extension)) FailLater(dial.Leg, LegFailure.Busy, 0.05);
        else if (world.Random.Next(7) == 0) FailLater(dial.Leg, (LegFailure)world.Random.Next(7), world.Random.Next(1, 5));
        else Ring(dial.Leg);
    }

    private void Ring(LegId leg)
    {
        if (world.Random.Next(4) > 0) world.After(0.1, () => { if (ringing.Contains(leg)) Input(new CallInput.LegRinging(leg, world.Random.Next(4) == 0)); });
        if (world.Random.Next(2) == 0) return;
        world.After(world.Random.Next(1, 30), () => AnswerLeg(leg));
    }

    private void AnswerLeg(LegId leg)
    {
        if (!ringing.Remove(leg)) return;
        up.Add(leg);
        if (legs[leg] is { } extension) world.InCall(extension, 1);
        Post(new CallInput.LegAnswered(leg, legs[leg] ?? "outside"));
        if (world.Random.Next(3) == 0) world.After(3, () => { if (up.Contains(leg)) Input(new CallInput.LegHeld(leg, true)); });
        if (world.Random.Next(2) == 0) world.After(world.Random.Next(1, 60), () => { if (up.Contains(leg)) { LegDown(leg); Input(new CallInput.LegHungUp(leg)); } });
    }

    private void FailLater(LegId leg, LegFailure failure, double seconds) =>
        world.After(seconds, () => { if (ringing.Remove(leg)) Input(new CallInput.LegFailed(leg, failure, failure == LegFailure.NoAnswer ? 408 : 0)); });

    private void Cancel(LegId leg)
    {
        // Sometimes the phone has answered already: its 200 crosses the CANCEL and must be hung up.
        if (!ringing.Contains(leg)) return;
        if (world.Random.Next(10) == 0) AnswerLeg(leg);
        else ringing.Remove(leg);
    }

    private void LegDown(LegId leg)
    {
        if (!up.Remove(leg)) return;
        if (legs[leg] is { } extension) world.InCall(extension, -1);
    }

    private void Record(CallAction.Record record)
    {
        (recording, recordings) = (true, record.Recording);
        world.After(world.Random.Next(0, record.MaxSeconds), () =>
        {
            if (recordings == record.Recording) EndRecording((RecordingEnd)world.Random.Next(3), world.Random.Next(10_000), world.Random.Next(4) > 0);
        });
    }

    private void EndRecording(RecordingEnd end, int milliseconds, bool voice)
    {
        if (!recording) return;
        recording = false;
        Post(new CallInput.RecordingEnded(recordings, end, milliseconds, voice));
    }

    private ValueList<MessageInfo>? Messages() => world.Random.Next(5) == 0 ? null
        : [.. Enumerable.Range(0, world.Random.Next(3)).Select(i => new MessageInfo(new Guid(i, 0, 0, new byte[8]), i == 0 ? "" : "100", world.Now, 1000, false))];

    private void End()
    {
        timers.Clear();
        play = 0;
        bridged = false;
        if (State.Origin is CallOrigin.FromExtension own) world.InCall(own.Extension, -1);
        if (State.Live == LiveCallState.Talking && echoing) throw Broken("talks and hears its echo");
    }
}
