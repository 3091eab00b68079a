using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Pbx.Core.Common;
using Pbx.Core.Data;
using Pbx.Core.Data.Mapping;

namespace Pbx.Core.Tests.Data;

public sealed class ModelTests
{
    private static PbxDbContext Context(DatabaseProvider provider) => new PbxContextFactory(new DatabaseAddress(provider,
        provider == DatabaseProvider.Sqlite ? "Data Source=:memory:" : "Host=none")).CreateDbContext();

    [Fact]
    public void Models_OfBothDatabases_HaveTheSameTablesAndColumns()
    {
        using var sqlite = Context(DatabaseProvider.Sqlite);
        using var postgres = Context(DatabaseProvider.Postgres);

        Assert.Equal(Columns(sqlite), Columns(postgres));
    }

    [Theory, InlineData(DatabaseProvider.Sqlite), InlineData(DatabaseProvider.Postgres)]
    public void Migrations_HaveAllThatTheModelHas(DatabaseProvider provider)
    {
        using var database = Context(provider);

        Assert.False(database.Database.HasPendingModelChanges());
    }

    [Fact]
    public void DestinationColumns_AreRestrictingForeignKeys()
    {
        using var database = Context(DatabaseProvider.Sqlite);
        string[] named = ["On", "Route", "Destination", "Next"];
        var columns = database.Model.GetEntityTypes()
            .Where(e => typeof(ConfigRow).IsAssignableFrom(e.ClrType) || typeof(ListRow).IsAssignableFrom(e.ClrType))
            .SelectMany(e => e.GetProperties())
            .Where(p => p.ClrType == typeof(string) && named.Any(n => n == "On" ? p.Name.StartsWith("On", StringComparison.Ordinal) : p.Name.EndsWith(n, StringComparison.Ordinal)))
            .ToList();

        Assert.True(columns.Count > 25);
        Assert.All(columns, p => Assert.Contains(p.GetContainingForeignKeys(),
            f => f.PrincipalEntityType.ClrType == typeof(TargetRow) && f.DeleteBehavior == DeleteBehavior.Restrict));
    }

    [Theory]
    [InlineData("Host=db", "Timeout=5", "Command Timeout=10")]
    [InlineData("Host=db;Timeout=30;Command Timeout=60", "Timeout=30", "Command Timeout=60")]
    public void PostgresAddress_WithoutTimeouts_GetsShortOnes(string given, string timeout, string command)
    {
        var parts = DatabaseAddress.Of(DatabaseProvider.Postgres, given, new DataDirectory("/nowhere")).ConnectionString.Split(';');

        Assert.Contains(timeout, parts);
        Assert.Contains(command, parts);
    }

    private static List<string> Columns(PbxDbContext database) =>
        [.. database.Model.GetEntityTypes().Where(e => !e.IsMappedToJson()).SelectMany(Columns).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Columns(IEntityType entity) =>
        entity.GetProperties().Select(p => $"{entity.GetTableName()}.{p.GetColumnName()} {p.IsNullable} {p.IsConcurrencyToken}")
            .Concat(entity.GetForeignKeys().Select(f => $"{f.GetConstraintName()} {f.DeleteBehavior}"))
            .Concat(entity.GetIndexes().Select(i => $"{i.GetDatabaseName()} {i.IsUnique}"));
}
