using System.Collections.Immutable;
using Pbx.Core.CallFlow;
using Pbx.Core.CallRecords;
using Pbx.Core.Common;
using Pbx.Core.Extensions;
using Pbx.Core.Prompts;
using Pbx.Core.Routing;
using Pbx.Core.Sites;
using Pbx.Core.Snapshot;
using Pbx.Core.Trunks;
using Pbx.Core.Voicemail;

namespace Pbx.Core.Tests.CallFlow;

/// <summary>Drives one call's machine by hand and remembers what it asked for.</summary>
internal sealed class CallDriver(PbxSnapshot snapshot)
{
    public PbxSnapshot Snapshot { get; set; } = snapshot;

    // A Monday, 11:00 in Paris.
    public DateTimeOffset Now { get; set; } = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    public OutboundUse? Use { get; set; }

    public ImmutableDictionary<string, MailboxCount> Counts { get; set; } = ImmutableDictionary<string, MailboxCount>.Empty;

    public CallState State { get; private set; } = CallState.Initial;

    /// <summary>The actions of the last step, without notes.</summary>
    public IReadOnlyList<CallAction> Last { get; private set; } = [];

    public List<JourneyStep> Journey { get; } = [];

    public CallDriver Send(params CallInput[] inputs)
    {
        foreach (var input in inputs)
        {
            var step = CallMachine.Step(State, input, new CallContext(Snapshot, Now, Counts, Use));
            State = step.State;
            Last = [.. step.Actions.Where(a => a is not CallAction.Note)];
            Journey.AddRange(step.Actions.OfType<CallAction.Note>().Select(n => n.Step));
        }
        return this;
    }

    public CallDriver FromOutside(string called = "0140000000", string caller = "0612345678") =>
        Send(new CallInput.Arrived(Guid.Empty, new CallOrigin.FromTrunk("t"), called, caller, "", 7));

    public CallDriver FromInside(string dialled, string extension = "anne") =>
        Send(new CallInput.Arrived(Guid.Empty, new CallOrigin.FromExtension(extension), dialled, "", "", 7));

    public CallDriver Keys(string keys)
    {
        foreach (var key in keys) Send(new CallInput.Digit(LegId.Caller, key));
        return this;
    }

    /// <summary>What plays to the caller comes to its end.</summary>
    public CallDriver PlayEnds() => Send(new CallInput.PlayEnded(LastPlay));

    public CallDriver Fires(CallTimer timer) => Send(new CallInput.TimerFired(timer));

    public CallDriver Publish(PbxSnapshot snapshot)
    {
        Snapshot = snapshot;
        return Send(new CallInput.ConfigurationChanged());
    }

    public T Asked<T>() where T : CallAction => Assert.Single(Last.OfType<T>());

    public IReadOnlyList<Sound> Sounds => [.. Asked<CallAction.Play>().Sounds];

    public bool Plays(string prompt) => Last.OfType<CallAction.Play>().Any(p => p.Sounds.Contains(new Sound.OfPrompt(prompt)));

    public bool Says(string phrase) => Last.OfType<CallAction.Play>().Any(p => p.Sounds.Contains(new Sound.OfPhrase(phrase, "fr")));

    public bool Noted(string code, string subject = "", string? detail = null) =>
        Journey.Exists(s => s.Code == code && (subject.Length == 0 || s.Subject == subject) && (detail is null || s.Detail == detail));

    private int LastPlay => State.Playing;

    /// <summary>Site <c>paris</c>, extensions <c>anne</c> 101 and <c>ben</c> 102, trunk <c>t</c> with one rule to <paramref name="open"/>.</summary>
    public static PbxSnapshot Company(Destination? open = null, params IConfigObject[] more)
    {
        IConfigObject[] items =
        [
            new Site { Key = "paris", Name = "Paris", ClosurePrompt = "closed", DefaultDestination = new(DestinationKind.Mailbox, "box") },
            .. new[] { "welcome", "closed", "wait", "intro", "wrong" }.Select(p => new Prompt { Key = p, Name = p, Audio = "00", DurationMilliseconds = 1000 }),
            new Mailbox { Key = "box", Name = "Box", Site = "paris", Number = "500", Pin = new Secret("1234") },
            new Extension { Key = "anne", Name = "Anne", Number = "101", Site = "paris", Mailbox = "box" },
            new Extension { Key = "ben", Name = "Ben", Number = "102", Site = "paris" },
            new Trunk { Key = "t", Name = "T", Site = "paris", Host = "192.0.2.1", Numbers = ["+33140000000"] },
            new InboundRule { Key = "main", Name = "Main", Site = "paris", Called = "+33140000000", Open = open ?? new(DestinationKind.Extension, "ben") },
            .. more,
        ];
        return items.Aggregate(PbxSnapshot.Empty, (s, i) => s.With(i));
    }
}
