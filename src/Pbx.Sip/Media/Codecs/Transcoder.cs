namespace Pbx.Sip.Media.Codecs;

/// <summary>Decodes packets of any of the codecs to 8 or 16 kHz. One per stream, since G.722 and resampling remember.</summary>
internal sealed class SpeechDecoder
{
    private readonly G722Decoder g722 = new();
    private readonly Downsampler down = new();
    private readonly Upsampler up = new();

    /// <summary>Forgets the past.</summary>
    public void Reset()
    {
        g722.Reset();
        down.Reset();
        up.Reset();
    }

    /// <summary>Decodes to 8 kHz and returns the number of samples, one per byte.</summary>
    public int To8K(AudioCodec codec, ReadOnlySpan<byte> payload, Span<short> samples)
    {
        payload = Limit(payload);
        if (codec != AudioCodec.G722)
        {
            G711.Decode(codec == AudioCodec.Pcma, payload, samples);
            return payload.Length;
        }
        Span<short> wide = stackalloc short[payload.Length * 2];
        g722.Decode(payload, wide);
        down.Process(wide, samples);
        return payload.Length;
    }

    /// <summary>Decodes to 16 kHz and returns the number of samples, two per byte.</summary>
    public int To16K(AudioCodec codec, ReadOnlySpan<byte> payload, Span<short> samples)
    {
        payload = Limit(payload);
        if (codec == AudioCodec.G722)
        {
            g722.Decode(payload, samples);
            return payload.Length * 2;
        }
        Span<short> narrow = stackalloc short[payload.Length];
        G711.Decode(codec == AudioCodec.Pcma, payload, narrow);
        up.Process(narrow, samples);
        return payload.Length * 2;
    }

    private static ReadOnlySpan<byte> Limit(ReadOnlySpan<byte> payload) =>
        payload.Length > AudioCodecs.MaxPacketBytes ? payload[..AudioCodecs.MaxPacketBytes] : payload;
}

/// <summary>Turns packets of one codec into packets of another of the same length in time and bytes. One per direction of a bridge.</summary>
internal sealed class Transcoder
{
    private readonly SpeechDecoder decoder = new();
    private readonly G722Encoder encoder = new();
    private AudioCodec from;
    private AudioCodec to;

    /// <summary>Converts a packet and returns the number of bytes written.</summary>
    public int Convert(AudioCodec source, ReadOnlySpan<byte> payload, AudioCodec target, Span<byte> output)
    {
        if (source != from || target != to)
        {
            decoder.Reset();
            encoder.Reset();
            (from, to) = (source, target);
        }
        if (payload.Length > AudioCodecs.MaxPacketBytes) payload = payload[..AudioCodecs.MaxPacketBytes];
        Span<short> samples = stackalloc short[payload.Length * 2];
        if (source == target)
            payload.CopyTo(output);
        else if (target == AudioCodec.G722)
            encoder.Encode(samples[..decoder.To16K(source, payload, samples)], output);
        else if (source == AudioCodec.G722)
            G711.Encode(target == AudioCodec.Pcma, samples[..decoder.To8K(source, payload, samples)], output);
        else
            G711.Convert(source == AudioCodec.Pcma, payload, output);
        return payload.Length;
    }
}
