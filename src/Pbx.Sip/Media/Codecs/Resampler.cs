using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Pbx.Sip.Media.Codecs;

/// <summary>The low-pass of both resamplers: a Kaiser-windowed sinc for 16 kHz, flat to 3.4 kHz, 60 dB down from 4.2 kHz.</summary>
internal static class ResamplingFilter
{
    /// <summary>Number of taps, even so that both phases have the same number.</summary>
    public const int Length = 96;

    /// <summary>The taps, with unity gain at 0 Hz.</summary>
    public static float[] Taps { get; } = Build();

    /// <summary>
    /// The scalar product of two spans of the same length. Compiled for this very processor at its first use: code made ahead of time cannot know how wide its
    /// vectors are, and what would stand in until it is hot takes fifty times as long, just when the sounds are prepared.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(a);
        var others = MemoryMarshal.Cast<float, Vector<float>>(b);
        var sums = Vector<float>.Zero;
        for (var i = 0; i < vectors.Length; i++) sums += vectors[i] * others[i];
        var sum = Vector.Sum(sums);
        for (var i = vectors.Length * Vector<float>.Count; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    private static float[] Build()
    {
        const double cutoff = 3800.0 / 16000.0;
        const double beta = 6.5;
        var taps = new double[Length];
        for (var i = 0; i < Length; i++)
        {
            var x = i - ((Length - 1) / 2.0);
            var position = 2.0 * x / (Length - 1);
            var sinc = Math.Sin(2 * Math.PI * cutoff * x) / (Math.PI * x);
            taps[i] = sinc * Bessel(beta * Math.Sqrt(Math.Max(0, 1 - (position * position)))) / Bessel(beta);
        }
        var sum = taps.Sum();
        return [.. taps.Select(tap => (float)(tap / sum))];
    }

    private static double Bessel(double x)
    {
        double sum = 1, term = 1;
        for (var k = 1; k < 40; k++)
        {
            term *= x / (2 * k) * (x / (2 * k));
            sum += term;
        }
        return sum;
    }
}

/// <summary>16 kHz to 8 kHz.</summary>
internal sealed class Downsampler
{
    private readonly float[] history = new float[ResamplingFilter.Length];
    private int at;

    /// <summary>Forgets the past.</summary>
    public void Reset() => Array.Clear(history);

    /// <summary>Resamples; <paramref name="output"/> is half as long as <paramref name="input"/>.</summary>
    public void Process(ReadOnlySpan<short> input, Span<short> output)
    {
        for (var i = 0; i + 1 < input.Length; i += 2)
        {
            Push(input[i]);
            Push(input[i + 1]);
            output[i >> 1] = Filter();
        }
    }

    private void Push(short sample)
    {
        history[at] = sample;
        at = at + 1 == history.Length ? 0 : at + 1;
    }

    private short Filter()
    {
        var taps = ResamplingFilter.Taps;
        var oldest = history.AsSpan(at);
        var sum = ResamplingFilter.Dot(oldest, taps.AsSpan(0, oldest.Length));
        sum += ResamplingFilter.Dot(history.AsSpan(0, at), taps.AsSpan(oldest.Length));
        return (short)Math.Clamp(MathF.Round(sum), short.MinValue, short.MaxValue);
    }
}

/// <summary>8 kHz to 16 kHz.</summary>
internal sealed class Upsampler
{
    private const int Half = ResamplingFilter.Length / 2;
    private static readonly float[] Even = Phase(0);
    private static readonly float[] Odd = Phase(1);
    private readonly float[] history = new float[Half];
    private int at;

    /// <summary>Forgets the past.</summary>
    public void Reset() => Array.Clear(history);

    /// <summary>Resamples; <paramref name="output"/> is twice as long as <paramref name="input"/>.</summary>
    public void Process(ReadOnlySpan<short> input, Span<short> output)
    {
        for (var i = 0; i < input.Length; i++)
        {
            history[at] = input[i];
            at = at + 1 == Half ? 0 : at + 1;
            output[2 * i] = Filter(Even);
            output[(2 * i) + 1] = Filter(Odd);
        }
    }

    private short Filter(float[] taps)
    {
        var oldest = history.AsSpan(at);
        var sum = ResamplingFilter.Dot(oldest, taps.AsSpan(0, oldest.Length));
        sum += ResamplingFilter.Dot(history.AsSpan(0, at), taps.AsSpan(oldest.Length));
        return (short)Math.Clamp(MathF.Round(sum), short.MinValue, short.MaxValue);
    }

    // Every other tap, doubled for the zeros between the samples; oldest sample first, as the history lies.
    private static float[] Phase(int phase)
    {
        var taps = new float[Half];
        for (var i = 0; i < Half; i++) taps[Half - 1 - i] = 2 * ResamplingFilter.Taps[(2 * i) + phase];
        return taps;
    }
}
