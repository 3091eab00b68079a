using System.Reflection;
using Pbx.Testing.Databases;
using Xunit.Sdk;
using Xunit.v3;

namespace Pbx.Scenarios;

/// <summary>The database that a scenario's server uses.</summary>
public sealed class Database : IAsyncDisposable
{
    /// <summary>The server, when it is PostgreSQL.</summary>
    public PostgresCluster? Cluster { get; private init; }

    /// <summary>Settings for the process.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; private init; } = new Dictionary<string, string>();

    /// <summary>Starts what the kind needs; the server gives up on a database that is silent for so many seconds.</summary>
    public static async Task<Database> StartAsync(string kind, int patience = 60)
    {
        if (kind == "sqlite") return new Database();
        var cluster = await PostgresCluster.StartAsync();
        return new Database
        {
            Cluster = cluster,
            Settings = new Dictionary<string, string>
            {
                ["PBX__Database__Provider"] = "postgres",
                ["PBX__Database__ConnectionString"] = await cluster.CreateDatabaseAsync(patience),
            },
        };
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Cluster?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>Runs a scenario on SQLite and on PostgreSQL; a machine without PostgreSQL shows the second as skipped, never as passed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DatabaseKindsAttribute : DataAttribute
{
    /// <inheritdoc/>
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) => new(
    [
        new TheoryDataRow("sqlite"),
        new TheoryDataRow("postgres") { Skip = PostgresCluster.Programs is null ? "PostgreSQL is not installed." : null },
    ]);

    /// <inheritdoc/>
    public override bool SupportsDiscoveryEnumeration() => true;
}
