using Microsoft.EntityFrameworkCore;
using Pbx.Core.Common;
using Pbx.Core.Data;
using Pbx.Core.Tests.Databases;
using Pbx.Testing.Databases;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace Pbx.Core.Tests.Databases;

/// <summary>One PostgreSQL server for all tests of the assembly, started when the first of them asks for a database.</summary>
public sealed class SharedPostgres : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresCluster>> cluster = new(PostgresCluster.StartAsync);

    public async Task<string> CreateDatabaseAsync() => await (await cluster.Value).CreateDatabaseAsync();

    public async ValueTask DisposeAsync()
    {
        if (cluster.IsValueCreated) await (await cluster.Value).DisposeAsync();
    }
}

/// <summary>An empty, migrated database of its own, and a data directory beside it.</summary>
internal sealed class TestDatabase : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    private TestDatabase(PbxContextFactory contexts) => Contexts = contexts;

    public DataDirectory Directory => directory.Data;

    public PbxContextFactory Contexts { get; private set; }

    /// <summary>While set, every attempt to open the database fails as if its server were away.</summary>
    public bool Away { get; set; }

    public static async Task<TestDatabase> CreateAsync(DatabaseProvider provider)
    {
        var database = new TestDatabase(null!);
        DataDirectory.Make(database.Directory.Database);
        var connection = provider == DatabaseProvider.Sqlite ? null
            : await (await TestContext.Current.GetFixture<SharedPostgres>())!.CreateDatabaseAsync();
        database.Contexts = new PbxContextFactory(DatabaseAddress.Of(provider, connection, database.Directory));
        await using var context = database.Contexts.CreateDbContext();
        await context.Database.MigrateAsync();
        return database;
    }

    public PbxDbContext Open() => Away ? throw new TimeoutException("The database is away.") : Contexts.CreateDbContext();

    public void Dispose()
    {
        // The file is about to go: pooled connections must not hold it.
        if (Contexts.Address.Provider == DatabaseProvider.Sqlite) Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        directory.Dispose();
    }
}
