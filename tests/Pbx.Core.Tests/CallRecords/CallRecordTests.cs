using Microsoft.EntityFrameworkCore;
using Pbx.Core.CallRecords;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Data.Mapping;
using Pbx.Core.Spool;
using Pbx.Core.Tests.Databases;
using Pbx.Core.Tests.Mail;

namespace Pbx.Core.Tests.CallRecords;

public sealed class CallRecordTests
{
    [Theory, DatabaseData]
    public async Task Record_StartedAndEnded_IsStoredWhole(DatabaseProvider provider)
    {
        using var database = await TestDatabase.CreateAsync(provider);
        await using var house = await MailHouse.StartAsync(database, null);
        var record = Ended(Started(house, 0), "Ünïcode \0 name");

        house.Journal.Started(record with { EndedAt = null, Outcome = CallOutcome.Unfinished });
        Assert.True((await house.Records.FindAsync(record.Id))!.Running);
        house.Journal.Ended(record);
        Assert.False((await house.Records.FindAsync(record.Id))!.Running);
        await DrainedAsync(house);

        var stored = (await house.Records.FindAsync(record.Id))!;
        Assert.Equal(new CallRecordEntry(record with { CallerName = "Ünïcode  name" }, false), stored);
    }

    [Theory, DatabaseData]
    public async Task Search_ByEachFilter_FindsWhatMatches(DatabaseProvider provider)
    {
        using var database = await TestDatabase.CreateAsync(provider);
        await using var house = await MailHouse.StartAsync(database, null);
        for (var i = 0; i < 10; i++)
        {
            var record = Started(house, i) with
            {
                Direction = (CallDirection)(i % 3), Outcome = (CallOutcome)(i % 6), Site = i % 2 == 0 ? "paris" : "lyon",
                CallerName = i == 7 ? "Élodie Ferré" : "X", Unmatched = i is 3 or 8,
            };
            house.Journal.Started(record);
            if (i != 9) house.Journal.Ended(record with { EndedAt = record.StartedAt.AddSeconds(5) });
            if (i == 6) await DrainedAsync(house);
        }

        Assert.Equal(10, (await SearchAsync(new())).Total);
        Assert.Equal([9, 8, 7], await StartsAsync(new(), 0, 3));
        Assert.Equal([8, 7, 6, 5, 4], await StartsAsync(new(), 1, 5));
        Assert.Equal([4, 3, 2, 1, 0], await StartsAsync(new(), 5, 9));
        Assert.Equal([7], await StartsAsync(new() { Text = "elodie FERRE" }, 0, 10));
        Assert.Equal([6, 4, 2, 0], await StartsAsync(new() { Site = "paris", Until = At(house, 8) }, 0, 10));
        Assert.Equal([9, 6], await StartsAsync(new() { Direction = CallDirection.Inbound, From = At(house, 4) }, 0, 10));
        Assert.Equal([7, 1], await StartsAsync(new() { Outcome = CallOutcome.Answered }, 0, 10));
        Assert.Equal([8, 3], await StartsAsync(new() { Unmatched = true }, 0, 10));
        Assert.All((await SearchAsync(new() { Unmatched = true })).Entries, e => Assert.True(e.Record.Unmatched));
        Assert.Equal(8, (await SearchAsync(new() { Unmatched = false })).Total);
        Assert.Equal([9], (await SearchAsync(new())).Entries.Where(e => e.Running).Select(e => Index(house, e)));
        await DrainedAsync(house);
        Assert.Equal([8, 7, 6, 5, 4], await StartsAsync(new(), 1, 5));

        Task<CallRecordPage> SearchAsync(CallRecordFilter filter) => house.Records.SearchAsync(filter, 0, 100);
        async Task<IEnumerable<int>> StartsAsync(CallRecordFilter filter, int skip, int take) =>
            (await house.Records.SearchAsync(filter, skip, take)).Entries.Select(e => Index(house, e));
    }

    /// <summary>More than a part, some of one instant, some not in the database yet.</summary>
    [Theory, DatabaseData]
    public async Task All_OfManyRecords_GivesEachOnce_NewestFirst(DatabaseProvider provider)
    {
        using var database = await TestDatabase.CreateAsync(provider);
        await using var house = await MailHouse.StartAsync(database, null);
        for (var i = 0; i < 1300; i++)
        {
            // 700 of one instant.
            house.Journal.Ended(Ended(Started(house, Math.Clamp(i, 300, 999)), "x") with { Id = new Guid(i, 0, 0, new byte[8]), Caller = i % 2 == 0 ? "even" : "odd" });
            if (i == 1250) await DrainedAsync(house);
        }

        var all = await house.Records.AllAsync(new()).ToListAsync();
        Assert.Equal(1300, all.Select(r => r.Id).Distinct().Count());
        Assert.Equal(1300, all.Count);
        Assert.Equal(all.OrderByDescending(r => r.StartedAt).Select(r => r.StartedAt), all.Select(r => r.StartedAt));
        Assert.Equal(650, await house.Records.AllAsync(new() { Text = "even" }).CountAsync());
        database.Away = true;
        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await house.Records.AllAsync(new()).ToListAsync());
    }

    [Theory, DatabaseData]
    public async Task Database_Away_RecordsArriveAfterwards(DatabaseProvider provider)
    {
        using var database = await TestDatabase.CreateAsync(provider);
        await using var house = await MailHouse.StartAsync(database, null);
        await DrainedAsync(house);
        database.Away = true;
        for (var i = 0; i < 300; i++)
        {
            house.Journal.Started(Started(house, i) with { Id = new Guid(i, 0, 0, new byte[8]) });
            house.Journal.Ended(Ended(Started(house, i) with { Id = new Guid(i, 0, 0, new byte[8]) }, "x"));
        }
        var page = await house.Records.SearchAsync(new(), 0, 10);
        Assert.True(page.DatabaseAway);
        Assert.Equal((10, 300), (page.Entries.Count, page.Total));
        Assert.True(house.Journal.Pending >= 600);

        database.Away = false;
        await DrainedAsync(house);

        page = await house.Records.SearchAsync(new(), 0, 10);
        Assert.Equal((300, false), (page.Total, page.DatabaseAway));
        Assert.Equal(0, house.Journal.Pending);
        Assert.Empty(house.Get<CallJournal>().Kept);
    }

    [Theory, DatabaseData]
    public async Task Process_KilledDuringACall_LeavesItsRecordUnfinished(DatabaseProvider provider)
    {
        using var database = await TestDatabase.CreateAsync(provider);
        await using var house = await MailHouse.StartAsync(database, null);
        var (drained, spooled, whole) = (Started(house, 1), Started(house, 2), Started(house, 3));
        house.Journal.Started(drained);
        await DrainedAsync(house);
        database.Away = true;
        house.Journal.Started(spooled);
        house.Journal.Started(whole);
        house.Journal.Ended(Ended(whole, "x"));
        await house.Get<SpoolLog>().AppendAsync(SpoolEntry.Of("call-started", spooled));
        house.Clock.Advance(TimeSpan.FromMinutes(1));

        using var disk = TemporaryDirectory.CopyOf(house.Directory);
        await house.StopAsync();
        database.Away = false;
        await using var after = await house.KilledAsync(disk);
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        var live = Started(after, 120);
        after.Journal.Started(live);
        await DrainedAsync(after);

        var page = await after.Records.SearchAsync(new(), 0, 10);
        Assert.Equal([(live.Id, true), (whole.Id, false), (spooled.Id, false), (drained.Id, false)], page.Entries.Select(e => (e.Record.Id, e.Running)));
        Assert.Equal([null, null, null], page.Entries.Where(e => e.Record.Id != whole.Id).Select(e => e.Record.EndedAt));
        Assert.Equal(CallOutcome.Unfinished, page.Entries[2].Record.Outcome);
    }

    [Fact]
    public async Task Line_ThatTheDatabaseRefuses_IsSetAsideAndHoldsNothingUp()
    {
        using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using var house = await MailHouse.StartAsync(database, null);
        await house.Get<SpoolLog>().AppendAsync(new SpoolEntry("call-ended", "not json"u8.ToArray()));
        await house.Get<SpoolLog>().AppendAsync(new SpoolEntry("of-a-later-version", "{}"u8.ToArray()));
        var record = Ended(Started(house, 0), "x");
        house.Journal.Ended(record);
        await DrainedAsync(house);

        Assert.Equal(0, house.Journal.Pending);
        Assert.NotNull(await house.Records.FindAsync(record.Id));
        Assert.Equal(2, (await File.ReadAllLinesAsync(Path.Combine(house.Directory.Spool, "refused.log"))).Length);
    }

    [Fact]
    public async Task Lines_DrainedTwice_GiveTheSameRows()
    {
        using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using var house = await MailHouse.StartAsync(database, null);
        var record = Ended(Started(house, 0), "x");
        house.Journal.Started(record with { EndedAt = null });
        house.Journal.Ended(record);
        await DrainedAsync(house);

        using var disk = TemporaryDirectory.CopyOf(house.Directory);
        await house.StopAsync();
        await using var after = await house.KilledAsync(disk);
        await DrainedAsync(after);

        Assert.Equal(record, (await after.Records.FindAsync(record.Id))!.Record);
        await using var context = database.Open();
        Assert.Equal(1, await context.Set<CallRecordRow>().CountAsync());
    }

    private static async Task DrainedAsync(MailHouse house)
    {
        // The writer is asynchronous: a confirmed line says that all lines before it are on disk.
        var spool = house.Get<SpoolLog>();
        while (spool.Pending > 0)
        {
            await house.DrainedAsync();
            await Task.Yield();
        }
    }

    private static DateTimeOffset At(MailHouse house, int seconds) => house.Clock.GetUtcNow().AddSeconds(seconds);

    private static int Index(MailHouse house, CallRecordEntry entry) => (int)(entry.Record.StartedAt - house.Clock.GetUtcNow()).TotalSeconds;

    private static CallRecord Started(MailHouse house, int second) => new()
    {
        Id = Guid.NewGuid(), StartedAt = At(house, second), Caller = "+33612345678", CallerName = "X", Called = "+33140000000", Site = "paris",
    };

    private static CallRecord Ended(CallRecord record, string name) => record with
    {
        CallerName = name, AnsweredAt = record.StartedAt.AddSeconds(2), EndedAt = record.StartedAt.AddSeconds(9), Outcome = CallOutcome.Answered,
        AnsweredBy = "alice",
        Journey = [new(record.StartedAt, new JourneyStep(JourneyCodes.RuleMatched, "rule:x", "+33140000000"))],
        Quality = [new(0, "PCMA", 100, 1, 0.5, null, 100, 2)],
    };
}
