namespace Pbx.Sip.Media.Codecs;

/// <summary>Levels in dB relative to a full-scale square wave (dBov).</summary>
internal static class Loudness
{
    /// <summary>Level of digital silence.</summary>
    public const double Silence = -100;

    /// <summary>Mean square of the samples.</summary>
    public static double Energy(ReadOnlySpan<short> samples)
    {
        long sum = 0;
        foreach (var sample in samples) sum += sample * sample;
        return samples.IsEmpty ? 0 : (double)sum / samples.Length;
    }

    /// <summary>Level of the samples.</summary>
    public static double Level(ReadOnlySpan<short> samples) => FromEnergy(Energy(samples));

    /// <summary>Level of a mean square.</summary>
    public static double FromEnergy(double energy) => energy <= 0 ? Silence : Math.Max(Silence, 10 * Math.Log10(energy / (32768.0 * 32768.0)));
}
