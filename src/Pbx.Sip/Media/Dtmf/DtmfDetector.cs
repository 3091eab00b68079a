namespace Pbx.Sip.Media.Dtmf;

/// <summary>
/// Finds keys in sound at 8 kHz by Goertzel filters, after ITU-T Q.24: at least 40 ms long, twist and level within bounds, and nothing else
/// but the two tones in it, so that speech is not taken for keys. Windows of 102 samples overlap by half.
/// </summary>
internal sealed class DtmfDetector
{
    private const int Window = 102;
    private const int Hop = 51;
    private const int HitsToStart = 4;
    private const int MissesToEnd = 4;
    private const float MinimumToneEnergy = 160f * 160f / 2;   // -46 dBov for each tone
    private const float NormalTwist = 6.3f;                     // column over row: 8 dB
    private const float ReverseTwist = 2.9f;                    // row over column: 4.6 dB
    private const float OverOthers = 6.3f;
    private const float Purity = 0.74f;
    private const float Harmonic = 0.1f;

    private static readonly float[] Coefficients = [.. DtmfKeys.Rows.ToArray().Concat(DtmfKeys.Columns.ToArray()).Select(Coefficient)];
    private static readonly float[] Harmonics = [.. DtmfKeys.Rows.ToArray().Concat(DtmfKeys.Columns.ToArray()).Select(f => Coefficient(2 * f))];

    private readonly float[] window = new float[Window];
    private readonly float[] powers = new float[8];
    private int filled;
    private char candidate;
    private int hits;
    private char down;
    private int misses;
    private int held;

    /// <summary>Takes samples and tells what they bring; at most one start and one end a packet.</summary>
    public DtmfNews Process(ReadOnlySpan<short> samples)
    {
        var news = default(DtmfNews);
        foreach (var sample in samples)
        {
            window[filled++] = sample;
            if (filled < Window) continue;
            var found = Judge(Look());
            if (found.Started != 0) news = news with { Started = found.Started };
            if (found.Ended != 0) news = news with { Ended = found.Ended, Milliseconds = found.Milliseconds };
            Array.Copy(window, Hop, window, 0, Window - Hop);
            filled = Window - Hop;
        }
        return news;
    }

    private DtmfNews Judge(char key)
    {
        hits = key != 0 && key == candidate ? hits + 1 : key != 0 ? 1 : 0;
        candidate = key;
        if (down != 0)
        {
            held++;
            misses = key == down ? 0 : misses + 1;
            if (misses < MissesToEnd) return default;
            var ended = new DtmfNews(default, down, (held - misses) * Hop / 8);
            down = default;
            return ended;
        }
        if (hits < HitsToStart) return default;
        (down, held, misses) = (key, hits, 0);
        return new(key, default, 0);
    }

    // The key of one window, or zero.
    private char Look()
    {
        var total = 0f;
        foreach (var sample in window) total += sample * sample;
        if (total < 2 * MinimumToneEnergy * Window) return default;
        for (var i = 0; i < 8; i++) powers[i] = Power(Coefficients[i]);
        var row = Strongest(0);
        var column = Strongest(4);
        var low = powers[row];
        var high = powers[column];
        var scale = 2f / Window / Window; // a filter's power to the mean square of its tone
        if (low * scale < MinimumToneEnergy || high * scale < MinimumToneEnergy) return default;
        if (high > low * NormalTwist || low > high * ReverseTwist) return default;
        if (!StandsOut(0, row) || !StandsOut(4, column)) return default;
        if ((low + high) * 2 / Window < total * Purity) return default;
        if (HasHarmonics(row, column, low, high)) return default;
        return DtmfKeys.At(row, column - 4);
    }

    // Voices have harmonics, keys have none. A row's falls too near some columns for this window to tell them apart: there it is not judged.
    private bool HasHarmonics(int row, int column, float low, float high)
    {
        var nearColumn = Math.Abs((2 * DtmfKeys.Rows[row]) - DtmfKeys.Columns[column - 4]) < 100;
        return (!nearColumn && Power(Harmonics[row]) > low * Harmonic) || Power(Harmonics[column]) > high * Harmonic;
    }

    private int Strongest(int from)
    {
        var best = from;
        for (var i = from + 1; i < from + 4; i++) if (powers[i] > powers[best]) best = i;
        return best;
    }

    private bool StandsOut(int from, int best)
    {
        for (var i = from; i < from + 4; i++) if (i != best && powers[i] * OverOthers > powers[best]) return false;
        return true;
    }

    private float Power(float coefficient)
    {
        float before = 0, last = 0;
        foreach (var sample in window) (before, last) = (last, sample + (coefficient * last) - before);
        return (last * last) + (before * before) - (coefficient * last * before);
    }

    private static float Coefficient(int frequency) => (float)(2 * Math.Cos(2 * Math.PI * frequency / 8000));
}
