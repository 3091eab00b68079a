using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Pbx.Core.Common;

namespace Pbx.Core.Configuration;

/// <summary>
/// Reads a document and finds every mistake of form in it, each with its path, where a plain deserialisation stops at the first one.
/// </summary>
internal sealed class DocumentReader
{
    private static readonly JsonSerializerOptions Options = ConfigurationJson.Clear;

    private readonly List<PbxError> errors = [];

    /// <summary>The model of a document, or all its mistakes.</summary>
    public static Result<DocumentModel> Read(JsonObject document)
    {
        var reader = new DocumentReader();
        reader.CheckObject(document, Options.GetTypeInfo(typeof(DocumentModel)), "");
        reader.CheckKeys(document);
        return reader.errors.Count > 0
            ? Result<DocumentModel>.Fail(reader.errors)
            : Result<DocumentModel>.Ok(document.Deserialize<DocumentModel>(Options)!);
    }

    private void Check(JsonNode? node, Type type, string path)
    {
        if (ElementOf(type) is { } element)
        {
            if (node is JsonArray array) CheckArray(array, element, path);
            else Wrong(path, "A list is written in square brackets.");
        }
        else if (Options.GetTypeInfo(type) is { Kind: JsonTypeInfoKind.Object } info)
        {
            if (node is JsonObject value) CheckObject(value, info, path);
            else Wrong(path, "An object is written in braces.");
        }
        else
        {
            CheckLeaf(node, type, path);
        }
    }

    private void CheckArray(JsonArray array, Type element, string path)
    {
        for (var i = 0; i < array.Count; i++)
        {
            // Objects of the configuration are named by their key, as in all other messages; what has none by its place.
            var name = typeof(IConfigObject).IsAssignableFrom(element) && KeyOf(array[i]) is { Length: > 0 } key ? key : $"{i}";
            if (array[i] is null) Wrong($"{path}/{name}", "A list holds no null.");
            else Check(array[i], element, $"{path}/{name}");
        }
    }

    private void CheckObject(JsonObject value, JsonTypeInfo info, string path)
    {
        var known = info.Properties.ToDictionary(p => p.Name, StringComparer.Ordinal);
        foreach (var (name, node) in value)
        {
            if (!known.TryGetValue(name, out var property)) Unknown(Join(path, name), name, known.Keys);
            else if (node is not null) Check(node, property.PropertyType, Join(path, name));
            else if (!property.IsSetNullable) Wrong(Join(path, name), "This may not be null: leave it out for the default.");
        }
        foreach (var missing in info.Properties.Where(p => IsRequired(p) && !value.ContainsKey(p.Name)))
        {
            errors.Add(new PbxError("document-missing", Join(path, missing.Name), $"'{missing.Name}' is missing.", missing.Name));
        }
    }

    private void CheckLeaf(JsonNode? node, Type type, string path)
    {
        try
        {
            node.Deserialize(type, Options);
        }
        catch (JsonException e)
        {
            Wrong(path, Reason(e, Nullable.GetUnderlyingType(type) ?? type, node));
        }
    }

    /// <summary>Two objects of a kind with one key would silently become one.</summary>
    private void CheckKeys(JsonObject document)
    {
        foreach (var (section, node) in document)
        {
            if (node is not JsonArray array) continue;
            foreach (var twice in array.Select(KeyOf).OfType<string>().GroupBy(k => k, StringComparer.Ordinal).Where(g => g.Count() > 1))
            {
                errors.Add(new PbxError("document-twice", $"{section}/{twice.Key}", $"'{twice.Key}' is there {twice.Count()} times.", twice.Key));
            }
        }
    }

    private void Unknown(string path, string name, IEnumerable<string> known) => errors.Add(
        new PbxError("document-unknown", path, $"'{name}' is not known here. Known are: {string.Join(", ", known)}.", name));

    private void Wrong(string path, string reason) => errors.Add(new PbxError("document-wrong", path, reason, reason));

    private static bool IsRequired(JsonPropertyInfo property) =>
        property.IsRequired || property.AssociatedParameter is { HasDefaultValue: false };

    private static string Reason(JsonException exception, Type type, JsonNode? node) => type switch
    {
        { IsEnum: true } => $"{node?.ToJsonString() ?? "null"} is not known here. Known are: "
            + $"{string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName))}.",
        _ when type == typeof(int) || type == typeof(long) => "This is a whole number.",
        _ when type == typeof(bool) => "This is true or false.",
        _ when type == typeof(string) => "This is a text in quotation marks.",
        _ when type == typeof(DateOnly) => "A date is written as 2026-12-24.",
        _ => exception.Message.Split(" Path:")[0],
    };

    private static Type? ElementOf(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueList<>)
        ? type.GetGenericArguments()[0]
        : null;

    private static string? KeyOf(JsonNode? node) =>
        node is JsonObject o && o.TryGetPropertyValue("key", out var key) && key is JsonValue v && v.TryGetValue<string>(out var text) ? text : null;

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}/{name}";
}
