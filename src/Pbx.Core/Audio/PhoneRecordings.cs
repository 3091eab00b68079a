using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Prompts;
using Pbx.Core.Snapshot;
using Pbx.Core.Voicemail;

namespace Pbx.Core.Audio;

/// <inheritdoc/>
internal sealed class PhoneRecordings(IConfiguration configuration, IAudioLibrary library) : IPhoneRecordings
{
    private const int Attempts = 3;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PbxError>> KeepAsync(ObjectRef subject, string recordingFile, string by, CancellationToken cancellationToken = default)
    {
        Result<StoredAudio> stored;
        try
        {
            await using var recording = File.OpenRead(recordingFile);
            stored = await library.ImportAsync(recording, cancellationToken);
        }
        catch (IOException error)
        {
            return [new PbxError("audio-unreadable", "", $"The recording cannot be read: {error.Message}", error.Message)];
        }
        if (!stored.Succeeded) return stored.Errors;
        var errors = await ApplyAsync(subject, stored.Value, by, cancellationToken);
        if (errors.Count == 0) File.Delete(recordingFile);
        return errors;
    }

    /// <summary>Somebody may save the mailbox in the console at the same moment: then it is read again.</summary>
    private async Task<IReadOnlyList<PbxError>> ApplyAsync(ObjectRef subject, StoredAudio sound, string by, CancellationToken cancellationToken)
    {
        IReadOnlyList<PbxError> errors = [];
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var changes = Changes(configuration.Current, subject, sound);
            if (changes.Count == 0) return [new PbxError("not-found", "", $"There is no {subject} any more.", subject.ToString())];
            errors = (await configuration.ApplyAsync(changes, new Actor(by, ChangeSource.Phone), cancellationToken)).Errors;
            if (errors.Count == 0 || errors[0].Code != "conflict") break;
        }
        return errors;
    }

    private static IReadOnlyList<Change> Changes(PbxSnapshot snapshot, ObjectRef subject, StoredAudio sound) => snapshot.Find(subject) switch
    {
        Prompt prompt => [new Change.Put(Recorded(prompt, sound))],
        // A prompt that is recorded by phone begins with its recording.
        null when subject.Kind == ObjectKind.Prompt => [new Change.Put(Recorded(new Prompt { Key = subject.Key, Name = subject.Key }, sound))],
        Mailbox mailbox => Greeting(snapshot, mailbox, sound),
        _ => [],
    };

    private static IReadOnlyList<Change> Greeting(PbxSnapshot snapshot, Mailbox mailbox, StoredAudio sound)
    {
        // A greeting chosen from the library may be used elsewhere too; only the mailbox's own prompt is replaced.
        var key = "greeting-" + mailbox.Key;
        if (key.Length > 63) key = key[..63].TrimEnd('-');
        var prompt = snapshot.Prompts.GetValueOrDefault(key) ?? new Prompt { Key = key, Name = $"{mailbox.Name} ({mailbox.Number ?? mailbox.Key})", Language = snapshot.Sites.GetValueOrDefault(mailbox.Site)?.Language ?? "fr" };
        var put = new Change.Put(Recorded(prompt, sound));
        return mailbox.Greeting == key ? [put] : [put, new Change.Put(mailbox with { Greeting = key })];
    }

    private static Prompt Recorded(Prompt prompt, StoredAudio sound) =>
        prompt with { Spoken = false, Audio = sound.Hash, DurationMilliseconds = sound.Milliseconds };
}
