using System.Text.Json;
using System.Text.Json.Nodes;
using Pbx.Core.Common;

namespace Pbx.Core.Configuration;

/// <summary>A document as text: the model, with what only documents have.</summary>
internal static class DocumentText
{
    /// <summary>Names the schema.</summary>
    public const string SchemaProperty = "$schema";

    /// <summary>A prompt's sound as base64.</summary>
    public const string SoundProperty = "sound";

    private const string SchemaPath = "/api/v1/configuration/schema";

    /// <summary>The document of a model. A spoken prompt is its words alone; the sound of another is given by <paramref name="soundOf"/>.</summary>
    public static JsonObject Write(DocumentModel model, bool secrets, Func<string, byte[]?> soundOf)
    {
        var document = (JsonObject)JsonSerializer.SerializeToNode(model, secrets ? ConfigurationJson.Clear : ConfigurationJson.WithoutSecrets)!;
        foreach (var prompt in document["prompts"]!.AsArray().OfType<JsonObject>())
        {
            if (prompt["spoken"]!.GetValue<bool>())
            {
                prompt.Remove("audio");
                prompt.Remove("durationMilliseconds");
            }
            else if (prompt["audio"]?.GetValue<string>() is { } audio && soundOf(audio) is { } sound)
            {
                prompt[SoundProperty] = Convert.ToBase64String(sound);
            }
        }
        document.Insert(0, SchemaProperty, SchemaPath);
        return document;
    }

    /// <summary>The model of a text, with the sounds it brings by key of their prompt; or every mistake of form.</summary>
    public static Result<(DocumentModel Model, IReadOnlyDictionary<string, byte[]> Sounds)> Read(string json)
    {
        if (Parse(json) is not { } parsed) return Fail("A document is an object in braces.");
        if (parsed.Errors.Count > 0) return Result<(DocumentModel, IReadOnlyDictionary<string, byte[]>)>.Fail(parsed.Errors);
        var document = parsed.Value;
        document.Remove(SchemaProperty);
        List<PbxError> errors = [];
        var sounds = TakeSounds(document, errors);
        var model = DocumentReader.Read(document);
        errors.AddRange(model.Errors);
        return errors.Count > 0
            ? Result<(DocumentModel, IReadOnlyDictionary<string, byte[]>)>.Fail(errors)
            : Result<(DocumentModel, IReadOnlyDictionary<string, byte[]>)>.Ok((model.Value, sounds));

        static Result<(DocumentModel, IReadOnlyDictionary<string, byte[]>)> Fail(string message) =>
            Result<(DocumentModel, IReadOnlyDictionary<string, byte[]>)>.Fail(new PbxError("document-wrong", "", message, message));
    }

    /// <summary>The object of a text; every mistake of syntax, names that come twice and half characters included; null when it is no object.</summary>
    public static Result<JsonObject>? Parse(string json)
    {
        try
        {
            // A text may hold half of a character (\ud800 alone): whoever reads it later would stumble, so all are looked at now.
            ReadTexts(json);
            return JsonNode.Parse(json, documentOptions: new JsonDocumentOptions
            {
                AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, AllowDuplicateProperties = false,
            }) is JsonObject document ? Result<JsonObject>.Ok(document) : null;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            return Result<JsonObject>.Fail(new PbxError("document-syntax", "", e.Message, e.Message));
        }
        catch (JsonException e)
        {
            var message = $"Line {e.LineNumber + 1}, position {e.BytePositionInLine + 1}: {e.Message.Split(" Path:")[0].Split(" LineNumber:")[0]}";
            return Result<JsonObject>.Fail(new PbxError("document-syntax", "", message, message));
        }
    }

    private static void ReadTexts(string json)
    {
        var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(json), new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        while (reader.Read())
        {
            if (reader.ValueIsEscaped && reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String && reader.GetString()!.Contains('\0'))
                throw new ArgumentException("A text holds a NUL character, which PostgreSQL does not store.");
        }
    }

    private static Dictionary<string, byte[]> TakeSounds(JsonObject document, List<PbxError> errors)
    {
        Dictionary<string, byte[]> sounds = [];
        if (document["prompts"] is not JsonArray prompts) return sounds;
        foreach (var prompt in prompts.OfType<JsonObject>())
        {
            if (!prompt.Remove(SoundProperty, out var sound) || prompt["key"] is not JsonValue key || !key.TryGetValue<string>(out var name)) continue;
            if (sound is JsonValue value && value.TryGetValue<string>(out var text) && TryDecode(text, out var bytes)) sounds[name] = bytes;
            else errors.Add(new PbxError("document-wrong", $"prompts/{name}/{SoundProperty}", "A sound is base64 in quotation marks."));
        }
        return sounds;
    }

    private static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = new byte[text.Length];
        var decoded = Convert.TryFromBase64String(text, bytes, out var length);
        bytes = bytes[..length];
        return decoded;
    }
}
