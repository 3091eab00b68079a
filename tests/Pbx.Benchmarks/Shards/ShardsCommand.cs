using System.Globalization;
using System.Text.Json;

namespace Pbx.Benchmarks.Shards;

/// <summary>
/// <c>Pbx.Benchmarks shards [seconds] [rounds]</c>: what two shards do more than one, as JSON on standard output. One shard and two take turns, so
/// that an hour in which the machine is slow is slow for both; the first round of each is thrown away.
/// </summary>
internal static class ShardsCommand
{
    private static readonly int[] Counts = [1, 2];
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static int Run(string[] arguments)
    {
        var seconds = arguments.Length > 0 ? double.Parse(arguments[0], CultureInfo.InvariantCulture) : 20;
        var rounds = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 3;
        List<Round> measured = [];
        foreach (var kind in Enum.GetValues<LoadKind>())
            for (var round = 0; round <= rounds; round++)
                foreach (var shards in Counts)
                {
                    var result = Round.Run(kind, shards, TimeSpan.FromSeconds(round == 0 ? Math.Min(5, seconds) : seconds));
                    Console.Error.WriteLine(result);
                    if (round > 0) measured.Add(result);
                }
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            Calls = Compare(measured, LoadKind.Calls), Registrations = Compare(measured, LoadKind.Registrations), Rounds = measured,
        }, Format));
        return measured.TrueForAll(round => round is { Failed: 0, Operations: > 0 }) ? 0 : 1;
    }

    private static Comparison Compare(List<Round> rounds, LoadKind kind)
    {
        double Middle(int shards, Func<Round, double> value)
        {
            double[] values = [.. rounds.Where(round => round.Kind == kind && round.Shards == shards).Select(value).Order()];
            return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
        }
        var (one, two) = (Middle(1, round => round.PerSecond), Middle(2, round => round.PerSecond));
        return new Comparison(one, two, two / one, Middle(1, round => round.CpuMicroseconds), Middle(2, round => round.CpuMicroseconds),
            Middle(1, round => round.ShardMicroseconds), Middle(2, round => round.ShardMicroseconds));
    }

    private sealed record Comparison(double PerSecondWithOne, double PerSecondWithTwo, double Ratio, double CpuMicrosecondsWithOne, double CpuMicrosecondsWithTwo,
        double ShardMicrosecondsWithOne, double ShardMicrosecondsWithTwo);
}
