using Pbx.Core.Common;
using Pbx.Core.Extensions;
using Pbx.Core.Live;
using Pbx.Core.Settings;
using Pbx.Core.Snapshot;
using Pbx.Core.Trunks;

namespace Pbx.Core.Tests.Live;

public sealed class CutOffsTests
{
    private static readonly LiveRegistration[] Registrations =
    [
        Registration("clear", "TLS", null), Registration("clear", "UDP", "SDES, AES_CM_128_HMAC_SHA1_80"), Registration("clear", "TLS", "SDES, AES_CM_128_HMAC_SHA1_80"),
        Registration("strict", "TLS", ""), Registration("other", "TCP", ""), Registration("other", "WSS", ""), Registration("other", "WSS", "DTLS"), Registration("gone", "UDP", null),
    ];

    private static readonly LiveTrunk[] Trunks = [Trunk("udp", "SDES, AES_CM_128_HMAC_SHA1_80"), Trunk("bare", ""), Trunk("unheard", null), Trunk("keyed", "SDES, AES_CM_128_HMAC_SHA1_80"), Trunk("off", ""), Trunk("lost", "")];

    private static readonly PbxSnapshot Now = PbxSnapshot.Empty
        .With(Extension("clear", CallSecurity.ClearAllowed)).With(Extension("other", CallSecurity.Preferred)).With(Extension("strict", CallSecurity.EncryptedOnly))
        .With(Provider("bare")).With(Provider("unheard")).With(Provider("keyed")).With(Provider("off") with { Enabled = false })
        .With(Provider("udp") with { Transport = TrunkTransport.Udp }).With(Provider("dead") with { Transport = TrunkTransport.Tcp, Enabled = false });

    [Theory]
    [InlineData(CallSecurity.ClearAllowed, "")]
    [InlineData(CallSecurity.Preferred, "")]
    [InlineData(CallSecurity.EncryptedOnly, "clear UDP InClear, other TCP InClear, udp InClear, other WSS ClearSound, bare ClearSound, clear TLS SoundNotKnown, unheard SoundNotKnown")]
    public void CutOffs_SystemsSettingChanged_AreTheDevicesInClear_ThoseThatTalkSo_AndThoseNotKnown(CallSecurity security, string expected) =>
        Assert.Equal(expected, Of(Now, Now.With(new SystemSettings { Security = security })));

    [Fact]
    public void CutOffs_OneExtensionHeldToEncryption_AreItsDevicesInClear() =>
        Assert.Equal("clear UDP InClear, clear TLS SoundNotKnown", Of(Now, Now.With(Extension("clear", CallSecurity.EncryptedOnly))));

    [Theory]
    [InlineData("bare", "bare ClearSound")]
    [InlineData("unheard", "unheard SoundNotKnown")]
    [InlineData("keyed", "")]
    [InlineData("off", "")]
    public void CutOffs_OneTrunkHeldToEncryption_IsIt_UnlessItsLastCallWasEncrypted(string trunk, string expected) =>
        Assert.Equal(expected, Of(Now, Now.With(Now.Trunks[trunk] with { Security = CallSecurity.EncryptedOnly })));

    [Theory]
    [InlineData("udp", TrunkTransport.Udp, "udp InClear")]
    [InlineData("udp", TrunkTransport.Tcp, "udp InClear")]
    [InlineData("udp", TrunkTransport.Tls, "")]
    [InlineData("keyed", TrunkTransport.Udp, "keyed InClear")]
    [InlineData("new", TrunkTransport.Udp, "new InClear")]
    [InlineData("new", TrunkTransport.Tls, "")]
    public void CutOffs_OneTrunkHeldToEncryption_IsIt_WhenItsTransportIsInClear(string trunk, TrunkTransport transport, string expected)
    {
        var held = Provider(trunk) with { Security = CallSecurity.EncryptedOnly, Transport = transport };
        Assert.Equal(expected, Of(Now, Now.With(held)));
        // Once it is so, saving something else of it takes nothing away.
        Assert.Equal("", Of(Now.With(held), Now.With(held with { Name = "renamed" })));
    }

    [Fact]
    public void CutOffs_WhereEncryptionIsRequiredAlready_AreNobody()
    {
        var strict = Now.With(new SystemSettings { Security = CallSecurity.EncryptedOnly });
        Assert.Equal("", Of(strict, strict.With(Extension("clear", CallSecurity.EncryptedOnly))));
    }

    private static string Of(PbxSnapshot now, PbxSnapshot then) =>
        string.Join(", ", CutOffs.Of(now, then, Registrations, Trunks).Select(each => each.Trunk is { } trunk ? $"{trunk.Key} {each.Cause}" : $"{each.Device!.Extension} {each.Device.Transport} {each.Cause}"));

    private static Extension Extension(string key, CallSecurity security) => new() { Key = key, Number = key, Name = key, Site = "lyon", Security = security };

    private static Trunk Provider(string key) => new() { Key = key, Name = key, Site = "lyon", Host = "provider.test", Transport = TrunkTransport.Tls };

    private static LiveTrunk Trunk(string key, string? srtp) => new(key, LiveTrunkState.Up, "", default, 0, srtp);

    private static LiveRegistration Registration(string extension, string transport, string? srtp) =>
        new(extension, "phone", "sip:x@192.0.2.1", "192.0.2.1:5060", transport, "", default, default, false, Srtp: srtp);
}
