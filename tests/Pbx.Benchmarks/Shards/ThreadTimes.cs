using System.Globalization;

namespace Pbx.Benchmarks.Shards;

/// <summary>What the kernel says of some threads of this process, in seconds.</summary>
/// <param name="Running">On a core.</param>
/// <param name="Waiting">Ready, while others had the cores.</param>
internal readonly record struct ThreadTimes(double Running, double Waiting)
{
    /// <summary>The threads whose name begins so, together.</summary>
    public static ThreadTimes Of(string name)
    {
        var (running, waiting) = (0L, 0L);
        foreach (var task in Directory.EnumerateDirectories("/proc/self/task"))
        {
            try
            {
                if (!File.ReadAllText(Path.Combine(task, "comm")).StartsWith(name, StringComparison.Ordinal)) continue;
                var times = File.ReadAllText(Path.Combine(task, "schedstat")).Split(' ');
                running += long.Parse(times[0], CultureInfo.InvariantCulture);
                waiting += long.Parse(times[1], CultureInfo.InvariantCulture);
            }
            catch (IOException)
            {
                // It ended meanwhile: it was none of those that are measured.
            }
        }
        return new(running / 1e9, waiting / 1e9);
    }
}
