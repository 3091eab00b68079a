using BenchmarkDotNet.Attributes;
using Pbx.Core.Common;
using Pbx.Core.Configuration.Validation;
using Pbx.Core.Extensions;
using Pbx.Core.Sites;
using Pbx.Core.Snapshot;

namespace Pbx.Benchmarks;

/// <summary>The configuration in memory: built whole as at a start, and with one extension changed as at a save, with and without its validation.</summary>
[MemoryDiagnoser]
public class SnapshotBenchmarks
{
    private IConfigObject[] objects = [];
    private PbxSnapshot snapshot = PbxSnapshot.Empty;
    private Extension changed = null!;

    /// <summary>How many extensions, each with one device.</summary>
    [Params(1_000, 10_000)]
    public int Extensions { get; set; }

    [GlobalSetup]
    public void Make()
    {
        objects = [new Site { Key = "main", Name = "Main" }, .. Enumerable.Range(0, Extensions).Select(MakeExtension)];
        snapshot = Build();
        changed = MakeExtension(Extensions / 2) with { Name = "Changed" };
        if (Validate() != 0) throw new InvalidOperationException("The configuration has mistakes.");
    }

    [Benchmark]
    public PbxSnapshot Build() => objects.Aggregate(PbxSnapshot.Empty, (made, item) => made.With(item));

    [Benchmark]
    public PbxSnapshot Swap() => snapshot.With(changed);

    [Benchmark]
    public int Validate() => SnapshotValidator.Validate(snapshot).Count;

    private static Extension MakeExtension(int number) => new()
    {
        Key = $"e{number:d5}", Name = $"Extension {number}", Number = $"{50000 + number}", Site = "main",
        Devices = [new Device { Key = "phone", UserName = $"e{number:d5}", Password = new Secret($"pw{number:d5}") }],
    };
}
