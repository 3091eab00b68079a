using Pbx.Core.CallFlow;
using Pbx.Sip.Media.Codecs;
using Pbx.Sip.Media.Dtmf;
using Pbx.Sip.Media.Net;
using Pbx.Sip.Media.Rtp;

namespace Pbx.Sip.Media;

/// <content>
/// What arrives: socket, demultiplexer, SRTP, source check, count, then telephone-events, comfort noise, or sound; sound goes to the relay first and, in
/// order, to whatever decodes it.
/// </content>
internal sealed partial class LegStream
{
    private const int DigitMilliseconds = 160;

    private readonly ReorderBuffer reorder = new();
    // Made when they are needed first: most legs are relayed or played to, and need none.
    private SpeechDecoder? tap;
    private Transcoder? transcoder;
    private SourceLatch latch;
    private IncomingStream incoming;
    private TelephoneEventReceiver eventReceiver;
    private DtmfDetector? detector;
    private long heardAt;
    private long firstAt;
    private long refused;
    private bool comfortNoise;

    /// <summary>Takes a datagram from one of its sockets.</summary>
    public void Receive(Span<byte> datagram, in PeerAddress from, long now, bool onRtcpSocket = false)
    {
        if (codecs is null || closed)
        {
            refused++;
            return;
        }
        switch (Demultiplexer.Classify(datagram))
        {
            case PacketKind.Rtp: ReceiveRtp(datagram, from, now); break;
            case PacketKind.Rtcp: ReceiveRtcp(datagram, from, now); break;
            case PacketKind.Stun: ReceiveStun(); break;
            case PacketKind.Dtls: ReceiveDtls(datagram, from, now, onRtcpSocket); break;
            default: refused++; break;
        }
    }

    // Its stage: connectivity checks, which no leg has agreed on.
    private void ReceiveStun() => refused++;

    private void ReceiveRtp(Span<byte> packet, in PeerAddress from, long now)
    {
        var length = keying is null || latch.IsWorthwhile(from, now) ? Open(packet, rtcp: false, now) : -1;
        if (length < 0)
        {
            refused++;
            return;
        }
        packet = packet[..length];
        if (!RtpHeader.TryRead(packet, out var header) || !IsAgreed(header.PayloadType) || !latch.Accept(from, now,
                incoming.Started && header.Ssrc == incoming.Ssrc ? incoming.AheadBy(header.Sequence) : int.MaxValue, keying is not null))
        {
            refused++;
            return;
        }
        if (firstAt == 0) firstAt = now;
        heardAt = now;
        lostReported = false;
        incoming.Count(header, now, ClockOf(header.PayloadType));
        if (!CanReceive) return;
        comfortNoise = header.PayloadType == LegCodecs.ComfortNoise && !codecs!.Has(header.PayloadType);
        if (header.PayloadType == codecs!.TelephoneEvent) ReceiveEvent(packet, header, now);
        else if (comfortNoise) audience?.outgoing.SkipRelayed(this, header);
        else ReceiveSound(packet, header, now);
    }

    private bool IsAgreed(int payloadType) =>
        codecs!.Has(payloadType) || payloadType == codecs.TelephoneEvent || payloadType == LegCodecs.ComfortNoise;

    private int ClockOf(int payloadType) => payloadType == codecs!.TelephoneEvent ? 0 : codecs.ClockOf(payloadType);

    private void ReceiveEvent(Span<byte> packet, in RtpHeader header, long now)
    {
        var news = eventReceiver.Take(packet.Slice(header.PayloadOffset, header.PayloadLength), header.Ssrc, header.Timestamp, now);
        var target = relayMap is { } map && music is null ? map[header.PayloadType] : Relay.Drop;
        if (audience is { TakesRelay: true, digitsByInfo: false } && target >= 0)
            audience.SendRelayed(packet[(header.PayloadOffset - RtpHeader.Size)..(header.PayloadOffset + header.PayloadLength)], this, header, target, now);
        else
            audience?.outgoing.SkipRelayed(this, header);
        if (news.Any) Deliver(news);
    }

    // Tells of keys, and gives them to the other side in a way that it takes where their packets do not go through.
    private void Deliver(DtmfNews news)
    {
        if (news.Ended != 0) Release(news.Ended, news.Milliseconds);
        if (news.Started == 0) return;
        Listener.Digit(Id, news.Started);
        if (recorder is { } running && running.EndsWith(news.Started)) EndRecording(RecordingEnd.Key);
        if (audience is { digitsByInfo: false, codecs: { } theirs } hearer && music is null
            && (theirs.TelephoneEvent < 0) != (codecs!.TelephoneEvent < 0))
            hearer.Digits.Add(news.Started, DigitMilliseconds);
    }

    private void Release(char key, int milliseconds) =>
        Listener.DigitEnded(Id, key, TimeSpan.FromMilliseconds(milliseconds), audience is { digitsByInfo: true } && music is null);

    private void ReceiveSound(Span<byte> packet, in RtpHeader header, long now)
    {
        var target = relayMap is { } map && music is null && audience is { TakesRelay: true } ? map[header.PayloadType] : Relay.Drop;
        var codec = codecs!.KindOf(header.PayloadType);
        var decodes = codec != AudioCodec.Foreign && (target == Relay.Transcode || recorder is not null || detector is not null);
        if (target >= 0)
            audience!.SendRelayed(packet[(header.PayloadOffset - RtpHeader.Size)..(header.PayloadOffset + header.PayloadLength)], this, header, target, now);
        if (!decodes) return;
        if (reorder.Offer(header, packet.Slice(header.PayloadOffset, header.PayloadLength), now))
            TakeInOrder(header, packet.Slice(header.PayloadOffset, header.PayloadLength), now);
        FlushReorder(now);
    }

    private void FlushReorder(long now)
    {
        while (reorder.TryTake(now, out var header, out var payload)) TakeInOrder(header, payload, now);
    }

    private void TakeInOrder(in RtpHeader header, ReadOnlySpan<byte> payload, long now)
    {
        var codec = codecs?.KindOf(header.PayloadType) ?? AudioCodec.Foreign;
        if (codec == AudioCodec.Foreign) return;
        if (music is null && audience is { TakesRelay: true } hearer && relayMap?[header.PayloadType] == Relay.Transcode)
        {
            var output = loop.SendBuffer.AsSpan();
            var length = (transcoder ??= new()).Convert(codec, payload, hearer.codecs!.Own, output[RtpHeader.Size..]);
            hearer.SendRelayed(output[..(RtpHeader.Size + length)], this, header, hearer.codecs.OwnPayloadType, now);
        }
        if (recorder is null && detector is null) return;
        var samples = loop.Samples.AsSpan();
        samples = samples[..(tap ??= new()).To8K(codec, payload, samples)];
        recorder?.Take(samples, header.Ssrc, header.Timestamp, now);
        if (detector is not null && detector.Process(samples) is { Any: true } news) Deliver(news);
    }

    private void TickRecorder(long now)
    {
        if (recorder is not { } running) return;
        running.Tick(now);
        if (running.End is { } end) EndRecording(end);
    }
}
