using Microsoft.Extensions.Logging.Abstractions;
using Pbx.Core.CallRecords;
using Pbx.Core.Common;
using Pbx.Core.Tests.Databases;
using Pbx.Testing;

namespace Pbx.Core.Tests.CallRecords;

public sealed class OutboundLedgerTests
{
    private readonly FakeClock clock = new();

    private OutboundLedger Ledger(DataDirectory? directory = null) => new(directory, new SteadyClock(clock), NullLogger<OutboundLedger>.Instance);

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

    [Fact]
    public void Use_OfARunWithAClockAhead_CountsForTheDayAndNotForTheHour()
    {
        using var directory = new TemporaryDirectory();
        using (var before = Ledger(directory.Data)) Call(before, "anne", TimeSpan.FromMinutes(10));
        clock.SetWall(TimeSpan.FromDays(-2));

        using var after = Ledger(directory.Data);

        Assert.Equal(new OutboundUse(0, 1, 0, 10), after.UseOf("anne", Guid.Empty));
    }

    [Theory]
    [InlineData(25)]
    [InlineData(-25)]
    public void Use_ClockIsSet_IsThatOfTheLastHour_AlsoOverARestart(int hours)
    {
        using var directory = new TemporaryDirectory();
        using (var before = Ledger(directory.Data))
        {
            Call(before, "anne", TimeSpan.FromMinutes(10));
            clock.SetWall(TimeSpan.FromHours(hours));
            Call(before, "anne", TimeSpan.FromMinutes(10));
            Assert.Equal(new OutboundUse(2, 2, 20, 20), before.UseOf("anne", Guid.Empty));
        }

        using var after = Ledger(directory.Data);

        Assert.Equal(new OutboundUse(2, 2, 20, 20), after.UseOf("anne", Guid.Empty));
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
