using System.Net;
using Pbx.Sip.Media.Sounds;
using Pbx.Sip.Sdp;

namespace Pbx.Sip.Media.Apart;

/// <summary>The face of a leg whose stream is in another process: turns its commands into frames.</summary>
internal sealed class DistantLeg(MediaConnection connection, int number, SoundLibrary sounds, IMediaListener listener) : LegFace(sounds)
{
    private readonly MediaLink link = connection.Link;
    private volatile RecordingRequest? running;

    /// <summary>Its number on the link.</summary>
    public int Number => number;

    /// <summary>Who hears of its events.</summary>
    public IMediaListener Listener => listener;

    /// <summary>The recording that runs; null: none does.</summary>
    public RecordingRequest? Running => running;

    /// <summary>What was told of it last.</summary>
    public MediaReport LastReport { get; set; } = MediaReport.None;

    /// <summary>A recording is over. A second one may run already: it ended the first.</summary>
    public void Recorded(int recording)
    {
        if (running is { } request && request.Recording == recording) running = null;
    }

    /// <inheritdoc/>
    public override void Configure(NegotiatedMedia media, IPAddress? signalling = null)
    {
        using var frame = link.Begin(FrameKind.Configure, number);
        frame.Fields.Media(media);
        frame.Fields.Address(signalling);
    }

    /// <inheritdoc/>
    public override void StopPlay() => Say(FrameKind.StopPlay);

    /// <inheritdoc/>
    public override void BridgeWith(MediaLeg other) => Say(FrameKind.Bridge, Own(other).Number);

    /// <inheritdoc/>
    public override void HearFrom(MediaLeg other) => Say(FrameKind.HearFrom, Own(other).Number);

    /// <inheritdoc/>
    public override void Unbridge() => Say(FrameKind.Unbridge);

    /// <inheritdoc/>
    public override void Resume() => Say(FrameKind.Resume);

    /// <inheritdoc/>
    public override void Echo() => Say(FrameKind.HearFrom, number);

    /// <inheritdoc/>
    public override void StopRecording() => Say(FrameKind.StopRecording);

    /// <inheritdoc/>
    public override void SendDigit(char key, int milliseconds = 160)
    {
        using var frame = link.Begin(FrameKind.SendDigit, number);
        frame.Fields.Int32(key);
        frame.Fields.Int32(milliseconds);
    }

    /// <inheritdoc/>
    public override void DigitsByInfo(bool on)
    {
        using var frame = link.Begin(FrameKind.DigitsByInfo, number);
        frame.Fields.Boolean(on);
    }

    /// <inheritdoc/>
    public override void Close() => Say(FrameKind.Close);

    /// <inheritdoc/>
    protected override void Play(int play, SoundSource[] sources, bool loop)
    {
        using var frame = link.Begin(FrameKind.Play, number);
        frame.Fields.Int32(play);
        frame.Fields.Boolean(loop);
        frame.Fields.Sounds(sources, connection.Promise);
    }

    /// <inheritdoc/>
    protected override void Hold(SoundSource[] music)
    {
        using var frame = link.Begin(FrameKind.Hold, number);
        frame.Fields.Sounds(music, connection.Promise);
    }

    /// <inheritdoc/>
    protected override void StartRecording(RecordingRequest request)
    {
        running = request;
        using var frame = link.Begin(FrameKind.Record, number);
        frame.Fields.Request(request);
    }

    private void Say(FrameKind kind)
    {
        using var frame = link.Begin(kind, number);
    }

    private void Say(FrameKind kind, int other)
    {
        using var frame = link.Begin(kind, number);
        frame.Fields.Int32(other);
    }

    private DistantLeg Own(MediaLeg other)
    {
        if (other is not DistantLeg distant || distant.Call != Call) throw new ArgumentException("Only legs of the same call share a loop.", nameof(other));
        return distant;
    }
}
