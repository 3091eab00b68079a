using System.Collections.Concurrent;
using System.Reflection;
using Pbx.Scenarios;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(ServersAtRest))]
[assembly: FailedTest]

namespace Pbx.Scenarios;

/// <summary>
/// Each server is asked, when its test is over, whether it is at rest (<see cref="PbxProcess.AssertAtRestAsync"/>): whatever a test is about, it must
/// not leave a call, a transaction or a port behind. A transaction over UDP is remembered for half a minute (RFC 3261 section 17.1.1.2), which other
/// tests need not wait for, so the answers are gathered here, after all of them. What is left then
/// fails the whole run, and names the test, which is run once more alone as any that failed (<c>scripts/failed-tests.py</c>).
/// </summary>
public sealed class ServersAtRest : IAsyncLifetime
{
    private static readonly ConcurrentBag<(string? Id, string Name, Task End)> Expected = [];
    private static readonly ConcurrentDictionary<string, bool> Failed = new();

    /// <summary>A test is over; its server comes to rest in its own time.</summary>
    public static void Expect(Task end)
    {
        var now = TestContext.Current;
        Expected.Add((now.Test?.UniqueID, now.Test?.TestDisplayName ?? now.TestClass?.TestClassName ?? now.TestCollection?.TestCollectionDisplayName ?? "a test", end));
    }

    /// <summary>That test failed, and has said so itself: its phones may still be where they were.</summary>
    public static void Forgive(string test) => Failed[test] = true;

    /// <inheritdoc/>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        List<string> left = [];
        foreach (var (id, name, end) in Expected)
        {
            try
            {
                await end;
            }
            catch (Exception e)
            {
                if (id is null || !Failed.ContainsKey(id)) left.Add($"Not at rest: the server of {name}: {e.Message}");
            }
        }
        if (left.Count > 0) throw new InvalidOperationException(string.Join("\n\n", left));
    }
}

/// <summary>Tells <see cref="ServersAtRest"/> which tests failed.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class FailedTestAttribute : BeforeAfterTestAttribute
{
    /// <inheritdoc/>
    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed) ServersAtRest.Forgive(test.UniqueID);
    }
}
