using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Pbx.Core.Common;
using Pbx.Core.Extensions;
using Pbx.Core.Snapshot;
using Pbx.Sip.Engine.Registrar;
using Pbx.Sip.Messages;
using Pbx.Sip.Transport;
using Pbx.Testing;
using TheRegistrar = Pbx.Sip.Engine.Registrar.Registrar;

namespace Pbx.Sip.Tests.Engine.Registrar;

/// <summary>Registrations while the machine's clock is set, and over a restart after it.</summary>
public sealed class RegistrarClockTests : IDisposable
{
    private readonly FakeClock clock = new();
    private readonly FakeConfiguration configuration = new(PbxSnapshot.Empty.With(new Extension
    {
        Key = "e100", Number = "100", Name = "Ann", Site = "main", Security = CallSecurity.ClearAllowed, Devices = [new Device { Key = "desk", UserName = "100a" }],
    }));
    private readonly string file = Path.Combine(Path.GetTempPath(), $"registrations-{Guid.NewGuid():N}");

    public void Dispose() => File.Delete(file);

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(24)]
    [InlineData(-24)]
    [InlineData(57 * 365 * 24)]
    public void Binding_ClockIsSet_LastsAsLongAsGranted_AlsoOverARestart(int hours)
    {
        var (steady, registrar) = Start();
        Register(registrar, "<sip:100@a>", 600);
        Register(registrar, "<sip:100@b>", 900);
        clock.Advance(TimeSpan.FromSeconds(100));

        clock.SetWall(TimeSpan.FromHours(hours));
        steady.LookAtWall();
        clock.Advance(TimeSpan.FromSeconds(499));
        Assert.Equal(2, registrar.Count);
        // What the console shows is by the clock that the console shows.
        Assert.Equal(301, (registrar.Topic.Current[1].ExpiresAt - clock.GetUtcNow()).TotalSeconds, 0.001);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("sip:100@b", Assert.Single(registrar.Find("e100")).Contact.ToString());
        registrar.Dispose();

        clock.Advance(TimeSpan.FromSeconds(200));
        var (_, after) = Start();
        Assert.Equal(1, after.Count);
        clock.Advance(TimeSpan.FromSeconds(99));
        Assert.Equal(1, after.Count);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, after.Count);
        after.Dispose();
    }

    [Fact]
    public void Binding_OfARunWithAClockAhead_LastsNoLongerThanCanBeGranted()
    {
        var (_, registrar) = Start();
        Register(registrar, "<sip:100@a>", 600);
        registrar.Dispose();

        // A machine whose clock does not run on without power comes up in the past, and is put right later.
        clock.SetWall(TimeSpan.FromDays(-3));
        var (steady, after) = Start();
        Assert.Equal(1, after.Count);
        clock.SetWall(TimeSpan.FromDays(3));
        steady.LookAtWall();
        clock.Advance(TimeSpan.FromSeconds(configuration.Current.Settings.MaxExpiresSeconds - 1));
        Assert.Equal(1, after.Count);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, after.Count);
        after.Dispose();
    }

    private (SteadyClock Clock, TheRegistrar Registrar) Start()
    {
        var steady = new SteadyClock(clock);
        var made = new TheRegistrar(configuration, steady, new RegistrarOptions { JournalFile = file }, NullLogger<TheRegistrar>.Instance);
        made.Start();
        return (steady, made);
    }

    private static void Register(TheRegistrar registrar, string contact, uint seconds)
    {
        List<NameAddress> contacts = [];
        Assert.True(NameAddress.TryParseList(contact, contacts));
        var flow = new Flow(SipTransport.Udp, IPEndPoint.Parse("198.51.100.1:5060"), IPEndPoint.Parse("192.0.2.1:5060"));
        var outcome = registrar.Register(new RegisterCommand
        {
            Extension = "e100", Device = "desk", CallId = contact, CSeq = 1, All = false, Contacts = contacts, Expires = seconds, Flow = flow, UserAgent = "phone",
        }, new RegisterLimits(60, 3600, 3));
        Assert.Equal(200, outcome.Status);
    }
}
