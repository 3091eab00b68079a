using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Pbx.Core.Common;
using Pbx.Core.Extensions;
using Pbx.Core.Live;
using Pbx.Core.Snapshot;
using Pbx.Sip.Defence;
using Pbx.Sip.Engine.Registrar;
using Pbx.Sip.Messages;
using Pbx.Sip.Network;
using Pbx.Sip.Tests.Endpoint;
using Pbx.Sip.Tests.Engine;
using TheRegistrar = Pbx.Sip.Engine.Registrar.Registrar;

namespace Pbx.Sip.Tests.Defence;

/// <summary>Nonces, bans and known addresses while the machine's clock is set.</summary>
public sealed class DefenceClockTests : IDisposable
{
    private static readonly IPAddress Guesser = IPAddress.Parse("198.51.100.7");
    private readonly LoopbackWorld world = new();
    private readonly DefenceHouse house;
    private readonly TheRegistrar registrar;

    public DefenceClockTests()
    {
        var configuration = new FakeConfiguration(PbxSnapshot.Empty.With(new Extension
        {
            Key = "e100", Number = "100", Name = "Person", Site = "main", Security = CallSecurity.ClearAllowed, Devices = [new Device { Key = "desk", UserName = "100", Password = new Secret("pw100") }],
        }));
        house = new DefenceHouse(configuration, world.Clock);
        world.Gate = house.Gate;
        registrar = new TheRegistrar(configuration, house.Steady, new RegistrarOptions(), NullLogger<TheRegistrar>.Instance);
        world.Join("10.0.0.1", 1, new RegisterRoom(registrar, house.Authenticator, house.Refused, configuration, house.Steady));
        registrar.Start();
    }

    public void Dispose()
    {
        registrar.Dispose();
        world.Dispose();
    }

    /// <summary>An hour and a day, forwards and backwards, and a clock that came from 1970.</summary>
    public static TheoryData<double> Hours => [1.0, -1.0, 24.0, -24.0, 57.0 * 365 * 24];

    [Theory]
    [MemberData(nameof(Hours))]
    public void Nonce_ClockIsSet_IsGoodForItsFiveMinutesAndNoLonger(double hours)
    {
        var phone = new Stranger(world, "192.0.2.10");
        var challenge = phone.Ask(phone.Register())!;
        var old = phone.Ask(phone.Register())!;
        world.Advance(TimeSpan.FromMinutes(4));

        Set(hours);
        var answer = phone.Ask(Stranger.Answer(challenge, "100", "pw100", phone.Register()))!;
        Assert.Equal(200, answer.Status);
        Assert.Contains("expires=300", answer.Header(HeaderId.Contact), StringComparison.Ordinal);
        Assert.Equal(world.Clock.GetUtcNow().ToString("R", CultureInfo.InvariantCulture), answer.Header(HeaderId.Date));

        world.Advance(TimeSpan.FromSeconds(62));
        var late = phone.Ask(Stranger.Answer(old, "100", "pw100", phone.Register()))!;
        Assert.Equal(401, late.Status);
        Assert.Contains("stale=true", late.Header(HeaderId.WwwAuthenticate), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Hours))]
    public void Ban_ClockIsSet_LastsItsFiveMinutesAndNoLonger_AlsoOverARestart(double hours)
    {
        house.Bans.Add(Source.Of(Guesser), BanCause.Guessing, "REGISTER", hasProved: true);
        world.Clock.Advance(TimeSpan.FromMinutes(2));

        Set(hours);
        Assert.True(house.Bans.IsBanned(Source.Of(Guesser)));
        var shown = Assert.Single(house.Bans.Current());
        Assert.Equal(3, (shown.Until - world.Clock.GetUtcNow()).TotalMinutes, 0.001);
        var after = new BanList(house.Options, new SteadyClock(world.Clock));
        after.Restore(house.Bans.Kept());
        world.Clock.Advance(TimeSpan.FromMinutes(2.9));
        Assert.True(house.Bans.IsBanned(Source.Of(Guesser)) && after.IsBanned(Source.Of(Guesser)));
        world.Clock.Advance(TimeSpan.FromMinutes(0.2));
        Assert.False(house.Bans.IsBanned(Source.Of(Guesser)) || after.IsBanned(Source.Of(Guesser)));
    }

    [Theory]
    [MemberData(nameof(Hours))]
    public void KnownAddress_ClockIsSet_StaysKnown_AndGuessesAreForgivenNoFaster(double hours)
    {
        var (phone, guesser) = (new Stranger(world, "192.0.2.10"), new Stranger(world, "198.51.100.7"));
        Assert.Equal(200, phone.Guess("100", "pw100"));
        for (var i = 0; i < 4; i++) Assert.Equal(401, guesser.Guess("100", "wrong"));

        Set(hours);
        Assert.True(house.Known.Knows("100", Source.Of(IPAddress.Parse("192.0.2.10"))));
        var after = new KnownAddresses(house.Options, new SteadyClock(world.Clock));
        after.Restore(house.Known.Kept());
        Assert.True(after.Knows("100", Source.Of(IPAddress.Parse("192.0.2.10"))));
        Assert.Equal(401, guesser.Guess("100", "wrong"));
        Assert.True(house.Bans.IsBanned(Source.Of(Guesser)));
    }

    private void Set(double hours)
    {
        world.Clock.SetWall(TimeSpan.FromHours(hours));
        house.Steady.LookAtWall();
    }
}
