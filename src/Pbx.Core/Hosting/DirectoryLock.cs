using Pbx.Core.Common;
using Pbx.Core.Configuration;

namespace Pbx.Core.Hosting;

/// <summary>Held by the server that uses a data directory, until its process ends: two would spoil each other's files.</summary>
internal sealed class DirectoryLock(DataDirectory directory) : IDisposable
{
    /// <summary>The number of EROFS.</summary>
    private const int ReadOnlyFileSystem = 30;

    private FileStream? held;

    /// <summary>Takes it.</summary>
    /// <exception cref="StorageRefusedException">Another server holds it.</exception>
    public void Take()
    {
        try
        {
            held ??= new FileStream(directory.LockFile, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
        catch (IOException e) when (e.HResult != ReadOnlyFileSystem)
        {
            throw new StorageRefusedException($"The data directory {directory.Path} is in use by another server ({e.Message}). Stop that one, or name another directory.");
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            // A directory that became read-only: this server can still answer calls from what lies there.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => held?.Dispose();
}
