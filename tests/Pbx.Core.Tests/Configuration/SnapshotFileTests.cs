using CsCheck;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Abstractions;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Settings;
using Pbx.Core.Snapshot;
using Pbx.Core.Tests.Data;
using Pbx.Core.Tests.Databases;
using static Pbx.Core.Tests.Data.Samples;

namespace Pbx.Core.Tests.Configuration;

/// <summary>What the data directory keeps of the configuration for a start without database, whatever a kill cuts.</summary>
public sealed class SnapshotFileTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly EphemeralDataProtectionProvider protection = new();

    private string Whole => directory.Data.SnapshotFile;

    private string Log => directory.Data.SnapshotLog;

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Keep_Changes_AreInTheLogAtOnce_AndTheWholeStaysAsItIs()
    {
        var first = PbxSnapshot.Empty with { Revision = 7 };
        first = first.With(Site()).With(Extension(devices: Device()));
        var file = await KeepAsync(first);
        var written = await File.ReadAllBytesAsync(Whole);

        var second = Change(first, Site("lyon"), Extension("102"));
        var third = Change(second.After, [new ObjectRef(ObjectKind.Extension, "e101")], new SystemSettings { DrainSeconds = 17 });
        await KeepAsync(file, second, third);

        Assert.Equal(written, await File.ReadAllBytesAsync(Whole));
        AssertKept(third.After);
        Assert.Equal(17, Open().Read()!.Snapshot.Settings.DrainSeconds);
        Assert.Empty(Open().Read()!.Snapshot.DeviceUsers);
        Assert.True(Open().Read()!.OfThisProgram);
    }

    /// <summary>Wherever a kill cuts the log, what is read is one of the configurations that were, whole, and the next change follows it.</summary>
    [Fact]
    public async Task Log_CutAnywhere_GivesAnEarlierConfiguration_AndGoesOnFromThere()
    {
        var any = Gen.Select(Gen.Int[0, 3], Gen.Bool, Gen.Int[0, 3], (extension, put, user) => (Key: $"10{extension}", Put: put, User: $"user{user}"));
        await Gen.Select(any.Array[1, 8], Gen.Double[0, 1]).SampleAsync(async (steps, where) =>
        {
            List<PbxSnapshot> were = [(PbxSnapshot.Empty with { Revision = 1 }).With(Site())];
            var file = await KeepAsync(were[0]);
            foreach (var (key, put, user) in steps)
            {
                var change = put ? Change(were[^1], Extension(key, devices: Device(user: user))) : Change(were[^1], [new ObjectRef(ObjectKind.Extension, "e" + key)]);
                await KeepAsync(file, change);
                were.Add(change.After);
            }
            var bytes = await File.ReadAllBytesAsync(Log);
            var cut = (int)Math.Round(bytes.Length * where);
            await File.WriteAllBytesAsync(Log, bytes[..cut]);

            var again = Open();
            var read = again.Read()!.Snapshot;
            var same = were[(int)read.Revision - 1];
            AssertSame(same, read);
            Assert.Equal(1 + bytes[..cut].Count(octet => octet == '\n'), read.Revision);
            var next = Change(read, Site("later"));
            await KeepAsync(again, next);
            AssertKept(next.After);
        }, iter: 200, threads: 1);
    }

    /// <summary>A disk that gives other bytes: what was before is good, and nothing is added behind it.</summary>
    [Fact]
    public async Task Log_OneByteWrong_GivesWhatWasBefore_AndTheNextIsWrittenWhole()
    {
        var first = PbxSnapshot.Empty with { Revision = 1 };
        var file = await KeepAsync(first);
        var second = Change(first, Site());
        await KeepAsync(file, second);
        var good = new FileInfo(Log).Length;
        await KeepAsync(file, Change(second.After, Site("lyon")));
        var bytes = await File.ReadAllBytesAsync(Log);
        bytes[good + 40] ^= 1;
        await File.WriteAllBytesAsync(Log, bytes);

        var again = Open();
        AssertSame(second.After, again.Read()!.Snapshot);
        var next = Change(second.After, Site("nice"));
        await KeepAsync(again, next);
        AssertWholeIs(next.After);
        AssertKept(next.After);
    }

    [Fact]
    public async Task Log_ThatCannotBeRead_LeavesTheWhole()
    {
        var first = (PbxSnapshot.Empty with { Revision = 1 }).With(Site());
        await KeepAsync(first);
        await File.WriteAllTextAsync(Log, "rubbish\n");
        AssertKept(first);
        File.Delete(Log);
        Directory.CreateDirectory(Log);
        AssertKept(first);
    }

    [Fact]
    public async Task Keep_WhileTheDiskTakesNothing_TheNewestIsThereWhenItDoesAgain()
    {
        var snapshot = PbxSnapshot.Empty with { Revision = 1 };
        var file = await KeepAsync(snapshot);
        // Neither the log nor a new whole one can be made.
        Directory.CreateDirectory(Log);
        Directory.CreateDirectory(Whole + ".new");
        for (var i = 0; i < 300; i++)
        {
            var change = Change(snapshot, Site($"s{i}"));
            file.Keep(change);
            snapshot = change.After;
        }
        await file.WrittenAsync();
        Directory.Delete(Log);
        Directory.Delete(Whole + ".new");

        var next = Change(snapshot, Site("last"));
        await KeepAsync(file, next);
        AssertKept(next.After);
    }

    [Fact]
    public async Task Log_OfAnotherSnapshot_IsNoChangeOfThisOne()
    {
        var first = PbxSnapshot.Empty with { Revision = 1 };
        var file = await KeepAsync(first);
        await KeepAsync(file, Change(first, Site()));
        var log = await File.ReadAllBytesAsync(Log);
        var other = (PbxSnapshot.Empty with { Revision = 1 }).With(Site("lyon"));
        file.Keep(other);
        await file.WrittenAsync();
        Assert.False(File.Exists(Log));

        // As if the kill had come between the two.
        await File.WriteAllBytesAsync(Log, log);
        AssertKept(other);
    }

    [Fact]
    public async Task Keep_AChangeThatDoesNotFollowWhatIsKept_IsWrittenWhole()
    {
        var first = PbxSnapshot.Empty with { Revision = 1 };
        var file = await KeepAsync(first);
        var lost = Change(first, Site());
        Directory.CreateDirectory(Log);
        await KeepAsync(file, lost);
        AssertWholeIs(first);
        Directory.Delete(Log);

        var next = Change(lost.After, Site("lyon"));
        await KeepAsync(file, next);
        AssertWholeIs(next.After);
        AssertKept(next.After);
    }

    [Fact]
    public async Task Keep_MoreThanTheLogMayHold_IsWrittenWhole_AndTheLogBeginsAnew()
    {
        var snapshot = PbxSnapshot.Empty with { Revision = 1 };
        var file = await KeepAsync(snapshot);
        long longest = 0;
        var wholes = 0;
        for (var i = 0; i < 500; i++)
        {
            var change = Change(snapshot, Site() with { Name = $"Paris {i}" });
            await KeepAsync(file, change);
            snapshot = change.After;
            if (!File.Exists(Log)) wholes++;
            else longest = Math.Max(longest, new FileInfo(Log).Length);
        }
        Assert.InRange(wholes, 1, 10);
        Assert.InRange(longest, 200 * 1024, 256 * 1024);
        AssertKept(snapshot);
    }

    [Fact]
    public async Task Keep_ManyAtOnce_TheLastIsThere()
    {
        var snapshot = PbxSnapshot.Empty with { Revision = 1 };
        var file = Open();
        file.Keep(snapshot);
        for (var i = 0; i < 200; i++)
        {
            var change = Change(snapshot, Site($"s{i}"));
            if (i % 50 == 20) file.Keep(change.After);
            else file.Keep(change);
            snapshot = change.After;
        }
        await file.WrittenAsync();
        AssertKept(snapshot);
    }

    private static StoredChange Change(PbxSnapshot before, params IConfigObject[] put) => Change(before, [], put);

    private static StoredChange Change(PbxSnapshot before, ObjectRef[] removed, params IConfigObject[] put)
    {
        var after = put.Aggregate(removed.Aggregate(before, (snapshot, name) => snapshot.Without(name)), (snapshot, item) => snapshot.With(item));
        return new StoredChange(before, after with { Revision = before.Revision + 1 }, [.. removed, .. put.Select(item => new ObjectRef(item.Kind, item.Key))],
            TestCore.Tester, DateTimeOffset.UnixEpoch);
    }

    private SnapshotFile Open() => new(directory.Data, protection, NullLogger<SnapshotFile>.Instance);

    private async Task<SnapshotFile> KeepAsync(PbxSnapshot snapshot)
    {
        var file = Open();
        file.Keep(snapshot);
        await file.WrittenAsync();
        return file;
    }

    private static async Task KeepAsync(SnapshotFile file, params StoredChange[] changes)
    {
        foreach (var change in changes) file.Keep(change);
        await file.WrittenAsync();
    }

    private void AssertKept(PbxSnapshot expected) => AssertSame(expected, Open().Read()!.Snapshot);

    private void AssertWholeIs(PbxSnapshot expected)
    {
        using var alone = directory.Copy();
        File.Delete(alone.Data.SnapshotLog);
        AssertSame(expected, new SnapshotFile(alone.Data, protection, NullLogger<SnapshotFile>.Instance).Read()!.Snapshot);
    }

    private static void AssertSame(PbxSnapshot expected, PbxSnapshot actual)
    {
        Assert.Equal(expected.Revision, actual.Revision);
        Assert.Equal<IConfigObject>(expected.All(), actual.All());
        Assert.Equal(expected.Numbers.OrderBy(n => n.Key, StringComparer.Ordinal), actual.Numbers.OrderBy(n => n.Key, StringComparer.Ordinal));
        Assert.Equal(expected.DeviceUsers.OrderBy(u => u.Key, StringComparer.Ordinal), actual.DeviceUsers.OrderBy(u => u.Key, StringComparer.Ordinal));
    }
}
