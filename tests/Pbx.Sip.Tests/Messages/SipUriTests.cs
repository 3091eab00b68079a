using Pbx.Sip.Messages;

namespace Pbx.Sip.Tests.Messages;

public class SipUriTests
{
    // RFC 3261 §19.1.4 gives these pairs.
    [Theory]
    [InlineData("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp")]
    [InlineData("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5")]
    [InlineData("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;newparam=5")]
    [InlineData("sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
        "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com")]
    [InlineData("sip:alice@atlanta.com?subject=project%20x&priority=urgent", "sip:alice@atlanta.com?priority=urgent&subject=project%20x")]
    [InlineData("sip:a@[2001:db8::1]", "sip:a@[2001:DB8:0::1]")]
    [InlineData("tel:+33-1-23.45", "tel:+3312345")]
    public void Uris_EquivalentByTheRfc_AreEquivalent(string one, string two)
    {
        Assert.True(SipUri.Parse(one).IsEquivalentTo(SipUri.Parse(two)));
        Assert.True(SipUri.Parse(two).IsEquivalentTo(SipUri.Parse(one)));
    }

    [Theory]
    [InlineData("sip:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP")]
    [InlineData("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060")]
    [InlineData("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp")]
    [InlineData("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp")]
    [InlineData("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting")]
    [InlineData("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4")]
    [InlineData("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off")]
    public void Uris_DifferentByTheRfc_AreDifferent(string one, string two) =>
        Assert.False(SipUri.Parse(one).IsEquivalentTo(SipUri.Parse(two)));

    [Theory]
    [InlineData("sip:")]
    [InlineData("sip:@host")]
    [InlineData("sip:a@")]
    [InlineData("sip:a@host:99999")]
    [InlineData("sip:a@host:")]
    [InlineData("sip:a@[::1")]
    [InlineData("sip:a@[::g]")]
    [InlineData("sip:a@b@c")]
    [InlineData("sip:%zz@host")]
    [InlineData("sip:a%4@host")]
    [InlineData("sip:a b@host")]
    [InlineData("sip:a@host;=x")]
    [InlineData("tel:")]
    [InlineData("tel:hello world")]
    [InlineData(":x")]
    [InlineData("nothing")]
    public void Uri_Malformed_IsRefused(string text) => Assert.False(SipUri.TryParse(text, out _));

    [Fact]
    public void Uri_WithEverything_IsReadApart()
    {
        var uri = SipUri.Parse("sips:al%20ice:pw@[2001:db8::1]:5071;transport=tls;lr?Subject=a%26b");
        Assert.Equal((UriScheme.Sips, "al ice", "pw", "2001:db8::1", 5071), (uri.Scheme, uri.User, uri.Password, uri.Host, uri.Port));
        Assert.Equal("TLS", uri.Transport);
        Assert.Equal("a&b", uri.Headers["subject"]);
        Assert.Equal("sips:al%20ice:pw@[2001:db8::1]:5071;transport=tls;lr", uri.WithoutHeaders().ToString());
        Assert.Equal("sips:al%20ice@[2001:db8::1]:5071", uri.AddressOfRecord.ToString());
    }
}
