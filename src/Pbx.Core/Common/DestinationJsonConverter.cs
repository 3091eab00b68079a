using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pbx.Core.Common;

/// <summary>Writes a destination as its one-string form.</summary>
public sealed class DestinationJsonConverter : JsonConverter<Destination>
{
    /// <inheritdoc/>
    public override Destination Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString();
        return Destination.TryParse(text, out var destination)
            ? destination
            : throw new JsonException($"'{text}' is no destination: write kind:value, such as queue:support.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Destination value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
