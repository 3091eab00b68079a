using Pbx.Core.Common;
using Pbx.Core.Live;
using Pbx.Core.Settings;
using Pbx.Core.Snapshot;
using Pbx.Core.Trunks;
using Pbx.Sip.Messages;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Tests.Trunks;

public sealed class TrunkRoomTests
{
    [Fact]
    public void Trunk_ProviderWantsCredentials_RegistersAndRefreshesBeforeItExpires()
    {
        using var world = new TrunkWorld(TrunkWorld.Trunk() with { QualifySeconds = 0 });
        var provider = world.Provider("10.0.0.2", Provider.Registrar);
        world.Start();
        Assert.Equal(LiveTrunkState.Up, world.Live.State);
        Assert.Equal("registered for 600 s", world.Live.Detail);
        Assert.Equal(2, provider.Requests.Count);
        Assert.Equal("sip:10.0.0.2", provider.Requests[1].RequestUriText);
        Assert.Equal("<sip:account@10.0.0.1:5060>", provider.Requests[1].Header(HeaderId.Contact));
        world.Advance(599);
        Assert.Equal(3, provider.Requests.Count);
        // One Call-ID for its whole life, CSeq rising, the nonce used again.
        Assert.Single(provider.Requests.Select(r => r.CallId).Distinct());
        Assert.Equal([1u, 2u, 3u], provider.Requests.Select(r => r.CSeq.Number));
        Assert.Contains("nc=00000002", provider.Requests[2].Header(HeaderId.Authorization), StringComparison.Ordinal);
    }

    [Fact]
    public void Trunk_IntervalTooBrief_AsksForTheLongerOne()
    {
        using var world = new TrunkWorld(TrunkWorld.Trunk());
        var provider = world.Provider("10.0.0.2", request => request.Expires < 1800
            ? SipResponseBuilder.For(request, 423, "p").Add(HeaderId.MinExpires, "1800") : Provider.Registrar(request));
        world.Start();
        Assert.Equal("registered for 1800 s", world.Live.Detail);
        Assert.Equal([600u, 1800u, 1800u], provider.Requests.Select(r => r.Expires!.Value));
    }

    [Fact]
    public void Trunk_PasswordRefused_IsDownAndDoesNotHammer()
    {
        using var world = new TrunkWorld(TrunkWorld.Trunk());
        var provider = world.Provider("10.0.0.2", request => SipResponseBuilder.For(request, 401, "p")
            .Add(HeaderId.WwwAuthenticate, "Digest realm=\"carrier\", nonce=\"n1\", algorithm=MD5"));
        world.Start();
        Assert.Equal(LiveTrunkState.Down, world.Live.State);
        Assert.Contains("refused", world.Live.Detail, StringComparison.Ordinal);
        Assert.Empty(world.Find());
        world.Advance(290);
        Assert.Equal(2, provider.Requests.Count);
        world.Advance(20);
        Assert.True(provider.Requests.Count > 2);
    }

    [Fact]
    public void Trunk_FirstServerOfSrvIsSilent_TheSecondIsUsedWithinSixSeconds()
    {
        using var world = new TrunkWorld(TrunkWorld.Trunk("carrier.example"));
        world.Names.Services["_sip._udp.carrier.example"] = [new(20, 0, "b.carrier.example", 5060), new(10, 0, "a.carrier.example", 5060)];
        world.Names.Addresses["a.carrier.example"] = ["10.0.0.2"];
        world.Names.Addresses["b.carrier.example"] = ["10.0.0.3"];
        var silent = world.Provider("10.0.0.2", _ => null);
        var answers = world.Provider("10.0.0.3", Provider.Registrar);
        world.Start();
        Assert.Single(silent.Requests);
        Assert.Empty(answers.Requests);
        world.Advance(6.1);
        Assert.Equal(LiveTrunkState.Up, world.Live.State);
        Assert.Equal("10.0.0.3:5060", Assert.Single(world.Find()).Flow.Remote.ToString());
        Assert.Equal("sip:carrier.example", answers.Requests[0].RequestUriText);
        // A call that finds this one silent goes by the other, and has none after that.
        var other = Assert.Single(world.Find()).Next!()!;
        Assert.Equal("10.0.0.2:5060", other.Flow.Remote.ToString());
        Assert.Null(other.Next);
    }

    [Fact]
    public void Trunk_ItsSound_IsShownAsInItsLastCall_UntilItIsReachedElsewhere()
    {
        using var world = new TrunkWorld(TrunkWorld.Trunk());
        world.Provider("10.0.0.2", Provider.Registrar);
        world.Provider("10.0.0.3", Provider.Registrar);
        world.Start();
        Assert.Null(world.Live.Srtp);
        foreach (var keys in (string[])["", "SDES, AES_CM_128_HMAC_SHA1_80"])
        {
            world.Room.Sounded("carrier", keys);
            world.Advance(1);
            Assert.Equal(keys, world.Live.Srtp);
        }
        world.Change(snapshot => snapshot.With(TrunkWorld.Trunk() with { Name = "Renamed" }));
        Assert.NotNull(world.Live.Srtp);
        world.Change(snapshot => snapshot.With(TrunkWorld.Trunk("10.0.0.3")));
        world.Advance(1);
        Assert.Null(world.Live.Srtp);
    }

    [Theory]
    [InlineData(TrunkTransport.Udp)]
    [InlineData(TrunkTransport.Tcp)]
    public void Trunk_HeldToEncryptionWithATransportInClear_IsNotUsed_UntilItIsAllowedAgain(TrunkTransport transport)
    {
        using var world = new TrunkWorld(TrunkWorld.Trunk() with { Transport = transport, Security = CallSecurity.EncryptedOnly });
        var provider = world.Provider("10.0.0.2", Provider.Registrar);
        world.Start();
        world.Advance(60);
        Assert.Empty(provider.Requests);
        Assert.Equal((LiveTrunkState.Down, TrunkWords.TransportInClear), (world.Live.State, world.Live.Detail));
        Assert.Empty(world.Find());
        Assert.Empty(world.Find(lastResort: true));
        Assert.Null(world.Identify());
        world.Change(snapshot => snapshot.With(snapshot.Trunks["carrier"] with { Security = CallSecurity.Preferred }));
        world.Advance(1);
        Assert.Equal(LiveTrunkState.Up, world.Live.State);
        Assert.Single(world.Find());
        // The system's switch stops it just so, and it gives back its registration.
        world.Change(snapshot => snapshot.With(new SystemSettings { Security = CallSecurity.EncryptedOnly }));
        world.Advance(1);
        Assert.Equal(0u, provider.Requests[^1].Expires);
        Assert.Equal((LiveTrunkState.Down, TrunkWords.TransportInClear), (world.Live.State, world.Live.Detail));
        Assert.Empty(world.Find(lastResort: true));
    }

    [Theory]
    [InlineData(CallSecurity.Preferred, "")]
    [InlineData(CallSecurity.EncryptedOnly, "Udp Tcp Ws")]
    public void Trunk_HeldToEncryption_TakesNoCallInClearFromItsAddress(CallSecurity security, string refused)
    {
        using var world = new TrunkWorld(TrunkWorld.Trunk() with { Transport = TrunkTransport.Tls, Security = security, SourceAddresses = ["10.0.0.2"] });
        world.Start();
        Assert.Equal(refused, string.Join(' ', Enum.GetValues<SipTransport>().Where(transport => world.Identify(transport)!.IsInClear)));
    }

    [Fact]
    public void Trunk_ServiceUnavailable_WaitsLongerEachTimeAndComesBack()
    {
        using var world = new TrunkWorld(TrunkWorld.Trunk());
        var broken = true;
        var provider = world.Provider("10.0.0.2", request => broken ? SipResponseBuilder.For(request, 503, "p") : Provider.Registrar(request));
        world.Start();
        Assert.Equal(LiveTrunkState.Down, world.Live.State);
        world.Advance(60);
        Assert.InRange(provider.Requests.Count, 4, 6);
        broken = false;
        world.Advance(300);
        Assert.Equal(LiveTrunkState.Up, world.Live.State);
    }

    [Fact]
    public void Trunk_UnwatchedAndItsConnectionIsLostAtOnce_WaitsLongerEachTime()
    {
        // With nobody listening there, a TLS or TCP trunk without registration and OPTIONS connected a thousand times a second, and was shown as up.
        using var world = new TrunkWorld(TrunkWorld.Trunk() with { Registers = false, QualifySeconds = 0, Transport = TrunkTransport.Tcp });
        world.Provider("10.0.0.2", Provider.Registrar);
        world.Start();
        void Break()
        {
            world.Network.Break(Assert.Single(world.Find()).Flow);
            world.Advance(0.5);
        }

        Break();
        Assert.Equal(LiveTrunkState.Down, world.Live.State);
        Assert.Equal("no connection to 10.0.0.2:5060", world.Live.Detail);
        world.Advance(5);
        Assert.Equal(LiveTrunkState.Up, world.Live.State);
        world.Advance(2);
        Break();
        world.Advance(6);
        Assert.Equal(LiveTrunkState.Down, world.Live.State);
        world.Advance(5);
        Assert.Equal(LiveTrunkState.Up, world.Live.State);
        // One that has lasted is made again at once, and what was before it counts no more.
        world.Advance(60);
        Break();
        Assert.Equal(LiveTrunkState.Up, world.Live.State);
        Break();
        Assert.Equal(LiveTrunkState.Down, world.Live.State);
        world.Advance(5);
        Assert.Equal(LiveTrunkState.Up, world.Live.State);
    }

    [Fact]
    public void Trunk_UnwatchedAndTheFirstServerTakesNoConnection_TheSecondIsUsedAtOnce()
    {
        using var world = new TrunkWorld(TrunkWorld.Trunk("carrier.example") with { Registers = false, QualifySeconds = 0, Transport = TrunkTransport.Tcp });
        world.Names.Services["_sip._tcp.carrier.example"] = [new(20, 0, "b.carrier.example", 5060), new(10, 0, "a.carrier.example", 5060)];
        world.Names.Addresses["a.carrier.example"] = ["10.0.0.2"];
        world.Names.Addresses["b.carrier.example"] = ["10.0.0.3"];
        world.Provider("10.0.0.2", Provider.Registrar);
        world.Provider("10.0.0.3", Provider.Registrar);
        world.Start();
        world.Network.Break(Assert.Single(world.Find()).Flow);
        world.Settle();
        Assert.Equal("10.0.0.3:5060", Assert.Single(world.Find()).Flow.Remote.ToString());
        world.Network.Break(Assert.Single(world.Find()).Flow);
        world.Advance(0.5);
        Assert.Equal(LiveTrunkState.Down, world.Live.State);
    }

    [Fact]
    public void Trunk_Removed_IsUnregistered()
    {
        using var world = new TrunkWorld(TrunkWorld.Trunk());
        var provider = world.Provider("10.0.0.2", Provider.Registrar);
        world.Start();
        world.Change(snapshot => snapshot.Without(new ObjectRef(ObjectKind.Trunk, "carrier")));
        Assert.Equal(0u, provider.Requests[^1].Expires);
        Assert.Empty(world.Room.Live.Current);
        var sent = provider.Requests.Count;
        world.Advance(3600);
        Assert.Equal(sent, provider.Requests.Count);
        Assert.Equal(0, world.Stack.Counters.Read()["transactions"]);
        Assert.Equal(0, world.Stack.Counters.Read()["timers"]);
    }

    [Fact]
    public void Trunk_ChangedInSomethingElse_StaysRegisteredAndInHostIsRegisteredAnew()
    {
        using var world = new TrunkWorld(TrunkWorld.Trunk());
        var first = world.Provider("10.0.0.2", Provider.Registrar);
        var second = world.Provider("10.0.0.3", Provider.Registrar);
        world.Start();
        var sent = first.Requests.Count;
        world.Change(snapshot => snapshot.With(TrunkWorld.Trunk() with { Name = "Renamed", Numbers = ["+33123456789"], Version = 2 }));
        Assert.Equal(sent, first.Requests.Count);
        world.Change(snapshot => snapshot.With(TrunkWorld.Trunk("10.0.0.3")));
        Assert.Equal(0u, first.Requests[^1].Expires);
        Assert.Equal(2, second.Requests.Count);
        world.Change(snapshot => snapshot.With(TrunkWorld.Trunk("10.0.0.3") with { Enabled = false }));
        Assert.Equal(LiveTrunkState.Disabled, world.Live.State);
        Assert.Equal(0u, second.Requests[^1].Expires);
    }

    [Fact]
    public void Peer_AnswersOptionsOrNot_IsUpOrDown()
    {
        using var world = new TrunkWorld(TrunkWorld.Trunk() with { Registers = false, UserName = null, Password = null });
        var silent = false;
        var provider = world.Provider("10.0.0.2", request => silent ? null : SipResponseBuilder.For(request, 404, "p"));
        world.Start();
        Assert.Equal(LiveTrunkState.Up, world.Live.State);
        silent = true;
        world.Advance(37);
        Assert.Equal(LiveTrunkState.Down, world.Live.State);
        Assert.Equal("no answer to OPTIONS", world.Live.Detail);
        silent = false;
        world.Advance(20);
        Assert.Equal(LiveTrunkState.Up, world.Live.State);
        Assert.All(provider.Requests, request => Assert.Equal("OPTIONS", request.Method));
    }

    [Fact]
    public void Trunk_ConnectionLost_IsRegisteredAnewAtOnce()
    {
        using var world = new TrunkWorld(TrunkWorld.Trunk() with { Transport = TrunkTransport.Tcp });
        var provider = world.Provider("10.0.0.2", Provider.Registrar);
        world.Start();
        Assert.Equal(LiveTrunkState.Up, world.Live.State);
        var sent = provider.Requests.Count;
        world.Network.Break(Assert.Single(world.Find()).Flow);
        world.Settle();
        Assert.Equal(sent + 1, provider.Requests.Count);
        Assert.Equal(LiveTrunkState.Up, world.Live.State);
    }

    [Fact]
    public async Task Stop_RegisteredTrunk_IsUnregisteredBeforeItCompletes()
    {
        using var world = new TrunkWorld(TrunkWorld.Trunk());
        var provider = world.Provider("10.0.0.2", Provider.Registrar);
        world.Start();
        var stopping = world.Room.StopAsync(CancellationToken.None);
        Assert.False(stopping.IsCompleted);
        world.Settle();
        await stopping.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(0u, provider.Requests[^1].Expires);
    }

    [Fact]
    public void Way_OfARegisteredTrunk_ShowsTheAccountAndVouchesForTheNumber()
    {
        using var world = new TrunkWorld(TrunkWorld.Trunk() with { Domain = "carrier.example" });
        world.Provider("10.0.0.2", Provider.Registrar);
        world.Start();
        var way = Assert.Single(world.Find());
        Assert.Equal("sip:+33123456789@carrier.example", way.Target.ToString());
        Assert.Equal("<sip:account@carrier.example>", way.From!.ToString());
        Assert.Contains((HeaderId.PAssertedIdentity, "<sip:+33987654321@carrier.example>"), way.Headers);
        var withheld = Assert.Single(world.Find(presented: ""));
        Assert.Equal("anonymous.invalid", withheld.From!.Uri.Host);
        Assert.Contains((HeaderId.Privacy, "id"), withheld.Headers);
    }

    [Fact]
    public void Way_AsManyCallsAsAllowed_IsNoneMore()
    {
        using var world = new TrunkWorld(TrunkWorld.Trunk() with { MaxCalls = 1 });
        world.Provider("10.0.0.2", Provider.Registrar);
        world.Start();
        // Who asks is counted already.
        world.Room.CallsChanged("carrier", 1);
        Assert.Single(world.Find());
        world.Room.CallsChanged("carrier", 1);
        Assert.Empty(world.Find());
        Assert.Single(world.Find(lastResort: true));
        Assert.Equal(2, world.Live.Calls);
        world.Room.CallsChanged("carrier", -1);
        Assert.Single(world.Find());
    }

    [Fact]
    public void Caller_OfATrunkWithAsManyCallsAsAllowed_FindsItFull()
    {
        using var world = new TrunkWorld(TrunkWorld.Trunk() with { MaxCalls = 1 });
        world.Provider("10.0.0.2", Provider.Registrar);
        world.Start();
        Assert.False(world.Identify()!.IsFull);
        world.Room.CallsChanged("carrier", 1);
        Assert.True(world.Identify()!.IsFull);
        world.Room.CallsChanged("carrier", -1);
        Assert.False(world.Identify()!.IsFull);
    }

    [Fact]
    public void Way_ThroughATrunkThatIsDown_IsThereAsALastResortOnly_AndThereAlsoIfItHasComeUpMeanwhile()
    {
        using var world = new TrunkWorld(TrunkWorld.Trunk());
        var isDown = false;
        world.Provider("10.0.0.2", request => isDown ? SipResponseBuilder.For(request, 503, "p") : Provider.Registrar(request));
        world.Start();
        Assert.Single(world.Find());
        Assert.Single(world.Find(lastResort: true));

        isDown = true;
        world.Advance(700);
        Assert.Equal(LiveTrunkState.Down, world.Live.State);
        Assert.Empty(world.Find());
        Assert.Equal("10.0.0.2:5060", Assert.Single(world.Find(lastResort: true)).Flow.Remote.ToString());
    }

    [Fact]
    public void Way_CallWasNotAnswered_TheNextGoesToTheOtherServer()
    {
        using var world = new TrunkWorld(TrunkWorld.Trunk("carrier.example") with { Registers = false });
        world.Names.Addresses["carrier.example"] = ["10.0.0.2", "10.0.0.3"];
        world.Provider("10.0.0.2", Provider.Registrar);
        world.Provider("10.0.0.3", Provider.Registrar);
        world.Start();
        var way = Assert.Single(world.Find());
        Assert.Equal("10.0.0.2:5060", way.Flow.Remote.ToString());
        way.Silent!();
        world.Settle();
        Assert.Equal("10.0.0.3:5060", Assert.Single(world.Find()).Flow.Remote.ToString());
    }
}
