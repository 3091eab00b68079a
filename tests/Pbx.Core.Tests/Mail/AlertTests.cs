using MimeKit;
using Pbx.Core.Common;
using Pbx.Core.Live;
using Pbx.Core.Mail;
using Pbx.Core.Settings;
using Pbx.Core.Snapshot;
using Pbx.Core.Tests.Databases;
using Pbx.Testing.Mail;

namespace Pbx.Core.Tests.Mail;

public sealed class AlertTests
{
    [Theory, DatabaseData]
    public async Task Alert_IsShownAtOnce_AndMailedOnceAnHour(DatabaseProvider provider)
    {
        using var database = await TestDatabase.CreateAsync(provider);
        await using var sink = SmtpSink.Start();
        await using var house = await MailHouse.StartAsync(database, sink,
            company => company.With(company.Settings with { Outbound = new OutboundLimits { AlertAddress = "boss@demo.example" } }));
        var alerts = house.Get<IAlerts>();

        alerts.Raise(AlertKind.OutboundLimit, "alice", "calls-per-hour");
        alerts.Raise(AlertKind.OutboundLimit, "alice", "calls-per-day");
        var mail = Assert.Single(await sink.WaitForAsync(1));
        await house.OutboxAsync(all => all is [{ State: MailState.Sent, Mailbox: "" }]);

        Assert.Equal(["boss@demo.example"], mail.To);
        Assert.Contains("Alice", mail.Message.Subject, StringComparison.Ordinal);
        Assert.Contains("calls-per-hour", ((TextPart)mail.Message.Body!).Text, StringComparison.Ordinal);
        var shown = Assert.Single(alerts.Current.Current);
        Assert.Equal(("alice", "calls-per-day", 2), (shown.Subject, shown.Detail, shown.Times));

        alerts.Dismiss(AlertKind.OutboundLimit, "alice");
        Assert.Empty(alerts.Current.Current);
        house.Clock.Advance(TimeSpan.FromHours(1));
        alerts.Raise(AlertKind.OutboundLimit, "alice", "calls-per-hour");
        await sink.WaitForAsync(2);
        Assert.Single(alerts.Current.Current);
        house.Clock.Advance(TimeSpan.FromHours(25));
        Assert.Empty(alerts.Current.Current);
    }

    [Theory, DatabaseData]
    public async Task Alerts_ByTheHundred_AreFewMails(DatabaseProvider provider)
    {
        using var database = await TestDatabase.CreateAsync(provider);
        await using var house = await MailHouse.StartAsync(database, null,
            company => company.With(company.Settings with { Outbound = new OutboundLimits { AlertAddress = "boss@demo.example" } }));
        for (var i = 0; i < 300; i++) house.Get<IAlerts>().Raise(AlertKind.AccountAttacked, $"user{i}", "");
        await house.OutboxAsync(all => all.Count >= 20);
        await house.DrainedAsync();
        var page = await house.Outbox.ListAsync(null, null, 0, 100, TestContext.Current.CancellationToken);
        Assert.Equal(20, page.Total);
        Assert.InRange(house.Get<IAlerts>().Current.Current.Count, 1, 50);
    }
}
