using System.Buffers.Binary;
using System.Net;
using Pbx.Sip.Media;
using Pbx.Sip.Media.Codecs;
using Pbx.Sip.Media.Net;
using Pbx.Sip.Media.Rtp;
using Pbx.Sip.Media.Sounds;
using Pbx.Sip.Sdp;

namespace Pbx.Sip.Tests.Media;

public class LegTests
{
    private static readonly PeerAddress Stranger = PeerAddress.From(new IPEndPoint(IPAddress.Parse("203.0.113.9"), 1234));
    private static readonly byte[] Frame = FrameEncoder.Silence(AudioCodec.Pcma);

    [Fact]
    public async Task PacketPath_RelayTranscodeDigitsPlayAndRecord_AllocateNothing()
    {
        using var bench = new LegBench(new MediaOptions { ReportInterval = TimeSpan.FromHours(1) });
        var (a, b, c) = (bench.Leg(), bench.Leg(), bench.Leg("G722"));
        var d = bench.Leg("PCMU", telephoneEvent: null);
        a.Do(new MediaCommand.Bridge(b.Stream));
        c.Do(new MediaCommand.Bridge(d.Stream));
        var player = bench.Leg();
        var clip = SoundClip.Of(Ear.Tone(440, 5000), 8000);
        await clip.PrepareAsync(AudioCodec.Pcma);
        player.Do(new MediaCommand.Play(new Playback(1, [clip], loop: true)));
        var file = Path.GetTempFileName();
        a.Do(new MediaCommand.Record(new RecordingRequest(1, file, 60, 0, "")));
        bench.Sockets.Keeps = false;
        byte[] key = [16, 10, 0, 160]; // an event that is no key: a key would be told of, which is no packet path
        BenchLeg[] all = [a, b, c, d, player];
        void Round()
        {
            a.Hear(Frame, 8);
            b.Hear(Frame, 8);
            c.Hear(Frame, 9);
            d.Hear(Frame, 0);
            b.Hear(key, 101, step: 0);
            bench.Pass(TimeSpan.FromMilliseconds(20), all);
        }
        for (var i = 0; i < 30; i++) Round(); // what is made once is made now
        b.Do(new MediaCommand.SendDigit('1', 200));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 70; i++) Round();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        a.Do(new MediaCommand.StopRecording());
    }

    [Fact]
    public void Source_OtherThanNamedBeforeAnyPacket_IsLearnedAndSentTo()
    {
        using var bench = new LegBench();
        var leg = bench.Leg();
        leg.Hear(Frame, 8, Stranger);
        bench.Pass(TimeSpan.FromMilliseconds(20), leg);
        Assert.Equal(Stranger, bench.Sockets.SentBy(leg.Stream.Sockets.Rtp).Last().To);
    }

    [Fact]
    public void Source_AfterTheFirst_OnlyTheNamedAddressMayTakeOverAndOnlyWithinTheWindow()
    {
        using var bench = new LegBench();
        var leg = bench.Leg();
        var another = Stranger.At(999);
        leg.Hear(Frame, 8, Stranger);
        leg.Hear(Frame, 8, another, ssrc: 5);
        bench.Pass(TimeSpan.FromMilliseconds(20), leg);
        Assert.Equal(Stranger, bench.Sockets.SentBy(leg.Stream.Sockets.Rtp).Last().To);
        leg.Hear(Frame, 8, leg.Remote, ssrc: 6);
        bench.Pass(TimeSpan.FromMilliseconds(20), leg);
        Assert.Equal(leg.Remote, bench.Sockets.SentBy(leg.Stream.Sockets.Rtp).Last().To);

        var late = bench.Leg();
        late.Hear(Frame, 8, Stranger);
        for (var i = 0; i < 200; i++)
        {
            bench.Pass(TimeSpan.FromMilliseconds(20), late);
            late.Hear(Frame, 8, Stranger);
        }
        late.Hear(Frame, 8, late.Remote, ssrc: 6);
        bench.Pass(TimeSpan.FromMilliseconds(20), late);
        Assert.Equal(Stranger, bench.Sockets.SentBy(late.Stream.Sockets.Rtp).Last().To);
    }

    [Fact]
    public void Source_NewAddressInSdp_IsLearnedAnew()
    {
        using var bench = new LegBench();
        var leg = bench.Leg();
        leg.Hear(Frame, 8);
        bench.Pass(TimeSpan.FromSeconds(10), leg);
        leg.Media = leg.Media with { Remote = new IPEndPoint(IPAddress.Parse("192.0.2.77"), 7000) };
        leg.Configure(MediaDirection.SendReceive);
        leg.Hear(Frame, 8, leg.Remote); // still on its way from the old place
        leg.Hear(Frame, 8, Stranger);
        bench.Pass(TimeSpan.FromMilliseconds(20), leg);
        Assert.Equal(Stranger, bench.Sockets.SentBy(leg.Stream.Sockets.Rtp).Last().To);
    }

    [Fact]
    public void Source_SameStreamFromANewPortAfterASilence_IsFollowed()
    {
        using var bench = new LegBench();
        var leg = bench.Leg();
        leg.Hear(Frame, 8);
        bench.Pass(TimeSpan.FromSeconds(5), leg);
        leg.Hear(Frame, 8, Stranger, ssrc: 1);
        bench.Pass(TimeSpan.FromMilliseconds(20), leg);
        Assert.Equal(leg.Remote, bench.Sockets.SentBy(leg.Stream.Sockets.Rtp).Last().To);
        leg.Hear(Frame, 8, Stranger);
        bench.Pass(TimeSpan.FromMilliseconds(20), leg);
        Assert.Equal(Stranger, bench.Sockets.SentBy(leg.Stream.Sockets.Rtp).Last().To);
    }

    [Fact]
    public void Datagrams_OfAnyKindAndAnyLength_DoNoHarm()
    {
        using var bench = new LegBench();
        var leg = bench.Leg();
        var other = bench.Leg("G722");
        leg.Do(new MediaCommand.Bridge(other.Stream));
        var random = new Random(1);
        var datagram = new byte[300];
        for (var i = 0; i < 20_000; i++)
        {
            random.NextBytes(datagram);
            if (i % 2 == 0) datagram[0] = (byte)(0x80 | (datagram[0] & 0x3F));
            if (i % 4 == 0) datagram[1] = (byte)(random.Next(3) switch { 0 => 8, 1 => 101, _ => 200 });
            leg.Stream.Receive(datagram.AsSpan(0, random.Next(300)), leg.Remote, bench.Now + i);
        }
        bench.Pass(TimeSpan.FromMilliseconds(100), leg, other);
    }

    [Theory]
    [InlineData(new byte[] { 0, 1 }, PacketKind.Stun)]
    [InlineData(new byte[] { 3, 1 }, PacketKind.Stun)]
    [InlineData(new byte[] { 16, 1 }, PacketKind.Zrtp)]
    [InlineData(new byte[] { 20, 1 }, PacketKind.Dtls)]
    [InlineData(new byte[] { 63, 1 }, PacketKind.Dtls)]
    [InlineData(new byte[] { 64, 1 }, PacketKind.TurnChannel)]
    [InlineData(new byte[] { 128, 8 }, PacketKind.Rtp)]
    [InlineData(new byte[] { 144, 0x88 }, PacketKind.Rtp)]
    [InlineData(new byte[] { 128, 200 }, PacketKind.Rtcp)]
    [InlineData(new byte[] { 129, 201 }, PacketKind.Rtcp)]
    [InlineData(new byte[] { 4, 1 }, PacketKind.Unknown)]
    [InlineData(new byte[] { 200, 1 }, PacketKind.Unknown)]
    [InlineData(new byte[] { 128 }, PacketKind.Unknown)]
    internal void Demultiplexer_FirstBytes_TellTheKind(byte[] datagram, PacketKind kind) => Assert.Equal(kind, Demultiplexer.Classify(datagram));

    [Fact]
    public void Rtcp_EveryFewSeconds_ReportsWhatWasSentAndReceivedWithCname()
    {
        using var bench = new LegBench();
        var leg = bench.Leg();
        for (var i = 0; i < 400; i++)
        {
            if (i % 10 != 3) leg.Hear(Frame, 8);
            else leg.Stream.Receive([], leg.Remote, bench.Now);
            bench.Pass(TimeSpan.FromMilliseconds(20), leg);
        }
        var report = leg.SentRtcp[^1].Datagram;
        Assert.InRange(leg.SentRtcp.Length, 1, 3);
        Assert.Equal(200, report[1]);
        Assert.Equal(leg.Sent.First().Header.Ssrc, BinaryPrimitives.ReadUInt32BigEndian(report.AsSpan(4)));
        Assert.Equal(77u, BinaryPrimitives.ReadUInt32BigEndian(report.AsSpan(28)));
        Assert.Equal(202, report[53]);
        Assert.Equal(1, report[60]);
        Assert.Equal(0, report.Length % 4);
        Assert.Equal(leg.Remote.At(leg.Remote.Port + 1), leg.SentRtcp[^1].To);
    }

    [Fact]
    public void Rtcp_FromTheFarEnd_GivesRoundTripAndItsLoss()
    {
        using var bench = new LegBench();
        var leg = bench.Leg();
        leg.Hear(Frame, 8);
        bench.Pass(TimeSpan.FromSeconds(8), leg);
        var ours = leg.SentRtcp[^1].Datagram;
        var sentAgo = bench.Wall.GetUtcNow();
        var lastReport = BinaryPrimitives.ReadUInt32BigEndian(ours.AsSpan(10));
        bench.Wall.Advance(TimeSpan.FromMilliseconds(150));
        var arrived = Rtcp.Middle(Rtcp.NtpTime(bench.Wall.GetUtcNow()));
        var packet = new byte[Rtcp.MaxSize];
        var held = arrived - lastReport - (65536u / 20);
        var length = Rtcp.Write(packet, 77, false, 0, 0, 0, 0,
            new ReportBlock(leg.Sent.First().Header.Ssrc, 25, 40, 0, 80, lastReport, held), "x"u8, bye: false);
        leg.HearRtcp(packet[..length]);
        var events = leg.Events;
        bench.Pass(TimeSpan.FromSeconds(8), leg);
        var report = events.Reports.Now[^1].Report;
        Assert.InRange(report.RoundTripMilliseconds!.Value, 49, 51);
        Assert.InRange(report.RemoteLossPercent!.Value, 9, 11);
        Assert.Equal(10, report.RemoteJitterMilliseconds!.Value, 1);
        Assert.True(sentAgo < bench.Wall.GetUtcNow());
    }

    [Fact]
    public void MediaTimeout_SilentNetwork_IsToldOnceAndAgainAfterANewSilence()
    {
        using var bench = new LegBench();
        var leg = bench.Leg();
        leg.Hear(Frame, 8);
        bench.Pass(TimeSpan.FromSeconds(130), leg);
        Assert.InRange(Assert.Single(leg.Events.Losses.Now).TotalSeconds, 60, 60.1);
        leg.Hear(Frame, 8);
        bench.Pass(TimeSpan.FromSeconds(61), leg);
        Assert.Equal(2, leg.Events.Losses.Now.Length);
    }

    [Theory]
    [InlineData("hold")]
    [InlineData("comfort noise")]
    [InlineData("muted but reporting")]
    public void MediaTimeout_GoodReasonForSilence_IsNotTold(string reason)
    {
        using var bench = new LegBench();
        var leg = bench.Leg();
        leg.Hear(Frame, 8);
        if (reason == "hold") leg.Configure(MediaDirection.ReceiveOnly);
        if (reason == "comfort noise") leg.Hear([60], 13);
        var packet = new byte[Rtcp.MaxSize];
        var length = Rtcp.Write(packet, 77, false, 0, 0, 0, 0, null, "x"u8, bye: false);
        for (var i = 0; i < 20; i++)
        {
            bench.Pass(TimeSpan.FromSeconds(5), leg);
            if (reason == "muted but reporting") leg.HearRtcp(packet[..length]);
        }
        Assert.Empty(leg.Events.Losses.Now);
    }

    [Fact]
    public void Loss_AndJitter_AreCounted()
    {
        using var bench = new LegBench();
        var leg = bench.Leg();
        for (var i = 0; i < 500; i++)
        {
            bench.Pass(TimeSpan.FromMilliseconds(20), leg);
            leg.Hear(Frame, 8, i % 50 == 7 ? Stranger : null, ssrc: i % 50 == 7 ? 3u : 77u); // a stranger's packet took the number: a gap
        }
        bench.Pass(TimeSpan.FromSeconds(8), leg);
        var report = leg.Events.Reports.Now[^1].Report;
        Assert.Equal(10, report.PacketsLost);
        Assert.Equal(490, report.PacketsReceived);
        Assert.Equal(10, report.PacketsRefused);
        Assert.InRange(report.JitterMilliseconds, 0, 1);
        Assert.Equal(leg.Remote.ToString(), report.Source);
        Assert.Equal("PCMA", report.Codec);
    }

    [Fact]
    public void Digits_BothSidesHaveTelephoneEvent_PassWithTheOtherPayloadType()
    {
        using var bench = new LegBench();
        var (a, b) = (bench.Leg(), bench.Leg("PCMU", telephoneEvent: 96));
        a.Do(new MediaCommand.Bridge(b.Stream));
        for (var i = 1; i <= 4; i++) a.Hear([7, (byte)(i > 2 ? 0x8A : 10), 0, (byte)(i * 40)], 101, step: i == 1 ? 160u : 0);
        var events = b.Sent.Where(each => each.Header.PayloadType == 96).ToArray();
        Assert.Equal(4, events.Length);
        Assert.Single(events.Select(each => each.Header.Timestamp).Distinct());
        Assert.Equal("7", new string(a.Events.Digits.Now));
        Assert.Equal(('7', false), (a.Events.DigitEnds.Now[0].Key, a.Events.DigitEnds.Now[0].NeedsInfo));
    }

    [Fact]
    public void Digits_OtherSideHasNoTelephoneEvent_BecomeTones()
    {
        using var bench = new LegBench();
        var (a, b) = (bench.Leg(), bench.Leg("PCMA", telephoneEvent: null));
        a.Do(new MediaCommand.Bridge(b.Stream));
        a.Hear([7, 0x8A, 1, 64], 101);
        bench.Pass(TimeSpan.FromMilliseconds(300), a, b);
        var sound = b.Sent.SelectMany(each => each.Payload.Select(G711.DecodeA)).ToArray();
        Assert.True(Ear.Share(sound.AsSpan(160, 800), 852) > 0.4);
        Assert.True(Ear.Share(sound.AsSpan(160, 800), 1209) > 0.4);
        Assert.DoesNotContain(b.Sent, each => each.Payload.Length == 4);
    }

    [Fact]
    public void Digits_InBandFromOneSide_AreFoundAndBecomeEventsOnTheOther()
    {
        using var bench = new LegBench();
        var (a, b) = (bench.Leg("PCMU", telephoneEvent: null), bench.Leg());
        a.Do(new MediaCommand.Bridge(b.Stream));
        var tones = new Pbx.Sip.Media.Dtmf.ToneGenerator();
        tones.Start('9');
        var samples = new short[160];
        var frame = new byte[160];
        for (var i = 0; i < 30; i++)
        {
            if (i < 6) tones.Fill(samples);
            else samples.AsSpan().Clear();
            G711.Encode(false, samples, frame);
            a.Hear(frame, 0);
            bench.Pass(TimeSpan.FromMilliseconds(20), a, b);
        }
        Assert.Equal("9", new string(a.Events.Digits.Now));
        var events = b.Sent.Where(each => each.Header.PayloadType == 101).ToArray();
        Assert.All(events, each => Assert.Equal(9, each.Payload[0]));
        Assert.Equal(3, events.Count(each => (each.Payload[1] & 0x80) != 0));
    }

    [Fact]
    public void Digits_InBandFromAPhoneWithTelephoneEvent_AreNotLookedFor()
    {
        using var bench = new LegBench();
        var leg = bench.Leg();
        var tones = new Pbx.Sip.Media.Dtmf.ToneGenerator();
        tones.Start('9');
        var samples = new short[160];
        var frame = new byte[160];
        for (var i = 0; i < 10; i++)
        {
            tones.Fill(samples);
            G711.Encode(true, samples, frame);
            leg.Hear(frame, 8);
        }
        Assert.Empty(leg.Events.Digits.Now);
    }

    [Fact]
    public void Digits_OtherSideTakesInfo_AreLeftToTheEngine()
    {
        using var bench = new LegBench();
        var (a, b) = (bench.Leg(), bench.Leg());
        a.Do(new MediaCommand.Bridge(b.Stream));
        b.Do(new MediaCommand.DigitsByInfo(true));
        for (var i = 0; i < 3; i++) a.Hear([4, 0x8A, 1, 64], 101, step: i == 0 ? 160u : 0);
        bench.Pass(TimeSpan.FromMilliseconds(100), a, b);
        Assert.True(Assert.Single(a.Events.DigitEnds.Now).NeedsInfo);
        Assert.DoesNotContain(b.Sent, each => each.Payload.Length == 4);
    }

    [Fact]
    public void SendDigit_ContinuesTheStreamAndThenSoundGoesOn()
    {
        using var bench = new LegBench();
        var leg = bench.Leg();
        bench.Pass(TimeSpan.FromMilliseconds(100), leg);
        leg.Do(new MediaCommand.SendDigit('5', 100));
        leg.Do(new MediaCommand.SendDigit('6', 100));
        bench.Pass(TimeSpan.FromMilliseconds(700), leg);
        var sent = leg.Sent.ToArray();
        Assert.All(sent.Zip(sent.Skip(1)), pair => Assert.Equal((ushort)(pair.First.Header.Sequence + 1), pair.Second.Header.Sequence));
        var events = sent.Where(each => each.Header.PayloadType == 101).ToArray();
        Assert.Equal(14, events.Length);
        Assert.Equal(2, events.Select(each => each.Header.Timestamp).Distinct().Count());
        Assert.All(sent.Zip(sent.Skip(1)), pair => Assert.InRange(pair.Second.Header.Timestamp - pair.First.Header.Timestamp, 0u, 1200u));
        Assert.Equal(sent[0].Header.Timestamp + (uint)((sent.Length - 1) * 160), sent[^1].Header.Timestamp);
    }

    [Fact]
    public void Bridge_QuietForLong_IsFilledWithSilence()
    {
        using var bench = new LegBench();
        var (a, b) = (bench.Leg(), bench.Leg());
        a.Do(new MediaCommand.Bridge(b.Stream));
        b.Hear(Frame, 8);
        bench.Pass(TimeSpan.FromSeconds(1), a, b);
        Assert.Single(a.Sent);
        bench.Pass(TimeSpan.FromSeconds(2), a, b);
        Assert.True(a.Sent.Count() > 40);
    }
}
