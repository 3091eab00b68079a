using Pbx.Core.CallFlow;

namespace Pbx.Sip.Media.Sounds;

/// <summary>Where one sound of a play comes from: what is needed to load it, and no more, so that it can be told to another process.</summary>
internal abstract record SoundSource
{
    private SoundSource()
    {
    }

    /// <summary>A prompt or a phrase: a WAV file (absolute path) that stays in memory once it was heard.</summary>
    public sealed record OfFile(string Path) : SoundSource;

    /// <summary>A recording that was just made: read for this play alone.</summary>
    public sealed record OfRecording(string Path) : SoundSource;

    /// <summary>A message, whose file is being looked for; null: it is gone.</summary>
    public sealed record OfMessage(Task<string?> File) : SoundSource;

    /// <summary>A call-progress tone.</summary>
    public sealed record OfTone(Tone Tone) : SoundSource;

    /// <summary>The built-in music on hold.</summary>
    public sealed record OfMusic : SoundSource
    {
        /// <summary>There is one.</summary>
        public static OfMusic Only { get; } = new();
    }

    /// <summary>Silence, in whole frames.</summary>
    public sealed record OfSilence(int Milliseconds) : SoundSource;
}
