using System.Globalization;

namespace Pbx.Testing.Fuzz;

/// <summary>
/// How long, and from where: the same inputs each time, so that a build is red for what was changed and not by chance.
/// <c>PBX_FUZZ=10000000</c> makes a long run of inputs never seen before, <c>PBX_SEED=n</c> repeats one that failed.
/// </summary>
public static class FuzzSettings
{
    private static readonly int? Wished = Number("PBX_FUZZ");

    /// <summary>The seed.</summary>
    public static int Seed { get; } = Number("PBX_SEED") ?? (Wished is null ? 1 : Random.Shared.Next(1_000_000_000));

    /// <summary>Number of inputs: as wished, else as usual.</summary>
    public static int Inputs(int usual) => Wished ?? usual;

    private static int? Number(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number) ? number : null;
}
