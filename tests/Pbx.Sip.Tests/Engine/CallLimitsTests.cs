using Pbx.Core.CallFlow;
using Pbx.Core.CallRecords;
using Pbx.Core.Live;
using Pbx.Core.Routing;
using Pbx.Core.Settings;
using Pbx.Core.Snapshot;
using Pbx.Sip.Engine;
using Pbx.Sip.Messages;

namespace Pbx.Sip.Tests.Engine;

/// <summary>How many calls one extension and one address may have, and what is counted of calls outside.</summary>
public sealed class CallLimitsTests
{
    [Fact]
    public void Extension_WithItsShareOfCalls_Gets503_UntilOneEnds()
    {
        using var bench = new EngineBench(Company.Small(), new CallLimits(perExtension: 2, perAddress: 10, perMinute: 100));
        var phone = bench.Phone("100");
        var first = phone.Invite("300");
        phone.Invite("300");
        bench.Run();
        Assert.Equal(2, bench.Engine.Count);

        phone.Invite("300");
        bench.Run();
        Assert.Equal("10", phone.Last(503).Header(HeaderId.RetryAfter));
        Assert.Equal(2, bench.Engine.Count);

        first.Ack();
        first.Bye();
        bench.Run();
        phone.Invite("300");
        bench.Run();
        Assert.Equal(2, bench.Engine.Count);
        Assert.Single(phone.Statuses, 503);
    }

    [Fact]
    public void Address_WithItsShareOfCalls_Gets503_AndAnotherExtensionThereToo()
    {
        using var bench = new EngineBench(Company.Small(), new CallLimits(perExtension: 10, perAddress: 2, perMinute: 100));
        var (one, other) = (bench.Phone("100"), bench.Phone("101"));
        one.Invite("300");
        other.Invite("300");
        other.Invite("300");
        bench.Run();
        Assert.Equal(2, bench.Engine.Count);
        Assert.Single(other.Statuses, 503);
    }

    [Fact]
    public void Extension_ThatBeginsTooManyInAMinute_WaitsForTheNext()
    {
        var (limits, now) = (new CallLimits(perExtension: 100, perAddress: 100, perMinute: 3), DateTimeOffset.UnixEpoch);
        bool Begin() => limits.TryBegin(Guid.NewGuid(), new CallOrigin.FromExtension("100"), System.Net.IPAddress.Loopback, now);
        Assert.Equal([true, true, true, false, false], Enumerable.Range(0, 5).Select(_ => Begin()));
        Assert.True(limits.TryBegin(Guid.NewGuid(), new CallOrigin.FromExtension("101"), System.Net.IPAddress.Loopback, now));
        now += TimeSpan.FromMinutes(1);
        Assert.True(Begin());
    }

    [Fact]
    public void Provider_IsNotLimitedByTheseLimits()
    {
        var limits = new CallLimits(1, 1, 1);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.True(limits.TryBegin(Guid.NewGuid(), new CallOrigin.FromTrunk("trunk"), System.Net.IPAddress.Loopback, DateTimeOffset.UnixEpoch)));
    }

    [Fact]
    public void CallsOutside_AreCounted_AndTheOneBeyondTheLimitIsToldOfAndRefused()
    {
        var company = Company.Small().With(new OutboundRule { Key = "out", Name = "Out", Pattern = "0*", Steps = [new() { Trunk = "trunk" }] })
            .With(new SystemSettings { Outbound = new OutboundLimits { CallsPerHour = 2 } });
        using var bench = new EngineBench(company);
        var (phone, provider) = (bench.Phone("100"), bench.Phone("trunk"));
        for (var i = 0; i < 2; i++)
        {
            var call = phone.Invite("0612345678");
            bench.Run();
            var invite = provider.Take(SipMethods.Invite);
            provider.Reply(invite, 200, provider.Sdp());
            bench.Run();
            call.Ack();
            bench.Pass(120);
            call.Bye();
            bench.Run();
            provider.Reply(provider.Take(SipMethods.Bye), 200);
            bench.Run();
        }
        Assert.Equal(new OutboundUse(2, 2, 4, 4), bench.Outbound.UseOf("100", Guid.Empty));
        Assert.Empty(bench.Alerts.Raised);

        phone.Invite("0612345678");
        bench.Run();

        Assert.False(provider.Has(SipMethods.Invite));
        Assert.Equal((AlertKind.OutboundLimit, "100", "calls-per-hour"), Assert.Single(bench.Alerts.Raised));
        Assert.Equal(0, bench.ReplayDifferences);
    }
}
