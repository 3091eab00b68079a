namespace Pbx.Testing.Audio;

/// <summary>Tells what is in a sound: levels, tones, silence, and whether it contains another sound.</summary>
public static class Listening
{
    /// <summary>Root mean square level in dB below full scale; -96 for silence.</summary>
    public static double Level(ReadOnlySpan<short> samples)
    {
        if (samples.IsEmpty) return -96;
        double sum = 0;
        foreach (var sample in samples) sum += (double)sample * sample;
        return Math.Max(-96, 10 * Math.Log10(Math.Max(sum / samples.Length, 1e-9) / (32768.0 * 32768.0)));
    }

    /// <summary>Share of the energy at one frequency, 0 to 1 (Goertzel).</summary>
    public static double ToneShare(ReadOnlySpan<short> samples, double frequency, int rate)
    {
        double s1 = 0, s2 = 0, energy = 0;
        var k = 2 * Math.Cos(2 * Math.PI * frequency / rate);
        foreach (var sample in samples)
        {
            var s = sample + k * s1 - s2;
            (s2, s1) = (s1, s);
            energy += (double)sample * sample;
        }
        if (energy <= 0) return 0;
        return 2 * (s1 * s1 + s2 * s2 - k * s1 * s2) / (samples.Length * energy);
    }

    /// <summary>How many seconds of the sound, in windows of 50 ms, are mostly this tone and louder than -45 dB.</summary>
    public static double ToneSeconds(WavFile sound, double frequency)
    {
        var window = sound.Rate / 20;
        var seconds = 0.0;
        for (var at = 0; at + window <= sound.Samples.Length; at += window)
        {
            var part = sound.Samples.AsSpan(at, window);
            if (Level(part) > -45 && ToneShare(part, frequency, sound.Rate) > 0.7) seconds += 0.05;
        }
        return seconds;
    }

    /// <summary>
    /// The middle length in seconds of the bursts of a tone, which tells busy (0.5) from congestion (0.25); 0 when it is not heard. A burst
    /// that the start or the end of the sound cuts does not count.
    /// </summary>
    public static double BurstSeconds(WavFile sound, double frequency)
    {
        var window = sound.Rate / 100;
        List<int> bursts = [];
        var (length, whole) = (0, false);
        for (var at = 0; at + window <= sound.Samples.Length; at += window)
        {
            var part = sound.Samples.AsSpan(at, window);
            if (Level(part) > -35 && ToneShare(part, frequency, sound.Rate) > 0.6) length++;
            else
            {
                if (length > 5 && whole) bursts.Add(length);
                (length, whole) = (0, true);
            }
        }
        bursts.Sort();
        return bursts.Count == 0 ? 0 : bursts[bursts.Count / 2] / 100.0;
    }

    /// <summary>
    /// How well <paramref name="heard"/> contains <paramref name="prompt"/> anywhere: the best correlation of their energy envelopes and
    /// waveforms, 0 to 1. Above 0.6 it does; another prompt of the same voice stays below 0.35.
    /// </summary>
    public static double Contains(WavFile heard, WavFile prompt)
    {
        var a = heard.At(8000).Samples;
        var b = Trim(prompt.At(8000).Samples);
        // The first three seconds tell prompts apart, and a key may cut the rest.
        if (b.Length > 24000) b = b[..24000];
        if (a.Length < b.Length || b.Length == 0) return 0;
        var norm = Math.Sqrt(b.Sum(s => (double)s * s));
        var prefix = new double[a.Length + 1];
        for (var i = 0; i < a.Length; i++) prefix[i + 1] = prefix[i] + (double)a[i] * a[i];
        var best = 0.0;
        var spectrum = Fourier.CrossCorrelate(a, b);
        for (var lag = 0; lag + b.Length <= a.Length; lag++)
        {
            var energy = Math.Sqrt(prefix[lag + b.Length] - prefix[lag]);
            if (energy > norm / 20) best = Math.Max(best, spectrum[lag] / (energy * norm));
        }
        return best;
    }

    private static short[] Trim(short[] samples)
    {
        var start = Array.FindIndex(samples, s => Math.Abs((int)s) > 300);
        return start < 0 ? [] : samples[start..(Array.FindLastIndex(samples, s => Math.Abs((int)s) > 300) + 1)];
    }
}
