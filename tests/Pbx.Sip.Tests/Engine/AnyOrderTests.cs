using Pbx.Core.Queues;
using Pbx.Core.Snapshot;
using Pbx.Sip.Messages;

namespace Pbx.Sip.Tests.Engine;

/// <summary>
/// Phones that do anything at any moment, in an order made by chance from a seed. Whatever they do: no call hangs, none is recorded
/// twice, nobody is bridged twice, each call replays.
/// </summary>
public sealed class AnyOrderTests
{
    [Fact]
    public void Calls_InAnyOrderOfEvents_LeaveNothingBehind()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            try
            {
                Play(seed);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {seed}.", exception);
            }
        }
    }

    private static void Play(int seed)
    {
        var random = new Random(seed);
        using var bench = new EngineBench(Company.Small(queue => queue with { MaxWaitSeconds = 40, RingSeconds = 8 }));
        var phones = new[] { "100", "101", "101", "102", "103" }.Select(bench.Phone).ToArray();
        var calls = new List<(TestPhone Phone, TestCall Call)>();
        for (var step = 0; step < 40; step++)
        {
            Act(bench, random, phones, calls);
            if (random.Next(3) > 0) bench.Run();
            if (random.Next(6) == 0) bench.Pass(random.Next(1, 4000) / 1000.0);
        }
        for (var round = 0; round < 60 && (bench.Engine.Count > 0 || round < 3); round++)
        {
            foreach (var (phone, call) in calls) phone.HangUp(call);
            foreach (var phone in phones) phone.Settle();
            bench.Pass(2);
        }
        foreach (var phone in phones) phone.Settle();
        bench.Pass(40);
        bench.AssertIdle(bench.Journal.Finished.Count);
    }

    private static void Act(EngineBench bench, Random random, TestPhone[] phones, List<(TestPhone Phone, TestCall Call)> calls)
    {
        var phone = phones[random.Next(phones.Length)];
        switch (random.Next(10))
        {
            case 0 or 1 when calls.Count < 5:
                calls.Add((phone, phone.Invite(new[] { "100", "101", "102", "300", "400", "500", "500", "600", "777" }[random.Next(9)])));
                break;
            case 2 when calls.Count > 0:
                calls[random.Next(calls.Count)].Call.Cancel();
                break;
            case 3 when calls.Count > 0:
                var (caller, call) = calls[random.Next(calls.Count)];
                caller.HangUp(call);
                break;
            case 4 or 5 or 6:
                if (phone.Requests.Find(request => request.Method == SipMethods.Invite) is not { } invite) break;
                var status = new[] { 180, 183, 200, 200, 200, 486, 603, 480 }[random.Next(8)];
                phone.Reply(invite, status, status is 183 or 200 ? phone.Sdp() : null);
                if (status >= 200) phone.Requests.RemoveAll(request => request.Method == SipMethods.Invite && request.CallId == invite.CallId);
                break;
            case 7:
                if (bench.Media.Legs.FindAll(leg => leg is { IsClosed: false, Playing: not null }) is { Count: > 0 } playing)
                    playing[random.Next(playing.Count)].EndPlay();
                break;
            case 8:
                phone.Settle();
                break;
            case 9:
                bench.Configuration.Publish(bench.Configuration.Current.With(new AgentLogin
                {
                    Key = "101", Extension = "101", LoggedIn = random.Next(2) == 0, ChangedAt = bench.Clock.GetUtcNow(),
                }));
                break;
        }
    }
}
