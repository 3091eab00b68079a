using Pbx.Core.Common;

namespace Pbx.Core.Tests.Databases;

/// <summary>A data directory that goes with the test.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public DataDirectory Data { get; } = new(Directory.CreateTempSubdirectory("pbx-mail").FullName);

    /// <summary>The same files as they are now: what a kill would leave.</summary>
    public TemporaryDirectory Copy() => CopyOf(Data);

    /// <summary>The files of a data directory as they are now; the embedded database stays where it is.</summary>
    public static TemporaryDirectory CopyOf(DataDirectory data)
    {
        var copy = new TemporaryDirectory();
        foreach (var file in Directory.GetFiles(data.Path, "*", SearchOption.AllDirectories))
        {
            if (file.StartsWith(data.Database, StringComparison.Ordinal)) continue;
            var target = Path.Combine(copy.Data.Path, Path.GetRelativePath(data.Path, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        return copy;
    }

    public void Dispose() => Directory.Delete(Data.Path, recursive: true);
}
