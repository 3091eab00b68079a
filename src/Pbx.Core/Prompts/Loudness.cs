namespace Pbx.Core.Prompts;

/// <summary>Makes prompts of all sources start at once and sound equally loud.</summary>
internal static class Loudness
{
    private const int FrameSamples = CanonicalWav.SampleRate / 50;
    private const double SilenceRms = 104;      // -50 dBFS
    private const double TargetRms = 3277;      // -20 dBFS over the frames that are not silent
    private const double PeakLimit = 29204;     // -1 dBFS
    private const double MostGain = 10;         // +20 dB: more would only raise noise
    private const int FramesKept = 5;           // 100 ms before and after, so that no consonant is cut

    /// <summary>Without the silence at both ends; unchanged when there is nothing but silence.</summary>
    public static ReadOnlySpan<short> Trim(ReadOnlySpan<short> samples)
    {
        int first = -1, last = -1;
        for (var frame = 0; frame * FrameSamples < samples.Length; frame++)
        {
            if (Rms(Frame(samples, frame)) < SilenceRms) continue;
            if (first < 0) first = frame;
            last = frame;
        }
        if (first < 0) return samples;
        var start = Math.Max(0, first - FramesKept) * FrameSamples;
        return samples[start..Math.Min(samples.Length, (last + 1 + FramesKept) * FrameSamples)];
    }

    /// <summary>The same sound at the loudness of all prompts.</summary>
    public static short[] Normalise(ReadOnlySpan<short> samples)
    {
        double energy = 0, peak = 0;
        var voiced = 0;
        for (var frame = 0; frame * FrameSamples < samples.Length; frame++)
        {
            var part = Frame(samples, frame);
            foreach (var sample in part) peak = Math.Max(peak, Math.Abs((double)sample));
            var rms = Rms(part);
            if (rms < SilenceRms) continue;
            energy += rms * rms;
            voiced++;
        }
        if (voiced == 0) return samples.ToArray();
        var gain = Math.Min(Math.Min(TargetRms / Math.Sqrt(energy / voiced), PeakLimit / peak), MostGain);
        var result = new short[samples.Length];
        for (var i = 0; i < samples.Length; i++) result[i] = (short)Math.Clamp(Math.Round(samples[i] * gain), short.MinValue, short.MaxValue);
        return result;
    }

    /// <summary>True when some part is louder than silence.</summary>
    public static bool HasSound(ReadOnlySpan<short> samples)
    {
        for (var frame = 0; frame * FrameSamples < samples.Length; frame++)
            if (Rms(Frame(samples, frame)) >= SilenceRms) return true;
        return false;
    }

    private static ReadOnlySpan<short> Frame(ReadOnlySpan<short> samples, int frame) =>
        samples.Slice(frame * FrameSamples, Math.Min(FrameSamples, samples.Length - frame * FrameSamples));

    private static double Rms(ReadOnlySpan<short> samples)
    {
        double sum = 0;
        foreach (var sample in samples) sum += (double)sample * sample;
        return samples.IsEmpty ? 0 : Math.Sqrt(sum / samples.Length);
    }
}
