using System.Net;
using Pbx.Sip.Media.Sounds;
using Pbx.Sip.Sdp;

namespace Pbx.Sip.Media;

/// <summary>The face of a leg in this process: turns its commands into data for the loop that owns the stream.</summary>
internal sealed class OpenLeg(MediaLoop loop, LegStream stream, SoundLibrary sounds, ClipStore clips) : LegFace(sounds)
{
    public override void Configure(NegotiatedMedia media, IPAddress? signalling = null) => Post(MediaCommand.Configure.Of(media, signalling));

    public override void StopPlay() => Post(new MediaCommand.StopPlay());

    public override void BridgeWith(MediaLeg other) => Post(new MediaCommand.Bridge(Own(other)));

    public override void HearFrom(MediaLeg other) => Post(new MediaCommand.HearFrom(Own(other)));

    public override void Unbridge() => Post(new MediaCommand.Unbridge());

    public override void Resume() => Post(new MediaCommand.Resume());

    public override void Echo() => Post(new MediaCommand.HearFrom(stream));

    public override void StopRecording() => Post(new MediaCommand.StopRecording());

    public override void SendDigit(char key, int milliseconds = 160) => Post(new MediaCommand.SendDigit(key, milliseconds));

    public override void DigitsByInfo(bool on) => Post(new MediaCommand.DigitsByInfo(on));

    public override void Close() => Post(new MediaCommand.Close());

    protected override void Play(int play, SoundSource[] sources, bool loop) => Post(new MediaCommand.Play(new Playback(play, clips.Clips(sources), loop)));

    protected override void Hold(SoundSource[] music) => Post(new MediaCommand.Hold(new Playback(0, clips.Clips(music), loop: true)));

    protected override void StartRecording(RecordingRequest request) => Post(new MediaCommand.Record(request));

    private void Post(MediaCommand command) => loop.Post(stream, command);

    private LegStream Own(MediaLeg other)
    {
        if (other is not OpenLeg open || open.Call != Call) throw new ArgumentException("Only legs of the same call share a loop.", nameof(other));
        return open.Stream;
    }

    private LegStream Stream => stream;
}
