namespace Pbx.Sip.Media.Codecs;

/// <summary>G.722 encoder at 64 kbit/s: two samples of 16 kHz make one byte.</summary>
internal sealed class G722Encoder
{
    private readonly int[] history = new int[24];
    private G722Band low = G722Band.Start(32);
    private G722Band high = G722Band.Start(8);

    /// <summary>Forgets the past.</summary>
    public void Reset()
    {
        Array.Clear(history);
        low = G722Band.Start(32);
        high = G722Band.Start(8);
    }

    /// <summary>Encodes; <paramref name="codes"/> is half as long as <paramref name="samples"/>.</summary>
    public void Encode(ReadOnlySpan<short> samples, Span<byte> codes)
    {
        var taps = G722Tables.Qmf;
        for (var i = 0; i + 1 < samples.Length; i += 2)
        {
            Array.Copy(history, 2, history, 0, 22);
            history[22] = samples[i];
            history[23] = samples[i + 1];
            int odd = 0, even = 0;
            for (var tap = 0; tap < 12; tap++)
            {
                odd += history[2 * tap] * taps[tap];
                even += history[(2 * tap) + 1] * taps[11 - tap];
            }
            codes[i >> 1] = (byte)((EncodeHigh((even - odd) >> 14) << 6) | EncodeLow((even + odd) >> 14));
        }
    }

    private int EncodeLow(int sample)
    {
        var error = G722Band.Saturate(sample - low.Predicted);
        var magnitude = error >= 0 ? error : -(error + 1);
        var interval = 1;
        while (interval < 30 && magnitude >= (G722Tables.Q6[interval] * low.Scale) >> 12) interval++;
        int code = error < 0 ? G722Tables.Iln[interval] : G722Tables.Ilp[interval];
        var difference = (low.Scale * G722Tables.Qm4[code >> 2]) >> 15;
        low.AdaptLow(code >> 2);
        low.Predict(difference);
        return code;
    }

    private int EncodeHigh(int sample)
    {
        var error = G722Band.Saturate(sample - high.Predicted);
        var magnitude = error >= 0 ? error : -(error + 1);
        var far = magnitude >= (564 * high.Scale) >> 12;
        var code = error < 0 ? (far ? 0 : 1) : (far ? 2 : 3);
        var difference = (high.Scale * G722Tables.Qm2[code]) >> 15;
        high.AdaptHigh(code);
        high.Predict(difference);
        return code;
    }
}

/// <summary>G.722 decoder at 64 kbit/s: one byte makes two samples of 16 kHz.</summary>
internal sealed class G722Decoder
{
    private readonly int[] history = new int[24];
    private G722Band low = G722Band.Start(32);
    private G722Band high = G722Band.Start(8);

    /// <summary>Forgets the past.</summary>
    public void Reset()
    {
        Array.Clear(history);
        low = G722Band.Start(32);
        high = G722Band.Start(8);
    }

    /// <summary>Decodes; <paramref name="samples"/> is twice as long as <paramref name="codes"/>.</summary>
    public void Decode(ReadOnlySpan<byte> codes, Span<short> samples)
    {
        var taps = G722Tables.Qmf;
        for (var i = 0; i < codes.Length; i++)
        {
            var lowSample = DecodeLow(codes[i] & 0x3F);
            var highSample = DecodeHigh(codes[i] >> 6);
            Array.Copy(history, 2, history, 0, 22);
            history[22] = lowSample + highSample;
            history[23] = lowSample - highSample;
            int first = 0, second = 0;
            for (var tap = 0; tap < 12; tap++)
            {
                second += history[2 * tap] * taps[tap];
                first += history[(2 * tap) + 1] * taps[11 - tap];
            }
            samples[2 * i] = (short)G722Band.Saturate(first >> 11);
            samples[(2 * i) + 1] = (short)G722Band.Saturate(second >> 11);
        }
    }

    private int DecodeLow(int code)
    {
        var sample = Math.Clamp(low.Predicted + ((low.Scale * G722Tables.Qm6[code]) >> 15), -16384, 16383);
        var difference = (low.Scale * G722Tables.Qm4[code >> 2]) >> 15;
        low.AdaptLow(code >> 2);
        low.Predict(difference);
        return sample;
    }

    private int DecodeHigh(int code)
    {
        var difference = (high.Scale * G722Tables.Qm2[code]) >> 15;
        var sample = Math.Clamp(difference + high.Predicted, -16384, 16383);
        high.AdaptHigh(code);
        high.Predict(difference);
        return sample;
    }
}
