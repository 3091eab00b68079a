using System.Text.Json;

namespace Pbx.Core.Spool;

/// <summary>One line of the spool.</summary>
/// <param name="Kind">Which sink understands it: at most 255 ASCII characters.</param>
/// <param name="Body">JSON in UTF-8.</param>
internal sealed record SpoolEntry(string Kind, byte[] Body)
{
    private object? value;

    /// <summary>A line with this value as its body.</summary>
    public static SpoolEntry Of<T>(string kind, T value) => new(kind, JsonSerializer.SerializeToUtf8Bytes(value));

    /// <summary>The body as a value, which is read once however often it is asked for.</summary>
    public T Read<T>()
    {
        if (value is T known) return known;
        var read = JsonSerializer.Deserialize<T>(Body) ?? throw new JsonException($"A '{Kind}' line of the spool is null.");
        value = read;
        return read;
    }
}
