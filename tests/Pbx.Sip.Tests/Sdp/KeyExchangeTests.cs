using System.Net;
using Pbx.Core.Common;
using Pbx.Sip.Sdp;

namespace Pbx.Sip.Tests.Sdp;

public sealed class KeyExchangeTests
{
    private const string Inline = "inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz";
    private const string Hash = "4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB:4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF";

    private static readonly SdpFingerprint Own = SdpFingerprint.Of("certificate"u8);

    private static LocalDescription Local(CallSecurity policy) => new()
    {
        Rtp = new IPEndPoint(IPAddress.Parse("192.0.2.1"), 10000), Origin = new SdpOrigin("-", "42", 1, "192.0.2.1"),
        Security = new LocalSecurity { Policy = policy, Keys = LocalSecurity.NewKeys(), Fingerprint = Own },
    };

    private static SdpSession Parse(params string[] lines)
    {
        Assert.True(SdpParser.TryParse("v=0\r\no=- 1 1 IN IP4 10.0.0.9\r\ns=-\r\nc=IN IP4 10.0.0.9\r\nt=0 0\r\n" + string.Join("\r\n", lines), out var session));
        return session;
    }

    // What comes out, in words: clear, sdes, dtls or refused.
    private static string Outcome(OfferAnswerResult result) => !result.IsAcceptable ? "refused" : result.Media!.Keying switch
    {
        MediaKeying.Sdes => "sdes",
        MediaKeying.Dtls => "dtls",
        _ => "clear",
    };

    [Theory]
    [InlineData("RTP/AVP", "", "clear clear refused")]
    [InlineData("RTP/AVPF", "", "clear clear refused")]
    [InlineData("RTP/AVP", "crypto", "clear sdes sdes")]
    [InlineData("RTP/AVP", "fingerprint", "clear dtls dtls")]
    [InlineData("RTP/AVP", "crypto fingerprint", "clear sdes sdes")]
    [InlineData("RTP/SAVP", "crypto", "sdes sdes sdes")]
    [InlineData("RTP/SAVPF", "crypto", "sdes sdes sdes")]
    [InlineData("RTP/SAVP", "", "refused refused refused")]
    [InlineData("RTP/SAVPF", "fingerprint", "dtls dtls dtls")]
    [InlineData("UDP/TLS/RTP/SAVP", "fingerprint", "dtls dtls dtls")]
    [InlineData("UDP/TLS/RTP/SAVPF", "fingerprint", "dtls dtls dtls")]
    [InlineData("UDP/TLS/RTP/SAVPF", "crypto", "refused refused refused")]
    public void Answer_ByProfileAndAttributes_IsWhatThePolicyAllows(string profile, string attributes, string expected)
    {
        List<string> lines = [$"m=audio 4000 {profile} 8"];
        if (attributes.Contains("crypto", StringComparison.Ordinal)) lines.Add($"a=crypto:1 AES_CM_128_HMAC_SHA1_80 {Inline}");
        if (attributes.Contains("fingerprint", StringComparison.Ordinal)) lines.AddRange([$"a=fingerprint:sha-256 {Hash}", "a=setup:actpass"]);

        var outcomes = Enum.GetValues<CallSecurity>().Select(policy => OfferAnswer.Answer(Parse([.. lines]), Local(policy))).ToArray();

        Assert.Equal(expected, string.Join(' ', outcomes.Select(Outcome)));
        Assert.All(outcomes.Where(each => each.IsAcceptable), each => Assert.Equal(profile, each.Session!.Media[0].Protocol));
    }

    [Fact]
    public void Answer_ToSeveralCryptoLines_NamesTheFirstThatWeCanDo_WithAKeyOfOurs()
    {
        var local = Local(CallSecurity.Preferred);
        var result = OfferAnswer.Answer(Parse("m=audio 4000 RTP/SAVP 8", "a=crypto:1 F8_128_HMAC_SHA1_80 " + Inline, "a=crypto:7 AES_CM_256_HMAC_SHA1_80 "
            + "inline:" + Convert.ToBase64String(new byte[46]) + "|2^31", "a=crypto:8 AES_CM_128_HMAC_SHA1_80 " + Inline), local);

        var line = Assert.Single(result.Session!.Media[0].Attributes, attribute => attribute.Name == "crypto");
        var ours = local.Security.Keys.Single(key => key.Suite == SrtpSuite.AesCm256Tag80);
        Assert.Equal("7 AES_CM_256_HMAC_SHA1_80 inline:" + Convert.ToBase64String(ours.Material), line.Value);
        Assert.Equal(new MediaKeying.Sdes(ours, new SrtpKey(SrtpSuite.AesCm256Tag80, new byte[46])), result.Media!.Keying);
    }

    [Theory]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz", true)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_32 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20", true)]
    [InlineData("1 aes_cm_128_hmac_sha1_32 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|1048576", true)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz WSH=64 -X=1", true)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz KDR=0", true)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20|1:4", true)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|1:4", true)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz KDR=1", false)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz UNENCRYPTED_SRTP", false)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz UNAUTHENTICATED_SRTP", false)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|256:1", false)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|1:400", false)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^49", false)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|0", false)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwg", false)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 inline:", false)]
    [InlineData("1 AES_CM_128_HMAC_SHA1_80 WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz", false)]
    [InlineData("1 NULL_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz", false)]
    [InlineData("x AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz", false)]
    [InlineData("1", false)]
    [InlineData("", false)]
    public void CryptoLine_IsTakenOnlyWhenItCanBeDoneAsItSays(string value, bool usable) => Assert.Equal(usable, SdpCrypto.Parse(value) is not null);

    [Fact]
    public void CryptoLine_WithAKeyIdentifier_GivesItInFullLength() =>
        Assert.Equal([0, 0, 0, 1], SdpCrypto.Parse("1 AES_CM_128_HMAC_SHA1_80 " + Inline + "|2^20|1:4")!.Key.Mki.ToArray());

    [Theory]
    [InlineData("actpass", "passive", false)]
    [InlineData("active", "passive", false)]
    [InlineData("passive", "active", true)]
    public void Answer_ToDtls_LetsThePhoneBeginWhereItCan(string theirs, string ours, bool active)
    {
        var result = OfferAnswer.Answer(Parse($"a=fingerprint:SHA-256 {Hash}", "m=audio 4000 UDP/TLS/RTP/SAVP 8", "a=setup:" + theirs), Local(CallSecurity.EncryptedOnly));

        var keying = Assert.IsType<MediaKeying.Dtls>(result.Media!.Keying);
        Assert.Equal((active, new SdpFingerprint("sha-256", Hash)), (keying.Active, Assert.Single(keying.Theirs)));
        Assert.Equal(ours, result.Session!.Media[0].Attribute("setup"));
        Assert.Equal($"{Own.Hash} {Own.Value}", result.Session.Media[0].Attribute("fingerprint"));
    }

    [Theory]
    [InlineData("a=fingerprint:sha-1 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB", "a=setup:actpass")]
    [InlineData("a=fingerprint:sha-256 4A:AD", "a=setup:actpass")]
    [InlineData("a=fingerprint:sha-256 " + Hash, "a=setup:holdconn")]
    public void Answer_ToDtlsThatProvesNothing_IsRefused(params string[] lines) =>
        Assert.Equal("refused", Outcome(OfferAnswer.Answer(Parse(["m=audio 4000 UDP/TLS/RTP/SAVP 8", .. lines]), Local(CallSecurity.Preferred))));

    [Fact]
    public void Answer_WithAClearAndAnEncryptedLine_TakesTheEncryptedOneWhereThatIsPreferred()
    {
        string[] lines = ["m=audio 4000 RTP/AVP 8", "m=audio 4002 RTP/SAVP 8", $"a=crypto:1 AES_CM_128_HMAC_SHA1_80 {Inline}"];

        Assert.Equal([10000, 0], OfferAnswer.Answer(Parse(lines), Local(CallSecurity.ClearAllowed)).Session!.Media.Select(media => media.Port));
        Assert.Equal([0, 10000], OfferAnswer.Answer(Parse(lines), Local(CallSecurity.Preferred)).Session!.Media.Select(media => media.Port));
        Assert.Equal([0, 10000], OfferAnswer.Answer(Parse(lines), Local(CallSecurity.EncryptedOnly)).Session!.Media.Select(media => media.Port));
    }

    [Fact]
    public void Offer_ByPolicy_IsClearOptionalOrRequired()
    {
        var clear = OfferAnswer.MakeOffer(Local(CallSecurity.ClearAllowed)).Media[0];
        var optional = OfferAnswer.MakeOffer(Local(CallSecurity.Preferred)).Media[0];
        var required = OfferAnswer.MakeOffer(Local(CallSecurity.EncryptedOnly)).Media[0];

        Assert.Equal(["RTP/AVP", "RTP/AVP", "RTP/SAVP"], new[] { clear, optional, required }.Select(media => media.Protocol));
        Assert.False(clear.Has("crypto") || clear.Has("fingerprint"));
        foreach (var media in new[] { optional, required })
        {
            Assert.Equal(SrtpSuites.Offered, SdpCrypto.Of(media).Select(line => line.Key.Suite));
            Assert.Equal("actpass", media.Attribute("setup"));
        }
    }

    [Theory]
    [InlineData("ClearAllowed")]
    [InlineData("Preferred")]
    [InlineData("EncryptedOnly")]
    public void Offer_ToABrowser_IsDtlsInItsOwnProfile_AlsoLater(string named)
    {
        var policy = Enum.Parse<CallSecurity>(named);
        var local = Local(policy);
        local = local with { Security = local.Security with { IsForBrowser = true } };
        var offer = OfferAnswer.MakeOffer(local);
        var media = OfferAnswer.ReadAnswer(offer, Parse("m=audio 4000 UDP/TLS/RTP/SAVPF 8", $"a=fingerprint:sha-256 {Hash}", "a=setup:active"), policy);
        var again = OfferAnswer.MakeOffer(local with { Security = local.Security with { Agreed = media!.Keying } }, offer);

        Assert.IsType<MediaKeying.Dtls>(media.Keying);
        Assert.Null(OfferAnswer.ReadAnswer(offer, Parse("m=audio 4000 RTP/AVP 8"), policy));
        foreach (var line in new[] { offer.Media[0], again.Media[0] })
        {
            Assert.Equal("UDP/TLS/RTP/SAVPF", line.Protocol);
            Assert.Equal((false, true, "actpass"), (line.Has("crypto"), line.Has("fingerprint"), line.Attribute("setup")));
        }
    }

    [Theory]
    [InlineData("Preferred", "RTP/AVP", "", "clear")]
    [InlineData("Preferred", "RTP/AVP", "crypto", "sdes")]
    [InlineData("Preferred", "RTP/SAVP", "crypto", "sdes")]
    [InlineData("Preferred", "RTP/AVP", "dtls", "dtls")]
    [InlineData("Preferred", "RTP/AVP", "strange", "clear")]
    [InlineData("EncryptedOnly", "RTP/SAVP", "crypto", "sdes")]
    [InlineData("EncryptedOnly", "RTP/SAVP", "dtls", "dtls")]
    [InlineData("EncryptedOnly", "RTP/SAVP", "", "refused")]
    [InlineData("EncryptedOnly", "RTP/SAVP", "strange", "refused")]
    [InlineData("EncryptedOnly", "RTP/AVP", "", "refused")]
    public void AnswerToOurOffer_IsReadAsThePolicyAllows(string named, string profile, string attributes, string expected)
    {
        var policy = Enum.Parse<CallSecurity>(named);
        var local = Local(policy);
        var offer = OfferAnswer.MakeOffer(local);
        string[] lines = attributes switch
        {
            "crypto" => [$"a=crypto:4 AES_CM_128_HMAC_SHA1_80 {Inline}"],
            "strange" => [$"a=crypto:99 AES_CM_128_HMAC_SHA1_80 {Inline}"],
            "dtls" => [$"a=fingerprint:sha-256 {Hash}", "a=setup:active"],
            _ => [],
        };

        var media = OfferAnswer.ReadAnswer(offer, Parse([$"m=audio 4000 {profile} 8", .. lines]), policy);

        Assert.Equal(expected, media is null ? "refused" : media.Keying switch { MediaKeying.Sdes => "sdes", MediaKeying.Dtls => "dtls", _ => "clear" });
        if (media?.Keying is MediaKeying.Sdes sdes)
            Assert.Equal(local.Security.Keys.Single(key => key.Suite == SrtpSuite.AesCm128Tag80), sdes.Ours);
    }

    [Fact]
    public void LaterOffer_OfAnEncryptedSession_KeepsProfileKeyAndWay()
    {
        var local = Local(CallSecurity.Preferred);
        var first = OfferAnswer.Answer(Parse("m=audio 4000 RTP/SAVPF 8", $"a=crypto:3 AES_CM_128_HMAC_SHA1_32 {Inline}"), local);
        var again = OfferAnswer.MakeOffer(local with { Security = local.Security with { Agreed = first.Media!.Keying } }, first.Session).Media[0];

        Assert.Equal("RTP/SAVPF", again.Protocol);
        Assert.Equal(((MediaKeying.Sdes)first.Media.Keying!).Ours, Assert.Single(SdpCrypto.Of(again)).Key);
        Assert.False(again.Has("fingerprint"));
    }

    [Fact]
    public void NothingThatIsLogged_HoldsAKey()
    {
        var local = Local(CallSecurity.Preferred);
        var offer = Parse("m=audio 4000 RTP/SAVP 8", $"a=crypto:1 AES_CM_128_HMAC_SHA1_80 {Inline}");
        var result = OfferAnswer.Answer(offer, local);
        object[] said = [offer, result, result.Session!, result.Media!, result.Media!.Keying!, local, OfferAnswer.MakeOffer(local), SdpCrypto.Of(offer.Media[0]).Single()];
        string[] secrets = [Inline["inline:".Length..], .. local.Security.Keys.Select(key => Convert.ToBase64String(key.Material))];

        foreach (var text in said.Select(each => each.ToString()!).Concat(offer.Media[0].Attributes.Select(each => each.ToString())))
            Assert.All(secrets, secret => Assert.DoesNotContain(secret[..12], text, StringComparison.Ordinal));
        Assert.Contains("AES_CM_128_HMAC_SHA1_80", result.Media!.ToString(), StringComparison.Ordinal);
    }
}
