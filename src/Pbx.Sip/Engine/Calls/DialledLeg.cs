using Pbx.Core.CallFlow;
using Pbx.Sip.Dialogs;
using Pbx.Sip.Messages;
using Pbx.Sip.Scheduling;

namespace Pbx.Sip.Engine.Calls;

/// <summary>
/// A leg that the call rings: one INVITE to each device. The first to accept is the leg, the others are cancelled; their media is one
/// port, which belongs to whoever wins.
/// </summary>
internal sealed class DialledLeg
{
    /// <summary>How long a server of a provider may say nothing before the next one is tried: three sendings over UDP.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private const string Elsewhere = "SIP;cause=200;text=\"Call completed elsewhere\"";

    private readonly Call call;
    private readonly CallAction.Dial dial;
    private readonly List<Fork> forks = [];
    private readonly ShardTimer silence;
    private readonly ShardTimer patience;
    private int pending;
    private (LegFailure Failure, int Status)? worst;
    private Fork? winner;
    private bool answeredByAny;
    private bool reportedRinging;
    private bool reportedEarly;

    /// <summary>A leg that does not ring yet.</summary>
    public DialledLeg(Call call, CallAction.Dial dial)
    {
        this.call = call;
        this.dial = dial;
        silence = call.Shard.CreateTimer(() => Fail(LegFailure.Unavailable, 408));
        patience = call.Shard.CreateTimer(LeaveSilentServer);
    }

    /// <summary>Its number.</summary>
    public LegId Id => dial.Leg;

    /// <summary>What it rings.</summary>
    public DialTarget Target => dial.Target;

    /// <summary>The session, once it rings.</summary>
    public LegSession? Session { get; private set; }

    /// <summary>True once a device accepted.</summary>
    public bool IsAnswered => winner is not null;

    /// <summary>True when it has failed, was cancelled or hung up.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Looks for the ways, then rings.</summary>
    public void Start()
    {
        var shared = call.Services.Shared;
        Action<IReadOnlyList<Way>> found = list => call.Shard.Post(() => Ring(list));
        switch (Target)
        {
            case DialTarget.ToExtension extension:
                shared.Extensions.Find(extension.Extension, found);
                break;
            case DialTarget.ToTrunk trunk:
                // Covers the name look-up too: failover to the next trunk must not wait longer than asked.
                if (trunk.TimeoutSeconds > 0) silence.Start(TimeSpan.FromSeconds(trunk.TimeoutSeconds));
                shared.Trunks.Find(trunk.Trunk, trunk.Number, trunk.PresentedNumber, trunk.LastResort, found);
                break;
        }
    }

    /// <summary>Stops ringing; says why to devices when another one took the call (RFC 3326).</summary>
    public void Cancel(bool answeredElsewhere)
    {
        if (IsOver) return;
        Close();
        foreach (var fork in forks) fork.Invite?.Cancel(answeredElsewhere ? Elsewhere : null);
    }

    /// <summary>Hangs up, or stops ringing when it was not answered.</summary>
    public void HangUp() => Cancel(false);

    /// <summary>Media lost it.</summary>
    public void MediaGone()
    {
        if (IsOver) return;
        if (!IsAnswered)
        {
            Fail(LegFailure.Unavailable, 503);
            return;
        }
        HangUp();
        call.Tell(new CallInput.LegHungUp(Id));
    }

    /// <summary>Asks the far end whether it is still there.</summary>
    public void Probe() => winner?.Invite?.Probe();

    private void Ring(IReadOnlyList<Way> ways)
    {
        if (IsOver) return;
        if (ways.Count == 0)
        {
            Fail(LegFailure.NotRegistered, 0);
            return;
        }
        Session = call.OpenSession(Id, ways[0].Flow, ways.Max(way => way.Security));
        if (Session is null)
        {
            Fail(LegFailure.Unavailable, 503);
            return;
        }
        pending = ways.Count;
        foreach (var way in ways) forks.Add(new Fork(this, way));
        foreach (var fork in forks.ToArray())
        {
            Session.TurnTo(fork.Way.Flow);
            Send(fork, Session.Offer(call.CodecsForOffer()));
        }
    }

    private void Send(Fork fork, string offer)
    {
        if (fork.Way.Next is not null) patience.Start(Patience);
        fork.Send(offer, dial);
    }

    /// <summary>A provider's server says nothing, not even that it tries.</summary>
    private void LeaveSilentServer()
    {
        var silent = forks[^1];
        if (IsOver || IsAnswered) return;
        silent.Way.Silent?.Invoke();
        if (TryNext(silent)) silent.Invite?.Cancel();
    }

    /// <summary>Rings by the next server of the same provider (RFC 3263 section 4.3); false when there is none.</summary>
    private bool TryNext(Fork failed)
    {
        patience.Stop();
        if (Session?.LocalDescription is not { } offer || failed.Way.Next?.Invoke() is not { } way) return false;
        var next = new Fork(this, way);
        forks.Add(next);
        Send(next, offer);
        return true;
    }

    private void OnTrying() => patience.Stop();

    private void OnProgress(Fork fork, SipResponse response)
    {
        answeredByAny = true;
        silence.Stop();
        patience.Stop();
        if (IsOver || IsAnswered) return;
        var early = response.Status != 180 && DialogServices.Description(response) is not null;
        if (early ? reportedEarly : reportedRinging) return;
        if (early) reportedEarly = true;
        else reportedRinging = true;
        // 181, 182 and a 183 without sound tell the caller nothing but that it goes on: as ringing.
        call.Tell(new CallInput.LegRinging(Id, early));
    }

    private void OnAccepted(Fork fork)
    {
        silence.Stop();
        patience.Stop();
        if (IsOver || IsAnswered)
        {
            fork.Invite!.Bye(IsAnswered ? Elsewhere : null);
            return;
        }
        if (Session is not { Agreed: not null })
        {
            fork.Invite!.Bye("SIP;cause=488;text=\"No common codec\"");
            OnRefused(fork, 488, silent: false);
            return;
        }
        winner = fork;
        Session.TurnTo(fork.Way.Flow);
        if (Target is DialTarget.ToExtension extension) Session.Device = (extension.Extension, fork.Way.By);
        Session.Trunk = (Target as DialTarget.ToTrunk)?.Trunk;
        foreach (var other in forks)
        {
            if (other != fork) other.Invite?.Cancel(Elsewhere);
        }
        call.LegAnswered(this, fork.Way.By);
    }

    private void OnRefused(Fork fork, int status, bool silent)
    {
        if (IsOver || IsAnswered) return;
        patience.Stop();
        var failure = LegFailures.Of(status);
        if (worst is null || LegFailures.Rank(failure) < LegFailures.Rank(worst.Value.Failure)) worst = (failure, status);
        // A provider that says 408 or 503 of one number is there for all others.
        if (silent && !answeredByAny) fork.Way.Silent?.Invoke();
        if ((silent || status == 503) && !answeredByAny && TryNext(fork)) return;
        // RFC 3261 §16.7: a 6xx speaks for all devices.
        if (--pending == 0 || status >= 600) Fail(status >= 600 ? failure : worst.Value.Failure, status >= 600 ? status : worst.Value.Status);
    }

    private void OnHungUp(Fork fork, InviteEnd end)
    {
        if (fork != winner || IsOver) return;
        Close();
        call.LegGone(this, end);
    }

    private void Fail(LegFailure failure, int status)
    {
        if (IsOver || IsAnswered) return;
        Cancel(false);
        call.LegFailed(this, failure, status);
    }

    private void Close()
    {
        IsOver = true;
        silence.Stop();
        patience.Stop();
        call.LegClosed(this);
    }

    /// <summary>One device's INVITE.</summary>
    private sealed class Fork(DialledLeg leg, Way way) : IInviteSender
    {
        public Way Way => way;

        public OutgoingInvite? Invite { get; private set; }

        public void Send(string offer, CallAction.Dial dial) =>
            Invite = OutgoingInvite.Send(leg.call.Services.Dialogs, this, Invitation.Build(leg.call, way, dial), way.Flow, offer,
                dial.CallerNumber.Length > 0 ? dial.CallerNumber.TrimStart('+') : null);

        public void OnTrying(OutgoingInvite invite) => leg.OnTrying();

        public void OnProgress(OutgoingInvite invite, SipResponse response) => leg.OnProgress(this, response);

        public void OnAccepted(OutgoingInvite invite, SipResponse response) => leg.OnAccepted(this);

        public void OnRefused(OutgoingInvite invite, int status, SipResponse? response) => leg.OnRefused(this, status, silent: response is null);

        public bool OnChallenged(InviteUsage usage, SipResponse challenge, SipRequestBuilder request) =>
            way.Credentials?.Invoke(challenge, request) ?? false;

        public string? OnOffer(InviteUsage usage, string offer)
        {
            if (leg.winner != this || leg.Session is not { } session) return null;
            var answer = session.Answer(offer, null, way.Flow.Remote.Address);
            if (answer is not null) leg.call.HoldChanged(leg.Id, session);
            return answer;
        }

        public string? OnOfferWanted(InviteUsage usage) => leg.winner == this ? leg.Session?.Offer(null) : null;

        public void OnAnswer(InviteUsage usage, string answer)
        {
            // Of several devices the last that speaks is heard, until one has won.
            if (leg.IsOver || (leg.winner is { } won && won != this) || leg.Session is not { } session) return;
            session.TurnTo(way.Flow);
            if (session.TakeAnswer(answer, way.Flow.Remote.Address) && leg.winner == this) leg.call.HoldChanged(leg.Id, session);
        }

        public void OnDigit(InviteUsage usage, char key) => leg.call.InfoDigit(leg.Id, key);

        public void OnEnded(InviteUsage usage, InviteEnd end) => leg.OnHungUp(this, end);
    }
}
