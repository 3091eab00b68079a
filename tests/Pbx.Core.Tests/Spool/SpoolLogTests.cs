using System.Buffers;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Pbx.Core.Common;
using Pbx.Core.Spool;
using Pbx.Core.Tests.Databases;

namespace Pbx.Core.Tests.Spool;

public sealed class SpoolLogTests : IDisposable
{
    private static readonly Gen<SpoolEntry> AnyEntry =
        Gen.Select(Gen.Int[0, 2].Select(i => new[] { "call-started", "message", "x" }[i]), Gen.Byte.Array[0, 300], (kind, body) => new SpoolEntry(kind, body));

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void Frames_CutAnywhere_GiveAPrefix()
    {
        Gen.Select(AnyEntry.Array[0, 20], Gen.Double[0, 1]).Sample((entries, where) =>
        {
            var bytes = Write(entries);
            var cut = bytes.AsSpan(0, (int)(bytes.Length * where));

            var read = ReadAll(cut, out _);

            Assert.True(read.Count <= entries.Length);
            AssertSame(entries.Take(read.Count), read);
            Assert.True(cut.Length < bytes.Length || read.Count == entries.Length);
        });
    }

    [Fact]
    public void Frames_OneByteWrong_GiveThePrefixBeforeIt()
    {
        Gen.Select(AnyEntry.Array[1, 10], Gen.Double[0, 0.999], Gen.Byte[1, 255]).Sample((entries, where, flip) =>
        {
            var bytes = Write(entries);
            var at = (int)(bytes.Length * where);
            bytes[at] ^= flip;

            var read = ReadAll(bytes, out var used);

            Assert.True(used <= at);
            AssertSame(entries.Take(read.Count), read);
        });
    }

    [Fact]
    public async Task Spool_ReopenedAfterAKill_HasAllThatWasConfirmed()
    {
        using var spool = Open(directory.Data, out _);
        for (var i = 0; i < 100; i++) await spool.AppendAsync(Entry(i));

        using var killed = directory.Copy();
        using var again = Open(killed.Data, out var found);

        AssertSame(Enumerable.Range(0, 100).Select(Entry), found);
        Assert.Equal(100, again.Pending);
    }

    [Fact]
    public void Spool_LinesForWhichNobodyWaits_Gather_AndAStopWritesThemAtOnce()
    {
        var spool = Open(directory.Data, out _, new SpoolOptions { Gathering = TimeSpan.FromDays(1) });
        for (var i = 0; i < 10; i++) Assert.True(spool.Post(Entry(i)));
        Assert.Equal(0, spool.Reader.Pending);
        spool.Close();

        using var again = Open(directory.Data, out var found);
        AssertSame(Enumerable.Range(0, 10).Select(Entry), found);
    }

    [Fact]
    public async Task Spool_KilledInTheMiddleOfAWrite_KeepsWhatWasBefore()
    {
        using var spool = Open(directory.Data, out _);
        for (var i = 0; i < 10; i++) await spool.AppendAsync(Entry(i));
        using var killed = directory.Copy();
        var segment = Directory.GetFiles(killed.Data.Spool).Single();
        var length = new FileInfo(segment).Length;

        for (var cut = length - 1; cut > length - 60; cut--)
        {
            using var copy = killed.Copy();
            using (var file = File.OpenWrite(Directory.GetFiles(copy.Data.Spool).Single())) file.SetLength(cut);

            using var again = Open(copy.Data, out var found);
            await again.AppendAsync(Entry(99));
            using var second = copy.Copy();
            using var third = Open(second.Data, out var foundLater);

            AssertSame(Enumerable.Range(0, found.Count).Select(Entry), found);
            Assert.InRange(found.Count, 7, 9);
            AssertSame([.. found, Entry(99)], foundLater);
        }
    }

    [Fact]
    public async Task Reader_DoneWithLines_DeletesTheirFilesAndCountsDown()
    {
        using var spool = Open(directory.Data, out _, new SpoolOptions { SegmentBytes = 500 });
        for (var i = 0; i < 200; i++) await spool.AppendAsync(Entry(i));
        Assert.True(Directory.GetFiles(directory.Data.Spool).Length > 5);

        var read = new List<SpoolEntry>();
        while (spool.Reader.Peek(7) is { Entries.Count: > 0 } batch)
        {
            AssertSame(batch.Entries, spool.Reader.Peek(7).Entries);
            read.AddRange(batch.Entries);
            spool.Reader.Done(batch);
        }

        AssertSame(Enumerable.Range(0, 200).Select(Entry), read);
        Assert.Equal(0, spool.Pending);
        Assert.Single(Directory.GetFiles(directory.Data.Spool));
        spool.Close();
        Assert.Empty(Directory.GetFiles(directory.Data.Spool));
    }

    [Fact]
    public async Task Spool_ManyWritersAtOnce_KeepsEachOnceAndEachOnesOrder()
    {
        using var spool = Open(directory.Data, out _, new SpoolOptions { SegmentBytes = 4000 });

        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
                if (i % 50 == 0) await spool.AppendAsync(Entry(writer * 1000 + i)); else Assert.True(spool.Post(Entry(writer * 1000 + i)));
        })));
        spool.Close();

        using var again = Open(directory.Data, out var found);
        var values = found.Select(e => e.Read<int>()).ToList();
        Assert.Equal(1600, values.Count);
        foreach (var writer in values.GroupBy(v => v / 1000)) Assert.Equal(writer.Order(), writer);
    }

    [Fact]
    public async Task Reader_WhileLinesAreWritten_GetsEachOnceInOrder()
    {
        using var spool = Open(directory.Data, out _, new SpoolOptions { SegmentBytes = 2000 });
        var writing = Task.Run(() =>
        {
            for (var i = 0; i < 3000; i++) Assert.True(spool.Post(Entry(i)));
        });

        var read = new List<int>();
        while (read.Count < 3000)
        {
            var batch = spool.Reader.Peek(50);
            read.AddRange(batch.Entries.Select(e => e.Read<int>()));
            spool.Reader.Done(batch);
        }

        await writing;
        Assert.Equal(Enumerable.Range(0, 3000), read);
        Assert.Equal(0, spool.Pending);
    }

    [Fact]
    public async Task Spool_LineLongerThanAChunk_ComesBackWhole()
    {
        using var spool = Open(directory.Data, out _);
        var large = new SpoolEntry("message", new byte[700_000]);
        await spool.AppendAsync(Entry(1));
        await spool.AppendAsync(large);
        await spool.AppendAsync(Entry(2));

        AssertSame([Entry(1), large, Entry(2)], spool.Reader.Peek(10).Entries);
    }

    [Fact]
    public async Task Spool_Closed_RefusesLines()
    {
        var spool = Open(directory.Data, out _);
        spool.Close();

        Assert.False(spool.Post(Entry(1)));
        await Assert.ThrowsAsync<IOException>(() => spool.AppendAsync(Entry(1)));
        Assert.Equal(2, spool.Refused);
    }

    [Fact]
    public async Task Spool_DiskTakesNothing_KeepsLinesInMemoryUntilItDoes()
    {
        using var spool = Open(directory.Data, out _, new SpoolOptions { SegmentBytes = 1, Retry = TimeSpan.FromMilliseconds(5) });
        await spool.AppendAsync(Entry(1));
        // The next line needs a new segment, whose name is taken by a directory: as good as a full disk, and in a test's power.
        var inTheWay = Path.Combine(directory.Data.Spool, "000000000002.spool");
        Directory.CreateDirectory(inTheWay);

        var waiting = spool.AppendAsync(Entry(2));
        while (spool.Failure is null) await Task.Yield();
        Assert.False(waiting.IsCompleted);
        Assert.Equal(2, spool.Pending);

        Directory.Delete(inTheWay);
        await waiting;
        Assert.Null(spool.Failure);
        AssertSame([Entry(1)], spool.Reader.Peek(1).Entries);
        Assert.Equal(2, spool.Pending);
    }

    [Fact]
    public void Spool_MemoryFull_RefusesInsteadOfGrowing()
    {
        using var spool = Open(directory.Data, out _, new SpoolOptions { MemoryBytes = 100 });

        Assert.False(spool.Post(new SpoolEntry("x", new byte[200])));
        Assert.Equal(1, spool.Refused);
    }

    private static SpoolLog Open(DataDirectory directory, out IReadOnlyList<SpoolEntry> found, SpoolOptions? options = null)
    {
        var spool = new SpoolLog(directory, options ?? new SpoolOptions(), NullLogger<SpoolLog>.Instance);
        found = spool.Open();
        return spool;
    }

    private static SpoolEntry Entry(int number) => SpoolEntry.Of("number", number);

    private static byte[] Write(IEnumerable<SpoolEntry> entries)
    {
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var entry in entries) SpoolFrame.Write(buffer, entry);
        return buffer.WrittenSpan.ToArray();
    }

    private static List<SpoolEntry> ReadAll(ReadOnlySpan<byte> bytes, out int used)
    {
        var entries = new List<SpoolEntry>();
        used = 0;
        while (SpoolFrame.TryRead(bytes[used..], out var size) is { } entry)
        {
            entries.Add(entry);
            used += size;
        }
        return entries;
    }

    private static void AssertSame(IEnumerable<SpoolEntry> expected, IEnumerable<SpoolEntry> actual) =>
        Assert.Equal(expected.Select(e => (e.Kind, Convert.ToHexString(e.Body))), actual.Select(e => (e.Kind, Convert.ToHexString(e.Body))));
}
