namespace Pbx.Core.Common;

/// <summary>The directory in which everything lies that the server keeps on disk, and the places in it.</summary>
/// <param name="Path">Absolute path; made at start when it is missing.</param>
public sealed record DataDirectory(string Path)
{
    private const UnixFileMode OwnerDirectory = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The sounds of prompts, by their hash.</summary>
    public string Audio => System.IO.Path.Combine(Path, "audio");

    /// <summary>The spoken phrases, in a directory per language.</summary>
    public string Phrases => System.IO.Path.Combine(Path, "phrases");

    /// <summary>Messages, in a directory per mailbox.</summary>
    public string Voicemail => System.IO.Path.Combine(Path, "voicemail");

    /// <summary>Recordings that calls are making, before they are kept or thrown away.</summary>
    public string Recordings => System.IO.Path.Combine(Path, "recordings");

    /// <summary>Lines on their way to the database.</summary>
    public string Spool => System.IO.Path.Combine(Path, "spool");

    /// <summary>Files being made; nothing in it is needed after a start.</summary>
    public string Temporary => System.IO.Path.Combine(Path, "tmp");

    /// <summary>The embedded database.</summary>
    public string Database => System.IO.Path.Combine(Path, "db");

    /// <summary>Copies of the embedded database, made before its form changes.</summary>
    public string Backups => System.IO.Path.Combine(Path, "backups");

    /// <summary>The keys that encrypt secrets.</summary>
    public string Keys => System.IO.Path.Combine(Path, "keys");

    /// <summary>The server's certificates and its private authority.</summary>
    public string Certificates => System.IO.Path.Combine(Path, "certificates");

    /// <summary>The last published configuration, encrypted.</summary>
    public string SnapshotFile => System.IO.Path.Combine(Path, "snapshot.bin");

    /// <summary>The changes made to the configuration since that was written, encrypted.</summary>
    public string SnapshotLog => System.IO.Path.Combine(Path, "snapshot.log");

    /// <summary>The set-up code of this start.</summary>
    public string SetupCodeFile => System.IO.Path.Combine(Path, "setup-code");

    /// <summary>Held while a server uses the directory.</summary>
    public string LockFile => System.IO.Path.Combine(Path, "lock");

    /// <summary>Makes a directory, with those above it, for the owner only (mode 0700); one that is there stays as it is.</summary>
    public static void Make(string path)
    {
        if (!Directory.Exists(path)) Directory.CreateDirectory(path, OwnerDirectory);
    }

    /// <summary>
    /// Writes a whole file so that a kill leaves the old or the new one: a temporary file of mode 0600, synced to disk, renamed.
    /// </summary>
    public static void WriteAtomically(string path, ReadOnlySpan<byte> content)
    {
        Make(System.IO.Path.GetDirectoryName(path)!);
        var temporary = path + ".new";
        File.Delete(temporary);
        using (var stream = new FileStream(temporary, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerFile,
        }))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>
    /// Writes the end of a file (mode 0600, made when it is missing) from a position on, in place of what may lie there, and syncs it to disk. A kill leaves any part of it.
    /// </summary>
    /// <exception cref="IOException">It cannot be written, or what lay before the position is gone.</exception>
    public static void WriteAt(string path, long position, ReadOnlySpan<byte> content)
    {
        Make(System.IO.Path.GetDirectoryName(path)!);
        using var stream = new FileStream(path, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, UnixCreateMode = OwnerFile });
        if (stream.Length < position) throw new IOException($"{path} has {stream.Length} bytes, and {position} were written.");
        stream.SetLength(position);
        stream.Position = position;
        stream.Write(content);
        stream.Flush(flushToDisk: true);
        if (position == 0) DurableFiles.SyncDirectory(System.IO.Path.GetDirectoryName(path)!);
    }

    /// <summary>Where the sound of a message lies.</summary>
    public string MessageFile(string mailbox, Guid message) => System.IO.Path.Combine(Voicemail, mailbox, message.ToString("N") + ".wav");
}
