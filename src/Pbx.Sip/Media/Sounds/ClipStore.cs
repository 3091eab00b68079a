using System.Collections.Concurrent;
using Pbx.Core.CallFlow;
using Pbx.Sip.Media.Codecs;

namespace Pbx.Sip.Media.Sounds;

/// <summary>
/// The clips of sounds. Prompts, phrases, tones and music are encoded once per codec and stay in memory until they are forgotten. Any thread; never
/// waits for a disk.
/// </summary>
internal sealed class ClipStore
{
    private readonly ConcurrentDictionary<string, SoundClip> files = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Tone, SoundClip> tones = new();
    private readonly ConcurrentDictionary<int, SoundClip> silences = new();
    private readonly SoundClip music = new(() => new((Synthesis.Music(), Synthesis.Rate)));

    /// <summary>The clips of sounds, in order.</summary>
    public SoundClip[] Clips(IReadOnlyList<SoundSource> sources)
    {
        var clips = new SoundClip[sources.Count];
        for (var i = 0; i < clips.Length; i++) clips[i] = Clip(sources[i]);
        return clips;
    }

    /// <summary>Encodes sounds ahead, one after the other.</summary>
    public async Task PrepareAsync(IReadOnlyList<SoundSource> sources, IReadOnlyList<AudioCodec> codecs)
    {
        foreach (var clip in Clips(sources))
            foreach (var codec in codecs)
                await clip.PrepareAsync(codec).ConfigureAwait(false);
    }

    /// <summary>Lets go of the clip of a file that nobody will ask for any more.</summary>
    public void Forget(string path) => files.TryRemove(path, out _);

    private SoundClip Clip(SoundSource source) => source switch
    {
        SoundSource.OfFile file => OfFile(file.Path),
        SoundSource.OfRecording recording => SoundClip.OfFile(recording.Path),
        SoundSource.OfMessage message => new SoundClip(() => LoadAsync(message.File)),
        SoundSource.OfTone tone => tones.GetOrAdd(tone.Tone, static tone => new SoundClip(() => new((Synthesis.Of(tone), Synthesis.Rate)))),
        SoundSource.OfSilence silence => silences.GetOrAdd(silence.Milliseconds, static length => new SoundClip(() => new((new short[length * 8], 8000)))),
        _ => music,
    };

    // A file that could not be read may be there now.
    private SoundClip OfFile(string path) =>
        files.TryGetValue(path, out var known) && !known.Missing ? known : files[path] = SoundClip.OfFile(path);

    private static async ValueTask<(short[] Samples, int Rate)?> LoadAsync(Task<string?> file) =>
        await file.ConfigureAwait(false) is { } path ? WavFile.TryRead(path) : null;
}
