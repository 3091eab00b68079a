using Pbx.Sip.Media.Codecs;

namespace Pbx.Sip.Media.Sounds;

/// <summary>What a step of 20 ms of a playback gives.</summary>
internal enum PlaybackStep
{
    /// <summary>A frame.</summary>
    Frame,
    /// <summary>The sound is still being loaded, or on its way to the ear: silence meanwhile.</summary>
    Waiting,
    /// <summary>It was heard to its end before this step.</summary>
    Ended,
    /// <summary>There was nothing to play.</summary>
    Failed,
}

/// <summary>A list of clips being played: hands out frame by frame from memory, without garbage.</summary>
internal sealed class Playback(int number, SoundClip[] clips, bool loop)
{
    // A disk that gives nothing for so long will not: the sound counts as missing.
    private const int MaxWaitingSteps = 500;

    // The far end plays what it is sent some hundred milliseconds late, and throws the rest away at a BYE: a play is over when it has been heard.
    private const int StepsUntilHeard = 10;

    private int clip;
    private int offset;
    private int waited;
    private int after;
    private bool anything;

    /// <summary>Its number among the plays of the call.</summary>
    public int Number => number;

    /// <summary>Starts the loading of all its clips.</summary>
    public void Prepare(AudioCodec codec)
    {
        if (codec == AudioCodec.Foreign) return;
        foreach (var each in clips) each.TryGet(codec);
    }

    /// <summary>Goes on by a frame. A codec that changes in between takes over at the same place.</summary>
    public PlaybackStep Next(AudioCodec codec, out ReadOnlySpan<byte> frame)
    {
        frame = default;
        if (codec == AudioCodec.Foreign) return PlaybackStep.Failed;
        while (true)
        {
            if (clip == clips.Length)
            {
                if (!anything) return PlaybackStep.Failed;
                if (!loop) return after++ < StepsUntilHeard ? PlaybackStep.Waiting : PlaybackStep.Ended;
                (clip, offset) = (0, 0);
            }
            var frames = clips[clip].TryGet(codec);
            if (frames is null && !clips[clip].Missing && waited++ < MaxWaitingSteps) return PlaybackStep.Waiting;
            waited = 0;
            if (frames is not null && offset + AudioCodecs.FrameBytes <= frames.Length)
            {
                frame = frames.AsSpan(offset, AudioCodecs.FrameBytes);
                offset += AudioCodecs.FrameBytes;
                anything = true;
                return PlaybackStep.Frame;
            }
            (clip, offset) = (clip + 1, 0);
        }
    }
}
