using System.Net;
using Pbx.Core.CallFlow;
using Pbx.Core.Common;
using Pbx.Sip.Media.Net;
using Pbx.Sip.Media.Sounds;
using Pbx.Sip.Sdp;

namespace Pbx.Sip.Media;

/// <summary>A leg's face: turns its commands into data for the loop that owns the stream.</summary>
internal sealed class OpenLeg(MediaLoop loop, LegStream stream, SoundLibrary sounds) : MediaLeg
{
    private readonly Dictionary<int, string> recordings = [];

    /// <summary>What the loop holds of it.</summary>
    public LegStream Stream => stream;

    public override void Configure(NegotiatedMedia media, IPAddress? signalling = null) => Post(new MediaCommand.Configure(new LegCodecs(media),
        PeerAddress.From(media.Remote), media.RemoteRtcp is { } rtcp ? PeerAddress.From(rtcp) : null, media.Direction, media.RtcpMux,
        media.Keying, signalling is null ? default : PeerAddress.From(new IPEndPoint(signalling, 0))));

    public override void Play(int play, ValueList<Sound> list, bool loop = false) =>
        Post(new MediaCommand.Play(new Playback(play, sounds.Resolve(list, RecordingFile), loop)));

    public override void StopPlay() => Post(new MediaCommand.StopPlay());

    public override void BridgeWith(MediaLeg other) => Post(new MediaCommand.Bridge(Own(other)));

    public override void HearFrom(MediaLeg other) => Post(new MediaCommand.HearFrom(Own(other)));

    public override void Unbridge() => Post(new MediaCommand.Unbridge());

    public override void Hold(ValueList<Sound> music)
    {
        var playback = new Playback(0, sounds.Resolve(music, RecordingFile), loop: true);
        Post(new MediaCommand.Hold(playback));
    }

    public override void Resume() => Post(new MediaCommand.Resume());

    public override void Echo() => Post(new MediaCommand.HearFrom(stream));

    public override void Record(RecordingRequest request)
    {
        recordings[request.Recording] = request.File;
        Post(new MediaCommand.Record(request));
    }

    public override void StopRecording() => Post(new MediaCommand.StopRecording());

    public override void SendDigit(char key, int milliseconds = 160) => Post(new MediaCommand.SendDigit(key, milliseconds));

    public override void DigitsByInfo(bool on) => Post(new MediaCommand.DigitsByInfo(on));

    public override void Close() => Post(new MediaCommand.Close());

    private void Post(MediaCommand command) => loop.Post(stream, command);

    private string? RecordingFile(int recording) => recordings.GetValueOrDefault(recording);

    private LegStream Own(MediaLeg other)
    {
        if (other is not OpenLeg open || open.Call != Call) throw new ArgumentException("Only legs of the same call share a loop.", nameof(other));
        return open.Stream;
    }
}
