namespace Pbx.Core.CallFlow;

/// <summary>The stable words of journey details.</summary>
internal static class Words
{
    /// <summary>The name of an enum member as words with hyphens: <c>NotRegistered</c> is <c>not-registered</c>.</summary>
    public static string Of<T>(T value) where T : struct, Enum => Cache<T>.Names[value];

    private static class Cache<T> where T : struct, Enum
    {
        public static readonly Dictionary<T, string> Names = Enum.GetValues<T>().ToDictionary(v => v, v => Hyphenate(v.ToString()));
    }

    private static string Hyphenate(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "-") + char.ToLowerInvariant(c) : c.ToString()));
}
