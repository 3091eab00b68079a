using Pbx.Core.CallFlow;
using Pbx.Core.Common;
using Pbx.Sip.Media.Sounds;

namespace Pbx.Sip.Media;

/// <summary>A leg's face, wherever its stream is: knows which sounds are meant.</summary>
internal abstract class LegFace(SoundLibrary sounds) : MediaLeg
{
    private readonly Dictionary<int, string> recordings = [];

    /// <inheritdoc/>
    public sealed override void Play(int play, ValueList<Sound> sounds, bool loop = false) => Play(play, Resolve(sounds), loop);

    /// <inheritdoc/>
    public sealed override void Hold(ValueList<Sound> music) => Hold(Resolve(music));

    /// <inheritdoc/>
    public sealed override void Record(RecordingRequest request)
    {
        recordings[request.Recording] = request.File;
        StartRecording(request);
    }

    /// <summary>Plays these.</summary>
    protected abstract void Play(int play, SoundSource[] sources, bool loop);

    /// <summary>Holds the leg with these.</summary>
    protected abstract void Hold(SoundSource[] music);

    /// <summary>Records.</summary>
    protected abstract void StartRecording(RecordingRequest request);

    private SoundSource[] Resolve(ValueList<Sound> list) => sounds.Resolve(list, recording => recordings.GetValueOrDefault(recording));
}
