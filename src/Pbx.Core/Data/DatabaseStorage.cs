using System.Data.Common;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Data.Mapping;
using Pbx.Core.Snapshot;

namespace Pbx.Core.Data;

/// <summary>The configuration in the database.</summary>
internal sealed class DatabaseStorage(PbxContextFactory contexts, DatabaseMigration migration, SecretCipher cipher) : IConfigurationStorage
{
    private bool migrated;

    /// <inheritdoc/>
    /// <remarks>Without EF, whose model alone takes longer to build than all else of a start.</remarks>
    public async Task<long?> RevisionAsync(CancellationToken cancellationToken = default)
    {
        if (contexts.Address is { Provider: DatabaseProvider.Sqlite } address && !File.Exists(address.SqliteFile)) return null;
        try
        {
            await using var connection = contexts.Address.Connection();
            await connection.OpenAsync(cancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT (SELECT COUNT(*) FROM \"__EFMigrationsHistory\"), (SELECT MAX(\"MigrationId\") FROM \"__EFMigrationsHistory\"), revision FROM config_revision";
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            return await row.ReadAsync(cancellationToken) && (row.GetInt32(0), row.GetString(1)) == DatabaseMigration.NewestForm(contexts.Address.Provider)
                ? row.GetInt64(2)
                : null;
        }
        catch (Exception e) when (e is DbException or TimeoutException or InvalidCastException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public Task<PbxSnapshot> LoadAsync(CancellationToken cancellationToken = default) => DatabaseErrors.Guarded(async () =>
    {
        if (!migrated) await migration.RunAsync(cancellationToken);
        migrated = true;
        await using var database = contexts.CreateDbContext();
        // One transaction, so that all tables are of one moment also if another server writes.
        await using var transaction = await database.Database.BeginTransactionAsync(
            database.Database.IsNpgsql() ? System.Data.IsolationLevel.RepeatableRead : System.Data.IsolationLevel.Serializable, cancellationToken);
        var revision = await database.Set<ConfigRevisionRow>().AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        var snapshot = PbxSnapshot.Empty with { Revision = revision?.Revision ?? 0 };
        foreach (var mapping in ConfigMappings.All)
        {
            foreach (var item in await mapping.LoadAsync(database, cipher, cancellationToken)) snapshot = snapshot.With(item);
        }
        return snapshot;
    });

    /// <inheritdoc/>
    public Task SaveAsync(StoredChange change, CancellationToken cancellationToken = default) => DatabaseErrors.Guarded(async () =>
    {
        await using var database = contexts.CreateDbContext();
        await CountRevisionAsync(database, change, cancellationToken);
        foreach (var name in change.Changed)
        {
            if (!await StoreAsync(database, change, name, cancellationToken)) throw new StorageConflictException();
        }
        await StoreTargetsAsync(database, change, cancellationToken);
        database.AddRange(change.Changed.Select(name => Audit(change, name)));
        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException e)
        {
            throw new StorageConflictException(e);
        }
        return true;
    });

    /// <inheritdoc/>
    public async Task<ChangeInfo?> LastChangeAsync(ObjectRef name, CancellationToken cancellationToken = default) =>
        await ChangesAsync(name, 1, cancellationToken) is [var last, ..] ? last : null;

    /// <inheritdoc/>
    public Task<IReadOnlyList<ChangeInfo>> ChangesAsync(ObjectRef? name, int count, CancellationToken cancellationToken = default) => DatabaseErrors.Guarded(async () =>
    {
        await using var database = contexts.CreateDbContext();
        IQueryable<ConfigChangeRow> rows = database.Set<ConfigChangeRow>().AsNoTracking();
        if (name is { } only)
        {
            var written = only.ToString();
            rows = rows.Where(r => r.Object == written);
        }
        var found = await rows.OrderByDescending(r => r.Id).Take(count).ToListAsync(cancellationToken);
        return (IReadOnlyList<ChangeInfo>)[.. found.Select(Read)];
    });

    private static async Task CountRevisionAsync(PbxDbContext database, StoredChange change, CancellationToken cancellationToken)
    {
        var row = await database.Set<ConfigRevisionRow>().SingleOrDefaultAsync(cancellationToken);
        if ((row?.Revision ?? 0) != change.Before.Revision) throw new StorageConflictException();
        if (row is null) database.Add(new ConfigRevisionRow { Revision = change.After.Revision });
        else row.Revision = change.After.Revision;
    }

    private async Task<bool> StoreAsync(PbxDbContext database, StoredChange change, ObjectRef name, CancellationToken cancellationToken)
    {
        var mapping = ConfigMappings.Of(name.Kind);
        // The settings are there before they were first saved: with version 0.
        var before = change.Before.Find(name) is { Version: > 0 } stored ? stored : null;
        return change.After.Find(name) is { } item
            ? await mapping.PutAsync(database, item, before?.Version, cipher, cancellationToken)
            : before is null || await mapping.RemoveAsync(database, name.Key, before.Version, cancellationToken);
    }

    /// <summary>
    /// Rows of the target table come and go with what they stand for: an object, or the use of an outside number. The few causes of a hang-up stay.
    /// </summary>
    private static async Task StoreTargetsAsync(PbxDbContext database, StoredChange change, CancellationToken cancellationToken)
    {
        var before = TargetsOf(change.Changed.Select(change.Before.Find));
        var after = TargetsOf(change.Changed.Select(change.After.Find));
        var gone = before.Except(after).Where(target => target.Kind != DestinationKind.HangUp).ToHashSet();
        // Somebody else may still use an outside number.
        if (gone.Any(target => target.Kind == DestinationKind.External)) gone.ExceptWith(TargetsOf(change.After.All()));
        string[] concerned = [.. after.Except(before).Concat(gone).Select(target => target.ToString())];
        if (concerned.Length == 0) return;
        var stored = await database.Set<TargetRow>().Where(row => EF.Parameter(concerned).Contains(row.Key)).ToDictionaryAsync(row => row.Key, cancellationToken);
        foreach (var target in after.Except(before).Where(target => !stored.ContainsKey(target.ToString()))) database.Add(new TargetRow { Key = target.ToString() });
        foreach (var target in gone.Where(target => stored.ContainsKey(target.ToString()))) database.Remove(stored[target.ToString()]);
    }

    private static HashSet<Destination> TargetsOf(IEnumerable<IConfigObject?> items)
    {
        HashSet<Destination> targets = [];
        foreach (var item in items.OfType<IConfigObject>())
        {
            if (item is ITargetObject target) targets.Add(target.AsDestination);
            foreach (var (_, destination) in References.DestinationsOf(item))
            {
                if (destination.Kind is DestinationKind.External or DestinationKind.HangUp) targets.Add(destination);
            }
        }
        return targets;
    }

    private static ConfigChangeRow Audit(StoredChange change, ObjectRef name) => new()
    {
        Revision = change.After.Revision, Object = name.ToString(), Actor = change.Actor.Name, Source = change.Actor.Source.ToString(),
        At = change.At, Before = Masked(change.Before.Find(name)), After = Masked(change.After.Find(name)),
    };

    private static string? Masked(IConfigObject? item) =>
        item is null ? null : JsonSerializer.Serialize(item, item.GetType(), ConfigurationJson.Masked);

    private static ChangeInfo Read(ConfigChangeRow row) =>
        new(row.Revision, row.Object, new Actor(row.Actor, Enum.Parse<ChangeSource>(row.Source)), row.At, row.Before, row.After);
}
