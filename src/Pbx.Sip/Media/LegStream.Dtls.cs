using Pbx.Sip.Media.Dtls;
using Pbx.Sip.Media.Net;
using Pbx.Sip.Media.Srtp;
using Pbx.Sip.Sdp;

namespace Pbx.Sip.Media;

/// <content>
/// Keys by DTLS (RFC 5763). RTCP on a port of its own has a handshake and keys of its own (RFC 5764 section 4); everybody who shares the port
/// has them in common.
/// </content>
internal sealed partial class LegStream
{
    private DtlsEnd? rtpHandshakes;
    private DtlsEnd? rtcpHandshakes;
    private SrtpContext? rtcpSealing;
    private SrtpContext? rtcpOpening;
    private long unsecuredSince;

    private bool HasRtcpKeysOfItsOwn => keying is MediaKeying.Dtls && !rtcpMux;

    private void BeginDtls(MediaKeying.Dtls dtls, long now)
    {
        rtpHandshakes ??= new DtlsEnd(this, loop, rtpSocket);
        rtcpHandshakes ??= new DtlsEnd(this, loop, rtcpSocket);
        unsecuredSince = now;
        if (!dtls.Active || latch.Target.IsNowhere) return;
        rtpHandshakes.Connect(latch.Target, dtls);
        if (!rtcpMux && !remoteRtcp.IsNowhere) rtcpHandshakes.Connect(remoteRtcp, dtls);
    }

    private void EndDtls()
    {
        rtpHandshakes?.End();
        rtcpHandshakes?.End();
        rtcpSealing?.Dispose();
        rtcpOpening?.Dispose();
        rtcpSealing = rtcpOpening = null;
    }

    private void ReceiveDtls(ReadOnlySpan<byte> datagram, in PeerAddress from, long now, bool onRtcpSocket)
    {
        var end = onRtcpSocket ? rtcpHandshakes : rtpHandshakes;
        if (keying is not MediaKeying.Dtls dtls || !latch.IsExpected(from) || end is null || !end.Receive(datagram, from, dtls, now)) refused++;
    }

    private void Shaken(DtlsAssociation done, long now)
    {
        if (keying is not MediaKeying.Dtls) return;
        if (rtpHandshakes!.Finish(done))
        {
            UseKeys(done.Keys!.Value.Ours, done.Keys.Value.Theirs, now);
            latch.Learn(done.Peer, now);
            Listener.Report(Id, MakeReport(), final: false);
        }
        else if (rtcpHandshakes!.Finish(done))
        {
            rtcpSealing?.Dispose();
            rtcpOpening?.Dispose();
            (rtcpSealing, rtcpOpening) = (new SrtpContext(done.Keys!.Value.Ours), new SrtpContext(done.Keys.Value.Theirs));
            heardRtcp = done.Peer;
        }
        else if (sealing is null && done.Failure is { } why)
        {
            Listener.HandshakeFailed(Id, why);
        }
    }

    private void TickDtls(long now)
    {
        if (keying is not MediaKeying.Dtls || sealing is not null || now - unsecuredSince < (long)loop.Options.KeysWithin.TotalMicroseconds) return;
        unsecuredSince = now;
        Listener.KeysMissing(Id);
    }
}
