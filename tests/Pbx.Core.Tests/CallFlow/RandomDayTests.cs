using Pbx.Core.CallRecords;
using Pbx.Testing.CallFlow;

namespace Pbx.Core.Tests.CallFlow;

public sealed class RandomDayTests(ITestOutputHelper output)
{
    [Fact]
    public void Calls_Of5000RandomCompanies_EndOnce_WaitForSomething_AndReplayAlike()
    {
        var calls = 0;
        var outcomes = new System.Collections.Concurrent.ConcurrentDictionary<CallOutcome, int>();
        var broken = new System.Collections.Concurrent.ConcurrentBag<string>();
        Parallel.For(1, 5001, seed =>
        {
            try
            {
                var world = RandomDay.Play(seed);
                Interlocked.Add(ref calls, world.Calls.Count);
                foreach (var call in world.Calls) outcomes.AddOrUpdate(call.State.Outcome, 1, (_, n) => n + 1);
            }
            catch (Exception e)
            {
                broken.Add($"seed {seed}: {e.Message} {(e is BrokenRuleException ? "" : e.StackTrace)}");
            }
        });

        output.WriteLine($"{calls} calls: {string.Join(", ", outcomes.OrderBy(o => o.Key).Select(o => $"{o.Key} {o.Value}"))}");
        Assert.True(broken.IsEmpty, $"{broken.Count} broken, such as\n{string.Join('\n', broken.Take(5))}");
        Assert.True(outcomes.Count >= 5, "the cases are too much alike");
    }
}
