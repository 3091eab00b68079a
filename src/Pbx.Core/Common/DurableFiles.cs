using System.Runtime.InteropServices;
using System.Text;

namespace Pbx.Core.Common;

/// <summary>Files that are there after a power cut, whole or not at all.</summary>
internal static class DurableFiles
{
    private const int ReadOnly = 0;

    /// <summary>Flushes a file's bytes to the disk.</summary>
    public static void Sync(string path)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(handle);
    }

    /// <summary>Flushes a directory's names to the disk, so that a file made or renamed in it is found again.</summary>
    public static void SyncDirectory(string path)
    {
        // Where it cannot be done (another system, an exotic file system) the file system's own order has to do.
        if (!OperatingSystem.IsLinux()) return;
        var descriptor = Open(Native(path), ReadOnly);
        if (descriptor < 0) return;
        _ = FSync(descriptor);
        _ = Close(descriptor);
    }

    /// <summary>
    /// Puts a finished file in its place, replacing what is there: atomically, also from another file system.
    /// </summary>
    public static void MoveIntoPlace(string from, string to)
    {
        var directory = Path.GetDirectoryName(to)!;
        DataDirectory.Make(directory);
        Sync(from);
        try
        {
            // rename(2): File.Move copies across file systems, which is not atomic, so that case goes through a temporary name.
            if (Rename(Native(from), Native(to)) != 0) CopyIntoPlace(from, to);
        }
        finally
        {
            SyncDirectory(directory);
        }
    }

    private static void CopyIntoPlace(string from, string to)
    {
        var temporary = to + ".tmp";
        File.Copy(from, temporary, overwrite: true);
        Sync(temporary);
        File.Move(temporary, to, overwrite: true);
        File.Delete(from);
    }

    private static byte[] Native(string path) => Encoding.UTF8.GetBytes(path + '\0');

    [DllImport("libc", EntryPoint = "rename", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Rename(byte[] from, byte[] to);

    [DllImport("libc", EntryPoint = "open", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FSync(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
