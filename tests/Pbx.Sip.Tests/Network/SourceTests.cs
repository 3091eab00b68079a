using System.Net;
using Pbx.Sip.Network;

namespace Pbx.Sip.Tests.Network;

public sealed class SourceTests
{
    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("2001:db8:1:2:ffff::9", "2001:db8:1:2::/64")]
    [InlineData("fe80::9", "fe80::9")]
    [InlineData("fd00:1:2:3::9", "fd00:1:2:3::9")]
    public void Of_AnAddress_IsItsNetworkOnlyWhereOneSubscriberHasThat(string address, string source)
    {
        Assert.Equal(source, Source.Of(IPAddress.Parse(address)).ToString());
        Assert.Equal(Source.Of(IPAddress.Parse(address)), Source.Parse(source));
    }
}
