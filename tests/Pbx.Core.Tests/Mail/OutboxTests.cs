using Microsoft.EntityFrameworkCore;
using Pbx.Core.Common;
using Pbx.Core.Data.Mapping;
using Pbx.Core.Mail;
using Pbx.Core.Snapshot;
using Pbx.Core.Spool;
using Pbx.Core.Tests.Databases;
using Pbx.Testing.Mail;

namespace Pbx.Core.Tests.Mail;

public sealed class OutboxTests
{
    [Theory, DatabaseData]
    public async Task Message_OfAQueue_ReachesEachAgentOnce(DatabaseProvider provider)
    {
        using var database = await TestDatabase.CreateAsync(provider);
        await using var sink = SmtpSink.Start();
        await using var house = await MailHouse.StartAsync(database, sink);
        var message = house.Message();

        await house.Voicemail.KeepAsync(message);
        var mails = await sink.WaitForAsync(2);
        var items = await house.OutboxAsync(all => all.Count == 2 && all.All(i => i.State == MailState.Sent));

        Assert.Equal(["alice@demo.example", "bruno@demo.example"], mails.SelectMany(m => m.To).Order());
        Assert.Equal(2, mails.Select(m => m.Message.MessageId).Distinct().Count());
        Assert.All(items, item => Assert.StartsWith("250 2.0.0 Ok: queued as", item.LastReply, StringComparison.Ordinal));
        Assert.All(items, item => Assert.Equal(1, item.Attempts));
        Assert.All(mails, mail => Assert.Contains(items, i => i.InternetMessageId == mail.Message.MessageId));
        Assert.Equal(File.ReadAllBytes((await house.Voicemail.AudioFileAsync("paris-support", message.Id))!), mails[0].Attachment());
        Assert.Equal(1, sink.Connections);
    }

    [Theory, DatabaseData]
    public async Task Server_DownThenUp_GetsTheMailOnceAtTheNextAttempt(DatabaseProvider provider)
    {
        using var database = await TestDatabase.CreateAsync(provider);
        await using var sink = SmtpSink.Start();
        await sink.DownAsync();
        await using var house = await MailHouse.StartAsync(database, sink);

        await house.Voicemail.KeepAsync(house.Message("alice"));
        var failed = await house.OutboxAsync(all => all is [{ Attempts: 1, State: MailState.Waiting }]);
        Assert.Equal(house.Clock.GetUtcNow().AddMinutes(1), failed[0].NextAttemptAt);
        sink.Up();
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        await sink.WaitForAsync(1);
        var sent = await house.OutboxAsync(all => all is [{ State: MailState.Sent }]);

        Assert.Single(sink.Mails);
        var attempts = await house.Outbox.AttemptsAsync(sent[0].Id);
        Assert.Equal([MailState.Waiting, MailState.Sent], attempts.Select(a => a.State));
        Assert.NotEmpty(attempts[0].Reply);
    }

    [Theory, DatabaseData]
    public async Task Server_SaysLaterAndNo_RetriesTheOneAndGivesUpTheOther(DatabaseProvider provider)
    {
        using var database = await TestDatabase.CreateAsync(provider);
        await using var sink = SmtpSink.Start();
        sink.React = (step, argument) => (step, argument) switch
        {
            (SmtpStep.RcptTo, "alice@demo.example") => new SmtpReaction("451 4.7.1 Greylisted, come back later"),
            (SmtpStep.RcptTo, "bruno@demo.example") => new SmtpReaction("550 5.1.1 No such user here"),
            _ => null,
        };
        await using var house = await MailHouse.StartAsync(database, sink);

        await house.Voicemail.KeepAsync(house.Message());
        var items = await house.OutboxAsync(all => all.Count == 2 && all.All(i => i.Attempts == 1));
        Assert.Equal((MailState.Waiting, "451 4.7.1 Greylisted, come back later"), Outcome(items, "alice"));
        Assert.Equal((MailState.Failed, "550 5.1.1 No such user here"), Outcome(items, "bruno"));

        sink.React = null;
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        await sink.WaitForAsync(1);
        Assert.True(await house.Outbox.ResendAsync(items.Single(i => i.State == MailState.Failed).Id));
        await sink.WaitForAsync(2);
        await house.OutboxAsync(all => all.All(i => i.State == MailState.Sent));
        Assert.Equal(2, sink.Mails.Count);
    }

    [Theory, DatabaseData]
    public async Task Server_CutsBetweenDataAndReply_IsUncertainAndGetsTheSameMessageIdAgain(DatabaseProvider provider)
    {
        using var database = await TestDatabase.CreateAsync(provider);
        await using var sink = SmtpSink.Start();
        sink.Once(SmtpStep.EndOfData, new SmtpReaction(Drop: true));
        await using var house = await MailHouse.StartAsync(database, sink);

        await house.Voicemail.KeepAsync(house.Message("alice"));
        await house.OutboxAsync(all => all is [{ State: MailState.Uncertain, Attempts: 1 }]);
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        var mails = await sink.WaitForAsync(2);
        await house.OutboxAsync(all => all is [{ State: MailState.Sent }]);

        Assert.Equal([false, true], mails.Select(m => m.Confirmed));
        Assert.Single(mails.Select(m => m.Message.MessageId).Distinct());
    }

    [Theory, InlineData(SmtpStep.Connect), InlineData(SmtpStep.MailFrom), InlineData(SmtpStep.RcptTo), InlineData(SmtpStep.Data)]
    public async Task Server_CutsBeforeTheData_IsNotUncertain(SmtpStep step)
    {
        using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using var sink = SmtpSink.Start();
        sink.Once(step, new SmtpReaction(Drop: true));
        await using var house = await MailHouse.StartAsync(database, sink);

        await house.Voicemail.KeepAsync(house.Message("alice"));
        await house.OutboxAsync(all => all is [{ State: MailState.Waiting, Attempts: 1 }]);
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        await sink.WaitForAsync(1);
        await house.OutboxAsync(all => all is [{ State: MailState.Sent }]);

        Assert.Single(sink.Mails);
    }

    [Theory, DatabaseData]
    public async Task Process_KilledWhileSending_SendsAgainWithTheSameMessageId(DatabaseProvider provider)
    {
        using var database = await TestDatabase.CreateAsync(provider);
        await using var sink = SmtpSink.Start();
        var held = new TaskCompletionSource();
        sink.Once(SmtpStep.EndOfData, new SmtpReaction(Wait: held.Task));
        await using var house = await MailHouse.StartAsync(database, sink);
        await house.Voicemail.KeepAsync(house.Message("alice"));
        await house.OutboxAsync(all => all is [{ State: MailState.Sending }]);

        using var disk = Copy(house);
        await using var after = await house.KilledAsync(disk);
        await sink.WaitForAsync(1);
        var sent = await after.OutboxAsync(all => all is [{ State: MailState.Sent }]);

        Assert.Equal([MailState.Uncertain, MailState.Sent], (await after.Outbox.AttemptsAsync(sent[0].Id)).Select(a => a.State));
        Assert.Equal(sent[0].InternetMessageId, sink.Mails[0].Message.MessageId);
        held.SetCanceled();
    }

    [Theory, DatabaseData]
    public async Task Process_KilledAfterTheReply_DoesNotSendAgain(DatabaseProvider provider)
    {
        using var database = await TestDatabase.CreateAsync(provider);
        await using var sink = SmtpSink.Start();
        await using var house = await MailHouse.StartAsync(database, sink);
        sink.React = (step, _) =>
        {
            // From here on the reply can reach the spool only.
            if (step == SmtpStep.EndOfData) database.Away = true;
            return null;
        };
        await house.Voicemail.KeepAsync(house.Message("alice"));
        await sink.WaitForAsync(1);
        while (!house.Get<SpoolLog>().Reader.Peek(10).Entries.Any(e => e.Kind == "mail-outcome")) await Task.Yield();
        sink.React = null;

        using var disk = Copy(house);
        await house.StopAsync();
        database.Away = false;
        await using var after = await house.KilledAsync(disk);
        await after.OutboxAsync(all => all is [{ State: MailState.Sent, Attempts: 1 }]);

        Assert.Single(sink.Mails);
    }

    [Theory, DatabaseData]
    public async Task Database_Away_MailGoesOutWhenItIsBack(DatabaseProvider provider)
    {
        using var database = await TestDatabase.CreateAsync(provider);
        await using var sink = SmtpSink.Start();
        await using var house = await MailHouse.StartAsync(database, sink);
        database.Away = true;

        var message = house.Message("alice");
        await house.Voicemail.KeepAsync(message);
        Assert.Equal(message.Id, (await house.Voicemail.ListAsync("alice"))[0].Id);
        Assert.Empty(sink.Mails);
        database.Away = false;
        while (sink.Mails.Count == 0)
        {
            house.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await house.OutboxAsync(all => all is [{ State: MailState.Sent }]);
        Assert.Single(sink.Mails);
    }

    [Fact]
    public async Task Recipients_None_AreRecordedAsSuch()
    {
        using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using var sink = SmtpSink.Start();
        await using var house = await MailHouse.StartAsync(database, sink);

        await house.Voicemail.KeepAsync(house.Message("nobody"));

        var items = await house.OutboxAsync(all => all.Count == 1);
        Assert.Equal(MailState.NoRecipient, items[0].State);
        Assert.False(await house.Outbox.ResendAsync(items[0].Id));
    }

    [Fact]
    public async Task Server_SetLater_GetsWhatWaits()
    {
        using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using var sink = SmtpSink.Start();
        await using var house = await MailHouse.StartAsync(database, null);
        await house.Voicemail.KeepAsync(house.Message("alice"));
        await house.OutboxAsync(all => all is [{ State: MailState.Waiting, Attempts: 0 }]);

        var settings = house.Configuration.Current.Settings;
        house.Configuration.Publish(house.Configuration.Current.With(settings with { Mail = settings.Mail with { Host = "127.0.0.1", Port = sink.Port } }));

        await sink.WaitForAsync(1);
        await house.OutboxAsync(all => all is [{ State: MailState.Sent }]);
    }

    [Fact]
    public async Task Server_RefusingForDays_IsGivenUpInTheEnd()
    {
        using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using var sink = SmtpSink.Start();
        sink.React = (step, _) => step == SmtpStep.RcptTo ? new SmtpReaction("450 4.2.2 Mailbox full") : null;
        await using var house = await MailHouse.StartAsync(database, sink);
        await house.Voicemail.KeepAsync(house.Message("alice"));

        var waits = new List<TimeSpan>();
        var last = await house.OutboxAsync(all => all is [{ Attempts: 1 }]);
        while (last[0].State == MailState.Waiting)
        {
            var wait = last[0].NextAttemptAt!.Value - house.Clock.GetUtcNow();
            waits.Add(wait);
            var attempts = last[0].Attempts;
            house.Clock.Advance(wait);
            last = await house.OutboxAsync(all => all[0].Attempts > attempts);
        }

        Assert.Equal(MailState.Failed, last[0].State);
        Assert.Contains("450 4.2.2 Mailbox full", last[0].LastReply, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromMinutes(1), waits[0]);
        Assert.Equal(TimeSpan.FromHours(4), waits[^1]);
        Assert.InRange(waits.Aggregate((a, b) => a + b), TimeSpan.FromDays(4), TimeSpan.FromDays(4.2));
    }

    [Fact]
    public async Task Job_DrainedTwice_IsStoredOnceAndKeepsItsState()
    {
        using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using var sink = SmtpSink.Start();
        await using var house = await MailHouse.StartAsync(database, sink);
        await house.Voicemail.KeepAsync(house.Message());
        await house.OutboxAsync(all => all.Count == 2 && all.All(i => i.State == MailState.Sent));

        // The segment of the run before is read again, as after a kill that came before it was deleted.
        using var disk = Copy(house);
        await house.StopAsync();
        await using var after = await house.KilledAsync(disk);
        await after.DrainedAsync();

        var items = (await after.Outbox.ListAsync(null, null, 0, 10)).Items;
        Assert.Equal(2, items.Count);
        Assert.All(items, i => Assert.Equal((MailState.Sent, 1), (i.State, i.Attempts)));
        await using var context = database.Open();
        Assert.Equal(1, await context.Set<MessageRow>().CountAsync());
        Assert.Equal(2, await context.Set<MailAttemptRow>().CountAsync());
        Assert.Equal(2, sink.Mails.Count);
    }

    [Theory, DatabaseData]
    public async Task List_FiltersAndPages(DatabaseProvider provider)
    {
        using var database = await TestDatabase.CreateAsync(provider);
        await using var house = await MailHouse.StartAsync(database, null);
        for (var i = 0; i < 5; i++) await house.Voicemail.KeepAsync(house.Message(i == 0 ? "nobody" : "paris-support"));
        await house.OutboxAsync(all => all.Count == 9);

        Assert.Equal(1, (await house.Outbox.ListAsync(MailState.NoRecipient, null, 0, 10)).Total);
        var alice = await house.Outbox.ListAsync(MailState.Waiting, "ALICE@", 1, 2);
        Assert.Equal((2, 4), (alice.Items.Count, alice.Total));
    }

    private static (MailState, string) Outcome(IReadOnlyList<OutboxItem> items, string who)
    {
        var item = items.Single(i => i.Recipient.StartsWith(who, StringComparison.Ordinal));
        return (item.State, item.LastReply);
    }

    private static TemporaryDirectory Copy(MailHouse house) => TemporaryDirectory.CopyOf(house.Directory);
}
