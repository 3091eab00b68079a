using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Pbx.Core.Common;
using Pbx.Core.Settings;

namespace Pbx.Core.Configuration;

/// <summary>How configuration objects are written as JSON: camelCase, enums as words, nothing for null.</summary>
public static class ConfigurationJson
{
    /// <summary>For documents with secrets in clear, and for reading documents.</summary>
    public static JsonSerializerOptions Clear { get; } = Make(new ClearSecret(), withoutSecrets: false, withVersion: false);

    /// <summary>For documents without secrets.</summary>
    public static JsonSerializerOptions WithoutSecrets { get; } = Make(new ClearSecret(), withoutSecrets: true, withVersion: false);

    /// <summary>For the audit: secrets as three stars.</summary>
    public static JsonSerializerOptions Masked { get; } = Make(new MaskedSecret(), withoutSecrets: false, withVersion: false);

    /// <summary>For the encrypted snapshot: everything.</summary>
    public static JsonSerializerOptions Whole { get; } = Make(new ClearSecret(), withoutSecrets: false, withVersion: true);

    private static JsonSerializerOptions Make(JsonConverter<Secret> secret, bool withoutSecrets, bool withVersion)
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            RespectNullableAnnotations = true,
            AllowDuplicateProperties = false,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            WriteIndented = true,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false), new TimeOfDay(), secret },
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { info => Shape(info, withoutSecrets, withVersion) } },
        };
        options.MakeReadOnly();
        return options;
    }

    /// <summary>Leaves out what is no configuration: kind and destination follow from the place, the version from the store.</summary>
    private static void Shape(JsonTypeInfo info, bool withoutSecrets, bool withVersion)
    {
        for (var i = info.Properties.Count - 1; i >= 0; i--)
        {
            var property = info.Properties[i];
            var derived = typeof(IConfigObject).IsAssignableFrom(info.Type) && property.Name is "kind" or "asDestination"
                || (property.Name == "version" && !withVersion && typeof(IConfigObject).IsAssignableFrom(info.Type))
                || (property.Name == "key" && info.Type == typeof(SystemSettings));
            if (derived || (withoutSecrets && property.PropertyType == typeof(Secret))) info.Properties.RemoveAt(i);
        }
    }

    /// <summary>Secrets as they are.</summary>
    private sealed class ClearSecret : JsonConverter<Secret>
    {
        public override Secret Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String ? new Secret(reader.GetString()!) : throw new JsonException("A secret is a string.");

        public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options) => writer.WriteStringValue(value.Reveal());
    }

    /// <summary>Secrets as stars.</summary>
    private sealed class MaskedSecret : JsonConverter<Secret>
    {
        public override Secret Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("What was masked cannot be read.");

        public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }

    /// <summary>Times of day as people write them: 09:00, with seconds only where there are some.</summary>
    private sealed class TimeOfDay : JsonConverter<TimeOnly>
    {
        private static readonly string[] Forms = ["HH:mm", "HH:mm:ss", "HH:mm:ss.FFFFFFF"];

        public override TimeOnly Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String
            && TimeOnly.TryParseExact(reader.GetString(), Forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
                ? time
                : throw new JsonException("A time of day is written as 09:00.");

        public override void Write(Utf8JsonWriter writer, TimeOnly value, JsonSerializerOptions options) => writer.WriteStringValue(
            value.ToString(value.Ticks % TimeSpan.TicksPerSecond != 0 ? Forms[2] : value.Second != 0 ? Forms[1] : Forms[0], CultureInfo.InvariantCulture));
    }
}
