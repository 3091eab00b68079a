using System.Collections.Immutable;

namespace Pbx.Web.Shell.Editing;

/// <summary>A guess for a reference that a new object needs.</summary>
public static class FirstKey
{
    /// <summary>The first key in order; empty when there is none.</summary>
    public static string Of<T>(ImmutableDictionary<string, T> objects) => objects.Keys.Order(StringComparer.Ordinal).FirstOrDefault() ?? "";
}
