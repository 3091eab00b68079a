using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Pbx.Core.Common;

namespace Pbx.Core.Configuration;

/// <summary>
/// The JSON Schema of a document, made from the records themselves. Its descriptions are their documentation comments, read from the
/// documentation file beside the program; without that file there are none.
/// </summary>
internal static partial class DocumentSchema
{
    private static readonly Lazy<string> Text = new(() => Make().ToJsonString(new JsonSerializerOptions(ConfigurationJson.Clear)));

    /// <summary>The schema as text.</summary>
    public static string Json => Text.Value;

    private static JsonObject Make()
    {
        var comments = Comments();
        var schema = (JsonObject)ConfigurationJson.Clear.GetJsonSchemaAsNode(typeof(DocumentModel), Options(comments));
        var properties = (JsonObject)schema["properties"]!;
        properties.Insert(0, DocumentText.SchemaProperty, new JsonObject { ["type"] = "string" });
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "Configuration of the telephone system");
        return schema;
    }

    private static JsonSchemaExporterOptions Options(IReadOnlyDictionary<string, string> comments) => new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = (context, node) => Transform(context, node, comments),
    };

    private static JsonObject Transform(JsonSchemaExporterContext context, JsonNode node, IReadOnlyDictionary<string, string> comments)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        // What has a converter of its own, the exporter cannot look into.
        var schema = node as JsonObject ?? [];
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueList<>)) schema = ListOf(type.GetGenericArguments()[0], comments);
        else if (type == typeof(Destination)) schema = Word(context, "^(extension|queue|ringgroup|ivr|announcement|mailbox|external|hangup):.+$");
        else if (type == typeof(TimeOnly)) schema = Word(context, "^[0-2][0-9]:[0-5][0-9](:[0-5][0-9](\\.[0-9]+)?)?$");
        else if (type == typeof(Secret)) schema = new JsonObject { ["type"] = "string", ["writeOnly"] = true };
        if (type == typeof(Prompts.Prompt)) AddSound(schema);
        if (context.PropertyInfo is { } property && Describe(property.DeclaringType, property.AttributeProvider as MemberInfo, property.Name, comments) is { } words)
        {
            schema.Insert(0, "description", words);
        }
        return schema;
    }

    private static JsonObject ListOf(Type element, IReadOnlyDictionary<string, string> comments) => new()
    {
        ["type"] = "array",
        ["items"] = ConfigurationJson.Clear.GetJsonSchemaAsNode(element, Options(comments)),
    };

    private static JsonObject Word(JsonSchemaExporterContext context, string pattern) => new()
    {
        ["type"] = context.PropertyInfo is { IsSetNullable: true } ? new JsonArray("string", "null") : "string",
        ["pattern"] = pattern,
    };

    private static void AddSound(JsonObject schema) => ((JsonObject)schema["properties"]!)[DocumentText.SoundProperty] = new JsonObject
    {
        ["description"] = "The sound itself, as base64 of an audio file, for a prompt that is not spoken from its text.",
        ["type"] = "string", ["contentEncoding"] = "base64",
    };

    private static string? Describe(Type type, MemberInfo? member, string name, IReadOnlyDictionary<string, string> comments)
    {
        if (comments.TryGetValue($"P:{type.FullName}.{member?.Name ?? name}", out var words)) return words;
        return type.GetInterfaces().Select(i => comments.GetValueOrDefault($"P:{i.FullName}.{member?.Name ?? name}")).FirstOrDefault(w => w is not null)
            ?? comments.GetValueOrDefault($"T:{type.FullName}#{member?.Name}");
    }

    private static Dictionary<string, string> Comments()
    {
        var file = Path.Combine(AppContext.BaseDirectory, $"{typeof(DocumentSchema).Assembly.GetName().Name}.xml");
        if (!File.Exists(file)) return [];
        Dictionary<string, string> comments = [];
        foreach (var member in XDocument.Load(file).Descendants("member"))
        {
            var name = member.Attribute("name")?.Value ?? "";
            if (member.Element("summary") is { } summary) comments[name] = Plain(summary);
            foreach (var parameter in member.Elements("param")) comments[$"{name}#{parameter.Attribute("name")?.Value}"] = Plain(parameter);
        }
        return comments;
    }

    private static string Plain(XElement element)
    {
        var text = string.Concat(element.Nodes().Select(node => node switch
        {
            XElement { Name.LocalName: "see" } see => JsonNamingPolicy.CamelCase.ConvertName((see.Attribute("cref")?.Value ?? "").Split('.', ':')[^1]),
            XElement inner => inner.Value,
            _ => node.ToString(),
        }));
        return Space().Replace(text, " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
