using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Pbx.Core.Common;

namespace Pbx.Core.Data.Mapping;

/// <summary>How the objects of one kind are stored.</summary>
internal interface IConfigMapping
{
    /// <summary>The kind.</summary>
    ObjectKind Kind { get; }

    /// <summary>Adds its tables to the model.</summary>
    void Configure(ModelBuilder model);

    /// <summary>All objects of the kind.</summary>
    Task<IReadOnlyList<IConfigObject>> LoadAsync(PbxDbContext database, SecretCipher cipher, CancellationToken cancellationToken);

    /// <summary>Tracks the object as added (<paramref name="version"/> null), or as changed if its row still has that version; false if not.</summary>
    Task<bool> PutAsync(PbxDbContext database, IConfigObject item, long? version, SecretCipher cipher, CancellationToken cancellationToken);

    /// <summary>Tracks the object as removed, if its row still has that version; false if not.</summary>
    Task<bool> RemoveAsync(PbxDbContext database, string key, long version, CancellationToken cancellationToken);
}

/// <summary>The mappings of all kinds.</summary>
internal static class ConfigMappings
{
    /// <summary>One per kind.</summary>
    public static IReadOnlyList<IConfigMapping> All { get; } =
    [
        new SettingsMapping(), new SiteMapping(), new PromptMapping(), new MailboxMapping(), new ExtensionMapping(), new TrunkMapping(),
        new InboundRuleMapping(), new OutboundRuleMapping(), new IvrMenuMapping(), new QueueMapping(), new RingGroupMapping(),
        new AnnouncementMapping(), new ClosureSwitchMapping(), new AgentLoginMapping(),
    ];

    /// <summary>The mapping of a kind.</summary>
    public static IConfigMapping Of(ObjectKind kind) => All.Single(m => m.Kind == kind);
}

/// <summary>The table of one kind, and the way between its rows and the records.</summary>
internal abstract class ConfigMapping<TRow, TItem> : IConfigMapping
    where TRow : ConfigRow, new()
    where TItem : IConfigObject
{
    /// <inheritdoc/>
    public abstract ObjectKind Kind { get; }

    /// <summary>The table's name.</summary>
    protected abstract string Table { get; }

    /// <inheritdoc/>
    public void Configure(ModelBuilder model)
    {
        var builder = model.Entity<TRow>();
        builder.ToTable(Table);
        builder.HasKey(r => r.Key);
        builder.Property(r => r.Version).IsConcurrencyToken();
        ConfigureMore(model, builder);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<IConfigObject>> LoadAsync(PbxDbContext database, SecretCipher cipher, CancellationToken cancellationToken)
    {
        var rows = await database.Set<TRow>().AsNoTracking().AsSplitQuery().OrderBy(r => r.Key).ToListAsync(cancellationToken);
        return [.. rows.Select(row => (IConfigObject)Read(row, cipher))];
    }

    /// <inheritdoc/>
    public async Task<bool> PutAsync(PbxDbContext database, IConfigObject item, long? version, SecretCipher cipher,
        CancellationToken cancellationToken)
    {
        var row = version is null ? new TRow { Key = item.Key } : await FindAsync(database, item.Key, cancellationToken);
        if (row is null || (version is not null && row.Version != version)) return false;
        row.Version = item.Version;
        Write((TItem)item, row, cipher);
        if (version is null) database.Add(row);
        return true;
    }

    /// <inheritdoc/>
    public async Task<bool> RemoveAsync(PbxDbContext database, string key, long version, CancellationToken cancellationToken)
    {
        var row = await FindAsync(database, key, cancellationToken);
        if (row is null || row.Version != version) return false;
        database.Remove(row);
        return true;
    }

    /// <summary>The rest of the table.</summary>
    protected virtual void ConfigureMore(ModelBuilder model, EntityTypeBuilder<TRow> builder)
    {
    }

    /// <summary>Writes the record into its row.</summary>
    protected abstract void Write(TItem item, TRow row, SecretCipher cipher);

    /// <summary>Reads the record out of its row.</summary>
    protected abstract TItem Read(TRow row, SecretCipher cipher);

    private static Task<TRow?> FindAsync(PbxDbContext database, string key, CancellationToken cancellationToken) =>
        database.Set<TRow>().AsSplitQuery().FirstOrDefaultAsync(r => r.Key == key, cancellationToken);
}

/// <summary>The table of a kind that calls can be sent to.</summary>
internal abstract class TargetMapping<TRow, TItem> : ConfigMapping<TRow, TItem>
    where TRow : TargetObjectRow, new()
    where TItem : ITargetObject
{
    /// <inheritdoc/>
    protected override void ConfigureMore(ModelBuilder model, EntityTypeBuilder<TRow> builder)
    {
        builder.RefersTo<TRow, TargetRow>(nameof(TargetObjectRow.Target));
        builder.RefersTo<TRow, SiteRow>(nameof(TargetObjectRow.Site));
    }

    /// <inheritdoc/>
    protected override void Write(TItem item, TRow row, SecretCipher cipher)
    {
        row.Target = item.AsDestination.ToString();
        row.Name = item.Name;
        row.Number = item.Number;
        row.Site = item.Site;
    }
}
