using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;
using Pbx.Core.Common;

namespace Pbx.Core.Data;

/// <summary>Which database, and how to connect to it.</summary>
internal sealed record DatabaseAddress(DatabaseProvider Provider, string ConnectionString)
{
    private const int TimeoutSeconds = 5;

    /// <summary>The address with short time-outs where it names none: a database that does not answer is soon known to be away.</summary>
    public static DatabaseAddress Of(DatabaseProvider provider, string? connectionString, DataDirectory directory) => provider switch
    {
        DatabaseProvider.Sqlite => new(provider, Sqlite(connectionString ?? $"Data Source={Path.Combine(directory.Database, "pbx.db")}")),
        DatabaseProvider.Postgres => new(provider, Postgres(connectionString
            ?? throw new ArgumentException("PostgreSQL needs a connection string.", nameof(connectionString)))),
    };

    /// <summary>SQLite's file; null for another provider, or one in memory.</summary>
    public string? SqliteFile => Provider == DatabaseProvider.Sqlite && new SqliteConnectionStringBuilder(ConnectionString) is { Mode: not SqliteOpenMode.Memory, DataSource: { Length: > 0 } file }
        && file != ":memory:" ? file : null;

    /// <summary>A connection of its own, not open, for what is asked without a context.</summary>
    public DbConnection Connection() => Provider switch
    {
        DatabaseProvider.Sqlite => new SqliteConnection(ConnectionString),
        DatabaseProvider.Postgres => new NpgsqlConnection(ConnectionString),
    };

    private static string Sqlite(string text)
    {
        var builder = new SqliteConnectionStringBuilder(text) { ForeignKeys = true };
        if (!builder.ShouldSerialize("Default Timeout")) builder.DefaultTimeout = TimeoutSeconds;
        return builder.ToString();
    }

    private static string Postgres(string text)
    {
        var builder = new NpgsqlConnectionStringBuilder(text);
        if (!builder.ShouldSerialize("Timeout")) builder.Timeout = TimeoutSeconds;
        if (!builder.ShouldSerialize("Command Timeout")) builder.CommandTimeout = 2 * TimeoutSeconds;
        if (!builder.ShouldSerialize("Cancellation Timeout")) builder.CancellationTimeout = 1000;
        builder.ApplicationName ??= "pbx";
        return builder.ToString();
    }
}

/// <summary>Makes contexts: one per operation.</summary>
internal sealed class PbxContextFactory : IDbContextFactory<PbxDbContext>
{
    private readonly Func<PbxDbContext> create;

    public PbxContextFactory(DatabaseAddress address)
    {
        Address = address;
        create = address.Provider switch
        {
            DatabaseProvider.Sqlite => Sqlite(address.ConnectionString),
            DatabaseProvider.Postgres => Postgres(address.ConnectionString),
        };
    }

    /// <summary>Where the contexts lead.</summary>
    public DatabaseAddress Address { get; }

    /// <inheritdoc/>
    public PbxDbContext CreateDbContext() => create();

    private static Func<PbxDbContext> Sqlite(string connectionString)
    {
        var options = new DbContextOptionsBuilder<SqlitePbxContext>()
            .UseSqlite(connectionString, o => o.UseQuerySplittingBehavior(QuerySplittingBehavior.SplitQuery))
            .AddInterceptors(new SqlitePragmas()).Options;
        return () => new SqlitePbxContext(options);
    }

    private static Func<PbxDbContext> Postgres(string connectionString)
    {
        var options = new DbContextOptionsBuilder<PostgresPbxContext>()
            .UseNpgsql(connectionString, o => o.UseQuerySplittingBehavior(QuerySplittingBehavior.SplitQuery)).Options;
        return () => new PostgresPbxContext(options);
    }

    /// <summary>
    /// What SQLite forgets with each connection. Synchronous FULL, so that what was committed survives a power cut also in WAL mode.
    /// </summary>
    private sealed class SqlitePragmas : DbConnectionInterceptor
    {
        private const string Pragmas = "PRAGMA busy_timeout=5000; PRAGMA synchronous=FULL;";

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            command.ExecuteNonQuery();
        }

        public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData,
            CancellationToken cancellationToken = default)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
