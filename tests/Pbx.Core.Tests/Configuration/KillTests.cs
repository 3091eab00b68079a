using System.Diagnostics;
using System.Globalization;
using Pbx.Core.Common;
using Pbx.Core.Hosting;
using Pbx.Core.Tests.Data;
using Pbx.Core.Tests.Databases;
using static Pbx.Core.Tests.Data.Samples;

namespace Pbx.Core.Tests.Configuration;

/// <summary>A second process of this very program saves without pause until it is killed in the middle of it.</summary>
public sealed class KillTests
{
    private const string Folder = "PBX_TEST_KILL_FOLDER";
    private const string Provider = "PBX_TEST_KILL_PROVIDER";
    private const string Connection = "PBX_TEST_KILL_CONNECTION";

    [Theory, DatabaseData]
    public async Task Kill_WhileSaving_LeavesTheOldOrTheNewConfiguration(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        await core.StopAsync();

        await SaveUntilKilledAsync(core.Options, saves: 5);

        await core.StartAsync();
        var current = core.Configuration.Current;
        Assert.True(current.Revision >= 5);
        // Each save put a pair: both are there, or none.
        Assert.Equal(2 * current.Revision, current.Sites.Count);
        Assert.All(current.Sites.Keys, key => Assert.Contains(Other(key), current.Sites.Keys));
        Assert.Empty((await core.Configuration.ApplyAsync([Put(Site("after"))], TestCore.Tester)).Errors);
    }

    /// <summary>What the other process runs.</summary>
    [Fact(Explicit = true)]
    public async Task Child_SavesUntilKilled()
    {
        var folder = Environment.GetEnvironmentVariable(Folder);
        Assert.SkipWhen(folder is null, "Only for the process that is going to be killed.");
        await using var core = await TestCore.OpenAsync(new CoreOptions
        {
            DataDirectory = folder, Provider = Enum.Parse<DatabaseProvider>(Environment.GetEnvironmentVariable(Provider)!),
            ConnectionString = Environment.GetEnvironmentVariable(Connection) is { Length: > 0 } text ? text : null,
        });
        for (var i = 1; ; i++)
        {
            var result = await core.Configuration.ApplyAsync([Put(Site($"a-{i}")), Put(Site($"b-{i}"))], TestCore.Tester);
            Assert.Empty(result.Errors);
            await File.WriteAllTextAsync(Path.Combine(folder!, "saved"), i.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static async Task SaveUntilKilledAsync(CoreOptions options, int saves)
    {
        var method = $"{typeof(KillTests).FullName}.{nameof(Child_SavesUntilKilled)}";
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["-explicit", "only", "-method", method])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
            Environment = { [Folder] = options.DataDirectory, [Provider] = options.Provider.ToString(), [Connection] = options.ConnectionString ?? "" },
        };
        using var child = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (Saved(options.DataDirectory) < saves)
        {
            Assert.False(child.HasExited, "The child ended by itself.");
            await timer.WaitForNextTickAsync(patience.Token);
        }
        child.Kill();
        await child.WaitForExitAsync(patience.Token);
    }

    private static int Saved(string folder)
    {
        var file = Path.Combine(folder, "saved");
        return File.Exists(file) && int.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var count) ? count : 0;
    }

    private static string Other(string key) => key[0] == 'a' ? $"b{key[1..]}" : $"a{key[1..]}";
}
