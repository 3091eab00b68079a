using System.Collections.Immutable;
using Pbx.Core.Common;
using Pbx.Core.Live;
using Pbx.Core.Settings;
using Pbx.Core.Snapshot;

namespace Pbx.Core.CallFlow.Nodes;

/// <summary>One step of a call being worked out: the state so far and the actions so far. Lives for that step only.</summary>
internal sealed partial class Turn(CallState state, CallContext context)
{
    private readonly ImmutableArray<CallAction>.Builder actions = ImmutableArray.CreateBuilder<CallAction>();

    public CallState State { get; set; } = state;

    public PbxSnapshot Snapshot => context.Snapshot;

    public SystemSettings Settings => context.Snapshot.Settings;

    public CallContext Context => context;

    public DateTimeOffset Now => context.Now;

    public CallStep Finished() => new(State, actions.Count == 0 ? [] : new ValueList<CallAction>(actions.DrainToImmutable()));

    public void Do(CallAction action) => actions.Add(action);

    public void Note(string code, string subject = "", string detail = "") => Do(new CallAction.Note(new JourneyStep(code, subject, detail)));

    public void Note(string code, ObjectRef subject, string detail = "") => Note(code, subject.ToString(), detail);

    public void Become(CallNode node) => State = State with { Node = node };

    public void AnswerCaller()
    {
        if (State.Answered) return;
        Do(new CallAction.Answer());
        State = State with { Answered = true };
    }

    /// <summary>Plays to the caller, answering first.</summary>
    public void Play(ValueList<Sound> sounds, bool loop = false)
    {
        AnswerCaller();
        var number = State.Given.Plays + 1;
        Do(new CallAction.Play(LegId.Caller, number, sounds, loop));
        State = State with
        {
            Given = State.Given with { Plays = number },
            Playing = loop ? 0 : number,
            Sounding = true,
            Live = LiveCallState.InService,
        };
    }

    public void Say(params ReadOnlySpan<string> phrases)
    {
        var sounds = new Sound[phrases.Length];
        for (var i = 0; i < phrases.Length; i++) sounds[i] = Phrase(phrases[i]);
        Play(ValueList.Create<Sound>(sounds));
    }

    public Sound Phrase(string name) => new Sound.OfPhrase(name, State.Language);

    public Sound Music(string? prompt) =>
        (prompt ?? Settings.Music) is { } key && Snapshot.Prompts.ContainsKey(key) ? new Sound.OfPrompt(key) : new Sound.OfMusic();

    /// <summary>Plays music to another leg until stopped.</summary>
    public void PlayMusicTo(LegId leg)
    {
        var number = State.Given.Plays + 1;
        Do(new CallAction.Play(leg, number, [Music(null)], Loop: true));
        State = State with { Given = State.Given with { Plays = number } };
    }

    public void StopPlay()
    {
        if (!State.Sounding) return;
        Do(new CallAction.StopPlay(LegId.Caller));
        State = State with { Playing = 0, Sounding = false };
    }

    public void Ringback()
    {
        if (State.Answered ? State.Sounding : State.RingbackGiven) return;
        Do(new CallAction.Ringback());
        State = State with { RingbackGiven = true, Sounding = State.Answered, Live = LiveCallState.Ringing };
    }

    public void Start(CallTimer timer, double seconds)
    {
        Do(new CallAction.StartTimer(timer, TimeSpan.FromSeconds(seconds)));
        State = State with { Timers = State.Timers | Bit(timer) };
    }

    public void Stop(CallTimer timer)
    {
        if (!Expire(timer)) return;
        Do(new CallAction.StopTimer(timer));
    }

    public bool Runs(CallTimer timer) => (State.Timers & Bit(timer)) != 0;

    /// <summary>Forgets a timer. False when it did not run.</summary>
    public bool Expire(CallTimer timer)
    {
        if ((State.Timers & Bit(timer)) == 0) return false;
        State = State with { Timers = State.Timers & ~Bit(timer) };
        return true;
    }

    public LegId Dial(DialTarget target, string callerNumber, string callerName)
    {
        var leg = new LegId(State.Given.Legs + 1);
        Do(new CallAction.Dial(leg, target, callerNumber, callerName));
        State = State with { Given = State.Given with { Legs = leg.Value }, Ringing = State.Ringing.Append(leg).ToValueList() };
        return leg;
    }

    public LegId DialExtension(string extension) => Dial(new DialTarget.ToExtension(extension), State.Caller, State.CallerName);

    /// <summary>Forgets a leg that rang. False when none of that number rang.</summary>
    public bool Forget(LegId leg)
    {
        if (!State.Ringing.Contains(leg)) return false;
        State = State with { Ringing = State.Ringing.Where(l => l != leg).ToValueList() };
        return true;
    }

    public void Cancel(LegId leg, bool answeredElsewhere = false)
    {
        if (Forget(leg)) Do(new CallAction.CancelLeg(leg, answeredElsewhere));
    }

    public void HangUpUnlessTalking(LegId leg)
    {
        if (State.Node is TalkingNode talking && talking.Leg == leg) return;
        Do(new CallAction.HangUpLeg(leg));
    }

    public int Record(ObjectRef target, int maxSeconds, int silenceSeconds, string endKeys)
    {
        var number = State.Given.Recordings + 1;
        Do(new CallAction.Record(number, target, maxSeconds, silenceSeconds, endKeys));
        State = State with { Given = State.Given with { Recordings = number } };
        return number;
    }

    private static int Bit(CallTimer timer) => 1 << (int)timer;
}
