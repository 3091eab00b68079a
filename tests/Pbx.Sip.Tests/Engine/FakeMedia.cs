using Pbx.Core.CallFlow;
using Pbx.Core.Common;
using Pbx.Sip.Media;
using Pbx.Sip.Sdp;

namespace Pbx.Sip.Tests.Engine;

/// <summary>Media without packets: keeps what it is told, and says what a test wants it to say.</summary>
internal sealed class FakeMedia : IMedia
{
    private int nextPort = 20000;

    public List<FakeLeg> Legs { get; } = [];

    public int Open => Legs.Count(leg => !leg.IsClosed);

    public int Bridges => Legs.Count(leg => leg.With is not null) / 2;

    public bool Refuses { get; set; }

    public SdpFingerprint? Fingerprint { get; set; }

    public MediaCounters Counters => new(Open, Open, 0, 0, 0, 0, 0, 0);

    MediaLeg? IMedia.Open(Guid call, LegId leg, IMediaListener listener)
    {
        if (Refuses) return null;
        var opened = new FakeLeg { Call = call, Id = leg, Port = nextPort += 2, Listener = listener };
        Legs.Add(opened);
        return opened;
    }
}

internal sealed class FakeLeg : MediaLeg
{
    public required IMediaListener Listener { get; init; }

    public NegotiatedMedia? Media { get; private set; }

    public bool IsClosed { get; private set; }

    public FakeLeg? With { get; private set; }

    public FakeLeg? Hears { get; private set; }

    public (int Number, ValueList<Sound> Sounds, bool Loop)? Playing { get; private set; }

    public List<Sound> Played { get; } = [];

    public List<char> Sent { get; } = [];

    public RecordingRequest? Recording { get; private set; }

    public bool Echoes { get; private set; }

    /// <summary>What it plays comes to its end.</summary>
    public void EndPlay()
    {
        var playing = Playing ?? throw new InvalidOperationException("Nothing is played.");
        Playing = null;
        Listener.PlayEnded(Id, playing.Number, PlayEnd.Completed);
    }

    public void Press(char key) => Listener.Digit(Id, key);

    public void EndRecording(RecordingEnd end, int milliseconds = 5000, bool hasVoice = true)
    {
        var recording = Recording ?? throw new InvalidOperationException("Nothing is recorded.");
        Recording = null;
        Listener.RecordingEnded(Id, new RecordingResult(recording.Recording, end, recording.File, milliseconds, hasVoice));
    }

    public override void Configure(NegotiatedMedia media, System.Net.IPAddress? signalling = null) => Media = media;

    public override void Play(int play, ValueList<Sound> sounds, bool loop = false)
    {
        Playing = (play, sounds, loop);
        Played.AddRange(sounds);
    }

    public override void StopPlay() => Playing = null;

    public override void BridgeWith(MediaLeg other)
    {
        Unbridge();
        With = (FakeLeg)other;
        With.With = this;
        Playing = With.Playing = null;
    }

    public override void HearFrom(MediaLeg other) => Hears = (FakeLeg)other;

    public override void Unbridge()
    {
        if (With is not { } other) return;
        With = null;
        other.With = null;
    }

    public override void Hold(ValueList<Sound> music) => Play(0, music, true);

    public override void Resume() => Playing = null;

    public override void Echo() => Echoes = true;

    public override void Record(RecordingRequest request) => Recording = request;

    public override void StopRecording()
    {
        if (Recording is not null) EndRecording(RecordingEnd.Stopped);
    }

    public override void SendDigit(char key, int milliseconds = 160) => Sent.Add(key);

    public override void DigitsByInfo(bool on)
    {
    }

    public override void Close()
    {
        if (IsClosed) return;
        IsClosed = true;
        Unbridge();
        if (Recording is not null) EndRecording(RecordingEnd.HangUp);
        Listener.Report(Id, new MediaReport(Media?.Codecs[0].Name ?? "", 100, 1, 2, null, 100, null, null, 0, null, null), final: true);
    }
}
