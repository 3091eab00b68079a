using System.Buffers.Binary;

namespace Pbx.Sip.Media.Dtmf;

/// <summary>What is due in a 20 ms step of sending digits.</summary>
internal enum DigitStep
{
    /// <summary>Nothing: other sound goes on.</summary>
    None,
    /// <summary>A telephone-event packet.</summary>
    Event,
    /// <summary>20 ms of a key's two tones.</summary>
    Tone,
}

/// <summary>
/// Sends digits one after the other with pauses between them: telephone-event packets every 20 ms with the last one three times (RFC 4733
/// section 2.5.1.4), or tones. Preallocated: 32 digits may wait.
/// </summary>
internal sealed class DigitSender
{
    private const int StepMilliseconds = 20;
    private const int PauseMilliseconds = 80;
    private const int EndPackets = 3;
    private const int SamplesPerMillisecond = 8;
    private const byte Volume = 10;

    private readonly (char Key, int Milliseconds)[] waiting = new (char, int)[32];
    private readonly ToneGenerator tones = new();
    private int head;
    private int count;
    private bool sending;
    private bool inBand;
    private int elapsed;
    private int ends;
    private int pause;

    /// <summary>True while a digit is being sent or its pause lasts or others wait.</summary>
    public bool Active => sending || count > 0;

    /// <summary>Adds a digit; false when too many wait.</summary>
    public bool Add(char key, int milliseconds)
    {
        if (count == waiting.Length || DtmfKeys.EventOf(key) < 0) return false;
        waiting[(head + count++) % waiting.Length] = (key, Math.Clamp(milliseconds, 40, 5000));
        return true;
    }

    /// <summary>Goes on by 20 ms.</summary>
    /// <param name="asTones">Whether a digit that starts now is sent as tones.</param>
    /// <param name="payload">Receives a telephone-event's four bytes.</param>
    /// <param name="first">True for a digit's first packet, which carries the marker.</param>
    public DigitStep Next(bool asTones, Span<byte> payload, out bool first)
    {
        first = false;
        if (pause > 0)
        {
            pause -= StepMilliseconds;
            return DigitStep.None;
        }
        if (!sending)
        {
            if (count == 0) return DigitStep.None;
            sending = first = true;
            (elapsed, ends, inBand) = (0, 0, asTones);
            if (inBand) tones.Start(waiting[head].Key);
        }
        elapsed += StepMilliseconds;
        if (inBand)
        {
            if (elapsed >= waiting[head].Milliseconds) Finish();
            return DigitStep.Tone;
        }
        WriteEvent(payload);
        if (ends == EndPackets) Finish();
        return DigitStep.Event;
    }

    /// <summary>Fills in the samples (8 kHz) of a <see cref="DigitStep.Tone"/>.</summary>
    public void Fill(Span<short> samples) => tones.Fill(samples);

    private void WriteEvent(Span<byte> payload)
    {
        var (key, length) = waiting[head];
        var last = elapsed >= length;
        if (last) ends++;
        payload[0] = (byte)DtmfKeys.EventOf(key);
        payload[1] = (byte)(Volume | (last ? 0x80 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(payload[2..], (ushort)(Math.Min(elapsed, RoundUp(length)) * SamplesPerMillisecond));
    }

    private void Finish()
    {
        sending = false;
        head = (head + 1) % waiting.Length;
        count--;
        pause = PauseMilliseconds;
    }

    private static int RoundUp(int milliseconds) => (milliseconds + StepMilliseconds - 1) / StepMilliseconds * StepMilliseconds;
}

/// <summary>The two tones of a key at 8 kHz, each at -10 dBm0 or so, with soft edges.</summary>
internal sealed class ToneGenerator
{
    private const double Amplitude = 7300;
    private const int Edge = 16;
    private double row;
    private double column;
    private long at;

    /// <summary>Starts a key.</summary>
    public void Start(char key)
    {
        var (low, high) = DtmfKeys.FrequenciesOf(key);
        (row, column, at) = (2 * Math.PI * low / 8000, 2 * Math.PI * high / 8000, 0);
    }

    /// <summary>Goes on.</summary>
    public void Fill(Span<short> samples)
    {
        for (var i = 0; i < samples.Length; i++, at++)
            samples[i] = (short)(Amplitude * Math.Min(1, (at + 1) / (double)Edge) * (Math.Sin(row * at) + Math.Sin(column * at)));
    }
}
