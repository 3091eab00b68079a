using Pbx.Sip.Media.Codecs;

namespace Pbx.Sip.Media.Recording;

/// <summary>
/// Tells voice from silence by level, in blocks of 20 ms: above the room's noise by 10 dB, though anything above -38 dBov is voice and
/// anything below -50 dBov is none.
/// </summary>
internal sealed class VoiceMeter
{
    private const int Block = 160;
    private const double Lowest = -50;
    private const double Highest = -38;
    private const int BlocksOfVoice = 10;

    private double sum;
    private int filled;
    private double noise = Lowest - 10;
    private int voiced;

    /// <summary>Samples seen.</summary>
    public long Samples { get; private set; }

    /// <summary>Samples up to the end of the last block with voice.</summary>
    public long VoiceUntil { get; private set; }

    /// <summary>True when there was voice for 200 ms all together.</summary>
    public bool HasVoice => voiced >= BlocksOfVoice;

    /// <summary>Takes samples.</summary>
    public void Take(ReadOnlySpan<short> samples)
    {
        foreach (var sample in samples)
        {
            sum += sample * sample;
            Samples++;
            if (++filled < Block) continue;
            Judge(Loudness.FromEnergy(sum / Block));
            (sum, filled) = (0, 0);
        }
    }

    private void Judge(double level)
    {
        if (level > Math.Clamp(noise + 10, Lowest, Highest))
        {
            voiced++;
            VoiceUntil = Samples;
        }
        noise = level < noise ? level : noise + Math.Min(0.02, level - noise); // 1 dB a second upwards
    }
}
