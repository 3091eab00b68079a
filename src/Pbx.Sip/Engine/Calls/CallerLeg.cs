using Pbx.Core.CallFlow;
using Pbx.Core.Common;
using Pbx.Sip.Dialogs;
using Pbx.Sip.Sdp;
using Pbx.Sip.Transactions;

namespace Pbx.Sip.Engine.Calls;

/// <summary>The caller's leg: the INVITE that came in, and its media once it needs some.</summary>
internal sealed class CallerLeg : IDialogUser
{
    private readonly Call call;
    private readonly IncomingInvite invite;
    private readonly CallSecurity security;
    private readonly (string Extension, string Device)? device;
    private LegSession? session;
    private bool ringing;
    private bool early;

    /// <summary>Takes the INVITE. Nothing is answered yet.</summary>
    public CallerLeg(Call call, DialogServices dialogs, IServerTransaction transaction, CallSecurity security, (string Extension, string Device)? device)
    {
        // Whoever offers encryption gets it, also where it need not be.
        (this.call, this.security, this.device) = (call, security == CallSecurity.ClearAllowed ? CallSecurity.Preferred : security, device);
        invite = new IncomingInvite(dialogs, transaction, this);
    }

    /// <summary>The session, once media is open.</summary>
    public LegSession? Session => session;

    /// <summary>True once accepted.</summary>
    public bool IsAccepted => invite.IsAccepted;

    /// <summary>True when the caller is gone, or was sent away.</summary>
    public bool IsOver => invite.IsOver;

    /// <summary>The codecs that the caller can be given, its favourite first; empty when it wants us to offer.</summary>
    public IReadOnlyList<NegotiatedCodec> Codecs =>
        session?.Codecs ?? (invite.PeerOffer is { } offer ? LegSession.CodecsOf(offer) : []);

    /// <summary>180, once.</summary>
    public void Ring()
    {
        if (ringing || early || IsAccepted) return;
        ringing = true;
        invite.Progress(180);
    }

    /// <summary>183 with our answer: the caller hears what <paramref name="from"/> sends before it answers.</summary>
    public void RelayEarly(LegSession from)
    {
        if (!early && !IsAccepted)
        {
            // A caller that wants our offer gets it with the 200: until its answer came it could hear nothing anyway.
            if (invite.PeerOffer is not { } offer || Open() is not { } opened || opened.Answer(offer, from.Codecs, Peer) is not { } answer)
            {
                Ring();
                return;
            }
            early = true;
            invite.Progress(183, answer);
        }
        session?.Media.HearFrom(from.Media);
    }

    /// <summary>
    /// Accepts with a codec that the other leg has too where there is one. A status when it cannot: 488 without common codec, 503 without a
    /// free port.
    /// </summary>
    public int? Accept(LegSession? other)
    {
        if (IsAccepted || IsOver) return null;
        if (Open() is not { } opened) return 503;
        var description = early ? opened.LocalDescription
            : invite.PeerOffer is { } offer ? opened.Answer(offer, other?.Codecs, Peer)
            : opened.Offer(other?.Codecs);
        if (description is null) return 488;
        invite.Accept(description);
        return null;
    }

    /// <summary>Ends it: BYE, or the final response given when it was not accepted.</summary>
    public void End(int status)
    {
        if (IsAccepted) invite.Bye();
        else invite.Reject(status);
    }

    /// <summary>Asks the caller whether it is still there.</summary>
    public void Probe() => invite.Probe();

    /// <inheritdoc/>
    public string? OnOffer(InviteUsage usage, string offer)
    {
        var answer = session?.Answer(offer, null, Peer);
        if (answer is not null) call.HoldChanged(LegId.Caller, session!);
        return answer;
    }

    /// <inheritdoc/>
    public string? OnOfferWanted(InviteUsage usage) => session?.Offer(null);

    /// <inheritdoc/>
    public void OnAnswer(InviteUsage usage, string answer)
    {
        if (session is null) return;
        if (session.TakeAnswer(answer, Peer)) call.HoldChanged(LegId.Caller, session);
        else call.CallerLost(488);
    }

    /// <inheritdoc/>
    public void OnDigit(InviteUsage usage, char key) => call.InfoDigit(LegId.Caller, key);

    /// <inheritdoc/>
    public void OnEnded(InviteUsage usage, InviteEnd end) => call.CallerGone(end);

    private System.Net.IPAddress Peer => invite.Dialog!.Flow.Remote.Address;

    private LegSession? Open()
    {
        session ??= call.OpenSession(LegId.Caller, invite.Dialog!.Flow, security);
        if (session is not null) (session.Device, session.Trunk) = (device, call.TrunkOfCaller);
        return session;
    }
}
