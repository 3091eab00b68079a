using Pbx.Core.CallFlow;
using Pbx.Core.Common;
using Pbx.Core.Queues;
using Pbx.Core.Sites;
using Pbx.Core.Snapshot;

namespace Pbx.Testing.CallFlow;

/// <summary>A random company with random callers, agents and changes: one case of the property test.</summary>
public static class RandomDay
{
    /// <summary>Plays the case of a seed and checks it; throws <see cref="BrokenRuleException"/>.</summary>
    public static SimulatedWorld Play(int seed)
    {
        var random = new Random(seed);
        // Mondays in Paris: open, about the break, about closing time, at night, and on a holiday.
        DateTimeOffset[] starts =
        [
            new(2026, 11, 23, 8, 30, 0, TimeSpan.Zero), new(2026, 11, 23, 9, 25, 0, TimeSpan.Zero), new(2026, 11, 23, 16, 59, 0, TimeSpan.Zero),
            new(2026, 11, 23, 22, 0, 0, TimeSpan.Zero), new(2026, 5, 25, 9, 0, 0, TimeSpan.Zero),
        ];
        var world = new SimulatedWorld(RandomCompany.Create(seed), seed, starts[random.Next(starts.Length)]);
        for (var i = random.Next(1, 7); i > 0; i--) world.After(random.Next(60), () => Caller(world, random));
        for (var i = random.Next(0, 4); i > 0; i--) world.After(random.Next(120), () => Change(world, random));
        world.Run();
        return world;
    }

    private static void Caller(SimulatedWorld world, Random random)
    {
        var extensions = world.Snapshot.Extensions.Keys.Order(StringComparer.Ordinal).ToList();
        var inside = random.Next(3) == 0 && extensions.Count > 0;
        string[] dialled = ["*62", "*63", "999", "*70", "*71", "*72", "*43", "*65", "*77", "100", "101", "300", "301", "400", "500", "600", "700", "112", "0612345678", "4711"];
        var call = inside
            ? world.Call(new CallOrigin.FromExtension(extensions[random.Next(extensions.Count)]), dialled[random.Next(dialled.Length)], "")
            : world.Call(new CallOrigin.FromTrunk(RandomCompany.Trunk), random.Next(5) == 0 ? "0140000001" : "0140000000", "0612345678");
        for (var i = random.Next(0, 12); i > 0; i--) world.After(random.NextDouble() * 60, () => call.Press("1234567890*#1212#"[random.Next(17)]));
        // Even the most patient gives up: a call may last as long as somebody waits for it.
        world.After(random.Next(2) == 0 ? random.Next(1, 120) : 1800, call.HangUp);
    }

    private static void Change(SimulatedWorld world, Random random)
    {
        var items = world.Snapshot.All().Where(o => o.Kind is not (ObjectKind.Settings or ObjectKind.Site or ObjectKind.Trunk)).ToList();
        var extension = world.Snapshot.Extensions.Values.OrderBy(e => e.Key, StringComparer.Ordinal).FirstOrDefault();
        switch (random.Next(5))
        {
            case 0:
                var gone = items[random.Next(items.Count)];
                world.Publish(world.Snapshot.Without(new ObjectRef(gone.Kind, gone.Key)));
                break;
            case 1:
                world.Publish(world.Snapshot.With(new ClosureSwitch { Key = "s0", On = random.Next(2) == 0, ChangedAt = world.Now }));
                break;
            case 2 when extension is not null:
                world.Publish(world.Snapshot.With(new AgentLogin { Key = extension.Key, Extension = extension.Key, LoggedIn = random.Next(2) == 0, ChangedAt = world.Now }));
                break;
            case 3 when extension is not null:
                world.Publish(world.Snapshot.With(extension with { DoNotDisturb = !extension.DoNotDisturb }));
                break;
            default:
                if (extension is not null) world.Register(extension.Key, random.Next(2) == 0);
                break;
        }
    }
}
