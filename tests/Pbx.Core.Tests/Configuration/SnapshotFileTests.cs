using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Abstractions;
using Pbx.Core.Configuration;
using Pbx.Core.Snapshot;
using Pbx.Core.Tests.Databases;
using Pbx.Testing;

namespace Pbx.Core.Tests.Configuration;

/// <summary>When the last configuration is written to the data directory.</summary>
public sealed class SnapshotFileTests
{
    [Fact]
    public async Task Keep_WhileItRestsAfterAWrite_IsWrittenAfterIt_AndAtOnceForWhoWaits()
    {
        using var directory = new TemporaryDirectory();
        var clock = new FakeClock(new DateTimeOffset(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));
        // Each write takes a tenth of a second by this clock, so two seconds of rest follow.
        var file = new SnapshotFile(directory.Data, new EphemeralDataProtectionProvider(), new SlowClock(clock), NullLogger<SnapshotFile>.Instance);
        Keep(1);
        await UntilAsync(1);
        Keep(2);
        Keep(3);
        clock.Advance(TimeSpan.FromSeconds(1.9));
        Assert.Equal(1, file.Read()!.Snapshot.Revision);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        await UntilAsync(3);
        Keep(4);
        await file.WrittenAsync();
        Assert.Equal(4, file.Read()!.Snapshot.Revision);
        // Nobody waits any more: the rest is as before.
        Keep(5);
        await UntilAsync(5);
        Keep(6);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(5, file.Read()!.Snapshot.Revision);
        await file.WrittenAsync();
        Assert.Equal(6, file.Read()!.Snapshot.Revision);

        void Keep(long revision) => file.Keep(PbxSnapshot.Empty with { Revision = revision });
        async Task UntilAsync(long revision)
        {
            for (var i = 0; file.Read()?.Snapshot.Revision != revision || clock.NextDue == long.MaxValue; i++)
            {
                Assert.True(i < 600, "not within a minute");
                await Task.Delay(100);
            }
        }
    }

    private sealed class SlowClock(TimeProvider inner) : TimeProvider
    {
        private int asked;

        public override long TimestampFrequency => inner.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow();

        public override long GetTimestamp() => inner.GetTimestamp() + (Interlocked.Increment(ref asked) * TimestampFrequency / 10);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => inner.CreateTimer(callback, state, dueTime, period);
    }
}
