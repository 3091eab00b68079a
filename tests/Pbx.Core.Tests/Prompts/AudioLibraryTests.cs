using Microsoft.Extensions.Logging.Abstractions;
using Pbx.Core.Audio;
using Pbx.Core.CallFlow;
using Pbx.Core.Common;
using Pbx.Core.Prompts;
using Pbx.Core.Settings;
using Pbx.Core.Snapshot;
using Pbx.Core.Tests.Databases;
using Pbx.Core.Tests.Mail;
using Pbx.Core.Voicemail;
using Pbx.Testing;

namespace Pbx.Core.Tests.Prompts;

public sealed class AudioLibraryTests : IDisposable
{
    private const string Espeak = "espeak-ng -v {language} -s 150 -f {text} -w {wav}";
    private readonly TemporaryDirectory directory = new();
    private readonly AudioLibrary library;

    public AudioLibraryTests() => library = new AudioLibrary(directory.Data, new AudioOptions { MaxUploadBytes = 2_000_000, MaxDuration = TimeSpan.FromSeconds(20) });

    public void Dispose()
    {
        library.Dispose();
        directory.Dispose();
    }

    [Fact]
    public async Task Speak_AText_StoresACanonicalWav()
    {
        var spoken = (await library.SpeakAsync("Bonjour, vous êtes bien chez Démo.", "fr", Espeak)).Value;

        var sound = CanonicalWav.Read(await File.ReadAllBytesAsync(library.PromptFile(spoken.Hash)!))!.Value;
        Assert.Equal(16000, sound.SampleRate);
        Assert.InRange(spoken.Milliseconds, 1000, 5000);
        Assert.Equal(spoken.Milliseconds, sound.Samples.Length / 16, 1.0);
        Assert.InRange(sound.Samples.Max(s => Math.Abs((int)s)), 5000, 29300);
        Assert.Empty(Directory.GetFiles(directory.Data.Temporary));
    }

    [Theory]
    [InlineData("false", "ended with code")]
    [InlineData("no-such-program-at-all {text}", "cannot be started")]
    [InlineData("true", "wrote no file")]
    [InlineData("sh -c 'echo the voice is hoarse >&2; exit 3'", "the voice is hoarse")]
    [InlineData("cp {text} {wav}", "cannot be read as sound")]
    [InlineData("", "No speech command")]
    public async Task Speak_WithACommandThatFails_SaysWhy(string command, string words)
    {
        var error = (await library.SpeakAsync("Hello", "en", command)).Errors.Single();

        Assert.Equal("speech-failed", error.Code);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(directory.Data.Temporary));
    }

    [Fact]
    public async Task Speak_WithACommandThatHangs_KillsIt()
    {
        using var hasty = new AudioLibrary(directory.Data, new AudioOptions { ProcessLimit = TimeSpan.FromMilliseconds(200) });

        var error = (await hasty.SpeakAsync("Hello", "en", "sleep 600")).Errors.Single();

        Assert.Contains("took longer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Speak_TextThatLooksLikeACommand_IsOnlyText()
    {
        var witness = Path.Combine(directory.Data.Path, "witness");

        var spoken = await library.SpeakAsync($"$(touch {witness}); `touch {witness}` -w /etc/passwd", "en", Espeak);

        Assert.True(spoken.Succeeded);
        Assert.False(File.Exists(witness));
    }

    [Theory, InlineData("wav"), InlineData("mp3"), InlineData("ogg")]
    public async Task Import_OfEachFormat_GivesTheSameSound(string format)
    {
        var source = Path.Combine(directory.Data.Path, "tone." + format);
        var run = await ChildProcess.RunAsync("ffmpeg", ["-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", "sine=440:d=2:r=44100", "-ac", "2", source], TimeSpan.FromSeconds(20), default);
        Assert.True(run.Succeeded, run.Words);

        await using var upload = File.OpenRead(source);
        var stored = (await library.ImportAsync(upload)).Value;

        Assert.InRange(stored.Milliseconds, 1900, 2100);
        var samples = CanonicalWav.Read(await File.ReadAllBytesAsync(library.PromptFile(stored.Hash)!))!.Value.Samples;
        var crossings = samples.Zip(samples.Skip(1)).Count(p => p.First < 0 && p.Second >= 0);
        Assert.InRange(crossings / (stored.Milliseconds / 1000.0), 430, 450);
    }

    [Fact]
    public async Task Import_OfNonsense_IsRefused()
    {
        string[] hostile =
        [
            "", "not a sound", "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
            "ffconcat version 1.0\nfile /etc/passwd\n", "RIFF\0\0\0\0WAVEfmt ",
        ];
        foreach (var content in hostile)
        {
            using var upload = new MemoryStream(System.Text.Encoding.Latin1.GetBytes(content));
            var error = (await library.ImportAsync(upload)).Errors.Single();
            Assert.Equal("audio-unreadable", error.Code);
            Assert.DoesNotContain(directory.Data.Path, error.Message, StringComparison.Ordinal);
        }
        Assert.False(Directory.Exists(directory.Data.Audio));
    }

    [Fact]
    public async Task Import_TooLongOrTooLarge_IsRefused()
    {
        using var tooLong = new MemoryStream(CanonicalWav.Write(MailHouse.Tone(25_000, 16000)));
        using var tooLarge = new MemoryStream(new byte[2_000_001]);

        Assert.Equal("audio-too-long", (await library.ImportAsync(tooLong)).Errors.Single().Code);
        Assert.Equal("audio-too-large", (await library.ImportAsync(tooLarge)).Errors.Single().Code);
    }

    [Fact]
    public async Task SharedCache_WithTheText_NeedsNoSpeech()
    {
        var options = new AudioOptions { SharedCache = Path.Combine(directory.Data.Path, "shared") };
        using var first = new AudioLibrary(new DataDirectory(Path.Combine(directory.Data.Path, "first")), options);
        using var second = new AudioLibrary(new DataDirectory(Path.Combine(directory.Data.Path, "second")), options with { Ffmpeg = "false" });

        var spoken = (await first.SpeakAsync("Hello", "en", Espeak)).Value;

        Assert.Equal(spoken, (await second.SpeakAsync("Hello", "en", Espeak)).Value);
        Assert.NotNull(second.PromptFile(spoken.Hash));
        Assert.False((await second.SpeakAsync("Hello", "fr", Espeak)).Succeeded);
    }

    [Fact]
    public void Files_WithNamesThatArePaths_AreNotFound()
    {
        Assert.Null(library.PromptFile("../../etc/passwd"));
        Assert.Null(library.PhraseFile("../fr/goodbye", "fr"));
        Assert.Null(library.PhraseFile("goodbye", ".."));
    }

    [Fact]
    public void Phrases_OfEachLanguage_HaveATextForEachName()
    {
        foreach (var language in PhraseTexts.Languages)
        {
            var texts = PhraseTexts.Of(language).ToDictionary();
            Assert.All(Phrases.All, name => Assert.NotEmpty(texts[name]));
            Assert.Equal(Phrases.All.Count + 10 + 2 + 60 + 2 + 24, texts.Count);
            Assert.All(texts.Keys, name => Assert.Matches("^[a-z0-9-]+$", name));
        }
        var french = PhraseTexts.Of("fr").ToDictionary();
        Assert.Equal(("vingt et un", "quarante-deux", "vingt et une heures"), (french["number-21"], french["number-42"], french["hour-21"]));
        Assert.Equal("fifty-nine", PhraseTexts.Of("en").ToDictionary()["number-59"]);
    }

    [Fact]
    public async Task Phrase_OfTheSameTextAndCommand_IsSpokenOnce()
    {
        var (command, spoken) = await CountingCommandAsync();

        Assert.Empty(await library.EnsurePhraseAsync(Phrases.Goodbye, "fr", "Au revoir.", command, default));
        Assert.Empty(await library.EnsurePhraseAsync(Phrases.Goodbye, "fr", "Au revoir.", command, default));
        Assert.NotNull(library.PhraseFile(Phrases.Goodbye, "fr"));
        Assert.Null(library.PhraseFile(Phrases.Goodbye, "en"));
        await library.EnsurePhraseAsync(Phrases.Goodbye, "fr", "Salut.", command, default);
        await library.EnsurePhraseAsync(Phrases.Goodbye, "fr", "Salut.", command + " x", default);

        Assert.Equal(["Au revoir.", "Salut.", "Salut."], await File.ReadAllLinesAsync(spoken));
    }

    [Fact]
    public async Task PhraseSpeaker_CommandMendedAfterAFailure_SpeaksEveryPhrase()
    {
        // Hundreds of phrases: what speaks and converts them here does nothing but copy a tone.
        await CountingCommandAsync();
        var command = $"cp {Path.Combine(directory.Data.Path, "tone.wav")} {{wav}}";
        using var quick = new AudioLibrary(directory.Data, new AudioOptions { Ffmpeg = await CopyingConverterAsync() });
        var snapshots = new FixedSnapshots(PbxSnapshot.Empty.With(new SystemSettings { SpeechCommand = "false" }));
        using var speaker = new PhraseSpeaker(quick, snapshots, new FakeClock(), NullLogger<PhraseSpeaker>.Instance);
        await speaker.StartAsync(default);

        snapshots.Publish(snapshots.Current.With(new SystemSettings { SpeechCommand = command }));
        await speaker.AllSpoken.WaitAsync(TimeSpan.FromSeconds(50));
        await speaker.StopAsync(default);

        Assert.All(PhraseTexts.Of("en"), phrase => Assert.NotNull(quick.PhraseFile(phrase.Key, "en")));
        Assert.All(PhraseTexts.Of("fr"), phrase => Assert.NotNull(quick.PhraseFile(phrase.Key, "fr")));
    }

    [Fact]
    public async Task PhoneRecording_OfAMailbox_BecomesItsGreeting()
    {
        var snapshot = PbxSnapshot.Empty.With(new Mailbox { Key = "alice", Name = "Alice", Number = "801", Site = "s", Greeting = "welcome" })
            .With(new Prompt { Key = "welcome", Name = "Welcome", Audio = new string('a', 64) });
        var configuration = new FixedSnapshots(snapshot) { ConflictsToCome = 1 };
        var recordings = new PhoneRecordings(configuration, library);

        Assert.Empty(await recordings.KeepAsync(new ObjectRef(ObjectKind.Mailbox, "alice"), Recording(), "101"));
        Assert.Empty(await recordings.KeepAsync(new ObjectRef(ObjectKind.Prompt, "welcome"), Recording(), "101"));
        Assert.Empty(await recordings.KeepAsync(new ObjectRef(ObjectKind.Prompt, "recorded-101"), Recording(), "101"));
        var missing = Recording();
        Assert.Equal("not-found", (await recordings.KeepAsync(new ObjectRef(ObjectKind.Mailbox, "gone"), missing, "101")).Single().Code);

        Assert.Equal("greeting-alice", configuration.Current.Mailboxes["alice"].Greeting);
        Assert.NotNull(library.PromptFile(configuration.Current.Prompts["greeting-alice"].Audio!));
        Assert.Equal(configuration.Current.Prompts["greeting-alice"].Audio, configuration.Current.Prompts["welcome"].Audio);
        Assert.InRange(configuration.Current.Prompts["welcome"].DurationMilliseconds, 2900, 3100);
        Assert.Equal(configuration.Current.Prompts["welcome"].Audio, configuration.Current.Prompts["recorded-101"].Audio);
        Assert.True(File.Exists(missing));
    }

    [Theory]
    [InlineData("a b  c", "a|b|c")]
    [InlineData("a 'b c' \"d e\"f ''", "a|b c|d ef|")]
    [InlineData("  ", "")]
    public void Split_CommandLine_KeepsQuotedPartsTogether(string line, string arguments) =>
        Assert.Equal(arguments, string.Join('|', ChildProcess.Split(line)));

    /// <summary>A speech command that notes each text and "speaks" a tone.</summary>
    private async Task<(string Command, string Spoken)> CountingCommandAsync()
    {
        var spoken = Path.Combine(directory.Data.Path, "spoken");
        var tone = Path.Combine(directory.Data.Path, "tone.wav");
        var script = Path.Combine(directory.Data.Path, "say.sh");
        await File.WriteAllBytesAsync(tone, CanonicalWav.Write(MailHouse.Tone(200, 16000)));
        await File.WriteAllTextAsync(script, $"cat \"$1\" >>{spoken}; echo >>{spoken}; cp {tone} \"$2\"\n");
        return ($"sh {script} {{text}} {{wav}}", spoken);
    }

    /// <summary>A converter that does nothing but copy the tone.</summary>
    private async Task<string> CopyingConverterAsync()
    {
        var script = Path.Combine(directory.Data.Path, "convert.sh");
        await File.WriteAllTextAsync(script, $"#!/bin/sh\nfor last; do :; done\nexec cp {Path.Combine(directory.Data.Path, "tone.wav")} \"${{last#file:}}\"\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return script;
    }

    private string Recording()
    {
        var path = Path.Combine(directory.Data.Path, Guid.NewGuid().ToString("N") + ".wav");
        File.WriteAllBytes(path, CanonicalWav.Write(MailHouse.Tone(3000, 8000), 8000));
        return path;
    }
}
