using Pbx.Sip.Media.Srtp;
using Pbx.Sip.Sdp;

namespace Pbx.Sip.Tests.Media.Srtp;

/// <summary>The test vectors of the RFCs, and reference packets of another implementation (libsrtp).</summary>
public sealed class SrtpVectorTests
{
    private const string Key128 = "E1F97A0D3E018BE0D64FA32C06DE4139";
    private const string Salt128 = "0EC675AD498AFEEBB6960B3AABE6";
    private const string Key256 = "F0F04914B513F2763A1B1FA130F10E2998F6F6E43E4309D1E622A0E332B9F1B6";
    private const string Salt256 = "3B04803DE51EE7C96423AB5B78D2";

    [Theory]
    [InlineData("AES_CM_128_HMAC_SHA1_80", Key128 + Salt128, 0, "C61E7A93744F39EE10734AFE3FF7A087")] // RFC 3711 appendix B.3
    [InlineData("AES_CM_128_HMAC_SHA1_80", Key128 + Salt128, 2, "30CBBC08863D8C85D49DB34A9AE1")]
    [InlineData("AES_CM_128_HMAC_SHA1_80", Key128 + Salt128, 1,
        "CEBE321F6FF7716B6FD4AB49AF256A156D38BAA48F0A0ACF3C34E2359E6CDBCEE049646C43D9327AD175578EF72270986371C10C9A369AC2F94A8C5FBCDDDC25"
        + "6D6E919A48B610EF17C2041E474035766B68642C59BBFC2F34DB60DBDFB2")]
    [InlineData("AES_256_CM_HMAC_SHA1_80", Key256 + Salt256, 0, "5BA1064E30EC51613CAD926C5A28EF731EC7FB397F70A960653CAF06554CD8C4")] // RFC 6188 section 7.2
    [InlineData("AES_256_CM_HMAC_SHA1_80", Key256 + Salt256, 2, "FA31791685CA444A9E07C6C64E93")]
    [InlineData("AES_256_CM_HMAC_SHA1_80", Key256 + Salt256, 1, "FD9C32D39ED5FBB5A9DC96B30818454D1313DC05")]
    public void KeyDerivation_OfTheRfcsMasterKeys_GivesTheirSessionKeys(string named, string material, byte label, string expected)
    {
        var suite = SrtpSuites.Parse(named)!.Value;
        var derived = new byte[expected.Length / 2];

        SrtpKeyDerivation.Derive(Key(suite, material), label, derived);

        Assert.Equal(expected, Convert.ToHexString(derived));
    }

    [Theory]
    [InlineData("2B7E151628AED2A6ABF7158809CF4F3C", // RFC 3711 appendix B.2
        "E03EAD0935C95E80E166B16DD92B4EB4D23513162B02D0F72A43A2FE4A5F97AB41E95B3BB0A2E8DD477901E4FCA894C0")]
    [InlineData("57F82FE3613FD170A85EC93C40B1F0922EC4CB0DC025B58272147CC438944A98", // RFC 6188 section 7.1
        "92BDD28A93C3F52511C677D08B5515A49DA71B2378A854F67050756DED165BAC63C4868B7096D88421B563B8C94C9A31")]
    public void CounterMode_UnderTheRfcsSessionKey_GivesItsKeyStream(string key, string expected)
    {
        using var transform = new CounterTransform(Hex(key), Hex("F0F1F2F3F4F5F6F7F8F9FAFBFCFD"), new byte[20], 10);
        var zeros = new byte[expected.Length / 2];

        transform.Seal(0, 0, zeros, 0, 0, new byte[10]);

        Assert.Equal(expected, Convert.ToHexString(zeros));
    }

    [Theory]
    [InlineData("000102030405060708090A0B0C0D0E0F", // RFC 7714 section 16.1
        "F24DE3A3FB34DE6CACBA861C9D7E4BCABE633BD50D294E6F42A5F47A51C7D19B36DE3ADF8833899D7F27BEB16A9152CF765EE4390CCE")]
    [InlineData("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F", // section 16.2
        "32B1DE78A822FE12EF9F78FA332E33AAB18012389A58E2F3B50B2A0276FFAE0F1BA63799B87B7AA3DB36DFFFD6B0F9BB7878D7A76C13")]
    public void Gcm_OfTheRfcsRtpPacket_GivesItsCiphertextAndTag(string key, string expected)
    {
        using var transform = new GcmTransform(Hex(key), Hex("517569642070726F2071756F"), rtcp: false);
        var plain = Hex("8040F17B8041F8D35501A0B247616C6C696120657374206F6D6E69732064697669736120696E207061727465732074726573");
        var packet = plain.ToArray();
        var tag = new byte[16];

        transform.Seal(0x5501A0B2, 0xF17B, packet, 12, 0, tag);
        var sealed_ = Convert.ToHexString([.. packet[12..], .. tag]);
        var opened = transform.Open(0x5501A0B2, 0xF17B, packet, 12, 0, encrypted: true, tag);

        Assert.Equal(expected, sealed_);
        Assert.True(opened);
        Assert.Equal(plain, packet);
    }

    [Theory]
    [InlineData("000102030405060708090A0B0C0D0E0F", // RFC 7714 section 17.1
        "63E94885DCDAB67CA727D7662F6B7E997FF5C0F76C06F32DC676A5F1730D6FDA4CE09B4686303DED0BB9275BC84AA45896CF4D2FC5ABF87245D9EADE")]
    [InlineData("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F", // section 17.2
        "D50AE4D1F5CE5D304BA297E47D470C282C3ECE5DBFFE0A50A2EAA5C1110555BE8415F658C61DE0476F1B6FAD1D1EB30C4446839F57FF6F6CB26AC3BE")]
    public void Gcm_OfTheRfcsRtcpPacket_GivesItsCiphertextAndTag(string key, string expected)
    {
        using var transform = new GcmTransform(Hex(key), Hex("517569642070726F2071756F"), rtcp: true);
        var plain = Hex("81C8000D4D6172734E5450314E545032525450200000042A0000E9304C756E61DEADBEEFDEADBEEFDEADBEEFDEADBEEFDEADBEEF");
        var packet = plain.ToArray();
        var tag = new byte[16];

        transform.Seal(0x4D617273, 0x5D4, packet, 8, 0x800005D4, tag);
        var sealed_ = Convert.ToHexString([.. packet[8..], .. tag]);
        var opened = transform.Open(0x4D617273, 0x5D4, packet, 8, 0x800005D4, encrypted: true, tag);

        Assert.Equal(expected, sealed_);
        Assert.True(opened);
        Assert.Equal(plain, packet);
    }

    [Theory] // RFC 7714 sections 17.3 and 17.4: authenticated, not encrypted.
    [InlineData("000102030405060708090A0B0C0D0E0F", "841DD9683DD78EC92AE58790125F62B3")]
    [InlineData("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F", "91DB4AFBFEEE5A978FAB4393ED2615FE")]
    public void Gcm_OfAnRtcpPacketInClear_ChecksItsTag(string key, string tag)
    {
        using var transform = new GcmTransform(Hex(key), Hex("517569642070726F2071756F"), rtcp: true);
        var packet = Hex("81C8000D4D6172734E5450314E545032525450200000042A0000E9304C756E61DEADBEEFDEADBEEFDEADBEEFDEADBEEFDEADBEEF");

        Assert.True(transform.Open(0x4D617273, 0x5D4, packet, 8, 0x5D4, encrypted: false, Hex(tag)));
        packet[20] ^= 1;
        Assert.False(transform.Open(0x4D617273, 0x5D4, packet, 8, 0x5D4, encrypted: false, Hex(tag)));
    }

    [Theory]
    [InlineData("AES_CM_128_HMAC_SHA1_80", Key128 + Salt128, "4E55DC4CE79978D88CA4D215949D2402B78D6ACC99EA179B8DBB")]
    [InlineData("AES_256_CM_HMAC_SHA1_80", Key256 + Salt256, "F1D9DE17FF251FF1AA007774B0B4B40DA08D9D9A5B3A55D8873B")]
    [InlineData("AEAD_AES_128_GCM", "000102030405060708090A0B0C0D0E0FA0A1A2A3A4A5A6A7A8A9AAAB", "C5002EDE04CFDD2EB91159E0880AA06ED2976826F796B201DF3131A127E8A392")]
    public void Context_OfLibsrtpsReferencePacket_ProtectsAndUnprotectsIt(string named, string material, string expected)
    {
        var suite = SrtpSuites.Parse(named)!.Value;
        using var sender = new SrtpContext(Key(suite, material));
        using var receiver = new SrtpContext(Key(suite, material));
        var plain = Hex("800F1234DECAFBADCAFEBABE" + "ABABABABABABABABABABABABABABABAB");
        var buffer = new byte[plain.Length + SrtpContext.MaxGrowth];
        plain.CopyTo(buffer, 0);

        var length = sender.Protect(buffer, plain.Length);

        Assert.Equal("800F1234DECAFBADCAFEBABE" + expected, Convert.ToHexString(buffer[..length]));
        Assert.Equal(plain.Length, receiver.Unprotect(buffer.AsSpan(0, length)));
        Assert.Equal(plain, buffer[..plain.Length]);
    }

    [Fact]
    public void Context_OfLibsrtpsReferenceReport_ProtectsAndUnprotectsIt()
    {
        using var sender = new SrtpContext(Key(SrtpSuite.AesCm128Tag80, Key128 + Salt128));
        using var receiver = new SrtpContext(Key(SrtpSuite.AesCm128Tag80, Key128 + Salt128));
        var plain = Hex("81C8000BCAFEBABE" + "ABABABABABABABABABABABABABABABAB");
        var buffer = new byte[plain.Length + SrtpContext.MaxGrowth];
        plain.CopyTo(buffer, 0);
        sender.ProtectRtcp(buffer, plain.Length); // its reference packet is number 1; ours begin at 0, as RFC 3711 section 3.4 has it
        plain.CopyTo(buffer, 0);

        var length = sender.ProtectRtcp(buffer, plain.Length);

        Assert.Equal("81C8000BCAFEBABE7128035BE487B9BDBEF89041F977A5A880000001993E08CD54D6C1230798", Convert.ToHexString(buffer[..length]));
        Assert.Equal(plain.Length, receiver.UnprotectRtcp(buffer.AsSpan(0, length)));
        Assert.Equal(plain, buffer[..plain.Length]);
    }

    private static byte[] Hex(string text) => Convert.FromHexString(text);

    private static SrtpKey Key(SrtpSuite suite, string material) => new(suite, Hex(material));
}
