using System.Security.Cryptography;
using System.Text;
using Pbx.Core.Common;

namespace Pbx.Core.Prompts;

/// <summary>Limits and places of the audio library.</summary>
public sealed record AudioOptions
{
    /// <summary>
    /// Directory in which spoken texts are kept for other servers too (tests start many), or null. Its files are named by text,
    /// language and command, so sharing it is always right.
    /// </summary>
    public string? SharedCache { get; init; }

    /// <summary>Largest upload in bytes.</summary>
    public long MaxUploadBytes { get; init; } = 50 * 1024 * 1024;

    /// <summary>Longest sound.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long the speech engine or the converter may take.</summary>
    public TimeSpan ProcessLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The converter.</summary>
    public string Ffmpeg { get; init; } = "ffmpeg";
}

/// <summary>
/// The sounds in the data directory: made by the speech engine or from uploads, always through a converter process of its own, one
/// at a time, so that a hostile file or a slow engine touches no call.
/// </summary>
internal sealed class AudioLibrary(DataDirectory directory, AudioOptions options) : IAudioLibrary, IDisposable
{
    private const int MaxTextLength = 5000;

    /// <summary>Counts up when the same text and command would sound differently.</summary>
    private const string Revision = "1";

    private readonly SemaphoreSlim oneProcess = new(1, 1);

    /// <inheritdoc/>
    public string? PromptFile(string audio) => IsHash(audio) ? Existing(PathOf(audio)) : null;

    /// <inheritdoc/>
    public string? PhraseFile(string name, string language) => IsPlainName(name) && IsPlainName(language) ? Existing(PhrasePath(name, language)) : null;

    /// <inheritdoc/>
    public async Task<Result<StoredAudio>> SpeakAsync(string text, string language, string command, CancellationToken cancellationToken = default)
    {
        var spoken = await SpeakToBytesAsync(text, language, command, cancellationToken);
        return spoken.Succeeded ? Result<StoredAudio>.Ok(Store(spoken.Value)) : Result<StoredAudio>.Fail(spoken.Errors);
    }

    /// <inheritdoc/>
    public async Task<Result<StoredAudio>> ImportAsync(Stream audio, CancellationToken cancellationToken = default)
    {
        var upload = TemporaryFile(".upload");
        try
        {
            if (!await CopyLimitedAsync(audio, upload, cancellationToken))
                return Fail("audio-too-large", $"The file is larger than {options.MaxUploadBytes / 1024 / 1024} MB.", $"{options.MaxUploadBytes / 1024 / 1024}");
            var converted = await ConvertAsync(upload, cancellationToken);
            return converted.Succeeded ? Result<StoredAudio>.Ok(Store(converted.Value)) : Result<StoredAudio>.Fail(converted.Errors);
        }
        finally
        {
            File.Delete(upload);
        }
    }

    /// <summary>Speaks a phrase into its place unless it is there already, made of the same text by the same command.</summary>
    internal async Task<IReadOnlyList<PbxError>> EnsurePhraseAsync(string name, string language, string text, string command, CancellationToken cancellationToken)
    {
        var path = PhrasePath(name, language);
        var keyPath = Path.ChangeExtension(path, ".key");
        var key = KeyOf(text, language, command);
        if (File.Exists(path) && File.Exists(keyPath) && await File.ReadAllTextAsync(keyPath, cancellationToken) == key) return [];
        var spoken = await SpeakToBytesAsync(text, language, command, cancellationToken);
        if (!spoken.Succeeded) return spoken.Errors;
        DataDirectory.Make(Path.GetDirectoryName(path)!);
        File.Delete(keyPath);
        Place(spoken.Value, path, durable: false);
        Place(Encoding.ASCII.GetBytes(key), keyPath, durable: false);
        return [];
    }

    /// <inheritdoc/>
    public void Dispose() => oneProcess.Dispose();

    private async Task<Result<byte[]>> SpeakToBytesAsync(string text, string language, string command, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > MaxTextLength)
            return Result<byte[]>.Fail(new PbxError("speech-text-length", "", $"The text must have 1 to {MaxTextLength} characters.", $"{MaxTextLength}"));
        var cached = options.SharedCache is { } cache ? Path.Combine(cache, KeyOf(text, language, command) + ".wav") : null;
        if (cached is not null && File.Exists(cached)) return Result<byte[]>.Ok(await File.ReadAllBytesAsync(cached, cancellationToken));
        var spoken = await RunSpeechAsync(text, language, command, cancellationToken);
        if (spoken.Succeeded && cached is not null) Place(spoken.Value, cached, durable: false);
        return spoken;
    }

    private async Task<Result<byte[]>> RunSpeechAsync(string text, string language, string command, CancellationToken cancellationToken)
    {
        var textFile = TemporaryFile(".txt");
        var wavFile = TemporaryFile(".wav");
        try
        {
            await File.WriteAllTextAsync(textFile, text, cancellationToken);
            var arguments = ChildProcess.Split(command).Select(a => a.Replace("{text}", textFile, StringComparison.Ordinal)
                .Replace("{wav}", wavFile, StringComparison.Ordinal).Replace("{language}", language, StringComparison.Ordinal)).ToList();
            if (arguments.Count == 0) return SpeechFailed("No speech command is set.");
            var run = await OneAtATimeAsync(arguments[0], arguments.Skip(1), cancellationToken);
            if (!run.Succeeded) return SpeechFailed(run.Words);
            if (!File.Exists(wavFile)) return SpeechFailed("The speech command wrote no file. Its {wav} is the file to write.");
            var converted = await ConvertAsync(wavFile, cancellationToken);
            return converted.Succeeded ? converted : SpeechFailed(converted.Errors[0].Message);
        }
        finally
        {
            File.Delete(textFile);
            File.Delete(wavFile);
        }
    }

    /// <summary>Any sound file into a canonical WAV. The file may be hostile: known containers only, from this file only, limited in all.</summary>
    private async Task<Result<byte[]>> ConvertAsync(string source, CancellationToken cancellationToken)
    {
        var output = TemporaryFile(".pcm.wav");
        var limit = (int)options.MaxDuration.TotalSeconds;
        string[] arguments =
        [
            "-nostdin", "-hide_banner", "-loglevel", "error", "-max_alloc", "268435456", "-threads", "1",
            "-protocol_whitelist", "file", "-format_whitelist", "wav,w64,mp3,ogg,flac", "-i", "file:" + source,
            "-map", "0:a:0", "-vn", "-sn", "-dn", "-map_metadata", "-1", "-t", $"{limit + 1}",
            "-ar", $"{CanonicalWav.SampleRate}", "-ac", "1", "-c:a", "pcm_s16le", "-bitexact", "-f", "wav", "-y", "file:" + output,
        ];
        try
        {
            var run = await OneAtATimeAsync(options.Ffmpeg, arguments, cancellationToken);
            if (!run.Succeeded || !File.Exists(output)) return Unreadable(run.Words.Replace(source, "file", StringComparison.Ordinal));
            if (CanonicalWav.Read(await File.ReadAllBytesAsync(output, cancellationToken)) is not { Samples.Length: > 0 } sound)
                return Unreadable("It holds no sound.");
            if (sound.Samples.Length > limit * CanonicalWav.SampleRate)
                return Result<byte[]>.Fail(new PbxError("audio-too-long", "", $"It is longer than {limit / 60} minutes.", $"{limit / 60}"));
            return Result<byte[]>.Ok(CanonicalWav.Write(Loudness.Normalise(Loudness.Trim(sound.Samples))));
        }
        finally
        {
            File.Delete(output);
        }
    }

    private async Task<ChildResult> OneAtATimeAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        await oneProcess.WaitAsync(cancellationToken);
        try
        {
            return await ChildProcess.RunAsync(program, arguments, options.ProcessLimit, cancellationToken);
        }
        finally
        {
            oneProcess.Release();
        }
    }

    private async Task<bool> CopyLimitedAsync(Stream source, string path, CancellationToken cancellationToken)
    {
        await using var file = File.Create(path);
        var buffer = new byte[81920];
        long total = 0;
        int count;
        while ((count = await source.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if ((total += count) > options.MaxUploadBytes) return false;
            await file.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        }
        return true;
    }

    private StoredAudio Store(byte[] wav)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(wav));
        if (!File.Exists(PathOf(hash))) Place(wav, PathOf(hash), durable: true);
        var samples = CanonicalWav.Read(wav)!.Value.Samples.Length;
        return new StoredAudio(hash, (int)(samples * 1000L / CanonicalWav.SampleRate));
    }

    /// <summary>Whole or not at all; what can be made again need not survive a power cut.</summary>
    private static void Place(byte[] bytes, string path, bool durable)
    {
        DataDirectory.Make(Path.GetDirectoryName(path)!);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        File.WriteAllBytes(temporary, bytes);
        if (durable) DurableFiles.MoveIntoPlace(temporary, path);
        else File.Move(temporary, path, overwrite: true);
    }

    private string TemporaryFile(string extension)
    {
        DataDirectory.Make(directory.Temporary);
        return Path.Combine(directory.Temporary, Guid.NewGuid().ToString("N") + extension);
    }

    private string PathOf(string hash) => Path.Combine(directory.Audio, hash + ".wav");

    private string PhrasePath(string name, string language) => Path.Combine(directory.Phrases, language, name + ".wav");

    private static string? Existing(string path) => File.Exists(path) ? Path.GetFullPath(path) : null;

    private static string KeyOf(string text, string language, string command) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', Revision, language, command, text))));

    private static bool IsHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);

    private static bool IsPlainName(string text) => text.Length is > 0 and < 64 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    private static Result<byte[]> SpeechFailed(string words) =>
        Result<byte[]>.Fail(new PbxError("speech-failed", "", $"The speech engine failed: {words}", words));

    private static Result<byte[]> Unreadable(string words) =>
        Result<byte[]>.Fail(new PbxError("audio-unreadable", "", $"The file cannot be read as sound (WAV, MP3, OGG or FLAC): {words}", words));

    private static Result<StoredAudio> Fail(string code, string message, params string[] arguments) =>
        Result<StoredAudio>.Fail(new PbxError(code, "", message, arguments));
}
