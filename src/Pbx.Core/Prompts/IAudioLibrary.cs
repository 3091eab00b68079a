using Pbx.Core.Common;

namespace Pbx.Core.Prompts;

/// <summary>
/// The sounds of prompts and phrases as canonical WAV files (16 kHz, 16 bit, mono) in the data directory. The engine reads them once,
/// encodes them per codec and plays from memory.
/// </summary>
public interface IAudioLibrary
{
    /// <summary>Absolute path of the WAV with this hash (<see cref="Prompt.Audio"/>); null when it is missing.</summary>
    string? PromptFile(string audio);

    /// <summary>
    /// Absolute path of a phrase in a language (<c>fr</c>, <c>en</c>); null when it is not there yet. Besides
    /// <c>Phrases.All</c> there are <c>number-0</c> to <c>number-59</c>, <c>digit-0</c> to <c>digit-9</c>, <c>digit-star</c>,
    /// <c>digit-hash</c>, <c>hours</c> and <c>o-clock</c>, and <c>hour-0</c> to <c>hour-23</c>: a whole hour as it is said in the
    /// language ("une heure", "vingt et une heures"; in English the bare number, with <c>o-clock</c> behind it when no minutes follow).
    /// </summary>
    string? PhraseFile(string name, string language);

    /// <summary>Speaks a text into a canonical WAV, stores it and returns hash and length. Errors: <c>speech-failed</c> with the engine's words, <c>speech-text-length</c>.</summary>
    Task<Result<StoredAudio>> SpeakAsync(string text, string language, string command, CancellationToken cancellationToken = default);

    /// <summary>Converts an upload or a recording (WAV, MP3, OGG ...) and stores it. Errors: <c>audio-unreadable</c>, <c>audio-too-long</c>.</summary>
    Task<Result<StoredAudio>> ImportAsync(Stream audio, CancellationToken cancellationToken = default);
}

/// <summary>A stored sound.</summary>
public sealed record StoredAudio(string Hash, int Milliseconds);
