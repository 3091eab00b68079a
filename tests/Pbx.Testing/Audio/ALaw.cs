namespace Pbx.Testing.Audio;

/// <summary>A-law (ITU-T G.711) as peers send it.</summary>
internal static class ALaw
{
    /// <summary>One byte for each sample.</summary>
    public static byte[] Encode(short[] samples) => Array.ConvertAll(samples, Encode);

    private static byte Encode(short sample)
    {
        var magnitude = sample >= 0 ? sample >> 4 : (-sample - 1) >> 4;
        var segment = magnitude < 16 ? 0 : int.Log2(magnitude) - 3;
        var value = segment == 0 ? magnitude : (segment << 4) | ((magnitude >> (segment - 1)) & 15);
        return (byte)((sample >= 0 ? 0xD5 : 0x55) ^ value);
    }
}
