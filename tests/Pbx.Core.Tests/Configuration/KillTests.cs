using System.Diagnostics;
using System.Globalization;
using Pbx.Core.Common;
using Pbx.Core.Hosting;
using Pbx.Core.Tests.Data;
using Pbx.Core.Tests.Databases;
using static Pbx.Core.Tests.Data.Samples;

namespace Pbx.Core.Tests.Configuration;

/// <summary>
/// A second process of this very program saves without pause until it is killed in the middle of it, again and again. <c>PBX_KILLS=100</c> makes
/// it a hundred times on each database.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const string Folder = "PBX_TEST_KILL_FOLDER";
    private const string Provider = "PBX_TEST_KILL_PROVIDER";
    private const string Connection = "PBX_TEST_KILL_CONNECTION";

    private static int Kills => int.TryParse(Environment.GetEnvironmentVariable("PBX_KILLS"), CultureInfo.InvariantCulture, out var wished) ? wished : 2;

    [Theory, DatabaseData]
    public async Task Kill_WhileSaving_LeavesTheOldOrTheNewConfiguration(DatabaseProvider provider)
    {
        var random = new Random();
        await using var core = await TestCore.StartAsync(provider);
        await core.StopAsync();
        var (last, kept, revision) = (0, 0, 0L);
        for (var kill = 1; kill <= Kills; kill++)
        {
            await SaveUntilKilledAsync(core.Options, last + 2, TimeSpan.FromMilliseconds(random.NextDouble() * 60));

            await core.StartAsync();
            await core.Configuration.DatabaseSeen;
            var (current, confirmed) = (core.Configuration.Current, Saved(core.Options.DataDirectory));
            // Each save puts a pair in the place of another: one whole pair is there, that of the last save that was confirmed or of the one after.
            var number = NumberOf(current.Sites.Keys.First());
            Assert.Equal([$"a-{number}", $"b-{number}"], current.Sites.Keys.Order(StringComparer.Ordinal));
            Assert.All(current.Sites.Values, site => Assert.Equal($"Save {number}", site.Name));
            Assert.InRange(number, confirmed, confirmed + 1);
            Assert.True(current.Revision > revision, $"revision {current.Revision} after {revision}");
            (last, revision) = (number, current.Revision);
            if (number == confirmed) kept++;
            await core.StopAsync();
        }

        await core.StartAsync();
        await core.Configuration.DatabaseSeen;
        Assert.Empty((await core.Configuration.ApplyAsync([Put(Site("after"))], TestCore.Tester)).Errors);
        output.WriteLine($"{provider}: {Kills} kills during {last} saves; {kept} times the save that was cut was gone, {Kills - kept} times it was whole");
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
        // On a machine that is busy it may be away at first, and then nothing could be saved.
        await core.Configuration.DatabaseSeen;
        while (true)
        {
            var before = core.Configuration.Current.Sites.Values.ToList();
            var number = before.Count == 0 ? 1 : NumberOf(before[0].Key) + 1;
            var result = await core.Configuration.ApplyAsync(
                [.. ((string[])["a", "b"]).Select(half => Put(Site($"{half}-{number}") with { Name = $"Save {number}" })), .. before.Select(Remove)], TestCore.Tester);
            Assert.Empty(result.Errors);
            // In one step: a number cut in half would say something else.
            var file = Path.Combine(folder!, "saved");
            await File.WriteAllTextAsync(file + ".new", number.ToString(CultureInfo.InvariantCulture));
            File.Move(file + ".new", file, overwrite: true);
        }
    }

    private static async Task SaveUntilKilledAsync(CoreOptions options, int saves, TimeSpan more)
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
            if (child.HasExited) Assert.Fail($"The child ended by itself: {await child.StandardOutput.ReadToEndAsync(patience.Token)}");
            await timer.WaitForNextTickAsync(patience.Token);
        }
        await Task.Delay(more, patience.Token);
        child.Kill();
        await child.WaitForExitAsync(patience.Token);
    }

    private static int Saved(string folder)
    {
        var file = Path.Combine(folder, "saved");
        return File.Exists(file) && int.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var count) ? count : 0;
    }

    private static int NumberOf(string key) => int.Parse(key.AsSpan(2), CultureInfo.InvariantCulture);
}
