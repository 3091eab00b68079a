using System.Text.Json;
using System.Text.Json.Nodes;
using Pbx.Core.Common;
using Pbx.Core.Prompts;
using Pbx.Core.Snapshot;

namespace Pbx.Core.Configuration;

/// <summary>What an exported document holds besides the configuration itself.</summary>
/// <param name="Secrets">Passwords and PINs too, in clear.</param>
/// <param name="Audio">The sound of uploaded and recorded prompts too, as base64 of their WAV.</param>
public sealed record DocumentOptions(bool Secrets = false, bool Audio = false);

/// <summary>What applying a document would change, or has changed.</summary>
/// <param name="Created">Objects that are new.</param>
/// <param name="Changed">Objects that differ, with the names of their fields that do.</param>
/// <param name="Removed">Objects that the document lacks.</param>
public sealed record DocumentDifference(ValueList<ObjectRef> Created, ValueList<ChangedObject> Changed, ValueList<ObjectRef> Removed)
{
    /// <summary>Nothing would change.</summary>
    public bool IsEmpty => Created.Count + Changed.Count + Removed.Count == 0;

    /// <summary>The configuration as it is without the document.</summary>
    public PbxSnapshot Before { get; init; } = PbxSnapshot.Empty;

    /// <summary>The configuration as the document makes it; what is generated only when it is stored, is not in it.</summary>
    public PbxSnapshot Then { get; init; } = PbxSnapshot.Empty;
}

/// <summary>An object that differs and in which fields.</summary>
public sealed record ChangedObject(ObjectRef Name, ValueList<string> Fields);

/// <summary>
/// The whole configuration as one JSON document. Applying a document makes the configuration what it says: objects that it lacks are
/// removed, secrets that it lacks are kept or, for new objects, generated.
/// </summary>
public sealed class ConfigurationDocument(IConfiguration configuration, IAudioLibrary audio)
{
    /// <summary>The JSON Schema of a document.</summary>
    public static string Schema => DocumentSchema.Json;

    /// <summary>The current configuration as a document: indented, in a stable order.</summary>
    public Task<string> ExportAsync(DocumentOptions options, CancellationToken cancellationToken = default)
    {
        var model = DocumentModel.Of(configuration.Current);
        // Files are read and encoded aside: a console's circuit must not wait for them.
        return Task.Run(() => DocumentText.Write(model, options.Secrets, hash => options.Audio ? SoundOf(hash) : null)
            .ToJsonString(ConfigurationJson.Clear), cancellationToken);
    }

    /// <summary>
    /// What applying the document would change (dry run), or every mistake in it with its path: of form, and of validation.
    /// </summary>
    public Task<Result<DocumentDifference>> CheckAsync(string json, CancellationToken cancellationToken = default) => Task.Run(() =>
    {
        var read = DocumentText.Read(json);
        if (!read.Succeeded) return Result<DocumentDifference>.Fail(read.Errors);
        var changes = ChangesFor(read.Value.Model, configuration.Current);
        var errors = configuration.Validate(changes);
        return errors.Count > 0 ? Result<DocumentDifference>.Fail(errors) : Result<DocumentDifference>.Ok(Difference(configuration.Current, changes));
    }, cancellationToken);

    /// <summary>Applies the document as a whole or not at all; returns what changed.</summary>
    public async Task<Result<DocumentDifference>> ApplyAsync(string json, Actor actor, CancellationToken cancellationToken = default)
    {
        var read = await Task.Run(() => DocumentText.Read(json), cancellationToken);
        if (!read.Succeeded) return Result<DocumentDifference>.Fail(read.Errors);
        var mistakes = configuration.Validate(ChangesFor(read.Value.Model, configuration.Current));
        if (mistakes.Count > 0) return Result<DocumentDifference>.Fail(mistakes);
        var model = await ImportSoundsAsync(read.Value.Model, read.Value.Sounds, cancellationToken);
        if (!model.Succeeded) return Result<DocumentDifference>.Fail(model.Errors);
        var before = configuration.Current;
        var changes = ChangesFor(model.Value, before);
        var applied = await configuration.ApplyAsync(changes, actor, cancellationToken);
        return applied.Succeeded ? Result<DocumentDifference>.Ok(Difference(before, changes)) : Result<DocumentDifference>.Fail(applied.Errors);
    }

    private byte[]? SoundOf(string hash) => audio.PromptFile(hash) is { } file ? File.ReadAllBytes(file) : null;

    private async Task<Result<DocumentModel>> ImportSoundsAsync(DocumentModel model, IReadOnlyDictionary<string, byte[]> sounds,
        CancellationToken cancellationToken)
    {
        List<PbxError> errors = [];
        List<Prompt> prompts = [];
        foreach (var prompt in model.Prompts)
        {
            // A sound that is here already under its hash need not be read again.
            if (prompt.Spoken || !sounds.TryGetValue(prompt.Key, out var sound) || (prompt.Audio is { } hash && audio.PromptFile(hash) is not null))
            {
                prompts.Add(prompt);
                continue;
            }
            using var stream = new MemoryStream(sound, writable: false);
            var stored = await audio.ImportAsync(stream, cancellationToken);
            if (stored.Succeeded) prompts.Add(prompt with { Audio = stored.Value.Hash, DurationMilliseconds = stored.Value.Milliseconds });
            else errors.AddRange(stored.Errors.Select(e => e with { Path = $"prompts/{prompt.Key}/{DocumentText.SoundProperty}" }));
        }
        return errors.Count > 0 ? Result<DocumentModel>.Fail(errors) : Result<DocumentModel>.Ok(model with { Prompts = prompts.ToValueList() });
    }

    /// <summary>Puts for all that the document says, with the versions of what is stored now; removals of what it lacks.</summary>
    private static List<Change> ChangesFor(DocumentModel model, PbxSnapshot current)
    {
        var items = model.Items().ToList();
        var named = items.Select(NameOf).ToHashSet();
        return
        [
            .. items.Select(item => new Change.Put(item.WithVersion(current.Find(NameOf(item))?.Version ?? 0))),
            .. DocumentModel.Of(current).Items().Where(item => !named.Contains(NameOf(item))).Select(item => new Change.Remove(NameOf(item), item.Version)),
        ];
    }

    private static DocumentDifference Difference(PbxSnapshot current, IReadOnlyList<Change> changes)
    {
        List<ObjectRef> created = [];
        List<ChangedObject> changed = [];
        foreach (var item in changes.OfType<Change.Put>().Select(c => c.Item))
        {
            var name = NameOf(item);
            if (current.Find(name) is not { } stored)
            {
                created.Add(name);
                continue;
            }
            var complete = Completion.Complete(item, stored, sounding: false);
            var fields = DifferingFields(stored, complete);
            if (fields.Count > 0) changed.Add(new ChangedObject(name, fields));
        }
        return new DocumentDifference(created.ToValueList(), changed.ToValueList(),
            changes.OfType<Change.Remove>().Select(c => c.Name).ToValueList())
        {
            Before = current,
            Then = changes.Aggregate(current, (snapshot, change) => change switch
            {
                Change.Put put => snapshot.With(put.Item),
                Change.Remove remove => snapshot.Without(remove.Name),
                _ => snapshot,
            }),
        };
    }

    private static ValueList<string> DifferingFields(IConfigObject stored, IConfigObject item)
    {
        var before = (JsonObject)JsonSerializer.SerializeToNode(stored, stored.GetType(), ConfigurationJson.Clear)!;
        var after = (JsonObject)JsonSerializer.SerializeToNode(item, item.GetType(), ConfigurationJson.Clear)!;
        return before.Select(p => p.Key).Union(after.Select(p => p.Key))
            .Where(field => !JsonNode.DeepEquals(before[field], after[field])).Order(StringComparer.Ordinal).ToValueList();
    }

    private static ObjectRef NameOf(IConfigObject item) => new(item.Kind, item.Key);
}
