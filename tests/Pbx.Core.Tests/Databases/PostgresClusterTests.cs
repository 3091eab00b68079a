using Npgsql;
using Pbx.Testing.Databases;

namespace Pbx.Core.Tests;

public sealed class PostgresClusterTests
{
    [Fact]
    public async Task Cluster_StartedStoppedAndStarted_KeepsItsDatabase()
    {
        Assert.SkipWhen(PostgresCluster.Programs is null, "PostgreSQL is not installed.");
        await using var cluster = await PostgresCluster.StartAsync();
        var database = await cluster.CreateDatabaseAsync();

        await cluster.StopServerAsync();
        await cluster.StartServerAsync();

        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select 1", connection);
        Assert.Equal(1, await command.ExecuteScalarAsync());
    }
}
