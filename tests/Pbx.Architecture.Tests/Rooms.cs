using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace Pbx.Architecture.Tests;

/// <summary>Which namespace refers to which, read from the compiled assemblies.</summary>
internal static class Rooms
{
    private static readonly ArchUnitNET.Domain.Architecture House = new ArchLoader()
        .LoadAssemblies(typeof(Core.Snapshot.PbxSnapshot).Assembly, System.Reflection.Assembly.Load("Pbx.Sip"), System.Reflection.Assembly.Load("pbx"))
        .Build();

    /// <summary>All references between our namespaces: from, to, and the pair of types that makes it.</summary>
    public static IReadOnlyList<Arrow> Arrows { get; } = [.. House.Types
        .Where(IsOurs)
        .SelectMany(type => type.Dependencies.Where(d => IsOurs(d.Target))
            .Select(d => new Arrow(Namespace(type), Namespace(d.Target), $"{type.FullName} -> {d.Target.FullName}")))
        .Where(arrow => arrow.From != arrow.To)
        .DistinctBy(arrow => (arrow.From, arrow.To))];

    private static bool IsOurs(IType type) => type.Namespace?.FullName.StartsWith("Pbx.", StringComparison.Ordinal) == true;

    private static string Namespace(IType type) => type.Namespace!.FullName;
}

/// <summary>A reference from one namespace to another, with an example.</summary>
internal sealed record Arrow(string From, string To, string Example);
