namespace Pbx.Core.Access;

/// <summary>What people call a browser and its system, from the <c>User-Agent</c> of its requests (RFC 9110 section 10.1.5).</summary>
internal static class BrowserNames
{
    // In this order: nearly every browser also names others, for the sake of old servers.
    private static readonly (string Sign, string Name)[] Browsers =
    [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ];

    private static readonly (string Sign, string Name)[] Systems =
    [
        ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("CrOS", "ChromeOS"), ("Macintosh", "macOS"),
        ("Linux", "Linux"),
    ];

    /// <summary>Such as <c>Firefox, Windows</c>; empty when neither is known.</summary>
    public static string Of(string? userAgent) =>
        string.Join(", ", new[] { Find(Browsers, userAgent), Find(Systems, userAgent) }.OfType<string>());

    private static string? Find((string Sign, string Name)[] known, string? userAgent) =>
        known.FirstOrDefault(k => userAgent?.Contains(k.Sign, StringComparison.Ordinal) == true).Name;
}
