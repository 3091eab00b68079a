using System.Collections.Concurrent;
using Pbx.Core.CallFlow;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Prompts;
using Pbx.Core.Snapshot;
using Pbx.Core.Voicemail;
using Pbx.Sip.Media.Codecs;

namespace Pbx.Sip.Media.Sounds;

/// <summary>
/// Finds the clips that say a list of sounds. Prompts, phrases, tones and music are encoded once per codec and stay in memory; a prompt that
/// the configuration no longer has is let go. Any thread; never waits for a disk.
/// </summary>
internal sealed class SoundLibrary : IDisposable
{
    private readonly IAudioLibrary audio;
    private readonly ISnapshotSource configuration;
    private readonly Func<string, Guid, Task<string?>> messageFile;
    private readonly ConcurrentDictionary<string, SoundClip> prompts = new();
    private readonly ConcurrentDictionary<(string Name, string Language), SoundClip> phrases = new();
    private readonly ConcurrentDictionary<Tone, SoundClip> tones = new();
    private readonly ConcurrentDictionary<int, SoundClip> silences = new();
    private readonly SoundClip music = new(() => new((Synthesis.Music(), Synthesis.Rate)));
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

    /// <summary>The clips that say <paramref name="sounds"/> in order; sounds that are not there are left out.</summary>
    /// <param name="sounds">What to say.</param>
    /// <param name="recordingFile">Finds the file of a recording of this call; null when there is none of that number.</param>
    public SoundClip[] Resolve(ValueList<Sound> sounds, Func<int, string?> recordingFile)
    {
        var clips = new List<SoundClip>(sounds.Count);
        foreach (var sound in sounds) Add(clips, sound, recordingFile);
        return [.. clips];
    }

    /// <summary>Encodes what a caller will hear first, in the codecs given: all prompts, the tones and the music.</summary>
    public async Task WarmUpAsync(IReadOnlyList<AudioCodec> codecs)
    {
        var snapshot = configuration.Current;
        SoundClip?[] clips = [music, .. Enum.GetValues<Tone>().Select(ToneClip), .. snapshot.Prompts.Values.Select(Prompt)];
        foreach (var clip in clips.OfType<SoundClip>())
            foreach (var codec in codecs)
                await clip.PrepareAsync(codec).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => subscription.Dispose();

    private void Add(List<SoundClip> clips, Sound sound, Func<int, string?> recordingFile)
    {
        switch (sound)
        {
            case Sound.OfPrompt prompt:
                if (configuration.Current.Prompts.GetValueOrDefault(prompt.Key) is { } found && Prompt(found) is { } clip) clips.Add(clip);
                break;
            case Sound.OfPhrase phrase:
                AddPhrase(clips, phrase.Name, phrase.Language);
                break;
            case Sound.OfDigits digits:
                foreach (var name in SpokenWords.Digits(digits.Digits)) AddPhrase(clips, name, digits.Language);
                break;
            case Sound.OfTime time:
                foreach (var name in SpokenWords.Time(time.Local, time.Language)) AddPhrase(clips, name, time.Language);
                break;
            case Sound.OfCount count:
                foreach (var name in SpokenWords.Count(count.Count)) AddPhrase(clips, name, count.Language);
                break;
            case Sound.OfTone tone:
                clips.Add(ToneClip(tone.Tone));
                break;
            case Sound.OfMusic:
                clips.Add(music);
                break;
            case Sound.OfMessage message:
                clips.Add(new SoundClip(() => LoadMessageAsync(message)));
                break;
            case Sound.OfRecording recording:
                if (recordingFile(recording.Recording) is { } file) clips.Add(SoundClip.OfFile(file));
                break;
            case Sound.OfSilence silence:
                if (silence.Milliseconds > 0) clips.Add(Silence(silence.Milliseconds));
                break;
        }
    }

    private SoundClip? Prompt(Prompt prompt)
    {
        if (prompt.Audio is not { } hash) return null;
        if (prompts.TryGetValue(hash, out var known) && !known.Missing) return known;
        return audio.PromptFile(hash) is { } file ? prompts[hash] = SoundClip.OfFile(file) : null;
    }

    private void AddPhrase(List<SoundClip> clips, string name, string language)
    {
        if (phrases.TryGetValue((name, language), out var known) && !known.Missing) clips.Add(known);
        else if (audio.PhraseFile(name, language) is { } file) clips.Add(phrases[(name, language)] = SoundClip.OfFile(file));
    }

    private SoundClip ToneClip(Tone tone) => tones.GetOrAdd(tone, static tone => new SoundClip(() => new((Synthesis.Of(tone), Synthesis.Rate))));

    private SoundClip Silence(int milliseconds)
    {
        var rounded = Math.Min((milliseconds + 19) / 20 * 20, 600_000);
        return silences.GetOrAdd(rounded, static length => new SoundClip(() => new((new short[length * 8], 8000))));
    }

    private async ValueTask<(short[] Samples, int Rate)?> LoadMessageAsync(Sound.OfMessage message) =>
        await messageFile(message.Mailbox, message.Message).ConfigureAwait(false) is { } file ? WavFile.TryRead(file) : null;

    private void Follow(PbxSnapshot snapshot)
    {
        var wanted = snapshot.Prompts.Values.Select(prompt => prompt.Audio).ToHashSet();
        foreach (var hash in prompts.Keys) if (!wanted.Contains(hash)) prompts.TryRemove(hash, out _);
    }
}
