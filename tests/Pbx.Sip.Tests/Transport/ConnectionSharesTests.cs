using System.Net;
using Pbx.Sip.Network;
using Pbx.Sip.Transport;
using Pbx.Testing;

namespace Pbx.Sip.Tests.Transport;

/// <summary>Which connection gives its place to another.</summary>
public sealed class ConnectionSharesTests
{
    private readonly FakeClock clock = new();
    private readonly ConnectionShares shares;
    private long opened;

    public ConnectionSharesTests() => shares = new ConnectionShares(clock);

    [Fact]
    public void PlacesAllTaken_TheAddressWithMostSilentOnes_GivesItsOldest_HoweverNew()
    {
        Open("192.0.2.1").HasSpoken = true;
        Open("192.0.2.1").HasSpoken = true;
        Open("192.0.2.1").HasSpoken = true;
        var newcomer = Open("192.0.2.2");
        var (first, second) = (Open("203.0.113.9"), Open("203.0.113.9"));

        Assert.Same(first, shares.OldestSilentOfTheGreediest());
        first.HasSpoken = true;
        second.Close(CloseReason.Silent);
        Assert.Same(newcomer, shares.OldestSilentOfTheGreediest());
        newcomer.HasSpoken = true;
        Assert.Null(shares.OldestSilentOfTheGreediest());
    }

    [Fact]
    public void AddressFull_ItsOldestSilentOne_GivesWayAfterASecond()
    {
        var (oldest, _) = (Open("192.0.2.1"), Open("192.0.2.1"));
        Assert.Null(shares.OldestSilentOf(From("192.0.2.1")));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Same(oldest, shares.OldestSilentOf(From("192.0.2.1")));
        Assert.Null(shares.OldestSilentOf(From("192.0.2.2")));
    }

    [Fact]
    public void Address_WhoseLastConnectionIsGone_IsForgotten()
    {
        Open("192.0.2.1");
        Open("192.0.2.1");
        Assert.Equal(2, shares.Of(From("192.0.2.1")));
        shares.Release(From("192.0.2.1"));
        shares.Release(From("192.0.2.1"));
        Assert.Equal(0, shares.Of(From("192.0.2.1")));
        Assert.Null(shares.OldestSilentOfTheGreediest());
    }

    /// <summary>Who has a network of IPv6 has as many addresses as he likes.</summary>
    [Fact]
    public void Addresses_OfOneNetworkOfIPv6_ShareOneShare()
    {
        var first = Open("2001:db8:1:2::1");
        Open("2001:db8:1:2:ffff::9");
        Open("2001:db8:1:3::1");

        Assert.Equal(2, shares.Of(From("2001:db8:1:2::77")));
        Assert.Same(first, shares.OldestSilentOfTheGreediest());
    }

    private static Source From(string address) => Source.Of(IPAddress.Parse(address));

    private FakeConnection Open(string address)
    {
        shares.Reserve(From(address));
        var connection = new FakeConnection(new Flow(SipTransport.Tcp, new IPEndPoint(IPAddress.Parse(address), 1024), new IPEndPoint(IPAddress.Loopback, 5060), ++opened), clock.GetTimestamp());
        shares.Add(connection);
        return connection;
    }

    private sealed class FakeConnection(Flow flow, long openedAt) : IConnection
    {
        public Flow Flow => flow;

        public long OpenedAt => openedAt;

        public long? UnfinishedSince => null;

        public CloseReason Reason { get; private set; }

        public long LastTraffic => openedAt;

        public bool HasSpoken { get; set; }

        public Task Completion => Task.CompletedTask;

        public bool Send(ReadOnlyMemory<byte> message) => true;

        public void Close(CloseReason reason) => Reason = reason;
    }
}
