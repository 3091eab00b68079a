using Pbx.Sip.Endpoint;
using Pbx.Sip.Scheduling;
using Pbx.Testing;

namespace Pbx.Sip.Tests.Endpoint;

public sealed class ShardTests
{
    [Fact]
    public void Shard_RingFullOfNewWork_KeepsRoomForMessagesAndEvents()
    {
        var shard = new Shard(0, new FakeClock(), new ShardLimits(RingCapacity: 8, RingReserve: 4), e => throw e);
        var done = new List<string>();
        bool PostOf(WorkClass workClass, string name) => shard.Post(workClass, _ => done.Add(name), null);

        for (var i = 0; i < 4; i++) Assert.True(PostOf(WorkClass.New, "new"));
        Assert.False(PostOf(WorkClass.New, "shed"));
        for (var i = 0; i < 4; i++) Assert.True(PostOf(WorkClass.Message, "message"));
        Assert.False(PostOf(WorkClass.Message, "lost"));
        Assert.True(PostOf(WorkClass.Event, "event"));
        shard.Post(() => done.Add("event"));

        shard.Pump();
        Assert.Equal(4, done.Count(d => d == "new"));
        Assert.Equal(4, done.Count(d => d == "message"));
        Assert.Equal(2, done.Count(d => d == "event"));
        Assert.True(PostOf(WorkClass.New, "new"));
    }

    [Fact]
    public void Shard_WorkWaits_ItsAgeIsKnown()
    {
        var clock = new FakeClock();
        var shard = new Shard(0, clock, new ShardLimits(), e => throw e);
        Assert.Equal(TimeSpan.Zero, shard.QueueAge);
        shard.Post(WorkClass.New, _ => { }, null);
        clock.Advance(TimeSpan.FromMilliseconds(150));
        Assert.Equal(TimeSpan.FromMilliseconds(150), shard.QueueAge);
        shard.Pump();
        Assert.Equal(TimeSpan.Zero, shard.QueueAge);
    }

    [Fact]
    public void Shard_WorkThrows_IsReportedAndTheNextIsDone()
    {
        var failures = new List<Exception>();
        var shard = new Shard(0, new FakeClock(), new ShardLimits(), failures.Add);
        var done = false;
        shard.Post(() => throw new InvalidOperationException("bug"));
        shard.Post(() => done = true);
        shard.Pump();
        Assert.True(done);
        Assert.Single(failures);
    }

    [Fact]
    public async Task Shard_ManyProducers_EachPieceIsDoneOnceAndInOrderOfItsProducer()
    {
        using var shard = new Shard(0, TimeProvider.System, new ShardLimits(), e => throw e);
        shard.Start();
        const int Each = 20_000;
        var last = new int[4];
        var wrong = 0;
        var left = last.Length * Each;
        var finished = new TaskCompletionSource();
        var producers = Enumerable.Range(0, last.Length).Select(producer => Task.Run(() =>
        {
            for (var i = 1; i <= Each; i++)
            {
                var number = i;
                void Work(object? _)
                {
                    if (last[producer] + 1 != number || !shard.IsCurrent) wrong++;
                    last[producer] = number;
                    if (--left == 0) finished.SetResult();
                }
                while (!shard.Post(WorkClass.Message, Work, null)) Thread.Yield();
            }
        })).ToArray();
        await Task.WhenAll(producers);
        await finished.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(0, wrong);
    }

    [Fact]
    public async Task Shard_Sleeping_WakesForWorkAndForTimers()
    {
        using var shard = new Shard(0, TimeProvider.System, new ShardLimits(), e => throw e);
        shard.Start();
        var ping = new SemaphoreSlim(0);
        for (var i = 0; i < 200; i++)
        {
            shard.Post(WorkClass.Message, _ => shard.CreateTimer(() => ping.Release()).Start(TimeSpan.FromMilliseconds(1)), null);
            Assert.True(await ping.WaitAsync(TimeSpan.FromSeconds(5)));
        }
    }

    [Fact]
    public void ShardSet_LaterMessages_FindTheShardOfTheFirst()
    {
        using var shards = new ShardSet(3, new FakeClock(), new ShardLimits(), e => throw e);
        for (var i = 0; i < 100; i++)
        {
            var callId = $"call-{i}@somewhere";
            var first = shards.ForRequest(callId, "");
            Assert.Same(first, shards.ForRequest(callId, "not-ours"));
            Assert.Same(first, shards.ForRequest("another", first.Ids.NewTag()));
            Assert.Same(first, shards.ForRequest(first.Ids.NewCallId(), ""));
            Assert.Same(first, shards.ForResponse(first.Ids.NewBranch()));
        }
        Assert.Null(shards.ForResponse("z9hG4bKabc"));
        Assert.Equal(3, Enumerable.Range(0, 100).Select(i => shards.ForRequest($"call-{i}", "").Number).Distinct().Count());
    }
}
