using Pbx.Core.CallFlow;
using Pbx.Core.Common;
using Pbx.Sip.Media.Codecs;
using Pbx.Sip.Media.Sounds;

namespace Pbx.Sip.Tests.Media;

public class SoundTests
{
    [Theory]
    [InlineData(14, 30, "fr", "hour-14 number-30")]
    [InlineData(9, 0, "fr", "hour-9")]
    [InlineData(0, 5, "fr", "hour-0 number-5")]
    [InlineData(14, 30, "en", "number-14 number-30")]
    [InlineData(14, 0, "en", "number-14 o-clock")]
    [InlineData(14, 5, "en", "number-14 number-0 number-5")]
    public void Time_IsSpokenInTheOrderOfItsLanguage(int hour, int minute, string language, string expected) =>
        Assert.Equal(expected.Split(' '), SpokenWords.Time(new DateTime(2026, 1, 1, hour, minute, 0), language));

    [Fact]
    public void CountsAndDigits_AreSpokenByTheirPhrases()
    {
        Assert.Equal(["number-42"], SpokenWords.Count(42));
        Assert.Equal(["digit-1", "digit-2", "digit-0"], SpokenWords.Count(120));
        Assert.Equal(["digit-3", "digit-3", "digit-star", "digit-hash"], SpokenWords.Digits("+33 *#"));
    }

    [Fact]
    public void Resolve_AskedTwice_GivesTheSameClips()
    {
        var directory = Directory.CreateTempSubdirectory("sounds-").FullName;
        using var library = new SoundLibrary(new TonePrompts(directory), new FixedSnapshot(), (_, _) => Task.FromResult<string?>(null));
        ValueList<Sound> sounds =
        [
            new Sound.OfPrompt("tone-440"), new Sound.OfPhrase(Phrases.Goodbye, "fr"), new Sound.OfTone(Tone.Beep), new Sound.OfMusic(),
            new Sound.OfSilence(500), new Sound.OfTime(new DateTime(2026, 1, 1, 8, 15, 0), "fr"), new Sound.OfPrompt("gone"),
        ];
        var clips = new ClipStore();
        var first = clips.Clips(library.Resolve(sounds, _ => null));
        Assert.Equal(7, first.Length);
        Assert.Equal(first, clips.Clips(library.Resolve(sounds, _ => null)));
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public void Clip_HeardByManyCallsAtOnce_IsEncodedOncePerCodec()
    {
        var encodings = 0;
        var clip = new SoundClip(() =>
        {
            Interlocked.Increment(ref encodings);
            return new((Ear.Tone(440, 100), 8000));
        });
        AudioCodec[] codecs = [AudioCodec.Pcma, AudioCodec.Pcmu, AudioCodec.G722];

        Parallel.For(0, 300, call =>
        {
            var playback = new Playback(1, [clip], loop: false);
            SpinWait.SpinUntil(() => playback.Next(codecs[call % 3], out _) == PlaybackStep.Frame, TimeSpan.FromSeconds(60));
        });

        Assert.Equal(3, encodings);
    }

    [Fact]
    public async Task Prompt_OfTheLibrary_HeardByManyCalls_HasOneSetOfFramesPerCodec()
    {
        var directory = Directory.CreateTempSubdirectory("sounds-").FullName;
        var prompts = new TonePrompts(directory);
        using var library = new SoundLibrary(prompts, new FixedSnapshot(), (_, _) => Task.FromResult<string?>(null));
        var clips = new ClipStore();
        await clips.PrepareAsync(library.First, [AudioCodec.Pcma]);
        // Nothing is read again: the frames are in memory.
        Directory.Delete(directory, recursive: true);

        var frames = Enumerable.Range(0, 100).Select(_ => Assert.Single(clips.Clips(library.Resolve([new Sound.OfPrompt("tone-440")], _ => null))).TryGet(AudioCodec.Pcma)).ToList();

        Assert.NotNull(frames[0]);
        Assert.All(frames, frame => Assert.Same(frames[0], frame));
    }

    [Fact]
    public async Task WarmUp_AllIsThereBeforeTheFirstCall()
    {
        var directory = Directory.CreateTempSubdirectory("sounds-").FullName;
        using var library = new SoundLibrary(new TonePrompts(directory), new FixedSnapshot(), (_, _) => Task.FromResult<string?>(null));
        var clips = new ClipStore();
        await clips.PrepareAsync(library.First, [AudioCodec.Pcma]);
        var three = clips.Clips(library.Resolve([new Sound.OfPrompt("tone-440"), new Sound.OfTone(Tone.Busy), new Sound.OfMusic()], _ => null));
        Assert.All(three, clip => Assert.NotNull(clip.TryGet(AudioCodec.Pcma)));
        Directory.Delete(directory, recursive: true);
    }

    [Theory]
    [InlineData(Tone.Ringback, 1500, 3500)]
    [InlineData(Tone.Busy, 500, 500)]
    [InlineData(Tone.Congestion, 250, 250)]
    public void Tones_HaveTheEuropeanCadence(Tone tone, int on, int off)
    {
        var samples = Synthesis.Of(tone);
        Assert.Equal((on + off) * 16, samples.Length);
        Assert.True(Ear.Share(samples.AsSpan(0, on * 16), 425, 16000) > 0.98);
        Assert.InRange(Ear.Level(samples.AsSpan(0, on * 16)), -21, -17);
        Assert.True(samples.AsSpan(on * 16).IndexOfAnyExcept((short)0) < 0);
    }

    [Fact]
    public void Music_IsSoftNeverSilentAndLoopsWithoutAClick()
    {
        var music = Synthesis.Music();
        Assert.InRange(music.Length / 16000.0, 20, 60);
        Assert.InRange(Ear.Level(music), -27, -25);
        for (var at = 0; at + 8000 <= music.Length; at += 8000) Assert.True(Ear.Level(music.AsSpan(at, 8000)) > -45);
        var largest = music.Zip(music.Skip(1)).Max(pair => Math.Abs(pair.First - pair.Second));
        Assert.True(Math.Abs(music[^1] - music[0]) <= largest);
        Assert.True(music.Max(sample => Math.Abs((int)sample)) < 28000);
    }

    [Fact]
    public async Task Prompt_FarTooLoudOrSoft_IsBroughtNearSpeech()
    {
        foreach (var amplitude in new[] { 32000.0, 150.0 })
        {
            var file = Path.GetTempFileName();
            var samples = Ear.Tone(440, 500, 16000, amplitude);
            var header = new byte[44];
            Pbx.Sip.Media.Recording.WavHeader.Write(header, 16000, samples.Length * 2);
            await File.WriteAllBytesAsync(file, [.. header, .. Ear.Bytes(samples)]);
            var clip = SoundClip.OfFile(file);
            await clip.PrepareAsync(AudioCodec.Pcma);
            var decoded = clip.TryGet(AudioCodec.Pcma)!.Select(G711.DecodeA).ToArray();
            Assert.InRange(Ear.Level(decoded), -36, -15); // at most 15 dB are added
            File.Delete(file);
        }
    }

    [Fact]
    public void Playback_ClipThatNeverLoads_IsLeftOut()
    {
        var stuck = new SoundClip(() => new(new TaskCompletionSource<(short[], int)?>().Task));
        var playback = new Playback(1, [stuck, SoundClip.Of(Ear.Tone(440, 40), 8000)], loop: false);
        SpinWait.SpinUntil(() => playback.Next(AudioCodec.Pcma, out _) == PlaybackStep.Frame, TimeSpan.FromSeconds(60));
        Assert.Equal(PlaybackStep.Frame, playback.Next(AudioCodec.Pcma, out _));
        Assert.Equal(PlaybackStep.Waiting, playback.Next(AudioCodec.Pcma, out _));
    }

    [Fact]
    public void Playback_AfterItsLastFrame_IsSilentUntilTheFarEndHasHeardIt()
    {
        var playback = new Playback(1, [SoundClip.Of(Ear.Tone(440, 40), 8000)], loop: false);

        SpinWait.SpinUntil(() => playback.Next(AudioCodec.Pcma, out _) == PlaybackStep.Frame, TimeSpan.FromSeconds(60));
        var steps = Enumerable.Range(0, 13).Select(_ => playback.Next(AudioCodec.Pcma, out var _)).ToList();

        Assert.Equal([PlaybackStep.Frame, .. Enumerable.Repeat(PlaybackStep.Waiting, 10), .. Enumerable.Repeat(PlaybackStep.Ended, 2)], steps);
    }
}
