using System.Net;
using Pbx.Sip.Media;
using Pbx.Sip.Media.Net;
using Pbx.Sip.Media.Rtp;
using Pbx.Sip.Media.Srtp;
using Pbx.Sip.Sdp;
using Pbx.Sip.Tests.Media.Srtp;

namespace Pbx.Sip.Tests.Media;

/// <summary>Encrypted legs: what goes over the wire, what is believed, and how they talk with clear ones.</summary>
public sealed class LegSecurityTests
{
    private static readonly PeerAddress Stranger = PeerAddress.From(new IPEndPoint(IPAddress.Parse("198.51.100.9"), 1234));
    private static readonly byte[] Frame = [.. Enumerable.Range(0, 160).Select(i => (byte)(i + 1))];

    public static TheoryData<string> Suites => [.. SrtpSuites.All.Select(suite => suite.Name())];

    [Theory, MemberData(nameof(Suites))]
    public void Bridge_OfAnEncryptedAndAClearLeg_GivesEachTheOthersSound(string named)
    {
        var suite = SrtpSuites.Parse(named)!.Value;
        using var bench = new LegBench();
        var (secure, clear) = (bench.Leg(), bench.Leg());
        secure.Encrypt(suite);
        secure.Do(new MediaCommand.Bridge(clear.Stream));

        secure.Hear(Frame, 8);
        clear.Hear(Frame, 8);

        Assert.Equal(Frame, clear.Sent.Last().Payload);
        Assert.Equal(Frame, secure.TakeOpened()[^1][12..]);
        Assert.DoesNotContain(bench.Sockets.SentBy(secure.Stream.Sockets.Rtp), each => each.Datagram.AsSpan().IndexOf(Frame.AsSpan(0, 20)) >= 0);
    }

    [Fact]
    public void EncryptedLeg_HearingClearForgedOrReplayedPackets_NeitherLearnsTheirSourceNorCountsThem()
    {
        using var bench = new LegBench();
        var (leg, other) = (bench.Leg(), bench.Leg());
        leg.Encrypt(SrtpSuite.AesCm128Tag80);
        leg.Do(new MediaCommand.Bridge(other.Stream));
        var key = ((MediaKeying.Sdes)leg.Media.Keying!).Theirs;
        var recorded = SrtpContextTests.Protect(new SrtpContext(key), Packet(Frame));
        leg.HearRaw(recorded);
        var relayed = other.Sent.Count();

        for (var i = 0; i < 20; i++)
        {
            leg.HearRaw(recorded, Stranger);
            leg.HearRaw(Packet(Frame, (ushort)(i + 2)), Stranger);
            leg.HearRaw([.. Packet(Frame, (ushort)(i + 2)), .. new byte[10]], Stranger);
            leg.HearRaw(SrtpContextTests.Protect(new SrtpContext(SrtpKey.Create(key.Suite)), Packet(Frame, (ushort)(i + 2))), leg.Remote);
            bench.Pass(TimeSpan.FromMilliseconds(100), leg);
        }

        var report = Told(bench, leg);
        Assert.Equal((1, 80), (report.PacketsReceived, report.PacketsRefused));
        Assert.Equal(relayed, other.Sent.Count());
        Assert.DoesNotContain(bench.Sockets.SentBy(leg.Stream.Sockets.Rtp), each => each.To == Stranger);
    }

    [Fact]
    public void EncryptedLeg_FirstHeardFromAnotherAddressThanNamed_IsBelievedSinceItHasTheKey()
    {
        using var bench = new LegBench();
        var leg = bench.Leg();
        leg.Encrypt(SrtpSuite.AesGcm256);

        leg.Hear(Frame, 8, Stranger);
        bench.Pass(TimeSpan.FromMilliseconds(20), leg);

        Assert.Equal(Stranger, bench.Sockets.SentBy(leg.Stream.Sockets.Rtp).Last().To);
    }

    [Fact]
    public void LegThatWaitsForItsKeys_SendsNothing_AndHearsNothing()
    {
        using var bench = new LegBench(new MediaOptions { ReportInterval = TimeSpan.FromSeconds(1) });
        var (leg, other) = (bench.Leg(), bench.Leg());
        leg.Media = leg.Media with { Keying = new MediaKeying.Dtls(Active: false, [SdpFingerprint.Of("theirs"u8)]) };
        leg.Configure(MediaDirection.SendReceive);
        leg.Do(new MediaCommand.Bridge(other.Stream));

        for (var i = 0; i < 100; i++)
        {
            other.Hear(Frame, 8);
            leg.HearRaw(Packet(Frame, (ushort)i));
            bench.Pass(TimeSpan.FromMilliseconds(20), leg);
        }

        Assert.Empty(bench.Sockets.SentBy(leg.Stream.Sockets.Rtp));
        Assert.Empty(leg.SentRtcp);
        Assert.Empty(other.Sent);
    }

    [Fact]
    public void NewAgreement_WithTheSameKeys_GoesOnWhereItWas()
    {
        using var bench = new LegBench();
        var leg = bench.Leg();
        leg.Encrypt(SrtpSuite.AesCm128Tag80);
        var key = ((MediaKeying.Sdes)leg.Media.Keying!).Theirs;
        var recorded = SrtpContextTests.Protect(new SrtpContext(key), Packet(Frame, 400));
        leg.HearRaw(recorded);
        bench.Pass(TimeSpan.FromMilliseconds(100), leg);

        leg.Configure(MediaDirection.ReceiveOnly);
        leg.Configure(MediaDirection.SendReceive);
        leg.HearRaw(recorded);
        bench.Pass(TimeSpan.FromMilliseconds(100), leg);

        Assert.Equal(10, leg.TakeOpened().Count); // one reader for all of them: a second start would be seen as a replay
        Assert.Equal(1, Told(bench, leg).PacketsReceived);
    }

    [Theory]
    [InlineData("AES_CM_128_HMAC_SHA1_80")]
    [InlineData("AEAD_AES_128_GCM")]
    public void NewAgreement_WithNewKeys_TakesWhatWasOnItsWayUnderTheOld_ForAMoment(string named)
    {
        var suite = SrtpSuites.Parse(named)!.Value;
        using var bench = new LegBench();
        var leg = bench.Leg();
        leg.Encrypt(suite);
        using var old = new SrtpContext(((MediaKeying.Sdes)leg.Media.Keying!).Theirs);
        leg.HearRaw(SrtpContextTests.Protect(old, Packet(Frame, 10)));

        leg.Encrypt(suite);
        leg.Hear(Frame, 8);
        leg.HearRaw(SrtpContextTests.Protect(old, Packet(Frame, 11)));
        bench.Pass(TimeSpan.FromSeconds(3), leg);
        leg.HearRaw(SrtpContextTests.Protect(old, Packet(Frame, 12)));
        leg.Hear(Frame, 8);

        Assert.NotEmpty(leg.TakeOpened());
        Assert.Equal(4, Told(bench, leg).PacketsReceived);
    }

    [Fact]
    public void Stream_OverTheRollOver_StaysReadable()
    {
        using var bench = new LegBench();
        var leg = bench.Leg();
        leg.Encrypt(SrtpSuite.AesGcm128);

        for (var i = 0; i < 14; i++)
        {
            bench.Pass(TimeSpan.FromSeconds(100), leg);
            leg.TakeOpened();
        }
        Assert.True(leg.Sent.Select(each => each.Header.Sequence).Distinct().Count() > 65_000);
    }

    [Fact]
    public void Reports_OfAnEncryptedLeg_AreEncrypted_AndClearOnesRefused()
    {
        using var bench = new LegBench(new MediaOptions { ReportInterval = TimeSpan.FromSeconds(1) });
        var leg = bench.Leg();
        leg.Encrypt(SrtpSuite.AesCm128Tag32);
        leg.Hear(Frame, 8);

        bench.Pass(TimeSpan.FromSeconds(5), leg);
        var clear = new byte[52];
        Rtcp.Write(clear, 77, true, 1, 2, 3, 4, null, "name"u8, bye: false);
        leg.HearRtcp(clear);

        Assert.NotEmpty(leg.SentRtcp);
        foreach (var (datagram, _) in leg.SentRtcp)
        {
            var copy = datagram.ToArray();
            Assert.True(leg.Opens!.UnprotectRtcp(copy) > 0);
        }
        Assert.Equal(1, Told(bench, leg).PacketsRefused);
    }

    [Fact]
    public void PacketPath_OfEncryptedLegs_AllocatesNothing()
    {
        using var bench = new LegBench(new MediaOptions { ReportInterval = TimeSpan.FromHours(1) });
        var (a, b, c) = (bench.Leg(), bench.Leg(), bench.Leg("G722"));
        a.Encrypt(SrtpSuite.AesCm128Tag80);
        b.Encrypt(SrtpSuite.AesGcm256);
        a.Do(new MediaCommand.Bridge(b.Stream));
        c.Encrypt(SrtpSuite.AesCm256Tag80);
        bench.Sockets.Keeps = false;
        BenchLeg[] all = [a, b, c];
        void Round()
        {
            a.Hear(Frame, 8);
            b.Hear(Frame, 8);
            c.Hear(Frame, 9);
            bench.Pass(TimeSpan.FromMilliseconds(20), all);
        }
        for (var i = 0; i < 30; i++) Round();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Round();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void ClearLeg_IgnoresStrangers_EvenBeforeTheFirstPacket()
    {
        using var bench = new LegBench();
        var (leg, other) = (bench.Leg(), bench.Leg());
        leg.Do(new MediaCommand.Bridge(other.Stream));
        for (var i = 0; i < 50; i++)
        {
            leg.Hear(Frame, 8, Stranger, ssrc: 9);
            bench.Pass(TimeSpan.FromMilliseconds(20), leg);
        }
        Assert.Empty(other.Sent);

        leg.Hear(Frame, 8, leg.Signalling.At(40_000));
        bench.Pass(TimeSpan.FromSeconds(5), leg);
        for (var i = 0; i < 50; i++) leg.Hear(Frame, 8, Stranger);
        bench.Pass(TimeSpan.FromMilliseconds(100), leg);

        Assert.Single(other.Sent);
        Assert.DoesNotContain(bench.Sockets.SentBy(leg.Stream.Sockets.Rtp), each => each.To.IsSameHost(Stranger));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.1.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::1")]
    [InlineData("fe80::1")]
    [InlineData("ff02::1")]
    public void Leg_ToldToSendWhereNoPeerCanBe_SendsNothing_UntilThePeerIsHeard(string address)
    {
        using var bench = new LegBench();
        var leg = bench.Leg();
        leg.Media = leg.Media with { Remote = new IPEndPoint(IPAddress.Parse(address), 4000) };
        leg.Configure(MediaDirection.SendReceive);
        bench.Pass(TimeSpan.FromSeconds(20), leg);
        Assert.Empty(bench.Sockets.SentBy(leg.Stream.Sockets.Rtp));
        Assert.Empty(leg.SentRtcp);

        leg.Hear(Frame, 8, leg.Signalling.At(9000));
        bench.Pass(TimeSpan.FromSeconds(20), leg);

        Assert.All(bench.Sockets.SentBy(leg.Stream.Sockets.Rtp), each => Assert.Equal(leg.Signalling.At(9000), each.To));
        Assert.NotEmpty(leg.SentRtcp);
        Assert.All(leg.SentRtcp, each => Assert.Equal(leg.Signalling.At(9001), each.To));
    }

    /// <summary>The address of reports alone (RFC 3605) can be as far astray; and who is on this host itself may not name everybody either.</summary>
    [Theory]
    [InlineData("192.0.2.1", "127.0.0.1", "203.0.113.9")]
    [InlineData("192.0.2.1", "224.0.0.1", "203.0.113.9")]
    [InlineData("192.0.2.1", "224.0.0.1", "127.0.0.1")]
    [InlineData("127.0.0.1", "255.255.255.255", "127.0.0.1")]
    public void Leg_ToldToReportWhereNoPeerCanBe_SendsNoReportThere(string sound, string reports, string signalling)
    {
        using var bench = new LegBench();
        var leg = bench.Leg();
        leg.Signalling = PeerAddress.From(new IPEndPoint(IPAddress.Parse(signalling), 5060));
        leg.Media = leg.Media with { Remote = new IPEndPoint(IPAddress.Parse(sound), 4000), RemoteRtcp = new IPEndPoint(IPAddress.Parse(reports), 4001) };
        leg.Configure(MediaDirection.SendReceive);
        bench.Pass(TimeSpan.FromSeconds(20), leg);
        Assert.NotEmpty(bench.Sockets.SentBy(leg.Stream.Sockets.Rtp));
        Assert.Empty(leg.SentRtcp);
    }

    [Theory, MemberData(nameof(Suites))]
    public async Task Phone_ThatEncrypts_HearsAPromptAndIsHeard_OverRealSockets(string named)
    {
        var suite = SrtpSuites.Parse(named)!.Value;
        using var studio = new MediaStudio();
        var (secureLeg, secure, events) = studio.ConnectEncrypted(suite);
        var (clearLeg, clear, _) = studio.Connect();
        secureLeg.Play(1, MediaStudio.Prompt(800));
        await events.Plays.AtLeast(1);
        await secure.Packets.Until(all => Enumerable.Range(0, all.Length).Any(from => Ear.Share(secure.Sound(from, 10), 800) > 0.95));

        secureLeg.BridgeWith(clearLeg);
        await MediaStudio.Settled(secureLeg, events);
        secure.Say(secureLeg.Port, Ear.Tone(440, 300));
        clear.Say(clearLeg.Port, Ear.Tone(1100, 300));

        await clear.Packets.Until(all => Ear.Share(clear.Sound(Math.Max(0, all.Length - 12)), 440) > 0.9);
        await secure.Packets.Until(all => Ear.Share(secure.Sound(Math.Max(0, all.Length - 12)), 1100) > 0.9);
        var arrived = secure.Datagrams.Now.Length;
        await secure.Packets.Until(all => all.Length >= arrived); // the phone could read all of them
    }

    private static MediaReport Told(LegBench bench, BenchLeg leg)
    {
        bench.Pass(TimeSpan.FromSeconds(8), leg);
        return leg.Events.Reports.Now[^1].Report;
    }

    private static byte[] Packet(byte[] payload, ushort sequence = 1)
    {
        var packet = new byte[12 + payload.Length];
        RtpHeader.Write(packet, 8, false, sequence, sequence * 160u, 77);
        payload.CopyTo(packet, 12);
        return packet;
    }
}
