using System.Net;
using Pbx.Core.CallFlow;
using Pbx.Core.Common;
using Pbx.Sip.Dialogs;
using Pbx.Sip.Media;
using Pbx.Sip.Sdp;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Engine.Calls;

/// <summary>What legs and media tell the call, made into inputs.</summary>
internal sealed partial class Call
{
    /// <summary>Opens the media of a leg towards the peer of a flow; null when no port is free.</summary>
    public LegSession? OpenSession(LegId leg, Flow flow, CallSecurity security)
    {
        if (finished || Shared.Media.Open(Id, leg, mediaEvents) is not { } media) return null;
        openMedia++;
        // A name, which SDP may hold but some phones cannot read, gives way to the address that the peer reached us at.
        var host = Services.Dialogs.Transactions.AddressFor(flow).Host;
        var session = new LegSession(media, IPAddress.TryParse(host, out var address) ? address : flow.Local.Address, security,
            Shared.Media.Fingerprint, flow);
        sessions[leg.Value] = session;
        return session;
    }

    /// <summary>
    /// The codecs that a new leg is offered first: the caller's. Once the caller is answered, only the one it talks, since no other
    /// can be relayed any more; before, all that it offers, so that two devices find what both have.
    /// </summary>
    public IReadOnlyList<NegotiatedCodec> CodecsForOffer() => caller.Codecs;

    /// <summary>A leg was accepted by a device.</summary>
    public void LegAnswered(DialledLeg leg, string by)
    {
        Tell(new CallInput.LegAnswered(leg.Id, by));
        // After the machine has told the queue of the answer: an agent is never free in between.
        if (!leg.IsOver) CountAnswered(leg);
    }

    /// <summary>A leg could not be rung or was not accepted.</summary>
    public void LegFailed(DialledLeg leg, LegFailure failure, int status) => Tell(new CallInput.LegFailed(leg.Id, failure, status));

    /// <summary>The far end of an accepted leg is gone.</summary>
    public void LegGone(DialledLeg leg, InviteEnd end)
    {
        _ = end;
        Tell(new CallInput.LegHungUp(leg.Id));
    }

    /// <summary>A leg is over, whoever ended it: its media goes and its extension is free.</summary>
    public void LegClosed(DialledLeg leg)
    {
        legs.Remove(leg.Id.Value);
        Uncount(leg);
        if (talkingWith == leg.Id) talkingWith = null;
        leg.Session?.Media.Close();
    }

    /// <summary>After an offer and its answer: whether the peer holds may have changed.</summary>
    public void HoldChanged(LegId leg, LegSession session)
    {
        if (session.TakeHoldChange() is { } held) Tell(new CallInput.LegHeld(leg, held));
    }

    /// <summary>A key came by INFO: for the machine, and for the peer of a bridge, which gets it in its stream.</summary>
    public void InfoDigit(LegId leg, char key)
    {
        if (key is >= '0' and <= '9' or '*' or '#') Tell(new CallInput.Digit(leg, key));
        if (talkingWith is not { } with) return;
        var other = leg == LegId.Caller ? with : LegId.Caller;
        if (sessions.TryGetValue(other.Value, out var session)) session.Media.SendDigit(key);
    }

    /// <summary>Media hears nothing of a leg: asks the far end by SIP before believing it.</summary>
    public void Probe(LegId leg)
    {
        if (leg == LegId.Caller) caller.Probe();
        else if (legs.TryGetValue(leg.Value, out var dialled)) dialled.Probe();
    }

    /// <summary>A handshake failed; whoever it was with may come again.</summary>
    public void HandshakeFailed(LegId leg, string why) =>
        Shared.Observer.Failed(Id, $"DTLS handshake of leg {leg.Value}", new System.Security.Cryptography.CryptographicException(why));

    /// <summary>An encrypted leg has no keys: there will be no sound, so who has accepted it is let go. A leg that rings may still get them.</summary>
    public void KeysMissing(LegId leg)
    {
        if (leg == LegId.Caller)
        {
            if (!caller.IsAccepted || caller.IsOver) return;
            HandshakeFailed(leg, "no keys");
            CallerLost(488);
        }
        else if (legs.TryGetValue(leg.Value, out var dialled) && dialled.IsAnswered)
        {
            HandshakeFailed(leg, "no keys");
            dialled.HangUp();
            Tell(new CallInput.LegHungUp(leg));
        }
    }

    /// <summary>Media lost the leg: nobody on it can be heard any more.</summary>
    public void MediaGone(LegId leg)
    {
        if (leg == LegId.Caller)
        {
            if (!caller.IsOver) CallerLost(503);
        }
        else if (legs.TryGetValue(leg.Value, out var dialled))
        {
            dialled.MediaGone();
        }
    }

    /// <summary>A recording is over and safe on disk.</summary>
    public void RecordingEnded(RecordingResult result)
    {
        if (!recordings.TryGetValue(result.Recording, out var recording)) return;
        recordings[result.Recording] = recording with { Milliseconds = result.Milliseconds, IsOver = true };
        Tell(new CallInput.RecordingEnded(result.Recording, result.End, result.Milliseconds, result.HasVoice));
    }

    /// <summary>Media quality; after the last report of the last leg the record is complete.</summary>
    public void Measured(LegId leg, MediaReport report, bool final)
    {
        if (recorded) return;
        var session = sessions[leg.Value];
        session.Suite = report.Suite;
        record.Measured(report.ToQuality(leg.Value, session.Protection));
        if (session.KeysShown is { } keys)
        {
            if (session.Device is var (extension, device)) Shared.Extensions.Sounded(extension, device, keys);
            if (session.Trunk is { } trunk) Shared.Trunks.Sounded(trunk, keys);
        }
        if (final && --openMedia == 0 && finished) WriteRecord();
        else if (!finished) ShowLive();
    }

    /// <summary>The caller's dialog is over.</summary>
    public void CallerGone(InviteEnd end) =>
        CallerEnded(end is InviteEnd.Bye or InviteEnd.Cancelled ? HangUpReason.Normal : HangUpReason.Lost);

    /// <summary>The caller cannot be talked with: nothing in common, or no port.</summary>
    public void CallerLost(int status)
    {
        var reason = caller.IsAccepted ? HangUpReason.Lost : status == 488 ? HangUpReason.Incompatible : HangUpReason.Congestion;
        if (!caller.IsOver) caller.End(status);
        CallerEnded(reason);
    }

    private void CallerEnded(HangUpReason reason)
    {
        if (!finished) ending.Start(AfterHangUp);
        Tell(new CallInput.CallerHungUp(reason));
    }
}
