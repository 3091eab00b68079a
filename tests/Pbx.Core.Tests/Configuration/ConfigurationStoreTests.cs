using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Snapshot;
using Pbx.Core.Tests.Data;
using Pbx.Core.Tests.Databases;
using Pbx.Core.Trunks;
using static Pbx.Core.Tests.Data.Samples;

namespace Pbx.Core.Tests.Configuration;

public sealed class ConfigurationStoreTests
{
    [Theory, DatabaseData]
    public async Task Apply_DemoCompany_IsTheSameAfterRestart(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);

        var applied = await core.Configuration.ApplyAsync(DemoChanges(), TestCore.Tester);

        Assert.Empty(applied.Errors);
        var before = core.Configuration.Current;
        await core.StopAsync();
        await core.StartAsync();
        Assert.Equal(before.Revision, core.Configuration.Current.Revision);
        Assert.Equal<IConfigObject>(before.All(), core.Configuration.Current.All());
        Assert.Equal(before.Numbers.OrderBy(n => n.Key, StringComparer.Ordinal), core.Configuration.Current.Numbers.OrderBy(n => n.Key, StringComparer.Ordinal));
    }

    [Theory, DatabaseData]
    public async Task Apply_NewDeviceAndMailbox_GetGeneratedSecrets_ThatStayWhenNotGiven(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        var created = await core.Configuration.ApplyAsync([Put(Site()), Put(Mailbox()), Put(Extension(devices: Device()))], TestCore.Tester);
        var extension = created.Value.Extensions["e101"];
        var password = extension.Devices[0].Password;

        var changed = await core.Configuration.ApplyAsync(
            [Put(extension with { Name = "New", Devices = [extension.Devices[0] with { Password = null }] })], TestCore.Tester);

        Assert.Equal(20, password!.Reveal().Length);
        Assert.Equal(6, created.Value.Mailboxes["box"].Pin!.Reveal().Length);
        Assert.Equal(password, changed.Value.Extensions["e101"].Devices[0].Password);
        Assert.Equal("New", changed.Value.Extensions["e101"].Name);
    }

    /// <summary>Two devices exchange their users in one change: whichever is put first, both are known afterwards.</summary>
    [Theory, DatabaseData]
    public async Task Apply_UsersExchangedBetweenTwoExtensions_AreBothKnown(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        await core.Configuration.ApplyAsync([Put(Site()), Put(Extension("101", devices: Device(user: "one"))), Put(Extension("102", devices: Device(user: "two")))], TestCore.Tester);
        var (first, second) = (core.Configuration.Current.Extensions["e101"], core.Configuration.Current.Extensions["e102"]);

        var swapped = await core.Configuration.ApplyAsync([Put(first with { Devices = [first.Devices[0] with { UserName = "two" }] }), Put(second with { Devices = [second.Devices[0] with { UserName = "one" }] })],
            TestCore.Tester);

        Assert.Empty(swapped.Errors);
        Assert.Equal(("e101", "desk"), swapped.Value.DeviceUsers["two"]);
        Assert.Equal(("e102", "desk"), swapped.Value.DeviceUsers["one"]);
    }

    [Theory, DatabaseData]
    public async Task Apply_StaleVersion_IsConflictThatNamesWhoChangedIt(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        var site = (await core.Configuration.ApplyAsync([Put(Site())], TestCore.Tester)).Value.Sites["paris"];
        await core.Configuration.ApplyAsync([Put(site with { Name = "Paris 2" })], new Actor("marie", ChangeSource.Console));

        var stale = await core.Configuration.ApplyAsync([Put(site with { Name = "Paris 3" })], TestCore.Tester);

        var error = Assert.Single(stale.Errors);
        Assert.Equal(("conflict", "sites/paris"), (error.Code, error.Path));
        Assert.Contains("marie", error.Message, StringComparison.Ordinal);
        Assert.Equal("Paris 2", core.Configuration.Current.Sites["paris"].Name);
    }

    [Theory, DatabaseData]
    public async Task Apply_NewObjectWithTakenKey_IsRefused(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        await core.Configuration.ApplyAsync([Put(Site())], TestCore.Tester);

        var again = await core.Configuration.ApplyAsync([Put(Site())], TestCore.Tester);

        Assert.Equal("key-taken", Assert.Single(again.Errors).Code);
    }

    [Theory, DatabaseData]
    public async Task Remove_WhileOthersRefer_IsRefusedAndListsThem(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        var snapshot = (await core.Configuration.ApplyAsync(
            [Put(Site()), Put(Prompt()), Put(Extension()), Put(Queue(agents: "e101")),
                Put(Announcement("bye", new Destination(DestinationKind.Queue, "support")))], TestCore.Tester)).Value;

        var refused = await core.Configuration.ApplyAsync([Remove(snapshot.Queues["support"])], TestCore.Tester);
        var together = await core.Configuration.ApplyAsync(
            [Remove(snapshot.Queues["support"]), Remove(snapshot.Announcements["bye"]), Remove(snapshot.Extensions["e101"])], TestCore.Tester);

        var error = Assert.Single(refused.Errors);
        Assert.Equal(("in-use", "queues/support"), (error.Code, error.Path));
        Assert.Equal(["queue:support", "announcements/bye/next"], error.Arguments);
        Assert.Empty(together.Errors);
        Assert.Empty(together.Value.Queues);
    }

    [Theory, DatabaseData]
    public async Task Apply_ObjectsThatReferToEachOtherInACircle_AreStoredAtOnce(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        var a = Announcement("a", new Destination(DestinationKind.Announcement, "b"));
        var b = Announcement("b", new Destination(DestinationKind.Announcement, "a")) with { Prompt = "hello" };
        var site = Site() with { ClosureMailbox = "box", ClosurePrompt = "hello", DefaultDestination = a.AsDestination };

        // That such a circle waits for nobody is the validator's business; here only that it can be stored and removed.
        var stored = await core.Configuration.ApplyAsync([Put(site), Put(Prompt()), Put(Mailbox()), Put(Queue()),
            Put(a), Put(b with { Next = new Destination(DestinationKind.Queue, "support") })], TestCore.Tester);
        Assert.Empty(stored.Errors);
        var emptied = await core.Configuration.ApplyAsync(
            [.. stored.Value.All().Where(o => o.Kind != ObjectKind.Settings).Select(o => Remove(o))], TestCore.Tester);

        Assert.Empty(emptied.Errors);
        Assert.Single(emptied.Value.All());
    }

    [Theory, DatabaseData]
    public async Task Apply_NothingDifferent_KeepsRevisionAndWritesNothing(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        var first = (await core.Configuration.ApplyAsync([Put(Site())], TestCore.Tester)).Value;

        var second = await core.Configuration.ApplyAsync([Put(first.Sites["paris"])], TestCore.Tester);

        Assert.Same(first, second.Value);
        Assert.Single(await core.Configuration.ChangesAsync(new ObjectRef(ObjectKind.Site, "paris"), 10));
    }

    [Theory, DatabaseData]
    public async Task Apply_SpokenPrompt_IsSpokenOnce_AndAgainForOtherWords(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        var prompt = (await core.Configuration.ApplyAsync([Put(Prompt())], TestCore.Tester)).Value.Prompts["hello"];
        var renamed = (await core.Configuration.ApplyAsync([Put(prompt with { Name = "Welcome", Audio = null })], TestCore.Tester)).Value.Prompts["hello"];
        var reworded = (await core.Configuration.ApplyAsync([Put(renamed with { Text = "Bonsoir à tous" })], TestCore.Tester)).Value.Prompts["hello"];
        var failed = await core.Configuration.ApplyAsync([Put(reworded with { Text = "unspeakable" })], TestCore.Tester);

        Assert.Equal("hash-of-fr-7", prompt.Audio);
        Assert.Equal(prompt.Audio, renamed.Audio);
        Assert.Equal("hash-of-fr-14", reworded.Audio);
        Assert.Equal(("speech-failed", "prompts/hello/text"), (failed.Errors[0].Code, failed.Errors[0].Path));
        Assert.Equal(3, core.Audio.Spoken);
    }

    [Theory, DatabaseData]
    public async Task Publish_InRevisionOrder_EvenWhenASubscriberThrows(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        List<long> seen = [];
        using var bad = core.Configuration.Subscribe(_ => throw new InvalidOperationException("A subscriber's mistake."));
        using var good = core.Configuration.Subscribe(s => seen.Add(s.Revision));

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => core.Configuration.ApplyAsync([Put(Site($"s{i}"))], TestCore.Tester)));

        Assert.All(results, r => Assert.Empty(r.Errors));
        Assert.Equal(Enumerable.Range(1, 20).Select(i => (long)i), seen);
        Assert.Equal(20, core.Configuration.Current.Sites.Count);
    }

    [Theory, DatabaseData]
    public async Task Audit_KeepsWhoAndWhat_WithSecretsMasked(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        var trunk = new Trunk { Key = "carrier", Name = "Carrier", Site = "paris", Host = "sip.example", Password = new Secret("hunter2hunter2") };
        await core.Configuration.ApplyAsync([Put(Site()), Put(trunk)], TestCore.Tester);

        var line = Assert.Single(await core.Configuration.ChangesAsync(new ObjectRef(ObjectKind.Trunk, "carrier"), 10));

        Assert.Equal((1L, "tester", ChangeSource.Console), (line.Revision, line.Actor.Name, line.Actor.Source));
        Assert.Null(line.Before);
        Assert.Contains("\"sip.example\"", line.After, StringComparison.Ordinal);
        Assert.Contains("***", line.After, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", line.After, StringComparison.Ordinal);
    }

    [Theory, DatabaseData]
    public async Task SwitchClosure_TwiceAtOnce_LastOneWins_AndIsThereAfterRestart(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        await core.Configuration.ApplyAsync([Put(Site())], TestCore.Tester);
        // Finer than a database keeps it, and not in UTC.
        var now = new DateTimeOffset(2026, 11, 23, 15, 0, 0, TimeSpan.FromHours(1)).AddTicks(1234567);

        var both = await Task.WhenAll(
            core.Configuration.SwitchClosureAsync("paris", true, now.AddHours(2), TestCore.Tester, now),
            core.Configuration.SwitchClosureAsync("paris", true, null, new Actor("marie", ChangeSource.Phone), now));
        var unknown = await core.Configuration.SwitchClosureAsync("rome", true, null, TestCore.Tester, now);

        Assert.All(both, r => Assert.Empty(r.Errors));
        Assert.Equal("not-found", Assert.Single(unknown.Errors).Code);
        var closure = core.Configuration.Current.Closures["paris"];
        await core.StopAsync();
        await core.StartAsync();
        Assert.Equal(closure, core.Configuration.Current.Closures["paris"]);
        var off = await core.Configuration.SwitchClosureAsync("paris", false, now, TestCore.Tester, now);
        Assert.Equal((false, (DateTimeOffset?)null), (off.Value.Closures["paris"].On, off.Value.Closures["paris"].Until));
        Assert.Empty((await core.Configuration.ApplyAsync([Remove(off.Value.Sites["paris"])], TestCore.Tester)).Errors);
        Assert.Empty(core.Configuration.Current.Closures);
    }

    [Theory, DatabaseData]
    public async Task SwitchAgent_ForAllQueues_ReplacesWhatWasSaidForSingleOnes(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        await core.Configuration.ApplyAsync([Put(Site()), Put(Extension()), Put(Queue(agents: "e101"))], TestCore.Tester);
        var now = new DateTimeOffset(2026, 11, 23, 14, 0, 0, TimeSpan.Zero);

        var one = await core.Configuration.SwitchAgentAsync("e101", "support", false, TestCore.Tester, now);
        var all = await core.Configuration.SwitchAgentAsync("e101", null, true, TestCore.Tester, now);

        Assert.False(one.Value.AgentLogins["e101/support"].LoggedIn);
        Assert.Equal("e101", Assert.Single(all.Value.AgentLogins).Key);
    }
}
