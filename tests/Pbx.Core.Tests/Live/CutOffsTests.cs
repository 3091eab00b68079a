using Pbx.Core.Common;
using Pbx.Core.Extensions;
using Pbx.Core.Live;
using Pbx.Core.Settings;
using Pbx.Core.Snapshot;

namespace Pbx.Core.Tests.Live;

public sealed class CutOffsTests
{
    private static readonly LiveRegistration[] Registrations =
    [
        Registration("clear", "TLS", null), Registration("clear", "UDP", "SDES, AES_CM_128_HMAC_SHA1_80"), Registration("clear", "TLS", "SDES, AES_CM_128_HMAC_SHA1_80"),
        Registration("strict", "TLS", ""), Registration("other", "TCP", ""), Registration("other", "WSS", ""), Registration("other", "WSS", "DTLS"), Registration("gone", "UDP", null),
    ];

    private static readonly PbxSnapshot Now = PbxSnapshot.Empty
        .With(Extension("clear", CallSecurity.ClearAllowed)).With(Extension("other", CallSecurity.Preferred)).With(Extension("strict", CallSecurity.EncryptedOnly));

    [Theory]
    [InlineData(CallSecurity.ClearAllowed, "")]
    [InlineData(CallSecurity.Preferred, "")]
    [InlineData(CallSecurity.EncryptedOnly, "clear UDP InClear, other TCP InClear, other WSS ClearSound, clear TLS SoundNotKnown")]
    public void CutOffs_SystemsSettingChanged_AreTheDevicesInClear_ThoseThatTalkSo_AndThoseNotKnown(CallSecurity security, string expected) =>
        Assert.Equal(expected, Of(Now, Now.With(new SystemSettings { Security = security })));

    [Fact]
    public void CutOffs_OneExtensionHeldToEncryption_AreItsDevicesInClear() =>
        Assert.Equal("clear UDP InClear, clear TLS SoundNotKnown", Of(Now, Now.With(Extension("clear", CallSecurity.EncryptedOnly))));

    [Fact]
    public void CutOffs_WhereEncryptionIsRequiredAlready_AreNobody()
    {
        var strict = Now.With(new SystemSettings { Security = CallSecurity.EncryptedOnly });
        Assert.Equal("", Of(strict, strict.With(Extension("clear", CallSecurity.EncryptedOnly))));
    }

    private static string Of(PbxSnapshot now, PbxSnapshot then) =>
        string.Join(", ", CutOffs.Of(now, then, Registrations).Select(each => $"{each.Device.Extension} {each.Device.Transport} {each.Cause}"));

    private static Extension Extension(string key, CallSecurity security) => new() { Key = key, Number = key, Name = key, Site = "lyon", Security = security };

    private static LiveRegistration Registration(string extension, string transport, string? srtp) =>
        new(extension, "phone", "sip:x@192.0.2.1", "192.0.2.1:5060", transport, "", default, default, false, Srtp: srtp);
}
