using Microsoft.Extensions.Logging.Abstractions;
using Pbx.Core.CallRecords;
using Pbx.Core.Common;
using Pbx.Core.Tests.Databases;
using Pbx.Testing;

namespace Pbx.Core.Tests.CallRecords;

public sealed class OutboundLedgerTests
{
    private readonly FakeClock clock = new();

    private OutboundLedger Ledger(DataDirectory? directory = null) => new(directory, clock, NullLogger<OutboundLedger>.Instance);

    [Fact]
    public void Use_CountsCallsAndMinutes_OfTheLastHourAndDay_RunningOnesIncluded()
    {
        using var ledger = Ledger();
        for (var i = 0; i < 3; i++) Call(ledger, "anne", TimeSpan.FromMinutes(10));
        Call(ledger, "ben", TimeSpan.FromMinutes(1));
        Assert.Equal(new OutboundUse(3, 3, 30, 30), ledger.UseOf("anne", Guid.Empty));

        var running = Guid.NewGuid();
        ledger.Started("anne", running);
        ledger.Started("anne", running);
        ledger.Answered(running);
        clock.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal((4, 50), (ledger.UseOf("anne", Guid.Empty).CallsThisHour, ledger.UseOf("anne", Guid.Empty).MinutesThisHour));
        Assert.Equal(3, ledger.UseOf("anne", running).CallsThisHour);

        clock.Advance(TimeSpan.FromMinutes(65));
        ledger.Ended(running);
        Assert.Equal(0, ledger.UseOf("anne", Guid.Empty).CallsThisHour);
        Assert.InRange(ledger.UseOf("anne", Guid.Empty).MinutesThisHour, 55, 60);
        Assert.Equal((4, 115), (ledger.UseOf("anne", Guid.Empty).CallsToday, ledger.UseOf("anne", Guid.Empty).MinutesToday));
        clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal(OutboundUse.None, ledger.UseOf("anne", Guid.Empty));
    }

    [Fact]
    public void Use_SurvivesAKill_AsItWasSomeSecondsBefore()
    {
        using var directory = new TemporaryDirectory();
        var data = directory.Data;
        using var killed = Ledger(data);
        Call(killed, "anne", TimeSpan.FromMinutes(10));
        clock.Advance(TimeSpan.FromSeconds(6));

        using var after = Ledger(data);

        Assert.Equal(killed.UseOf("anne", Guid.Empty), after.UseOf("anne", Guid.Empty));
        Assert.Equal(1, after.UseOf("anne", Guid.Empty).CallsToday);
    }

    private void Call(OutboundLedger ledger, string extension, TimeSpan length)
    {
        var call = Guid.NewGuid();
        ledger.Started(extension, call);
        ledger.Answered(call);
        clock.Advance(length);
        ledger.Ended(call);
    }
}
