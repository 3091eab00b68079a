using Pbx.Core.CallFlow;

namespace Pbx.Sip.Media.Sounds;

/// <summary>The sounds that we make ourselves: call-progress tones and the built-in music on hold, at 16 kHz.</summary>
internal static class Synthesis
{
    /// <summary>Samples per second.</summary>
    public const int Rate = 16000;

    private const double ToneAmplitude = 5200; // -19 dBov, about -13 dBm0
    private const double EuropeanTone = 425;   // ITU-T E.180 supplement 2, France and most of Europe

    /// <summary>One period of a tone's cadence; looped it goes on.</summary>
    public static short[] Of(Tone tone) => tone switch
    {
        Tone.Ringback => Cadence(EuropeanTone, 1500, 3500),
        Tone.Busy => Cadence(EuropeanTone, 500, 500),
        Tone.Congestion => Cadence(EuropeanTone, 250, 250),
        Tone.Beep => Cadence(1000, 300, 60),
    };

    private static short[] Cadence(double frequency, int onMilliseconds, int offMilliseconds)
    {
        var on = onMilliseconds * Rate / 1000;
        var samples = new short[on + (offMilliseconds * Rate / 1000)];
        for (var i = 0; i < on; i++)
        {
            var edge = Math.Min(1.0, Math.Min(i, on - i) / 80.0); // 5 ms, against clicks
            samples[i] = (short)(edge * ToneAmplitude * Math.Sin(2 * Math.PI * frequency * i / Rate));
        }
        return samples;
    }

    // Four chords, each four beats long, played twice with different figures; MIDI note numbers.
    private static readonly int[][] Chords = [[48, 55, 64, 67, 71], [45, 52, 60, 64, 67], [41, 53, 57, 60, 64], [43, 50, 59, 62, 64]];
    private static readonly int[][] Figures = [[0, 1, 2, 3, 4, 3, 2, 1], [0, 2, 1, 3, 2, 4, 3, 1]];

    /// <summary>
    /// Music on hold: a slow arpeggio of soft plucked notes with a quiet pad beneath, made so that its end runs into its beginning. Kept to
    /// what a telephone carries, and 8 dB below speech, so that a waiting message stands out.
    /// </summary>
    public static short[] Music()
    {
        const double beat = 0.4;
        var perNote = (int)(beat * Rate);
        var length = perNote * 8 * Chords.Length * Figures.Length;
        var mix = new float[length];
        for (var bar = 0; bar < Chords.Length * Figures.Length; bar++)
        {
            var chord = Chords[bar % Chords.Length];
            var figure = Figures[bar / Chords.Length];
            for (var step = 0; step < figure.Length; step++)
                Pluck(mix, ((bar * 8) + step) * perNote, Frequency(chord[figure[step]] + 12), step == 0 ? 1.0 : 0.75);
            foreach (var note in chord[1..4]) Pad(mix, bar * 8 * perNote, 8 * perNote, Frequency(note));
        }
        return Normalise(mix, -26);
    }

    private static double Frequency(int note) => 440 * Math.Pow(2, (note - 69) / 12.0);

    // A note with four partials that die away, the higher ones faster; it rings over the end into the beginning.
    private static void Pluck(float[] mix, int at, double frequency, double strength)
    {
        var length = (int)(1.8 * Rate);
        for (var partial = 1; partial <= 4; partial++)
        {
            var oscillator = new Oscillator(frequency * partial, strength / (partial * partial), 1.6 + (1.3 * partial));
            for (var i = 0; i < length; i++)
            {
                var attack = Math.Min(1, i / (0.012 * Rate));
                var release = Math.Min(1, (length - i) / (0.1 * Rate));
                mix[(at + i) % mix.Length] += (float)(attack * release * oscillator.Next());
            }
        }
    }

    private static void Pad(float[] mix, int at, int length, double frequency)
    {
        var overlap = length + (Rate / 2);
        Oscillator first = new(frequency, 0.06, 0), octave = new(2 * frequency, 0.06 * 0.3, 0);
        for (var i = 0; i < overlap; i++)
        {
            var edge = Math.Min(1, Math.Min(i, overlap - i) / (0.5 * Rate));
            mix[(at + i) % mix.Length] += (float)(edge * (first.Next() + octave.Next()));
        }
    }

    /// <summary>A sine that may die away, sample by sample: a turn of its pointer costs a tenth of a sine and an exponential, of which music has ten million.</summary>
    private struct Oscillator
    {
        private readonly double along, across;
        private double x, y;

        /// <param name="frequency">In Hz.</param>
        /// <param name="amplitude">At the beginning.</param>
        /// <param name="decay">How fast it dies away: its amplitude falls to 1/e in so many parts of a second.</param>
        public Oscillator(double frequency, double amplitude, double decay)
        {
            var angle = 2 * Math.PI * frequency / Rate;
            var left = Math.Exp(-decay / Rate);
            (along, across) = (left * Math.Cos(angle), left * Math.Sin(angle));
            x = amplitude;
        }

        public double Next()
        {
            var now = y;
            (x, y) = ((x * along) - (y * across), (y * along) + (x * across));
            return now;
        }
    }

    private static short[] Normalise(float[] mix, double level)
    {
        var root = Math.Sqrt(mix.Average(sample => (double)sample * sample));
        var gain = Math.Pow(10, level / 20) * 32768 / root;
        return [.. mix.Select(sample => (short)Math.Clamp(sample * gain, -28000, 28000))];
    }
}
