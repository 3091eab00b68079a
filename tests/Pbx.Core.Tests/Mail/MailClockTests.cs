using Pbx.Core.Common;
using Pbx.Core.Live;
using Pbx.Core.Mail;
using Pbx.Core.Settings;
using Pbx.Core.Snapshot;
using Pbx.Core.Tests.Databases;
using Pbx.Testing.Mail;

namespace Pbx.Core.Tests.Mail;

/// <summary>Mails and alerts while the machine's clock is set.</summary>
public sealed class MailClockTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(24)]
    [InlineData(-24)]
    [InlineData(57 * 365 * 24)]
    public async Task Mail_ThatWaits_ClockIsSet_IsTriedAtOnce_AndNotGivenUp(int hours)
    {
        using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using var sink = SmtpSink.Start();
        await sink.DownAsync();
        await using var house = await MailHouse.StartAsync(database, sink);
        await house.Voicemail.KeepAsync(house.Message("alice"));
        await house.OutboxAsync(all => all is [{ Attempts: 1, State: MailState.Waiting }]);

        house.Clock.SetWall(TimeSpan.FromHours(hours));
        house.Get<SteadyClock>().LookAtWall();

        await house.OutboxAsync(all => all is [{ Attempts: 2, State: MailState.Waiting }]);
        sink.Up();
        house.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Single(await sink.WaitForAsync(1));
        await house.OutboxAsync(all => all is [{ State: MailState.Sent }]);
    }

    [Fact]
    public async Task Mail_OfARunWithAClockAhead_IsTriedAtTheNextStart()
    {
        using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using var sink = SmtpSink.Start();
        await sink.DownAsync();
        await using var house = await MailHouse.StartAsync(database, sink);
        await house.Voicemail.KeepAsync(house.Message("alice"));
        await house.OutboxAsync(all => all is [{ Attempts: 1, State: MailState.Waiting }]);
        await house.StopAsync();

        house.Clock.SetWall(TimeSpan.FromDays(-3));
        sink.Up();
        await house.StartAsync();

        Assert.Single(await sink.WaitForAsync(1));
    }

    [Theory]
    [InlineData(-24)]
    [InlineData(24)]
    public async Task Alert_ClockIsSet_IsMailedOnceAnHourAllTheSame(int hours)
    {
        using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using var sink = SmtpSink.Start();
        await using var house = await MailHouse.StartAsync(database, sink,
            company => company.With(company.Settings with { Outbound = new OutboundLimits { AlertAddress = "boss@demo.example" } }));
        var alerts = house.Get<IAlerts>();
        alerts.Raise(AlertKind.OutboundLimit, "alice", "calls-per-hour");
        await sink.WaitForAsync(1);

        house.Clock.SetWall(TimeSpan.FromHours(hours));
        alerts.Raise(AlertKind.OutboundLimit, "alice", "calls-per-day");
        await house.DrainedAsync();
        Assert.Equal(1, (await house.Outbox.ListAsync(null, null, 0, 100, TestContext.Current.CancellationToken)).Total);
        Assert.Single(alerts.Current.Current);
        house.Clock.Advance(TimeSpan.FromHours(1));
        alerts.Raise(AlertKind.OutboundLimit, "alice", "calls-per-hour");

        await sink.WaitForAsync(2);
    }
}
