using Pbx.Sip.Transport;
using Pbx.Testing;

namespace Pbx.Sip.Tests.Trunks;

public sealed class ServerLocatorTests
{
    private readonly FakeNames names = new();
    private readonly FakeClock clock = new();
    private readonly ServerLocator locator;

    public ServerLocatorTests()
    {
        locator = new ServerLocator(names, clock, new Random(3));
        names.Services["_sip._udp.example.com"] = [new(20, 0, "c", 5070), new(10, 0, "a", 5060), new(10, 60, "b", 5061)];
        names.Addresses["a"] = ["192.0.2.1"];
        names.Addresses["b"] = ["192.0.2.2", "2001:db8::2"];
        names.Addresses["c"] = ["192.0.2.3"];
        names.Addresses["example.com"] = ["192.0.2.9"];
    }

    [Fact]
    public async Task Servers_WithoutPort_AreThoseOfSrvByPriority()
    {
        var found = (await Find()).Split(' ');
        Assert.Equal(4, found.Length);
        Assert.Equal("192.0.2.3:5070", found[^1]);
        Assert.Contains("[2001:db8::2]:5061", found);
    }

    [Fact]
    public async Task Servers_OfOnePriority_AreChosenByWeight()
    {
        var first = 0;
        for (var i = 0; i < 200; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(61));
            if ((await Find()).StartsWith("192.0.2.2:5061", StringComparison.Ordinal)) first++;
        }
        Assert.InRange(first, 180, 200);
    }

    [Theory]
    [InlineData("example.com", 5080, false, "192.0.2.9:5080")]
    [InlineData("example.com", null, true, "192.0.2.9:5060")]
    [InlineData("192.0.2.7", null, false, "192.0.2.7:5060")]
    [InlineData("192.0.2.7", 5090, false, "192.0.2.7:5090")]
    [InlineData("2001:db8::7", null, false, "[2001:db8::7]:5060")]
    [InlineData("nowhere.example", null, false, "")]
    public async Task Servers_WithPortOrAddressOrWithoutSrv_AreTheHostsAddresses(string host, int? port, bool tcp, string servers) =>
        Assert.Equal(servers, string.Join(' ', await locator.FindAsync(host, port, tcp ? SipTransport.Tcp : SipTransport.Udp)));

    [Fact]
    public async Task Servers_AreKeptAsLongAsTheyHoldAndLongerWhenNobodyAnswers()
    {
        var found = await Find();
        var asked = names.Asked;
        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(found, await Find());
        Assert.Equal(asked, names.Asked);
        names.Fails = true;
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(found, await Find());
        Assert.True(names.Asked > asked);
    }

    private async Task<string> Find() => string.Join(' ', await locator.FindAsync("example.com", null, SipTransport.Udp));
}
