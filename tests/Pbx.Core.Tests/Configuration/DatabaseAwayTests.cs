using Microsoft.Extensions.DependencyInjection;
using Pbx.Core.Access;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Snapshot;
using Pbx.Core.Tests.Data;
using Pbx.Core.Tests.Databases;
using static Pbx.Core.Tests.Data.Samples;

namespace Pbx.Core.Tests.Configuration;

public sealed class DatabaseAwayTests
{
    [Fact]
    public async Task Postgres_StoppedAndStarted_ConfigurationStaysReadable_AndSavesAgainAfterwards()
    {
        Assert.SkipWhen(Testing.Databases.PostgresCluster.Programs is null, "No PostgreSQL server programs below /usr/lib/postgresql.");
        await using var cluster = await Testing.Databases.PostgresCluster.StartAsync();
        var database = await cluster.CreateDatabaseAsync();
        await using var core = await TestCore.StartAsync(DatabaseProvider.Sqlite,
            o => o with { Provider = DatabaseProvider.Postgres, ConnectionString = database });
        await core.Configuration.ApplyAsync([Put(Site())], TestCore.Tester);

        await cluster.StopServerAsync();
        var refused = await core.Configuration.ApplyAsync([Put(Site("lyon"))], TestCore.Tester);
        Assert.Equal("database-unavailable", Assert.Single(refused.Errors).Code);
        Assert.True(core.Configuration.Current.Sites.ContainsKey("paris"));

        await core.StopAsync();
        await core.StartAsync();
        Assert.False(core.Configuration.DatabaseAvailable);
        Assert.Equal(["paris"], core.Configuration.Current.Sites.Keys);

        await cluster.StartServerAsync();
        await BackAsync(core.Configuration);
        var saved = await core.Configuration.ApplyAsync([Put(Site("lyon"))], TestCore.Tester);
        Assert.Equal(2, saved.Value.Sites.Count);
    }

    [Fact]
    public async Task Sqlite_Locked_SavingIsRefusedInTime_AndWorksAfterwards()
    {
        await using var core = await TestCore.StartAsync(DatabaseProvider.Sqlite, o => o with { ConnectionString = null });
        await core.Configuration.ApplyAsync([Put(Site())], TestCore.Tester);
        await using (var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={core.SqliteFile};Pooling=False"))
        {
            await other.OpenAsync();
            await using var transaction = other.BeginTransaction();

            var refused = await core.Configuration.ApplyAsync([Put(Site("lyon"))], TestCore.Tester);

            Assert.Equal("database-unavailable", Assert.Single(refused.Errors).Code);
        }
        await BackAsync(core.Configuration);
        Assert.Empty((await core.Configuration.ApplyAsync([Put(Site("lyon"))], TestCore.Tester)).Errors);
    }

    /// <summary>The reply to the commit is lost: nobody can know then whether it was stored. What the database says counts.</summary>
    [Theory, DatabaseData]
    public async Task Save_CommittedButItsReplyLost_IsReported_AndPublishedWhenTheDatabaseIsBack(DatabaseProvider provider)
    {
        await using var core = await WithBrokenStorageAsync(provider, connectionBroke: false);

        var lost = await core.Configuration.ApplyAsync([Put(Site())], TestCore.Tester);
        Assert.Equal("database-unavailable", Assert.Single(lost.Errors).Code);
        Assert.Empty(core.Configuration.Current.Sites);

        await BackAsync(core.Configuration);
        Assert.Equal(["paris"], core.Configuration.Current.Sites.Keys);
    }

    [Theory, DatabaseData]
    public async Task Save_CommittedButItsConnectionBroke_IsFoundToBeStored(DatabaseProvider provider)
    {
        await using var core = await WithBrokenStorageAsync(provider, connectionBroke: true);

        var saved = await core.Configuration.ApplyAsync([Put(Site())], TestCore.Tester);

        Assert.Equal(["paris"], saved.Value.Sites.Keys);
        Assert.Single(await core.Configuration.ChangesAsync(null, 10));
    }

    [Fact]
    public async Task Save_AfterPostgresWasRestartedInBetween_Works()
    {
        Assert.SkipWhen(Testing.Databases.PostgresCluster.Programs is null, "No PostgreSQL server programs below /usr/lib/postgresql.");
        await using var cluster = await Testing.Databases.PostgresCluster.StartAsync();
        var database = await cluster.CreateDatabaseAsync();
        await using var core = await TestCore.StartAsync(DatabaseProvider.Sqlite,
            o => o with { Provider = DatabaseProvider.Postgres, ConnectionString = database });
        await core.Configuration.ApplyAsync([Put(Site())], TestCore.Tester);
        await cluster.StopServerAsync();
        await cluster.StartServerAsync();

        Assert.Empty((await core.Configuration.ApplyAsync([Put(Site("lyon"))], TestCore.Tester)).Errors);
    }

    [Fact]
    public async Task FirstStart_WithoutDatabase_IsSetUpWhenItComes()
    {
        Assert.SkipWhen(Testing.Databases.PostgresCluster.Programs is null, "No PostgreSQL server programs below /usr/lib/postgresql.");
        await using var cluster = await Testing.Databases.PostgresCluster.StartAsync();
        var database = await cluster.CreateDatabaseAsync();
        await cluster.StopServerAsync();
        await using var core = await TestCore.StartAsync(DatabaseProvider.Sqlite, o => o with
        {
            Provider = DatabaseProvider.Postgres, ConnectionString = database,
            SetupAdminEmail = "root@example.com", SetupAdminPassword = new Secret("a long enough one"),
        });
        Assert.False(core.Configuration.Loaded);
        Assert.True(await core.Get<SystemSetup>().IsClaimedAsync());

        await cluster.StartServerAsync();
        await BackAsync(core.Configuration);
        await core.SettingUp;

        var users = await core.Get<UserAdministration>().ListAsync(Caller.System);
        Assert.Equal("root@example.com", Assert.Single(users.Value).Email);
    }

    private static Task<TestCore> WithBrokenStorageAsync(DatabaseProvider provider, bool connectionBroke) => TestCore.StartAsync(provider, more: services =>
    {
        var inner = services.Last(s => s.ServiceType == typeof(IConfigurationStorage)).ImplementationType!;
        services.AddSingleton<IConfigurationStorage>(s =>
            new ReplyLost((IConfigurationStorage)ActivatorUtilities.CreateInstance(s, inner), connectionBroke));
    });

    /// <summary>Waits for the store to find its database again; it looks every two seconds.</summary>
    private static async Task BackAsync(ConfigurationStore store)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!store.DatabaseAvailable) await timer.WaitForNextTickAsync(patience.Token);
    }

    private sealed class ReplyLost(IConfigurationStorage inner, bool connectionBroke) : IConfigurationStorage
    {
        private bool lost;

        public Task<long?> RevisionAsync(CancellationToken cancellationToken = default) => inner.RevisionAsync(cancellationToken);

        public Task<PbxSnapshot> LoadAsync(CancellationToken cancellationToken = default) => inner.LoadAsync(cancellationToken);

        public async Task SaveAsync(StoredChange change, CancellationToken cancellationToken = default)
        {
            await inner.SaveAsync(change, cancellationToken);
            if (lost) return;
            lost = true;
            throw new StorageUnavailableException("Cut.") { ConnectionBroke = connectionBroke };
        }

        public Task<ChangeInfo?> LastChangeAsync(ObjectRef name, CancellationToken cancellationToken = default) =>
            inner.LastChangeAsync(name, cancellationToken);

        public Task<IReadOnlyList<ChangeInfo>> ChangesAsync(ObjectRef? name, int count, CancellationToken cancellationToken = default) =>
            inner.ChangesAsync(name, count, cancellationToken);
    }
}
