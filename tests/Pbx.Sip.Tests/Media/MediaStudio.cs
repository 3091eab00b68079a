using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Pbx.Core.CallFlow;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Prompts;
using Pbx.Core.Snapshot;
using Pbx.Sip.Media;
using Pbx.Sip.Media.Apart;
using Pbx.Sip.Media.Recording;
using Pbx.Sip.Media.Sounds;
using Pbx.Sip.Sdp;

namespace Pbx.Sip.Tests.Media;

/// <summary>Media with real sockets, prompts that are tones, and a listener that keeps everything.</summary>
internal sealed class MediaStudio : IDisposable
{
    private static int nextRange;
    private readonly SoundLibrary library;
    private readonly List<TestPhone> phones = [];

    /// <param name="change">Changes how media is set up.</param>
    /// <param name="apart">Media as a worker behind a link, as it is in a process of its own. <c>PBX_MEDIA_APART=1</c> does that for all tests.</param>
    /// <param name="started">False: the test starts it.</param>
    public MediaStudio(Func<MediaOptions, MediaOptions>? change = null, bool apart = false, bool started = true)
    {
        Directory = System.IO.Directory.CreateTempSubdirectory("media-test-").FullName;
        Audio = new TonePrompts(Directory);
        Configuration = new FixedSnapshot();
        library = new SoundLibrary(Audio, Configuration, (_, message) => Task.FromResult<string?>(Path.Combine(Directory, message + ".wav")));
        var first = 30000 + (Interlocked.Increment(ref nextRange) % 25 * 100);
        var options = new MediaOptions { Bind = IPAddress.Loopback, Loops = 1, FirstPort = first, LastPort = first + 99, PortRest = TimeSpan.Zero };
        options = change?.Invoke(options) ?? options;
        Engine = apart || (Environment.GetEnvironmentVariable("PBX_MEDIA_APART") == "1" && !options.Portable)
            ? new MediaProcess(options, library, Workers.Start, TimeProvider.System, Faults.Add, NullLogger<MediaProcess>.Instance)
            : new MediaEngine(options, library, TimeProvider.System, Faults.Add);
        if (started) Engine.Start();
    }

    public string Directory { get; }

    public IMediaHost Engine { get; }

    /// <summary>The workers that were started, where media is apart.</summary>
    public WorkerThreads Workers { get; } = new();

    public TonePrompts Audio { get; }

    public FixedSnapshot Configuration { get; }

    public Inbox<Exception> Faults { get; } = new();

    public Guid Call { get; } = Guid.NewGuid();

    /// <summary>A leg and the phone at its other end.</summary>
    public (MediaLeg Leg, TestPhone Phone, Listener Events) Connect(params string[] codecs) => Connect(new TestPhone(codecs));

    /// <summary>A leg and the phone at its other end, which encrypts.</summary>
    public (MediaLeg Leg, TestPhone Phone, Listener Events) ConnectEncrypted(SrtpSuite suite)
    {
        var phone = new TestPhone();
        phone.Encrypt(suite);
        return Connect(phone);
    }

    private (MediaLeg Leg, TestPhone Phone, Listener Events) Connect(TestPhone phone)
    {
        phones.Add(phone);
        var events = new Listener();
        // A port that was given back may be held for a moment more by a program that another test is just starting; a worker may be on its way.
        MediaLeg? leg = null;
        if (!SpinWait.SpinUntil(() => (leg = Engine.Open(Call, new LegId(phones.Count - 1), events)) is not null, TimeSpan.FromSeconds(60))) throw new InvalidOperationException("no port");
        leg!.Configure(phone.Media);
        return (leg, phone, events);
    }

    /// <summary>Waits until the commands given so far have been carried out: a play of nothing ends in its turn.</summary>
    public static async Task Settled(MediaLeg leg, Listener events)
    {
        var number = 1000 + events.Plays.Now.Length;
        leg.Play(number, []);
        await events.Plays.Until(all => all.Any(each => each.Play == number));
    }

    public static ValueList<Sound> Prompt(int frequency) => [new Sound.OfPrompt("tone-" + frequency)];

    public void Dispose()
    {
        Engine.Dispose();
        foreach (var phone in phones) phone.Dispose();
        library.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
        Assert.Empty(Faults.Now);
        Assert.Equal(0, Engine.Counters.Ports);
    }
}

/// <summary>Keeps the events of a leg.</summary>
internal sealed class Listener : IMediaListener
{
    public Inbox<(int Play, PlayEnd End)> Plays { get; } = new();

    public Inbox<char> Digits { get; } = new();

    public Inbox<(char Key, TimeSpan Length, bool NeedsInfo)> DigitEnds { get; } = new();

    public Inbox<RecordingResult> Recordings { get; } = new();

    public Inbox<TimeSpan> Losses { get; } = new();

    public Inbox<(MediaReport Report, bool Final)> Reports { get; } = new();

    public Inbox<LegId> Lost { get; } = new();

    public Inbox<string> HandshakeFailures { get; } = new();

    public Inbox<LegId> MissingKeys { get; } = new();

    public void PlayEnded(LegId leg, int play, PlayEnd end) => Plays.Add((play, end));

    public void Digit(LegId leg, char key) => Digits.Add(key);

    public void DigitEnded(LegId leg, char key, TimeSpan length, bool needsInfo) => DigitEnds.Add((key, length, needsInfo));

    public void RecordingEnded(LegId leg, RecordingResult result) => Recordings.Add(result);

    public void HandshakeFailed(LegId leg, string why) => HandshakeFailures.Add(why);

    public void KeysMissing(LegId leg) => MissingKeys.Add(leg);

    public void Gone(LegId leg) => Lost.Add(leg);

    public void MediaLost(LegId leg, TimeSpan silent) => Losses.Add(silent);

    public void Report(LegId leg, MediaReport report, bool final) => Reports.Add((report, final));

    public async Task<MediaReport> FinalReport() => (await Reports.Until(all => all.Any(each => each.Final))).Single(each => each.Final).Report;
}

/// <summary>A snapshot whose prompts are tones: key and hash <c>tone-440</c> is 440 Hz for 300 ms.</summary>
internal sealed class FixedSnapshot : ISnapshotSource
{
    public PbxSnapshot Current { get; set; } = PbxSnapshot.Empty with
    {
        Prompts = new[] { 440, 620, 800, 1100, 1500 }.Select(f => "tone-" + f).Append("tone-missing")
            .ToDictionary(key => key, key => new Prompt { Key = key, Name = key, Audio = key }).ToImmutable(),
    };

    public IDisposable Subscribe(Action<PbxSnapshot> published) => new Nothing();

    private sealed class Nothing : IDisposable
    {
        public void Dispose()
        {
        }
    }
}

/// <summary>Makes the files of prompts and phrases on demand.</summary>
internal sealed class TonePrompts(string directory) : IAudioLibrary
{
    public List<string> PhrasesAsked { get; } = [];

    /// <summary>The file of a prompt that is no tone; null: there is none.</summary>
    public string? Other { get; set; }

    public string? PromptFile(string audio)
    {
        if (!int.TryParse(audio.AsSpan("tone-".Length), out var frequency)) return Other;
        return Write(audio, Ear.Tone(frequency, 300, 16000, 6000));
    }

    public string? PhraseFile(string name, string language)
    {
        PhrasesAsked.Add(name);
        return Write(language + name, Ear.Tone(300, 40, 16000));
    }

    public Task<Result<StoredAudio>> SpeakAsync(string text, string language, string command, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task<Result<StoredAudio>> ImportAsync(Stream audio, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    private string Write(string name, short[] samples)
    {
        var file = Path.Combine(directory, name + ".wav");
        var header = new byte[WavHeader.Size];
        WavHeader.Write(header, 16000, samples.Length * 2);
        File.WriteAllBytes(file, [.. header, .. Ear.Bytes(samples)]);
        return file;
    }
}

internal static class Dictionaries
{
    public static System.Collections.Immutable.ImmutableDictionary<string, T> ToImmutable<T>(this Dictionary<string, T> from) =>
        System.Collections.Immutable.ImmutableDictionary.CreateRange(from);
}
