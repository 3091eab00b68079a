using System.Collections.Concurrent;
using Pbx.Core.CallFlow;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Prompts;
using Pbx.Core.Snapshot;
using Pbx.Core.Voicemail;

namespace Pbx.Sip.Media.Sounds;

/// <summary>Finds where the sounds of a play come from. Any thread; never waits for a disk.</summary>
internal sealed class SoundLibrary : IDisposable
{
    private readonly IAudioLibrary audio;
    private readonly ISnapshotSource configuration;
    private readonly Func<string, Guid, Task<string?>> messageFile;
    private readonly ConcurrentDictionary<string, SoundSource.OfFile> prompts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Name, string Language), SoundSource.OfFile> phrases = new();
    private readonly IDisposable subscription;

    /// <summary>A library over the data directory's files, the newest snapshot and the mailboxes.</summary>
    public SoundLibrary(IAudioLibrary audio, ISnapshotSource configuration, IVoicemail voicemail)
        : this(audio, configuration, (mailbox, message) => voicemail.AudioFileAsync(mailbox, message))
    {
    }

    /// <summary>The same with any way to find a message's file.</summary>
    public SoundLibrary(IAudioLibrary audio, ISnapshotSource configuration, Func<string, Guid, Task<string?>> messageFile)
    {
        this.audio = audio;
        this.configuration = configuration;
        this.messageFile = messageFile;
        subscription = configuration.Subscribe(Follow);
    }

    /// <summary>A prompt's file is no longer of the configuration: whoever holds its sound may let it go.</summary>
    public event Action<string>? Forgotten;

    /// <summary>What a caller will hear first: the music, the tones and all prompts.</summary>
    public SoundSource[] First =>
        [SoundSource.OfMusic.Only, .. Enum.GetValues<Tone>().Select(tone => new SoundSource.OfTone(tone)), .. configuration.Current.Prompts.Values.Select(Prompt).OfType<SoundSource>()];

    /// <summary>Where <paramref name="sounds"/> come from, in order; sounds that are not there are left out.</summary>
    /// <param name="sounds">What to say.</param>
    /// <param name="recordingFile">Finds the file of a recording of this call; null when there is none of that number.</param>
    public SoundSource[] Resolve(ValueList<Sound> sounds, Func<int, string?> recordingFile)
    {
        var sources = new List<SoundSource>(sounds.Count);
        foreach (var sound in sounds) Add(sources, sound, recordingFile);
        return [.. sources];
    }

    /// <inheritdoc/>
    public void Dispose() => subscription.Dispose();

    private void Add(List<SoundSource> sources, Sound sound, Func<int, string?> recordingFile)
    {
        switch (sound)
        {
            case Sound.OfPrompt prompt:
                if (configuration.Current.Prompts.GetValueOrDefault(prompt.Key) is { } found && Prompt(found) is { } source) sources.Add(source);
                break;
            case Sound.OfPhrase phrase:
                AddPhrase(sources, phrase.Name, phrase.Language);
                break;
            case Sound.OfDigits digits:
                foreach (var name in SpokenWords.Digits(digits.Digits)) AddPhrase(sources, name, digits.Language);
                break;
            case Sound.OfTime time:
                foreach (var name in SpokenWords.Time(time.Local, time.Language)) AddPhrase(sources, name, time.Language);
                break;
            case Sound.OfCount count:
                foreach (var name in SpokenWords.Count(count.Count)) AddPhrase(sources, name, count.Language);
                break;
            case Sound.OfTone tone:
                sources.Add(new SoundSource.OfTone(tone.Tone));
                break;
            case Sound.OfMusic:
                sources.Add(SoundSource.OfMusic.Only);
                break;
            case Sound.OfMessage message:
                // Looked for elsewhere: the question goes to a database.
                sources.Add(new SoundSource.OfMessage(Task.Run(() => messageFile(message.Mailbox, message.Message))));
                break;
            case Sound.OfRecording recording:
                if (recordingFile(recording.Recording) is { } file) sources.Add(new SoundSource.OfRecording(file));
                break;
            case Sound.OfSilence silence:
                if (silence.Milliseconds > 0) sources.Add(new SoundSource.OfSilence(Math.Min((silence.Milliseconds + 19) / 20 * 20, 600_000)));
                break;
        }
    }

    private SoundSource.OfFile? Prompt(Prompt prompt)
    {
        if (prompt.Audio is not { } hash) return null;
        if (prompts.TryGetValue(hash, out var known)) return known;
        return audio.PromptFile(hash) is { } file ? prompts[hash] = new SoundSource.OfFile(file) : null;
    }

    private void AddPhrase(List<SoundSource> sources, string name, string language)
    {
        if (phrases.TryGetValue((name, language), out var known)) sources.Add(known);
        else if (audio.PhraseFile(name, language) is { } file) sources.Add(phrases[(name, language)] = new SoundSource.OfFile(file));
    }

    private void Follow(PbxSnapshot snapshot)
    {
        var wanted = snapshot.Prompts.Values.Select(prompt => prompt.Audio).ToHashSet();
        foreach (var hash in prompts.Keys)
            if (!wanted.Contains(hash) && prompts.TryRemove(hash, out var gone)) Forgotten?.Invoke(gone.Path);
    }
}
