using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Data;
using Pbx.Core.Snapshot;
using Pbx.Core.Tests.Data;
using Pbx.Core.Tests.Databases;
using Pbx.Testing;
using static Pbx.Core.Tests.Data.Samples;

namespace Pbx.Core.Tests.Configuration;

/// <summary>A start that takes its configuration from the data directory, because the database holds that revision.</summary>
public sealed class KeptStartTests
{
    [Theory, DatabaseData]
    public async Task Start_DatabaseHoldsTheRevisionKept_LoadsNothing_AndTheCheckFindsTheSame(DatabaseProvider provider)
    {
        CountingStorage? storage = null;
        await using var core = await TestCore.StartAsync(provider, more: services => services.AddSingleton<IConfigurationStorage>(s =>
            storage = new CountingStorage(ActivatorUtilities.CreateInstance<DatabaseStorage>(s))));
        Assert.Equal(1, storage!.Loads);
        await core.Configuration.ApplyAsync([Put(Site()), Put(Site("lyon"))], TestCore.Tester);
        await core.StopAsync();

        await core.StartAsync();
        Assert.Equal(0, storage.Loads);
        Assert.True(core.Configuration.DatabaseAvailable);
        var kept = core.Configuration.Current;
        Assert.Equal(["lyon", "paris"], kept.Sites.Keys.Order(StringComparer.Ordinal));
        // It saves at once: what is kept is as good as what was loaded.
        Assert.Empty((await core.Configuration.ApplyAsync([Put(Site("nice"))], TestCore.Tester)).Errors);
        var saved = core.Configuration.Current;

        core.Configuration.Check();
        await UntilAsync(() => storage.Loads == 1);
        var configuration = core.Configuration;
        await core.StopAsync();
        Assert.Same(saved, configuration.Current);
    }

    [Theory, DatabaseData]
    public async Task Start_DatabaseWasChangedByHand_TheCheckTakesWhatItSays(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        await core.Configuration.ApplyAsync([Put(Site())], TestCore.Tester);
        await core.StopAsync();
        await core.StartAsync();
        await using (var database = core.Get<PbxContextFactory>().CreateDbContext()) await database.Database.ExecuteSqlRawAsync("UPDATE sites SET name = 'By hand'");
        Assert.NotEqual("By hand", core.Configuration.Current.Sites["paris"].Name);

        core.Configuration.Check();

        await UntilAsync(() => core.Configuration.Current.Sites["paris"].Name == "By hand");
    }

    [Theory, DatabaseData]
    public async Task Start_DatabaseHoldsAnotherRevision_ItIsLoaded(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        await core.Configuration.ApplyAsync([Put(Site())], TestCore.Tester);
        await using (var database = core.Get<PbxContextFactory>().CreateDbContext())
            await database.Database.ExecuteSqlRawAsync("UPDATE sites SET name = 'Restored'; UPDATE config_revision SET revision = 7");
        await core.StopAsync();

        await core.StartAsync();

        Assert.Equal(7, core.Configuration.Current.Revision);
        Assert.Equal("Restored", core.Configuration.Current.Sites["paris"].Name);
    }

    /// <summary>A database that takes connections and says nothing would keep phones waiting for as long as its driver does.</summary>
    [Fact]
    public async Task Start_DatabaseHangs_WhatWasKeptServesAfterFiveSeconds_AndTheDatabaseIsTakenWhenItAnswers()
    {
        HungStorage? storage = null;
        var clock = new FakeClock(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));
        await using var core = await TestCore.StartAsync(DatabaseProvider.Sqlite, o => o with { ConnectionString = null }, services =>
        {
            services.AddSingleton<TimeProvider>(clock);
            services.AddSingleton<IConfigurationStorage>(s => storage = new HungStorage(ActivatorUtilities.CreateInstance<DatabaseStorage>(s), storage));
        });
        await core.Configuration.ApplyAsync([Put(Site())], TestCore.Tester);
        await core.StopAsync();

        storage!.Hangs = true;
        var starting = core.StartAsync();
        await UntilAsync(() => storage.IsAsked);
        clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(starting.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        await starting;
        Assert.Equal(["paris"], core.Configuration.Current.Sites.Keys);
        Assert.False(core.Configuration.DatabaseAvailable);

        storage.Hangs = false;
        clock.Advance(TimeSpan.FromSeconds(2));
        await UntilAsync(() => core.Configuration.DatabaseAvailable);
    }

    /// <summary>Whatever lies there in its place: the database is loaded, and the start does not fail.</summary>
    [Fact]
    public async Task Start_WhatWasKeptCannotBeRead_TheDatabaseIsLoaded()
    {
        await using var core = await TestCore.StartAsync(DatabaseProvider.Sqlite, o => o with { ConnectionString = null });
        await core.Configuration.ApplyAsync([Put(Site())], TestCore.Tester);
        var file = core.Get<DataDirectory>().SnapshotFile;
        await core.StopAsync();
        await File.WriteAllTextAsync(file, "rubbish");
        await core.StartAsync();
        Assert.Equal(["paris"], core.Configuration.Current.Sites.Keys);

        await core.StopAsync();
        File.Delete(file);
        Directory.CreateDirectory(file);
        await core.StartAsync();
        Assert.Equal(["paris"], core.Configuration.Current.Sites.Keys);
    }

    [Theory, DatabaseData]
    public async Task Revision_OfADatabaseOfAnotherForm_CannotBeSaid(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        await core.Configuration.ApplyAsync([Put(Site())], TestCore.Tester);
        var storage = core.Get<IConfigurationStorage>();
        Assert.Equal(core.Configuration.Current.Revision, await storage.RevisionAsync());
        await using var database = core.Get<PbxContextFactory>().CreateDbContext();
        await database.Database.ExecuteSqlRawAsync("INSERT INTO \"__EFMigrationsHistory\" VALUES ('29991231000000_Later', '99.0')");
        Assert.Null(await storage.RevisionAsync());
        await database.Database.ExecuteSqlRawAsync("DROP TABLE \"__EFMigrationsHistory\"");
        Assert.Null(await storage.RevisionAsync());
    }

    [Fact]
    public async Task Revision_OfNoDatabase_CannotBeSaid_AndNoneIsMade()
    {
        await using var core = await TestCore.StartAsync(DatabaseProvider.Sqlite, o => o with { ConnectionString = null });
        var storage = core.Get<IConfigurationStorage>();
        SqliteConnection.ClearAllPools();
        File.Delete(core.SqliteFile);
        Assert.Null(await storage.RevisionAsync());
        Assert.False(File.Exists(core.SqliteFile));
    }

    [Theory, DatabaseData]
    public async Task NewestForm_IsThatOfTheMigrations(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        await using var database = core.Get<PbxContextFactory>().CreateDbContext();
        var migrations = database.Database.GetMigrations().ToList();
        Assert.Equal((migrations.Count, migrations[^1]), DatabaseMigration.NewestForm(provider));
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < 600, "not within a minute");
            await Task.Delay(100);
        }
    }

    private sealed class HungStorage(IConfigurationStorage inner, HungStorage? before) : IConfigurationStorage
    {
        public bool Hangs { get; set; } = before?.Hangs ?? false;

        public bool IsAsked { get; private set; }

        public async Task<long?> RevisionAsync(CancellationToken cancellationToken = default)
        {
            IsAsked = true;
            if (Hangs) await Task.Delay(Timeout.Infinite, cancellationToken);
            return await inner.RevisionAsync(cancellationToken);
        }

        public async Task<PbxSnapshot> LoadAsync(CancellationToken cancellationToken = default)
        {
            if (Hangs) throw new StorageUnavailableException("hangs");
            return await inner.LoadAsync(cancellationToken);
        }

        public Task SaveAsync(StoredChange change, CancellationToken cancellationToken = default) => inner.SaveAsync(change, cancellationToken);

        public Task<ChangeInfo?> LastChangeAsync(ObjectRef name, CancellationToken cancellationToken = default) => inner.LastChangeAsync(name, cancellationToken);

        public Task<IReadOnlyList<ChangeInfo>> ChangesAsync(ObjectRef? name, int count, CancellationToken cancellationToken = default) =>
            inner.ChangesAsync(name, count, cancellationToken);
    }

    private sealed class CountingStorage(IConfigurationStorage inner) : IConfigurationStorage
    {
        private int loads;

        public int Loads => loads;

        public async Task<PbxSnapshot> LoadAsync(CancellationToken cancellationToken = default)
        {
            var loaded = await inner.LoadAsync(cancellationToken);
            Interlocked.Increment(ref loads);
            return loaded;
        }

        public Task<long?> RevisionAsync(CancellationToken cancellationToken = default) => inner.RevisionAsync(cancellationToken);

        public Task SaveAsync(StoredChange change, CancellationToken cancellationToken = default) => inner.SaveAsync(change, cancellationToken);

        public Task<ChangeInfo?> LastChangeAsync(ObjectRef name, CancellationToken cancellationToken = default) => inner.LastChangeAsync(name, cancellationToken);

        public Task<IReadOnlyList<ChangeInfo>> ChangesAsync(ObjectRef? name, int count, CancellationToken cancellationToken = default) =>
            inner.ChangesAsync(name, count, cancellationToken);
    }
}
