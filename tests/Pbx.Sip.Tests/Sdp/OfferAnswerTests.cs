using System.Net;
using System.Text;
using CsCheck;
using Pbx.Sip.Messages;
using Pbx.Sip.Sdp;

namespace Pbx.Sip.Tests.Sdp;

public class OfferAnswerTests
{
    private static readonly LocalDescription Local = new()
    {
        Rtp = new IPEndPoint(IPAddress.Parse("192.0.2.1"), 10000), Origin = new SdpOrigin("-", "42", 1, "192.0.2.1"),
    };

    private static SdpSession Parse(params string[] lines)
    {
        Assert.True(SdpParser.TryParse("v=0\r\no=- 1 1 IN IP4 10.0.0.9\r\ns=-\r\nc=IN IP4 10.0.0.9\r\nt=0 0\r\n" + string.Join("\r\n", lines), out var session));
        return session;
    }

    private static OfferAnswerResult Answer(LocalDescription local, params string[] lines) => OfferAnswer.Answer(Parse(lines), local);

    [Fact]
    public void Answer_UsualOffer_TakesCommonCodecsInTheOffersOrder()
    {
        var result = Answer(Local, "m=audio 4000 RTP/AVP 0 8 96 97 3", "a=rtpmap:96 opus/48000/2", "a=rtpmap:97 telephone-event/8000", "a=ptime:30");
        Assert.Equal(["PCMU", "PCMA"], result.Media!.Codecs.Select(codec => codec.Name));
        Assert.Equal(new IPEndPoint(IPAddress.Parse("10.0.0.9"), 4000), result.Media.Remote);
        Assert.Equal((97, 30, false), (result.Media.TelephoneEvent, result.Media.PacketMilliseconds, result.Media.RtcpMux));
        var audio = Assert.Single(result.Session!.Media);
        Assert.Equal(["0", "8", "97"], audio.Formats);
        Assert.Equal("telephone-event/8000", audio.AttributeOf("rtpmap", "97"));
        Assert.Equal(10000, audio.Port);
        Assert.True(audio.Has("sendrecv"));
    }

    [Fact]
    public void Answer_WithPreference_PutsTheOtherLegsCodecFirst()
    {
        var local = Local with { Prefer = "opus", Codecs = [SdpCodec.Pcma, new SdpCodec("opus", 96, 48000, 2, "useinbandfec=1")] };
        var result = Answer(local, "m=audio 4000 RTP/AVP 8 111", "a=rtpmap:111 OPUS/48000/2", "a=fmtp:111 minptime=10");
        Assert.Equal(("OPUS", 111, "minptime=10"), (result.Media!.Codecs[0].Name, result.Media.Codecs[0].PayloadType, result.Media.Codecs[0].Parameters));
        Assert.Equal("useinbandfec=1", result.Session!.Media[0].AttributeOf("fmtp", "111"));
    }

    [Fact]
    public void Answer_SeveralMediaLines_AcceptsOneAudioAndRejectsTheRest()
    {
        var result = Answer(Local, "m=video 5000 RTP/AVP 31", "m=audio 4000 RTP/SAVP 8", "a=crypto:1 X inline:Y", "m=audio 4002 RTP/AVP 8",
            "m=audio 4004 RTP/AVP 8", "m=image 4006 udptl t38");
        Assert.Equal([0, 0, 10000, 0, 0], result.Session!.Media.Select(media => media.Port));
        Assert.Equal(["RTP/AVP", "RTP/SAVP", "RTP/AVP", "RTP/AVP", "udptl"], result.Session.Media.Select(media => media.Protocol));
        Assert.Equal(4002, result.Media!.Remote.Port);
    }

    [Theory]
    [InlineData("m=audio 4000 RTP/AVP 18")]
    [InlineData("m=audio 0 RTP/AVP 8")]
    [InlineData("m=audio 4000 UDP/TLS/RTP/SAVPF 8")]
    [InlineData("m=video 4000 RTP/AVP 8")]
    [InlineData("m=audio 4000 RTP/AVP 101\r\na=rtpmap:101 telephone-event/8000")]
    [InlineData("m=audio 4000 RTP/AVP 8\r\nc=IN IP4 media.example.com")]
    public void Answer_NothingUsable_IsNotAcceptable(string media) => Assert.False(Answer(Local, media).IsAcceptable);

    [Theory]
    [InlineData("sendrecv", nameof(MediaDirection.SendReceive), "sendrecv")]
    [InlineData("sendonly", nameof(MediaDirection.ReceiveOnly), "recvonly")]
    [InlineData("recvonly", nameof(MediaDirection.SendOnly), "sendonly")]
    [InlineData("inactive", nameof(MediaDirection.Inactive), "inactive")]
    public void Answer_HoldDirections_AreMirrored(string offered, string negotiated, string answered)
    {
        var result = Answer(Local, "a=sendrecv", "m=audio 4000 RTP/AVP 8", "a=" + offered);
        Assert.Equal(negotiated, result.Media!.Direction.ToString());
        Assert.True(result.Session!.Media[0].Has(answered));
        var holding = Answer(Local with { Direction = MediaDirection.SendOnly }, "m=audio 4000 RTP/AVP 8", "a=" + offered);
        Assert.False(holding.Media!.Direction is MediaDirection.SendReceive or MediaDirection.ReceiveOnly);
    }

    [Fact]
    public void Answer_ZeroAddress_IsTheOldHold()
    {
        var result = Answer(Local, "m=audio 4000 RTP/AVP 8", "c=IN IP4 0.0.0.0");
        Assert.Equal(MediaDirection.ReceiveOnly, result.Media!.Direction);
        Assert.True(result.Session!.Media[0].Has("sendrecv"));
    }

    [Fact]
    public void Answer_RtcpAttributes_AreRead()
    {
        var apart = Answer(Local, "m=audio 4000 RTP/AVP 8", "a=rtcp:5001 IN IP4 10.0.0.10");
        Assert.Equal(new IPEndPoint(IPAddress.Parse("10.0.0.10"), 5001), apart.Media!.RemoteRtcp);
        var muxed = Answer(Local, "m=audio 4000 RTP/AVP 8", "a=rtcp-mux", "a=rtcp:4000");
        Assert.True(muxed.Media!.RtcpMux);
        Assert.Null(muxed.Media.RemoteRtcp);
        Assert.True(muxed.Session!.Media[0].Has("rtcp-mux"));
        Assert.False(Answer(Local with { RtcpMux = false }, "m=audio 4000 RTP/AVP 8", "a=rtcp-mux").Media!.RtcpMux);
    }

    [Fact]
    public void Offer_PreferredCodec_StandsFirstAndAnswerIsRead()
    {
        var offer = OfferAnswer.MakeOffer(Local with { Prefer = "G722", Direction = MediaDirection.SendOnly });
        Assert.Equal(["9", "8", "0", "101"], offer.Media[0].Formats);
        var answer = Parse("m=audio 6000 RTP/AVP 8 101", "a=rtpmap:101 telephone-event/8000", "a=recvonly");
        var media = OfferAnswer.ReadAnswer(offer, answer)!;
        Assert.Equal("PCMA", Assert.Single(media.Codecs).Name);
        Assert.Equal((101, MediaDirection.SendOnly), (media.TelephoneEvent, media.Direction));
        Assert.Null(OfferAnswer.ReadAnswer(offer, Parse("m=audio 0 RTP/AVP 8")));
        Assert.Null(OfferAnswer.ReadAnswer(offer, Parse("m=audio 6000 RTP/AVP 18")));
    }

    [Fact]
    public void Offer_LaterInTheSession_KeepsLinesAndPayloadTypes()
    {
        var local = Local with { Codecs = [new SdpCodec("opus", 96, 48000, 2), SdpCodec.Pcma] };
        var answered = Answer(local, "m=audio 4000 RTP/AVP 111 8 96", "a=rtpmap:111 opus/48000/2", "a=rtpmap:96 telephone-event/8000", "m=video 5 RTP/AVP 31");
        var offer = OfferAnswer.MakeOffer(local with { Direction = MediaDirection.SendOnly }, answered.Session);
        Assert.Equal(["111", "8", "96"], offer.Media[0].Formats);
        Assert.Equal([10000, 0], offer.Media.Select(media => media.Port));
        Assert.True(offer.Media[0].Has("sendonly"));
    }

    [Fact]
    public void Versions_OnlyChanges_Count()
    {
        var versions = new SdpVersions("7", IPAddress.Parse("192.0.2.1"));
        var offer = OfferAnswer.MakeOffer(Local);
        Assert.Contains("o=- 7 1 IN IP4 192.0.2.1\r\n", versions.Write(offer));
        Assert.Contains("o=- 7 1 IN IP4", versions.Write(offer));
        Assert.Contains("o=- 7 2 IN IP4", versions.Write(OfferAnswer.MakeOffer(Local with { Direction = MediaDirection.Inactive })));
    }

    [Fact]
    public void Session_IPv6WrittenAndRead_IsTheSame()
    {
        var local = Local with { Rtp = new IPEndPoint(IPAddress.Parse("2001:db8::1"), 10000), Origin = new SdpOrigin("-", "1", 3, "2001:db8::1") };
        var offer = OfferAnswer.MakeOffer(local);
        var text = SdpWriter.Write(offer);
        Assert.Contains("c=IN IP6 2001:db8::1\r\n", text);
        Assert.True(SdpParser.TryParse(text, out var read));
        Assert.Equal(offer, read);
    }

    [Fact]
    public void Parser_FieldOddities_AreTolerated()
    {
        Assert.True(SdpParser.TryParse("v=0\no=root 1 1 IN IP4 1.2.3.4\ns=\nm=audio 4000/2 RTP/AVP 8 \nc=IN IP4 1.2.3.4/127\nx\na=weird: \nb=AS:84\nk=clear:1\n", out var session));
        Assert.Equal(IPAddress.Parse("1.2.3.4"), session.Media[0].Connection);
        Assert.False(SdpParser.TryParse("", out _));
        Assert.False(SdpParser.TryParse("v=1\r\n", out _));
        Assert.False(SdpParser.TryParse("v=0\r\nm=audio\r\n", out _));
        Assert.False(SdpParser.TryParse("<html/>", out _));
    }

    [Fact]
    public void Parser_AnyBytes_NeverThrows() =>
        Gen.String[Gen.Char["vmca=0 \r\n:/.audioRTPAVPcINIP4189"], 0, 200].Sample(text =>
        {
            if (SdpParser.TryParse("v=0\r\n" + text, out var session))
                _ = (OfferAnswer.Answer(session, Local), OfferAnswer.ReadAnswer(OfferAnswer.MakeOffer(Local), session), SdpWriter.Write(session));
        }, iter: 3000);

    private static Gen<SdpCodec[]> Codecs(int opus) =>
        Gen.Int[0, 3].ArrayUnique[1, 4].Select(picks => picks
            .Select(pick => new[] { SdpCodec.Pcma, SdpCodec.Pcmu, SdpCodec.G722, new SdpCodec("opus", opus, 48000, 2) }[pick]).ToArray());

    [Fact]
    public void OfferAndAnswer_AnyCodecSets_AgreeOnBothSides() =>
        Gen.Select(Codecs(96),
            Codecs(120),
            Gen.Enum<MediaDirection>(), Gen.Enum<MediaDirection>()).Sample((one, two, oneWay, otherWay) =>
        {
            var offer = OfferAnswer.MakeOffer(Local with { Codecs = [.. one], Direction = oneWay });
            var answer = OfferAnswer.Answer(offer, Local with { Codecs = [.. two], Direction = otherWay });
            var common = one.Any(codec => two.Any(codec.Matches));
            Assert.Equal(common, answer.IsAcceptable);
            if (!common)
                return;
            var read = OfferAnswer.ReadAnswer(offer, answer.Session!)!;
            Assert.Equal(answer.Media!.Codecs, read.Codecs);
            Assert.Equal(answer.Media.Direction is MediaDirection.SendReceive or MediaDirection.SendOnly,
                read.Direction is MediaDirection.SendReceive or MediaDirection.ReceiveOnly);
            Assert.Equal(answer.Media.TelephoneEvent, read.TelephoneEvent);
        }, iter: 2000);

    [Fact]
    public void Multipart_WithSdpInside_GivesThePart()
    {
        const string body = "--b1\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b1\r\nc: application/sdp\r\n\r\nv=0\r\nm=x\r\n--b1--\r\n";
        var request = SipRequestBuilder.Create(SipMethods.Invite, SipUri.Parse("sip:a@h")).Body("multipart/mixed;boundary=\"b1\"", body).Build();
        Assert.Equal("v=0\r\nm=x", Encoding.UTF8.GetString(MultipartBody.Find(request, "application/sdp")!.Value.Span));
        Assert.Null(MultipartBody.Find(request, "image/png"));
    }
}
