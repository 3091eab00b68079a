using Microsoft.Extensions.DependencyInjection;
using Pbx.Sip.Hosting;

namespace Pbx.Sip.Tests.Hosting;

public sealed class SipOptionsTests
{
    [Fact]
    public void Options_AsTheyComeOutOfTheBox_HaveNoMistakes() => Assert.Empty(new SipOptions().Mistakes());

    [Fact]
    public void Options_WithManyMistakes_AreRefusedWithAllOfThem()
    {
        var options = new SipOptions
        {
            Bind = ["nowhere"], Port = 70000, AdvertisedAddress = "not a host", LocalNetworks = ["10.0.0.0/99"], RtpFirstPort = 20000, RtpLastPort = 10000,
            Shards = -1, MaxCalls = 0, DnsServers = ["192.0.2.53", "127.0.0.1:5353", "[::1]:53", "resolver"],
        };
        Assert.Equal(8, options.Mistakes().Count);
        var refused = Assert.Throws<ArgumentException>(() => new ServiceCollection().AddPbxSip(options));
        Assert.All(options.Mistakes(), mistake => Assert.Contains(mistake, refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Options_MediaPortsOverTheSipPort_AreRefused() =>
        Assert.Contains("contains the SIP port", Assert.Single(new SipOptions { Port = 12000 }.Mistakes()), StringComparison.Ordinal);
}
