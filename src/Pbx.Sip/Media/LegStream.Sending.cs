using Pbx.Sip.Media.Codecs;
using Pbx.Sip.Media.Dtmf;
using Pbx.Sip.Media.Rtp;
using Pbx.Sip.Media.Sounds;

namespace Pbx.Sip.Media;

/// <content>What leaves: one stream, fed by whatever comes first of digits, play, music for the held, a bridge, silence.</content>
internal sealed partial class LegStream
{
    // A bridge whose other side says nothing for so long is filled with silence: routers forget, and phones take it for a dead line.
    private const long QuietBridge = 2_000_000;
    private const int FrameDuration = 160;

    private readonly object silence = new();
    private DigitSender? digits;
    private G722Encoder? toneEncoder;
    private Upsampler? toneUpsampler;
    private OutgoingStream outgoing;
    private long relayedAt = -QuietBridge;
    private int sentPayloadType = -1;

    private DigitSender Digits => digits ??= new();

    /// <summary>Every 20 ms.</summary>
    public void Tick(long now)
    {
        if (codecs is not null) SendFrame(now);
        FlushReorder(now);
        if (eventReceiver.Poll(now) is { Any: true } news) Deliver(news);
        TickRecorder(now);
        if (codecs is null) return;
        TickReports(now);
        TickDtls(now);
    }

    private void SendFrame(long now)
    {
        if (!HasKeys) return; // what is played waits for the keys: its first words would be lost
        if (digits is { Active: true } sending && SendDigitStep(sending, now)) return;
        if (playing is not null)
        {
            SendPlay(now);
            return;
        }
        if (music is not null && music.Next(codecs!.Own, out var frame) == PlaybackStep.Frame)
        {
            SendOwn(music, codecs.OwnPayloadType, frame, now);
            return;
        }
        if (source is not null && music is null && now - relayedAt < QuietBridge) return;
        SendSilence(now);
    }

    private void SendPlay(long now)
    {
        switch (playing!.Next(codecs!.Own, out var frame))
        {
            case PlaybackStep.Frame:
                SendOwn(playing, codecs.OwnPayloadType, frame, now);
                break;
            case PlaybackStep.Waiting:
                SendSilence(now);
                break;
            case PlaybackStep.Ended:
                EndPlay(PlayEnd.Completed);
                SendSilence(now);
                break;
            case PlaybackStep.Failed:
                EndPlay(PlayEnd.Failed);
                SendSilence(now);
                break;
        }
    }

    private void SendSilence(long now)
    {
        if (codecs!.Own != AudioCodec.Foreign) SendOwn(silence, codecs.OwnPayloadType, loop.SilenceOf(codecs.Own), now);
    }

    private void SendOwn(object from, int payloadType, ReadOnlySpan<byte> frame, long now)
    {
        if (!CanSend) return; // a play goes on in time while the far end holds
        var packet = loop.SendBuffer.AsSpan(0, RtpHeader.Size + frame.Length);
        frame.CopyTo(packet[RtpHeader.Size..]);
        outgoing.UseClock(codecs!.ClockOf(payloadType));
        outgoing.WriteOwn(packet, from, payloadType, FrameDuration, now);
        Transmit(packet, payloadType);
    }

    private bool SendDigitStep(DigitSender digits, long now)
    {
        Span<byte> payload = stackalloc byte[4];
        var asTones = codecs!.TelephoneEvent < 0;
        switch (digits.Next(asTones, payload, out var first))
        {
            case DigitStep.Event when CanSend && !asTones:
                var packet = loop.SendBuffer.AsSpan(0, RtpHeader.Size + payload.Length);
                payload.CopyTo(packet[RtpHeader.Size..]);
                outgoing.WriteEvent(packet, digits, codecs.TelephoneEvent, first, payload.Length, now);
                Transmit(packet, sentPayloadType);
                return true;
            case DigitStep.Tone:
                SendTone(digits, now);
                return true;
            default:
                return false;
        }
    }

    private void SendTone(DigitSender digits, long now)
    {
        Span<short> tone = stackalloc short[FrameDuration];
        digits.Fill(tone);
        if (codecs!.Own == AudioCodec.Foreign) return;
        Span<byte> frame = stackalloc byte[AudioCodecs.FrameBytes];
        if (codecs.Own == AudioCodec.G722)
        {
            Span<short> wide = stackalloc short[2 * FrameDuration];
            (toneUpsampler ??= new()).Process(tone, wide);
            (toneEncoder ??= new()).Encode(wide, frame);
        }
        else
        {
            G711.Encode(codecs.Own == AudioCodec.Pcma, tone, frame);
        }
        SendOwn(digits, codecs.OwnPayloadType, frame, now);
    }

    /// <summary>Whether sound from another leg may go into this stream now.</summary>
    private bool TakesRelay => CanSend && playing is null && music is null && digits is not { Active: true };

    /// <summary>Sends a packet whose payload lies behind room for a header, keeping the sender's order and gaps.</summary>
    private void SendRelayed(Span<byte> packet, LegStream from, in RtpHeader header, int payloadType, long now)
    {
        var clock = payloadType == codecs!.TelephoneEvent ? 0 : codecs.ClockOf(payloadType);
        outgoing.UseClock(clock);
        if (!outgoing.WriteRelayed(packet, from, header, payloadType, packet.Length - RtpHeader.Size, now)) return;
        relayedAt = now;
        Transmit(packet, clock == 0 ? sentPayloadType : payloadType);
    }

    private void Transmit(ReadOnlySpan<byte> packet, int audioPayloadType)
    {
        sentPayloadType = audioPayloadType;
        SendSealed(rtpSocket, packet, latch.Target, rtcp: false);
    }
}
