using CsCheck;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Data;
using Pbx.Core.Snapshot;
using Pbx.Core.Tests.Databases;
using static Pbx.Core.Tests.Data.Samples;

namespace Pbx.Core.Tests.Data;

public sealed class DatabaseStorageTests
{
    /// <summary>One random company is turned into the next, so that rows are added, changed and removed, lists grow and shrink.</summary>
    [Theory, DatabaseData]
    public async Task Storage_OneRandomCompanyAfterAnother_ReadsWhatWasWritten(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        var storage = core.Get<IConfigurationStorage>();
        var current = core.Configuration.Current;

        await RandomCompany.Gen.SampleAsync(async items =>
        {
            var next = Next(current, items);
            var changed = current.All().Concat(next.All()).Select(o => new ObjectRef(o.Kind, o.Key)).Distinct().ToList();
            await storage.SaveAsync(new StoredChange(current, next, changed, TestCore.Tester, DateTimeOffset.UnixEpoch));
            current = next;
            var read = await storage.LoadAsync();
            Assert.Equal(next.Revision, read.Revision);
            Assert.Equal<IConfigObject>(next.All(), read.All());
        }, iter: 25, threads: 1);
    }

    [Theory, DatabaseData]
    public async Task Database_RefusesDanglingDestination_WhateverTheProgramThinks(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        var current = core.Configuration.Current;
        var dangling = Announcement("a", new Destination(DestinationKind.Queue, "nowhere")) with { Version = 1 };
        var next = (current with { Revision = 1 }).With(Site() with { Version = 1 }).With(Prompt() with { Version = 1 }).With(dangling);

        await Assert.ThrowsAsync<DbUpdateException>(() => core.Get<IConfigurationStorage>().SaveAsync(new StoredChange(current, next,
            [.. next.All().Where(o => o.Version > 0).Select(o => new ObjectRef(o.Kind, o.Key))], TestCore.Tester, DateTimeOffset.UnixEpoch)));

        Assert.Empty((await core.Get<IConfigurationStorage>().LoadAsync()).Sites);
    }

    [Theory, DatabaseData]
    public async Task Save_AfterAnotherServerWrote_IsConflict_AndItsChangeIsLearned(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        var current = core.Configuration.Current;
        var other = (current with { Revision = 1 }).With(Site("lyon") with { Version = 1 });
        await core.Get<IConfigurationStorage>().SaveAsync(
            new StoredChange(current, other, [new ObjectRef(ObjectKind.Site, "lyon")], TestCore.Tester, DateTimeOffset.UnixEpoch));

        var refused = await core.Configuration.ApplyAsync([Put(Site())], TestCore.Tester);
        var again = await core.Configuration.ApplyAsync([Put(Site())], TestCore.Tester);

        Assert.Equal("conflict", Assert.Single(refused.Errors).Code);
        Assert.Equal(["lyon", "paris"], again.Value.Sites.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Secrets_AreNotInClear_InAnyFileOfTheDataDirectory()
    {
        await using var core = await TestCore.StartAsync(DatabaseProvider.Sqlite);
        var device = Device() with { Password = new Secret("Correct-Horse-Battery") };
        await core.Configuration.ApplyAsync([Put(Site()), Put(Mailbox() with { Pin = new Secret("83746592") }), Put(Extension(devices: device))], TestCore.Tester);
        await core.StopAsync();

        foreach (var file in core.Folder.EnumerateFiles("*", SearchOption.AllDirectories))
        {
            var text = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file.FullName));
            Assert.DoesNotContain("Correct-Horse-Battery", text, StringComparison.Ordinal);
            Assert.DoesNotContain("83746592", text, StringComparison.Ordinal);
            if (file.Name != Path.GetFileName(new DataDirectory("/").SnapshotLog)) continue;
            // Base64 would hide them.
            text = string.Concat(text.Split('\n').Select(line => System.Text.Encoding.Latin1.GetString(Convert.FromBase64String(line))));
            Assert.NotEmpty(text);
            Assert.DoesNotContain("Correct-Horse-Battery", text, StringComparison.Ordinal);
            Assert.DoesNotContain("83746592", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task DataDirectory_IsForItsOwnerOnly()
    {
        await using var core = await TestCore.StartAsync(DatabaseProvider.Sqlite);
        await core.Configuration.ApplyAsync([Put(Site())], TestCore.Tester);
        await core.Get<SnapshotFile>().WrittenAsync();

        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        var open = core.Folder.EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
            .Where(f => (f.UnixFileMode & others) != 0).Select(f => f.FullName);
        Assert.Empty(open);
    }

    [Theory, DatabaseData]
    public async Task Start_WithDatabaseOfANewerVersion_IsRefusedInWords(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        await using (var database = core.Get<IDbContextFactory<PbxDbContext>>().CreateDbContext())
        {
            await database.Database.ExecuteSqlRawAsync("INSERT INTO \"__EFMigrationsHistory\" VALUES ('29990101000000_Future', '99.0')");
        }
        await core.StopAsync();

        var refused = await Assert.ThrowsAsync<StorageRefusedException>(core.StartAsync);

        Assert.Contains("29990101000000_Future", refused.Message, StringComparison.Ordinal);
        Assert.Contains("newer version", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AfterAKillDuringMigration_DoesNotWaitForItsStaleLock_AndKeepsACopy()
    {
        await using var core = await TestCore.StartAsync(DatabaseProvider.Sqlite);
        await core.StopAsync();
        var backups = Path.Combine(core.Folder.FullName, "backups");
        Assert.False(Directory.Exists(backups));
        // As left by a server killed at its upgrade: the lock is taken, and not all is applied.
        await ExecuteAsync(core.SqliteFile, "INSERT INTO \"__EFMigrationsLock\" VALUES (1, '2026-01-01')");
        var migration = ActivatorUtilities.CreateInstance<DatabaseMigration>(new ServiceCollection().AddLogging()
            .AddSingleton(new PbxContextFactory(new DatabaseAddress(DatabaseProvider.Sqlite, $"Data Source={core.SqliteFile}")))
            .AddSingleton(new DataDirectory(core.Folder.FullName)).AddSingleton(TimeProvider.System).BuildServiceProvider());

        await migration.MigrateAsync(applied: ["a"], pending: ["b"], CancellationToken.None);

        Assert.Single(Directory.GetFiles(backups));
        await core.StartAsync();
    }

    [Theory, DatabaseData]
    public async Task SecondServer_OnTheSameDataDirectory_IsRefused(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        var second = new Pbx.Core.Hosting.DirectoryLock(core.Get<DataDirectory>());

        Assert.Contains("another server", Assert.Throws<StorageRefusedException>(second.Take).Message, StringComparison.Ordinal);
    }

    private static async Task ExecuteAsync(string file, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    private static PbxSnapshot Next(PbxSnapshot current, IReadOnlyList<IConfigObject> items)
    {
        var start = PbxSnapshot.Empty with { Revision = current.Revision + 1 };
        return items.Aggregate(start, (snapshot, item) => snapshot.With(item.WithVersion(start.Revision)));
    }
}
