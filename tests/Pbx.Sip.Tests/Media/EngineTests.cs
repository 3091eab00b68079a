using System.Net;
using System.Runtime.InteropServices;
using Pbx.Core.CallFlow;
using Pbx.Sip.Media;
using Pbx.Sip.Media.Net;

namespace Pbx.Sip.Tests.Media;

public class EngineTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sockets_EpollAndPortable_CarryACallAlike(bool portable)
    {
        using var studio = new MediaStudio(options => options with { Portable = portable });
        var (legA, phoneA, eventsA) = studio.Connect();
        var (legB, phoneB, _) = studio.Connect();
        legA.Play(1, MediaStudio.Prompt(440));
        await eventsA.Plays.AtLeast(1);
        Assert.True(Ear.Share(phoneA.Sound().AsSpan(PlayTests.FirstLoud(phoneA.Sound()) + 320, 1600), 440) > 0.9);
        legA.BridgeWith(legB);
        await phoneA.SpeakAsync(legA.Port, Ear.Tone(1100, 500));
        await phoneB.Packets.Until(_ => phoneB.Sound().Any(sample => sample > 2000));
        phoneA.Press(legA.Port, '4');
        Assert.Equal('4', (await eventsA.Digits.AtLeast(1))[0]);
    }

    [Theory]
    [InlineData("0.0.0.0", false)]
    [InlineData("::", false)]
    [InlineData("::", true)]
    public async Task Sockets_AnyAddress_ReachesIPv4(string bind, bool portable)
    {
        using var studio = new MediaStudio(options => options with { Bind = IPAddress.Parse(bind), Portable = portable });
        var (leg, phone, _) = studio.Connect();
        leg.Echo();
        await phone.SpeakAsync(leg.Port, Ear.Tone(440, 200));
        Assert.Equal(leg.Port, (await phone.Packets.AtLeast(3))[0].From.Port);
        await phone.Packets.Until(_ => phone.Sound().Any(sample => sample > 2000));
    }

    [Fact]
    public async Task Close_GivesPortsBackSendsByeAndReportsOnce()
    {
        using var studio = new MediaStudio();
        var (leg, phone, events) = studio.Connect();
        await phone.SpeakAsync(leg.Port, Ear.Tone(440, 100));
        Assert.Equal(1, studio.Engine.Counters.Ports);
        // What is still in the socket when the leg is closed is not heard any more.
        Assert.True(SpinWait.SpinUntil(() => studio.Engine.Counters.PacketsReceived == 5, TimeSpan.FromSeconds(60)));
        leg.Close();
        leg.Close();
        var report = await events.FinalReport();
        Assert.Equal(0, studio.Engine.Counters.Ports);
        Assert.Equal(0, studio.Engine.Counters.Legs);
        Assert.Equal("PCMA", report.Codec);
        Assert.Equal(5, report.PacketsReceived);
        Assert.True(report.PacketsSent > 2);
        Assert.NotNull(report.FirstPacketAfter);
        var bye = (await phone.Reports.AtLeast(1))[0];
        Assert.Equal(203, bye[^7]);
    }

    [Fact]
    public void Open_NoPortLeft_IsRefusedAndAfterACloseTakenAgain()
    {
        using var studio = new MediaStudio(options => options with { LastPort = options.FirstPort + 3 });
        var first = studio.Engine.Open(studio.Call, LegId.Caller, new Listener())!;
        Assert.NotNull(studio.Engine.Open(studio.Call, new LegId(1), new Listener()));
        Assert.Equal(0, first.Port % 2);
        Assert.Null(studio.Engine.Open(studio.Call, new LegId(2), new Listener()));
        first.Close();
        Assert.True(SpinWait.SpinUntil(() => studio.Engine.Counters.Ports == 1, TimeSpan.FromSeconds(60)));
        Assert.NotNull(studio.Engine.Open(studio.Call, new LegId(2), new Listener()));
    }

    [Fact]
    public void PortAllocator_PortGivenBack_RestsBeforeItIsUsedAgain()
    {
        var time = new SteppedTime();
        var ports = new PortAllocator(10001, 10006, TimeSpan.FromSeconds(5), time);
        Assert.True(ports.TryTake(out var first));
        Assert.True(ports.TryTake(out var second));
        Assert.Equal([10002, 10004], new[] { first, second }.Order());
        Assert.False(ports.TryTake(out _));
        ports.Return(first);
        Assert.False(ports.TryTake(out _));
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(ports.TryTake(out var again));
        Assert.Equal(first, again);
        Assert.Equal(2, ports.Taken);
    }

    [Theory]
    [InlineData(Architecture.X64, 12, 4)]
    [InlineData(Architecture.Arm64, 16, 8)]
    public void EpollEvent_Layout_IsTheKernels(Architecture architecture, int size, int data) =>
        Assert.Equal(new EpollEventLayout(size, data), EpollEventLayout.Of(architecture));

    [Theory]
    [InlineData("192.0.2.1:5004")]
    [InlineData("[2001:db8::5]:65535")]
    public void PeerAddress_AnyEndpoint_SurvivesTheKernelsForm(string text)
    {
        var address = PeerAddress.From(IPEndPoint.Parse(text));
        var sockaddr = new byte[28];
        Assert.Equal(28, address.Write(sockaddr, System.Net.Sockets.AddressFamily.InterNetworkV6));
        Assert.Equal(address, PeerAddress.Read(sockaddr, System.Net.Sockets.AddressFamily.InterNetworkV6));
        Assert.Equal(text, address.ToString());
    }
}
