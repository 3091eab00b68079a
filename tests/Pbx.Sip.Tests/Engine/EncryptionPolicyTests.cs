using Pbx.Core.Common;
using Pbx.Sip.Messages;
using Pbx.Sip.Sdp;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Tests.Engine;

/// <summary>What the encryption that a number is held to does to calls: no way down from it, and none in clear.</summary>
public sealed class EncryptionPolicyTests
{
    private const string Crypto = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\r\n";
    private const string OtherCrypto = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAAAX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\r\n";

    [Fact]
    public void EncryptedOnly_CallerThatOffersClear_Gets488_AndNobodyRings()
    {
        using var bench = Bench("100", CallSecurity.EncryptedOnly);
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));

        var call = a.Invite("101");
        bench.Run();

        call.AckOf(a.Last(488));
        Assert.Empty(b.Requests);
        Assert.Empty(bench.Media.Legs);
    }

    [Fact]
    public void EncryptedOnly_CallerThatEncrypts_TalksWithAClearPhone()
    {
        using var bench = Bench("100", CallSecurity.EncryptedOnly);
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));

        var (call, invite) = Ring(bench, a, b, Secure(a));
        Assert.DoesNotContain("crypto", Sdp(invite), StringComparison.Ordinal);
        b.Reply(invite, 200, b.Sdp());
        bench.Run();
        call.Ack();
        bench.Run();

        Assert.Contains("RTP/SAVP 8", Sdp(call.Answer), StringComparison.Ordinal);
        Assert.IsType<MediaKeying.Sdes>(CallerLeg(bench).Media!.Keying);
        Assert.Null(bench.Media.Legs.Single(leg => leg != CallerLeg(bench)).Media!.Keying);
        Assert.Equal(1, bench.Media.Bridges);

        LegProtection[] each = [new("UDP", "", "SDES, AES_CM_128_HMAC_SHA1_80"), new("UDP", "", "")];
        Assert.Equal(each, bench.Live.Topic.Current.Single().Protection);
        call.Bye();
        bench.Run();
        Assert.Equal(each, bench.Records.Single().Quality.Select(leg => leg.Protection));
    }

    [Fact]
    public void EncryptedOnly_ReInviteDownToClear_Gets488_AndTheCallStaysEncrypted()
    {
        using var bench = Bench("100", CallSecurity.EncryptedOnly);
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        var (call, invite) = Ring(bench, a, b, Secure(a));
        b.Reply(invite, 200, b.Sdp());
        bench.Run();
        call.Ack();
        bench.Run();

        call.ReInvite(a.Sdp());
        bench.Run();

        a.Last(488);
        Assert.IsType<MediaKeying.Sdes>(CallerLeg(bench).Media!.Keying);
        Assert.Equal(1, bench.Media.Bridges);
    }

    [Fact]
    public void EncryptedOnly_Callee_IsOfferedNothingElse_AndItsClearAnswerEndsTheLeg()
    {
        using var bench = Bench("101", CallSecurity.EncryptedOnly);
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        var (_, invite) = Ring(bench, a, b, null);
        Assert.Contains("RTP/SAVP", Sdp(invite), StringComparison.Ordinal);

        b.Reply(invite, 200, b.Sdp().Replace("RTP/AVP", "RTP/SAVP", StringComparison.Ordinal));
        bench.Run();

        Assert.True(b.Has(SipMethods.Bye));
        Assert.DoesNotContain(bench.Media.Legs, leg => leg.Media is { Keying: null } && leg.Id.Value != 0);
        Assert.DoesNotContain(200, a.Statuses);
    }

    [Fact]
    public void Preferred_Callee_IsOfferedBoth_AndTakesEither()
    {
        foreach (var encrypts in new[] { true, false })
        {
            using var bench = Bench("101", CallSecurity.Preferred);
            var (a, b) = (bench.Phone("100"), bench.Phone("101"));
            var (_, invite) = Ring(bench, a, b, null);
            Assert.Contains("RTP/AVP", Sdp(invite), StringComparison.Ordinal);
            Assert.Contains("a=crypto:4 AES_CM_128_HMAC_SHA1_80", Sdp(invite), StringComparison.Ordinal);

            b.Reply(invite, 200, b.Sdp() + (encrypts ? Crypto.Replace("crypto:1", "crypto:4", StringComparison.Ordinal) : ""));
            bench.Run();

            Assert.Equal(encrypts, bench.Media.Legs.Single(leg => leg.Id.Value != 0).Media!.Keying is MediaKeying.Sdes);
            Assert.Contains(200, a.Statuses);
        }
    }

    [Fact]
    public void ClearAllowed_CallerThatWantsEncryption_GetsIt()
    {
        using var bench = Bench("100", CallSecurity.ClearAllowed);
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        var (_, invite) = Ring(bench, a, b, Secure(a));
        b.Reply(invite, 200, b.Sdp());
        bench.Run();

        Assert.IsType<MediaKeying.Sdes>(CallerLeg(bench).Media!.Keying);
    }

    [Fact]
    public void ReInvite_WithTheSameKey_IsAnsweredWithOurs_WithAnotherKey_WithANewOne()
    {
        using var bench = Bench("100", CallSecurity.EncryptedOnly);
        var (a, b) = (bench.Phone("100"), bench.Phone("101"));
        var (call, invite) = Ring(bench, a, b, Secure(a));
        b.Reply(invite, 200, b.Sdp());
        bench.Run();
        call.Ack();
        bench.Run();
        var first = Keys(bench);

        call.ReInvite(Secure(a, "sendonly"));
        bench.Run();
        call.Ack();
        Assert.Equal(first, Keys(bench));

        call.ReInvite(Secure(a).Replace(Crypto, OtherCrypto, StringComparison.Ordinal));
        bench.Run();
        Assert.NotEqual(first.Ours, Keys(bench).Ours);
        Assert.NotEqual(first.Theirs, Keys(bench).Theirs);
        Assert.Contains(Convert.ToBase64String(Keys(bench).Ours.Material), Sdp(a.Last(200)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Called_WithAPhoneAndABrowser_EachIsOfferedItsWay_AndEitherMayAnswer(bool browserAnswers)
    {
        using var bench = Bench("101", CallSecurity.Preferred);
        bench.Media.Fingerprint = SdpFingerprint.Of("certificate"u8);
        var (a, phone, browser) = (bench.Phone("100"), bench.Phone("101"), bench.Phone("101", SipTransport.Wss));
        var call = a.Invite("101");
        bench.Run();
        var (toPhone, toBrowser) = (phone.Take(SipMethods.Invite), browser.Take(SipMethods.Invite));
        Assert.Equal(("RTP/AVP", true), (ProfileOf(toPhone), Sdp(toPhone).Contains("a=crypto", StringComparison.Ordinal)));
        Assert.Equal(("UDP/TLS/RTP/SAVPF", false), (ProfileOf(toBrowser), Sdp(toBrowser).Contains("a=crypto", StringComparison.Ordinal)));

        phone.Reply(toPhone, 180);
        browser.Reply(toBrowser, 180);
        bench.Run();
        if (browserAnswers) browser.Reply(toBrowser, 200, Dtls(browser));
        else phone.Reply(toPhone, 200, phone.Sdp() + Crypto.Replace("crypto:1", "crypto:4", StringComparison.Ordinal));
        bench.Run();
        call.Ack();
        bench.Run();

        var keying = bench.Media.Legs.Single(leg => leg.Id != Pbx.Core.CallFlow.LegId.Caller).Media!.Keying;
        Assert.Equal(browserAnswers, keying is MediaKeying.Dtls);
        Assert.Equal(!browserAnswers, keying is MediaKeying.Sdes);
        Assert.True((browserAnswers ? phone : browser).Has(SipMethods.Cancel));
    }

    private static string ProfileOf(SipMessage message) =>
        SdpParser.TryParse(Sdp(message), out var session) ? session.Media[0].Protocol : throw new InvalidOperationException(Sdp(message));

    private static string Dtls(TestPhone phone) => phone.Sdp().Replace("RTP/AVP", "UDP/TLS/RTP/SAVPF", StringComparison.Ordinal)
        + $"a=fingerprint:sha-256 {SdpFingerprint.Of("theirs"u8).Value}\r\na=setup:active\r\n";

    private static EngineBench Bench(string number, CallSecurity security)
    {
        var bench = new EngineBench(Company.Small());
        bench.Security[number] = security;
        return bench;
    }

    private static (TestCall Call, SipRequest Invite) Ring(EngineBench bench, TestPhone a, TestPhone b, string? offer)
    {
        var call = a.Invite("101", offer ?? "");
        bench.Run();
        var invite = b.Take(SipMethods.Invite);
        b.Reply(invite, 180);
        bench.Run();
        return (call, invite);
    }

    // Its media opens when it is answered, so after that of the leg that rang.
    private static FakeLeg CallerLeg(EngineBench bench) => bench.Media.Legs.Single(leg => leg.Id == Pbx.Core.CallFlow.LegId.Caller);

    private static MediaKeying.Sdes Keys(EngineBench bench) => (MediaKeying.Sdes)CallerLeg(bench).Media!.Keying!;

    private static string Secure(TestPhone phone, string direction = "sendrecv") =>
        phone.Sdp(direction).Replace("RTP/AVP", "RTP/SAVP", StringComparison.Ordinal) + Crypto;

    private static string Sdp(SipMessage message) => message.BodyText;
}
