namespace Pbx.Sip.Media.Codecs;

/// <summary>
/// One of G.722's two sub-bands: its adaptive predictor (two poles, six zeros) and quantiser scale, alike in encoder and decoder
/// (G.722 section 3, figures 6 to 10). Names follow the recommendation.
/// </summary>
internal struct G722Band
{
    /// <summary>Predicted signal (SL, SH).</summary>
    public int Predicted;

    /// <summary>Quantiser scale factor (DETL, DETH).</summary>
    public int Scale;

    private int zeroPart;
    private int logScale;
    private int pole1;
    private int pole2;
    private int r1;
    private int r2;
    private int p1;
    private int p2;
    private Six zeros;
    private Six differences;

    /// <summary>A band at rest.</summary>
    public static G722Band Start(int scale) => new() { Scale = scale };

    /// <summary>Adapts the lower band's scale (LOGSCL, SCALEL) by a four-bit code.</summary>
    public void AdaptLow(int code) => Adapt(G722Tables.Wl[G722Tables.Rl42[code]], 18432, 8);

    /// <summary>Adapts the higher band's scale (LOGSCH, SCALEH) by a two-bit code.</summary>
    public void AdaptHigh(int code) => Adapt(G722Tables.Wh[G722Tables.Rh2[code]], 22528, 10);

    private void Adapt(int weight, int limit, int shift)
    {
        logScale = Math.Clamp(((logScale * 127) >> 7) + weight, 0, limit);
        var mantissa = G722Tables.Ilb[(logScale >> 6) & 31];
        var exponent = shift - (logScale >> 11);
        Scale = (exponent < 0 ? mantissa << -exponent : mantissa >> exponent) << 2;
    }

    /// <summary>Takes the quantised difference signal and predicts the next sample (blocks 4L and 4H).</summary>
    public void Predict(int difference)
    {
        var reconstructed = Saturate(Predicted + difference);
        var partial = Saturate(zeroPart + difference);
        UpdatePoles(partial);
        UpdateZeros(difference);
        p2 = p1;
        p1 = partial;
        r2 = r1;
        r1 = reconstructed;

        var polePart = Saturate(((pole1 * Saturate(r1 + r1)) >> 15) + ((pole2 * Saturate(r2 + r2)) >> 15));
        var sum = 0;
        for (var i = 0; i < 6; i++) sum += (zeros[i] * Saturate(differences[i] + differences[i])) >> 15;
        zeroPart = Saturate(sum);
        Predicted = Saturate(polePart + zeroPart);
    }

    // UPPOL2 then UPPOL1: the second pole first, since it bounds the first.
    private void UpdatePoles(int partial)
    {
        var sameAsLast = (partial >> 15) == (p1 >> 15);
        var sameAsBefore = (partial >> 15) == (p2 >> 15);
        var gain = Saturate(pole1 << 2);
        var towards = Math.Min(sameAsLast ? -gain : gain, 32767);
        pole2 = Math.Clamp((sameAsBefore ? 128 : -128) + (towards >> 7) + ((pole2 * 32512) >> 15), -12288, 12288);
        var bound = Saturate(15360 - pole2);
        pole1 = Math.Clamp(Saturate((sameAsLast ? 192 : -192) + ((pole1 * 32640) >> 15)), -bound, bound);
    }

    // UPZERO, then the delay line.
    private void UpdateZeros(int difference)
    {
        var step = difference == 0 ? 0 : 128;
        var sign = difference >> 15;
        for (var i = 0; i < 6; i++)
        {
            var change = (differences[i] >> 15) == sign ? step : -step;
            zeros[i] = Saturate(change + ((zeros[i] * 32640) >> 15));
        }
        for (var i = 5; i > 0; i--) differences[i] = differences[i - 1];
        differences[0] = difference;
    }

    /// <summary>Limits to 16 bits.</summary>
    public static int Saturate(int value) => Math.Clamp(value, short.MinValue, short.MaxValue);

    [System.Runtime.CompilerServices.InlineArray(6)]
    private struct Six
    {
        private int first;
    }
}

/// <summary>
/// The constants of G.722: quantiser levels, scale weights and the quadrature mirror filter. Arrays, since spans of constants cost garbage where the code
/// is not optimised.
/// </summary>
internal static class G722Tables
{
    /// <summary>Half of the 24 symmetric taps of both filters.</summary>
    public static readonly int[] Qmf = [3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11];

    /// <summary>Weights of the lower band's scale.</summary>
    public static readonly int[] Wl = [-60, -30, 58, 172, 334, 538, 1198, 3042];

    /// <summary>Four-bit code to weight.</summary>
    public static readonly int[] Rl42 = [0, 7, 6, 5, 4, 3, 2, 1, 7, 6, 5, 4, 3, 2, 1, 0];

    /// <summary>Weights of the higher band's scale.</summary>
    public static readonly int[] Wh = [0, -214, 798];

    /// <summary>Two-bit code to weight.</summary>
    public static readonly int[] Rh2 = [2, 1, 2, 1];

    /// <summary>Antilogarithm of the scale.</summary>
    public static readonly int[] Ilb =
    [
        2048, 2093, 2139, 2186, 2233, 2282, 2332, 2383, 2435, 2489, 2543, 2599, 2656, 2714, 2774, 2834,
        2896, 2960, 3025, 3091, 3158, 3228, 3298, 3371, 3444, 3520, 3597, 3676, 3756, 3838, 3922, 4008,
    ];

    /// <summary>Levels of the higher band.</summary>
    public static readonly int[] Qm2 = [-7408, -1616, 7408, 1616];

    /// <summary>Levels of the lower band that the predictor uses.</summary>
    public static readonly int[] Qm4 =
        [0, -20456, -12896, -8968, -6288, -4240, -2584, -1200, 20456, 12896, 8968, 6288, 4240, 2584, 1200, 0];

    /// <summary>Levels of the lower band at 64 kbit/s.</summary>
    public static readonly int[] Qm6 =
    [
        -136, -136, -136, -136, -24808, -21904, -19008, -16704, -14984, -13512, -12280, -11192, -10232, -9360, -8576, -7856,
        -7192, -6576, -6000, -5456, -4944, -4464, -4008, -3576, -3168, -2776, -2400, -2032, -1688, -1360, -1040, -728,
        24808, 21904, 19008, 16704, 14984, 13512, 12280, 11192, 10232, 9360, 8576, 7856, 7192, 6576, 6000, 5456,
        4944, 4464, 4008, 3576, 3168, 2776, 2400, 2032, 1688, 1360, 1040, 728, 432, 136, -432, -136,
    ];

    /// <summary>Decision levels of the lower band.</summary>
    public static readonly int[] Q6 =
    [
        0, 35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650, 714, 786, 858, 940, 1023,
        1121, 1219, 1339, 1458, 1612, 1765, 1980, 2195, 2557, 2919,
    ];

    /// <summary>Codes of negative differences, by decision interval.</summary>
    public static readonly byte[] Iln =
        [0, 63, 62, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4];

    /// <summary>Codes of positive differences, by decision interval.</summary>
    public static readonly byte[] Ilp =
        [0, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42, 41, 40, 39, 38, 37, 36, 35, 34, 33, 32];
}
