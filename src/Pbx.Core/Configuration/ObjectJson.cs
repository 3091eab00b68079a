using System.Text.Json;
using System.Text.Json.Nodes;
using Pbx.Core.Common;

namespace Pbx.Core.Configuration;

/// <summary>A single object of the configuration as JSON: the same shape that it has in a document, so that the API needs no other.</summary>
public static class ObjectJson
{
    /// <summary>The kinds that a document holds, with the name of their section; these names are also those of the API's routes.</summary>
    public static IReadOnlyDictionary<string, ObjectKind> Sections { get; } = new Dictionary<string, ObjectKind>
    {
        ["settings"] = ObjectKind.Settings, ["sites"] = ObjectKind.Site, ["prompts"] = ObjectKind.Prompt, ["mailboxes"] = ObjectKind.Mailbox,
        ["extensions"] = ObjectKind.Extension, ["trunks"] = ObjectKind.Trunk, ["inboundRules"] = ObjectKind.InboundRule,
        ["outboundRules"] = ObjectKind.OutboundRule, ["ivrMenus"] = ObjectKind.IvrMenu, ["queues"] = ObjectKind.Queue,
        ["ringGroups"] = ObjectKind.RingGroup, ["announcements"] = ObjectKind.Announcement,
    };

    /// <summary>The section of a kind.</summary>
    public static string SectionOf(ObjectKind kind) => Sections.Single(s => s.Value == kind).Key;

    /// <summary>An object as a document has it, with its secrets in clear or without them.</summary>
    public static JsonNode Write(IConfigObject item, bool secrets) =>
        JsonSerializer.SerializeToNode(item, item.GetType(), secrets ? ConfigurationJson.Clear : ConfigurationJson.WithoutSecrets)!;

    /// <summary>A whole document of these objects, secrets in clear.</summary>
    public static JsonObject WriteDocument(IEnumerable<IConfigObject> items)
    {
        var document = new JsonObject();
        foreach (var section in items.GroupBy(item => item.Kind))
        {
            var written = section.Select(item => Write(item, secrets: true)).ToArray();
            document[SectionOf(section.Key)] = section.Key == ObjectKind.Settings ? written[0] : new JsonArray(written);
        }
        return document;
    }

    /// <summary>A body that came from outside, proven to be sound: no name comes twice, no text holds half a character. Error: <c>document-syntax</c>.</summary>
    public static Result<JsonObject> Sound(JsonObject body)
    {
        try
        {
            return DocumentText.Parse(body.ToJsonString()) ?? Result<JsonObject>.Ok(body);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // It cannot even be written.
            return Result<JsonObject>.Fail(new PbxError("document-syntax", "", e.Message, e.Message));
        }
    }

    /// <summary>An object read from what a document would have, with the version that it replaces; or every mistake with its path.</summary>
    public static Result<IConfigObject> Read(ObjectKind kind, JsonNode node, long version)
    {
        var section = SectionOf(kind);
        var content = node.DeepClone();
        var read = DocumentReader.Read(new JsonObject { [section] = kind == ObjectKind.Settings ? content : new JsonArray(content) });
        return read.Succeeded
            ? Result<IConfigObject>.Ok(read.Value.Items().Single(item => item.Kind == kind).WithVersion(version))
            : Result<IConfigObject>.Fail(read.Errors);
    }
}
