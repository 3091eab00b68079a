using Pbx.Sip.Media.Net;
using Pbx.Sip.Media.Rtp;

namespace Pbx.Sip.Media;

/// <content>RTCP (RFC 3550 section 6), the media time-out and the leg's report.</content>
internal sealed partial class LegStream
{
    private const int ComfortNoisePatience = 10;

    private readonly byte[] cname;
    private PeerAddress remoteRtcp;
    private PeerAddress heardRtcp;
    private bool rtcpNamed;
    private bool rtcpMux;
    private long nextReport;
    private long packetsReported;
    private uint senderTime;
    private long senderTimeAt;
    private bool lostReported;
    private double? roundTrip;
    private double? remoteLoss;
    private double? remoteJitter;

    private void ReceiveRtcp(Span<byte> packet, in PeerAddress from, long now)
    {
        var length = from.IsSameHost(latch.Target) || from.IsSameHost(remoteRtcp) ? Open(packet, rtcp: true, now) : -1;
        if (length < 0 || !Rtcp.TryRead(packet[..length], outgoing.Ssrc, out var news))
        {
            refused++;
            return;
        }
        heardRtcp = from;
        heardAt = now;
        lostReported = false;
        if (news.SenderTime != 0) (senderTime, senderTimeAt) = (news.SenderTime, now);
        if (!news.HasReport) return;
        remoteLoss = news.Lost <= 0 || outgoing.Packets == 0 ? 0 : Math.Min(100, 100.0 * news.Lost / outgoing.Packets);
        remoteJitter = news.Jitter / 8.0;
        var trip = (int)(Rtcp.Middle(Rtcp.NtpTime(loop.WallClock)) - news.LastReport - news.Delay);
        if (news.LastReport != 0 && trip >= 0) roundTrip = trip * 1000.0 / 65536;
    }

    private void TickReports(long now)
    {
        if (now >= nextReport)
        {
            nextReport = now + RandomInterval();
            SendReport(now, bye: false);
            Listener.Report(Id, MakeReport(), final: false);
        }
        if (!lostReported && IsLost(now))
        {
            lostReported = true;
            Listener.MediaLost(Id, TimeSpan.FromMicroseconds(now - heardAt));
        }
    }

    // A far end that holds, that was told not to send, or that said it is silent (RFC 3389) may be quiet; one that is muted still sends RTCP.
    private bool IsLost(long now)
    {
        if (!CanReceive || direction == Sdp.MediaDirection.ReceiveOnly || muted) return false;
        var patience = (long)loop.Options.MediaTimeout.TotalMicroseconds * (comfortNoise ? ComfortNoisePatience : 1);
        return now - heardAt > patience;
    }

    private void SendReport(long now, bool bye)
    {
        var to = rtcpMux ? latch.Target : RtcpTarget();
        if (to.IsNowhere) return;
        Span<byte> packet = stackalloc byte[Rtcp.MaxSize];
        var sender = outgoing.Packets > packetsReported;
        packetsReported = outgoing.Packets;
        var length = Rtcp.Write(packet, outgoing.Ssrc, sender, Rtcp.NtpTime(loop.WallClock), outgoing.TimestampAt(now), (uint)outgoing.Packets,
            (uint)outgoing.Octets, incoming.Started ? MakeBlock(now) : null, cname, bye);
        SendSealed(rtcpMux ? rtpSocket : rtcpSocket, packet[..length], to, rtcp: true);
    }

    // Where its RTCP came from, if from the host that sends the sound; else beside the source learned, unless SDP names a port of its own.
    private PeerAddress RtcpTarget()
    {
        if (heardRtcp.Port != 0 && heardRtcp.IsSameHost(latch.Target)) return heardRtcp;
        return latch.Latched && !rtcpNamed ? latch.Target.At(latch.Target.Port + 1) : remoteRtcp;
    }

    private ReportBlock MakeBlock(long now) => new(incoming.Ssrc, incoming.TakeFractionLost(), incoming.Lost, incoming.HighestSequence,
        (uint)(incoming.Jitter * 8000), senderTime, senderTime == 0 ? 0 : (uint)((now - senderTimeAt) * 65536 / 1_000_000));

    private MediaReport MakeReport() => new(
        codecs is not null && sentPayloadType >= 0 ? codecs.NameOf(sentPayloadType) : "",
        incoming.Received, incoming.Lost, incoming.Jitter * 1000, roundTrip, outgoing.Packets, remoteLoss, remoteJitter, refused,
        firstAt == 0 ? null : TimeSpan.FromMicroseconds(Math.Max(0, firstAt - configuredAt)), latch.Latched ? latch.Target.ToString() : null,
        suite);

    // RFC 3550 section 6.2: half to one and a half times the interval, so that the reports of many legs do not fall together.
    private long RandomInterval() => (long)(loop.Options.ReportInterval.TotalMicroseconds * (0.5 + loop.Random.NextDouble()));
}
