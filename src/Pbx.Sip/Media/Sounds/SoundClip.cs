using Pbx.Sip.Media.Codecs;

namespace Pbx.Sip.Media.Sounds;

/// <summary>
/// One sound, encoded once per codec and kept as frames of 160 bytes (20 ms). A media loop asks for the frames by one volatile read; while they are not
/// there, they are made on another thread.
/// </summary>
internal sealed class SoundClip(Func<ValueTask<(short[] Samples, int Rate)?>> load)
{
    private readonly byte[]?[] frames = new byte[AudioCodecs.Count][];
    private readonly int[] asked = new int[AudioCodecs.Count];
    private volatile bool missing;

    /// <summary>True when there is no such sound.</summary>
    public bool Missing => missing;

    /// <summary>A clip of samples at hand.</summary>
    public static SoundClip Of(short[] samples, int rate) => new(() => new((samples, rate)));

    /// <summary>A clip of a WAV file.</summary>
    public static SoundClip OfFile(string path) => new(() => new(Levelled(WavFile.TryRead(path))));

    /// <summary>The frames in a codec, one after the other; null while they are not there. Never blocks.</summary>
    public byte[]? TryGet(AudioCodec codec)
    {
        var index = codec.Index();
        var ready = Volatile.Read(ref frames[index]);
        if (ready is null && !missing && Interlocked.Exchange(ref asked[index], 1) == 0) PrepareElsewhere(codec);
        return ready;
    }

    // Apart, since a closure costs garbage from the start of the method that it is in.
    private void PrepareElsewhere(AudioCodec codec) => _ = Task.Run(() => PrepareAsync(codec));

    /// <summary>Makes the frames of a codec unless they are there.</summary>
    public async Task PrepareAsync(AudioCodec codec)
    {
        try
        {
            if (missing || Volatile.Read(ref frames[codec.Index()]) is not null) return;
            // The samples are let go again: they are four times as large as the frames, and few codecs are asked for.
            var samples = await load().ConfigureAwait(false);
            if (samples is { Samples.Length: > 0 } sound) Volatile.Write(ref frames[codec.Index()], FrameEncoder.Encode(sound.Samples, sound.Rate, codec));
            else missing = true;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            missing = true; // whatever the store said, the caller hears the next sound and not nothing for ever
        }
    }

    // A prompt far louder or softer than speech on a telephone is brought near it (active level about -22 dBov), never beyond full scale.
    private static (short[] Samples, int Rate)? Levelled((short[] Samples, int Rate)? sound)
    {
        if (sound is not { Samples.Length: > 0 } found) return null;
        var level = ActiveLevel(found.Samples);
        if (level is > -14 or < -34 && level > -60)
        {
            var peak = found.Samples.Max(sample => Math.Abs((int)sample));
            var gain = Math.Min(Math.Pow(10, Math.Clamp(-22 - level, -15, 15) / 20), 30000.0 / Math.Max(1, peak));
            for (var i = 0; i < found.Samples.Length; i++) found.Samples[i] = (short)(found.Samples[i] * gain);
        }
        return found;
    }

    // Level of the blocks that are within 20 dB of the loudest.
    private static double ActiveLevel(short[] samples)
    {
        const int block = 320;
        var energies = Enumerable.Range(0, Math.Max(1, samples.Length / block))
            .Select(i => Loudness.Energy(samples.AsSpan(i * block, Math.Min(block, samples.Length - (i * block))))).ToArray();
        var loudest = energies.Max();
        return Loudness.FromEnergy(energies.Where(energy => energy >= loudest / 100).DefaultIfEmpty(0).Average());
    }
}

/// <summary>Encodes whole sounds.</summary>
internal static class FrameEncoder
{
    /// <summary>Encodes samples of 8 or 16 kHz to whole frames, the last one filled up with silence.</summary>
    public static byte[] Encode(ReadOnlySpan<short> samples, int rate, AudioCodec codec)
    {
        var target = codec.SampleRate();
        var perFrame = target / 50;
        var converted = Convert(samples, rate, target);
        var count = (converted.Length + perFrame - 1) / perFrame;
        Array.Resize(ref converted, count * perFrame);
        var bytes = new byte[count * AudioCodecs.FrameBytes];
        if (codec == AudioCodec.G722) new G722Encoder().Encode(converted, bytes);
        else G711.Encode(codec == AudioCodec.Pcma, converted, bytes);
        return bytes;
    }

    /// <summary>One frame of silence in a codec.</summary>
    public static byte[] Silence(AudioCodec codec) => Encode(new short[160], 8000, codec);

    private static short[] Convert(ReadOnlySpan<short> samples, int rate, int target)
    {
        if (rate == target) return samples.ToArray();
        var even = new short[(samples.Length + 1) & ~1];
        samples.CopyTo(even);
        var output = new short[rate > target ? even.Length / 2 : even.Length * 2];
        if (rate > target) new Downsampler().Process(even, output);
        else new Upsampler().Process(even, output);
        return output;
    }
}
