using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Pbx.Core.Spool;

/// <summary>One file of the spool. The writer alone appends; the reader reads up to <see cref="Committed"/>.</summary>
internal sealed class SpoolSegment : IDisposable
{
    private const string Extension = ".spool";
    private readonly SafeFileHandle handle;
    private long committed;

    private SpoolSegment(string path, long number, SafeFileHandle handle) => (Path, Number, this.handle) = (path, number, handle);

    /// <summary>Its file.</summary>
    public string Path { get; }

    /// <summary>Its place in the order.</summary>
    public long Number { get; }

    /// <summary>Bytes that are safe on disk.</summary>
    public long Committed => Volatile.Read(ref committed);

    /// <summary>The segments of a directory, in order.</summary>
    public static IReadOnlyList<SpoolSegment> OpenAll(string directory) =>
    [
        .. Directory.EnumerateFiles(directory, "*" + Extension)
            .Select(path => (Path: path, Number: NumberOf(path)))
            .Where(file => file.Number > 0)
            .OrderBy(file => file.Number)
            .Select(file => Open(file.Path, file.Number)),
    ];

    /// <summary>A new, empty segment.</summary>
    public static SpoolSegment Create(string directory, long number)
    {
        var path = System.IO.Path.Combine(directory, number.ToString("D12", CultureInfo.InvariantCulture) + Extension);
        var handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
        Common.DurableFiles.SyncDirectory(directory);
        return new SpoolSegment(path, number, handle);
    }

    /// <summary>Appends and flushes; when it throws, nothing counts as written and the same bytes may be given again.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(handle, bytes, committed);
        RandomAccess.FlushToDisk(handle);
        Volatile.Write(ref committed, committed + bytes.Length);
    }

    /// <summary>Bytes from an offset, at most up to what is committed.</summary>
    public byte[] Read(long offset, int most)
    {
        var bytes = new byte[(int)Math.Min(most, Committed - offset)];
        var read = 0;
        while (read < bytes.Length)
        {
            var count = RandomAccess.Read(handle, bytes.AsSpan(read), offset + read);
            if (count == 0) throw new EndOfStreamException($"{Path} is shorter than it was.");
            read += count;
        }
        return bytes;
    }

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();

    private static SpoolSegment Open(string path, long number)
    {
        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return new SpoolSegment(path, number, handle) { committed = RandomAccess.GetLength(handle) };
    }

    /// <summary>Leaves out what a kill left half written at the end.</summary>
    public void CutAt(long length) => Volatile.Write(ref committed, length);

    private static long NumberOf(string path) =>
        long.TryParse(System.IO.Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
