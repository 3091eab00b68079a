using Pbx.Testing.Databases;

namespace Pbx.Scenarios;

/// <summary>The reference scenario with the times that a company has: 20 s for each agent, 120 s in all. Both databases side by side.</summary>
public sealed class RealTimesTests
{
    [Fact]
    public async Task Caller_NobodyAnswersWithin120Seconds_LeavesAMessage_OnBothDatabases()
    {
        Assert.SkipWhen(PostgresCluster.Programs is null, "PostgreSQL is not installed.");
        await Task.WhenAll(
            ReferenceScenarioTests.NobodyAnswersAsync("sqlite", ringSeconds: 20, maxWaitSeconds: 120),
            ReferenceScenarioTests.NobodyAnswersAsync("postgres", ringSeconds: 20, maxWaitSeconds: 120));
    }
}
