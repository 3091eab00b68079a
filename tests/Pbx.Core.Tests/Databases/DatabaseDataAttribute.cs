using System.Reflection;
using Pbx.Core.Common;
using Pbx.Testing.Databases;
using Xunit.Sdk;
using Xunit.v3;

namespace Pbx.Core.Tests.Databases;

/// <summary>
/// Runs a theory once per database, giving it the provider as its only argument; a server that is not installed shows as skipped.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DatabaseDataAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        ValueTask.FromResult<IReadOnlyCollection<ITheoryDataRow>>(
        [
            new TheoryDataRow(DatabaseProvider.Sqlite),
            new TheoryDataRow(DatabaseProvider.Postgres) { Skip = PostgresCluster.Programs is null ? "PostgreSQL is not installed." : null },
        ]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
