using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Pbx.Core.Common;
using Pbx.Core.Configuration;

namespace Pbx.Core.Data;

/// <summary>
/// Brings the database to the form that this version needs, carefully: refuses one made by a newer version, and keeps a copy of the
/// embedded one. The caller holds the lock of the data directory, so that no other server does the same.
/// </summary>
internal sealed partial class DatabaseMigration(PbxContextFactory contexts, DataDirectory directory, TimeProvider time,
    ILogger<DatabaseMigration> log)
{
    private const int BackupsKept = 3;

    /// <summary>
    /// The form that this version needs: how many migrations, and the last of them. Said here once more, since asking EF for them builds its whole
    /// model; a test holds it to the migrations.
    /// </summary>
    internal static (int Migrations, string Last) NewestForm(DatabaseProvider provider) => provider switch
    {
        DatabaseProvider.Sqlite => (6, "20261127170903_UnmatchedCalls"),
        DatabaseProvider.Postgres => (6, "20261127170914_UnmatchedCalls"),
    };

    /// <summary>Applies the migrations that are missing.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var database = contexts.CreateDbContext();
        if (database.Database.IsSqlite()) PrepareFile(database.Database.GetConnectionString()!);
        var applied = (await database.Database.GetAppliedMigrationsAsync(cancellationToken)).ToList();
        var unknown = applied.Except(database.Database.GetMigrations()).ToList();
        if (unknown.Count > 0)
        {
            throw new StorageRefusedException($"The database was made by a newer version of this program (it has {string.Join(", ", unknown)}, "
                + "which this version does not know). Start the newer version, or restore the backup made before the upgrade.");
        }
        var pending = (await database.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
        if (pending.Count > 0) await MigrateAsync(applied, pending, cancellationToken);
    }

    /// <summary>Applies what is pending, after a copy when there is something to lose.</summary>
    internal async Task MigrateAsync(IReadOnlyCollection<string> applied, IReadOnlyCollection<string> pending, CancellationToken cancellationToken)
    {
        await using var database = contexts.CreateDbContext();
        if (database.Database.IsSqlite())
        {
            if (applied.Count > 0) BackUp(database.Database.GetConnectionString()!);
            await ForgetStaleLockAsync(database, cancellationToken);
        }
        Migrating(string.Join(", ", pending));
        await database.Database.MigrateAsync(cancellationToken);
    }

    private static void PrepareFile(string connectionString)
    {
        var file = new SqliteConnectionStringBuilder(connectionString).DataSource;
        DataDirectory.Make(Path.GetDirectoryName(Path.GetFullPath(file))!);
        if (File.Exists(file)) return;
        using (new FileStream(file, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
        }
        using var connection = new SqliteConnection(connectionString);
        connection.Open();
        // Readers never wait for the writer; the mode stays with the file. Its companions take the file's permissions.
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode=WAL;";
        command.ExecuteNonQuery();
    }

    /// <summary>
    /// EF marks a running migration by a row; a server killed in it leaves the row, and every later one would wait for ever.
    /// </summary>
    private static async Task ForgetStaleLockAsync(PbxDbContext database, CancellationToken cancellationToken)
    {
        var found = await database.Database
            .SqlQueryRaw<int>("SELECT COUNT(*) AS \"Value\" FROM sqlite_master WHERE name = '__EFMigrationsLock'").SingleAsync(cancellationToken);
        if (found > 0) await database.Database.ExecuteSqlRawAsync("DELETE FROM \"__EFMigrationsLock\"", cancellationToken);
    }

    private void BackUp(string connectionString)
    {
        DataDirectory.Make(directory.Backups);
        var file = Path.Combine(directory.Backups, $"pbx-{time.GetUtcNow():yyyyMMdd-HHmmss-fff}.db");
        using (var source = new SqliteConnection(connectionString))
        using (var copy = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString()))
        {
            source.Open();
            copy.Open();
            source.BackupDatabase(copy);
        }
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        BackedUp(file);
        foreach (var old in Directory.GetFiles(directory.Backups, "pbx-*.db").OrderDescending(StringComparer.Ordinal).Skip(BackupsKept)) File.Delete(old);
    }

    [LoggerMessage(2001, LogLevel.Information, "The database is brought to its newest form: {Migrations}.")]
    private partial void Migrating(string migrations);

    [LoggerMessage(2002, LogLevel.Information, "The database was copied to {File} before its form changes.")]
    private partial void BackedUp(string file);
}
