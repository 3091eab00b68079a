using Pbx.Core.CallFlow;
using Pbx.Core.CallRecords;
using Pbx.Sip.Messages;
using Pbx.Testing.CallFlow;

namespace Pbx.Sip.Tests.Engine;

/// <summary>
/// Real calls through the stack and the engine in companies made by chance, each from a seed: whatever the configuration, the callers and
/// the phones do, each call ends once, waits for something, and replays. A seed that fails is told and can be run alone
/// (<c>PBX_SEED=n</c>).
/// </summary>
public sealed class RandomCompaniesTests(ITestOutputHelper output)
{
    private static int? OnlySeed => int.TryParse(Environment.GetEnvironmentVariable("PBX_SEED"), out var seed) ? seed : null;

    [Fact]
    public void Calls_In500RandomCompanies_EndOnce_AndReplayAlike()
    {
        var broken = new System.Collections.Concurrent.ConcurrentBag<string>();
        var outcomes = new System.Collections.Concurrent.ConcurrentDictionary<CallOutcome, int>();
        var seeds = OnlySeed is { } only ? [only] : Enumerable.Range(1, 500);
        Parallel.ForEach(seeds, seed =>
        {
            try
            {
                foreach (var outcome in new RandomCalls(seed).Play()) outcomes.AddOrUpdate(outcome, 1, (_, n) => n + 1);
            }
            catch (Exception exception)
            {
                broken.Add($"PBX_SEED={seed}: {exception.Message}\n{exception.StackTrace}");
            }
        });

        output.WriteLine($"{outcomes.Values.Sum()} calls: {string.Join(", ", outcomes.OrderBy(o => o.Key).Select(o => $"{o.Key} {o.Value}"))}");
        Assert.True(broken.IsEmpty, $"{broken.Count} broken, such as\n{string.Join('\n', broken.Take(3))}");
        if (OnlySeed is null) Assert.True(outcomes.Count >= 4, "the cases are too much alike");
    }

    /// <summary>The calls of one company.</summary>
    private sealed class RandomCalls
    {
        private static readonly string[] Dialled =
            ["*62", "*63", "999", "*70", "*71", "*72", "*43", "100", "101", "102", "300", "301", "400", "500", "600", "700", "0612345678", "4711"];

        private readonly HashSet<string> rung = [];
        private readonly Random random;
        private readonly EngineBench bench;
        private readonly List<TestPhone> phones = [];
        private readonly TestPhone provider;
        private readonly List<(TestPhone Phone, TestCall Call)> calls = [];

        public RandomCalls(int seed)
        {
            random = new Random(seed);
            // A Monday in Paris: these companies are open then, some of them in a break.
            bench = new EngineBench(RandomCompany.Create(seed), trunk: RandomCompany.Trunk, start: new DateTimeOffset(2026, 11, 23, 9, random.Next(60), 0, TimeSpan.Zero));
            foreach (var extension in bench.Configuration.Current.Extensions.Keys.Order(StringComparer.Ordinal))
                for (var device = random.Next(3); device > 0; device--) phones.Add(bench.Phone(extension));
            phones.Add(provider = bench.Phone(RandomCompany.Trunk));
        }

        public IReadOnlyList<CallOutcome> Play()
        {
            using (bench)
            {
                for (var step = 0; step < 60; step++)
                {
                    Act();
                    AssertNoAgentRingsForTwoCallers();
                    if (random.Next(3) > 0) bench.Run();
                    if (random.Next(4) == 0) bench.Pass(random.Next(1, 6000) / 1000.0);
                }
                HangUpAll();
                bench.AssertIdle(bench.Journal.Finished.Count);
                Assert.All(bench.Records, record => Assert.NotEmpty(record.Journey));
                return [.. bench.Records.Select(record => record.Outcome)];
            }
        }

        private void HangUpAll()
        {
            for (var round = 0; round < 60 && (bench.Engine.Count > 0 || round < 3); round++)
            {
                foreach (var (phone, call) in calls) phone.HangUp(call);
                foreach (var phone in phones) phone.Settle();
                bench.Pass(2);
            }
            foreach (var phone in phones) phone.Settle();
            bench.Pass(40);
        }

        private void Act()
        {
            switch (random.Next(12))
            {
                case 0 or 1 or 2 when calls.Count < 6: Call(); break;
                case 3 when calls.Count > 0:
                    var (caller, call) = calls[random.Next(calls.Count)];
                    caller.HangUp(call);
                    break;
                case 4 or 5: Answer(phones[random.Next(phones.Count)]); break;
                case 6 or 7:
                    if (bench.Media.Legs.FindAll(leg => leg is { IsClosed: false, Playing: { Loop: false } }) is { Count: > 0 } playing)
                        playing[random.Next(playing.Count)].EndPlay();
                    break;
                case 8 or 9:
                    if (bench.Media.Legs.FindAll(leg => !leg.IsClosed && leg.Media is not null) is { Count: > 0 } open)
                        open[random.Next(open.Count)].Press("1234567890*#"[random.Next(12)]);
                    break;
                case 10:
                    if (bench.Media.Legs.Find(leg => leg is { IsClosed: false, Recording: not null }) is { } recording)
                        recording.EndRecording(RecordingEnd.Silence, random.Next(2) == 0 ? 500 : 5000, random.Next(3) > 0);
                    break;
                default: phones[random.Next(phones.Count)].Settle(); break;
            }
        }

        private void Call()
        {
            var phone = phones[random.Next(phones.Count)];
            if (random.Next(2) == 0) phone = provider;
            var called = phone == provider ? RandomCompany.Number : Dialled[random.Next(Dialled.Length)];
            calls.Add((phone, phone.Invite(called)));
        }

        private void Answer(TestPhone phone)
        {
            if (phone.Requests.Find(request => request.Method == SipMethods.Invite) is not { } invite) return;
            int[] choices = [180, 183, 200, 200, 200, 486, 603, 480];
            var status = choices[random.Next(choices.Length)];
            phone.Reply(invite, status, status is 183 or 200 ? phone.Sdp() : null);
            if (status >= 200) phone.Requests.RemoveAll(request => request.Method == SipMethods.Invite && request.CallId == invite.CallId);
        }

        // Every device says at once that it rings, as real ones do; from then on it rings until it is cancelled or has answered.
        private void AssertNoAgentRingsForTwoCallers()
        {
            foreach (var phone in phones)
                foreach (var invite in phone.Requests.Where(r => r.Method == SipMethods.Invite && rung.Add(r.CallId)).ToList()) phone.Reply(invite, 180);
            bench.Run();
            foreach (var agent in phones.GroupBy(phone => phone.Number))
            {
                var callers = agent.SelectMany(QueueCallsRinging).Distinct().ToList();
                Assert.True(callers.Count < 2, $"{agent.Key} rings for {callers.Count} callers of queues");
            }
        }

        private IEnumerable<Guid> QueueCallsRinging(TestPhone phone) =>
            from invite in phone.Requests
            where invite.Method == SipMethods.Invite && rung.Contains(invite.CallId)
                && !phone.Requests.Exists(r => r.Method == SipMethods.Cancel && r.CallId == invite.CallId)
            from leg in bench.Media.Legs
            where !leg.IsClosed && invite.BodyText.Contains($"m=audio {leg.Port} ", StringComparison.Ordinal)
                && bench.Live.Topic.Current.Any(call => call.Id == leg.Call && call.At.StartsWith("queue:", StringComparison.Ordinal))
            select leg.Call;
    }
}
