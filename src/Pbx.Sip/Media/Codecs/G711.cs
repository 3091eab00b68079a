namespace Pbx.Sip.Media.Codecs;

/// <summary>G.711: A-law and mu-law by tables, built once from the recommendation's segments.</summary>
internal static class G711
{
    private static readonly short[] FromA = BuildFromA();
    private static readonly short[] FromMu = BuildFromMu();
    private static readonly byte[] ToA = BuildInverse(FromA, 0xD5);
    private static readonly byte[] ToMu = BuildInverse(FromMu, 0xFF);
    private static readonly byte[] AToMu = BuildCross(FromA, ToMu);
    private static readonly byte[] MuToA = BuildCross(FromMu, ToA);

    /// <summary>Decodes one byte.</summary>
    public static short DecodeA(byte code) => FromA[code];

    /// <summary>Decodes one byte.</summary>
    public static short DecodeMu(byte code) => FromMu[code];

    /// <summary>Encodes one sample.</summary>
    public static byte EncodeA(short sample) => ToA[(ushort)sample >> 2];

    /// <summary>Encodes one sample.</summary>
    public static byte EncodeMu(short sample) => ToMu[(ushort)sample >> 2];

    /// <summary>Decodes a packet into as many samples.</summary>
    public static void Decode(bool aLaw, ReadOnlySpan<byte> codes, Span<short> samples)
    {
        var table = aLaw ? FromA : FromMu;
        for (var i = 0; i < codes.Length; i++) samples[i] = table[codes[i]];
    }

    /// <summary>Encodes samples into as many bytes.</summary>
    public static void Encode(bool aLaw, ReadOnlySpan<short> samples, Span<byte> codes)
    {
        var table = aLaw ? ToA : ToMu;
        for (var i = 0; i < samples.Length; i++) codes[i] = table[(ushort)samples[i] >> 2];
    }

    /// <summary>Converts one law to the other without going through samples.</summary>
    public static void Convert(bool fromA, ReadOnlySpan<byte> from, Span<byte> to)
    {
        var table = fromA ? AToMu : MuToA;
        for (var i = 0; i < from.Length; i++) to[i] = table[from[i]];
    }

    // G.711 table 1: even bits inverted, sign in the highest bit, three bits of segment, four of step.
    private static short[] BuildFromA()
    {
        var table = new short[256];
        for (var code = 0; code < 256; code++)
        {
            var value = code ^ 0x55;
            var segment = (value >> 4) & 7;
            var magnitude = ((value & 15) << 4) + 8;
            if (segment > 0) magnitude = (magnitude + 256) << (segment - 1);
            table[code] = (short)((value & 0x80) != 0 ? magnitude : -magnitude);
        }
        return table;
    }

    // G.711 table 2: all bits inverted, bias of 33 in 14 bits (132 in 16).
    private static short[] BuildFromMu()
    {
        var table = new short[256];
        for (var code = 0; code < 256; code++)
        {
            var value = ~code;
            var magnitude = ((((value & 15) << 3) + 132) << ((value >> 4) & 7)) - 132;
            table[code] = (short)((value & 0x80) != 0 ? -magnitude : magnitude);
        }
        return table;
    }

    // The nearest code for each 14-bit sample; ties and the two zeros go to the positive one.
    private static byte[] BuildInverse(short[] decoded, byte positiveZero)
    {
        var order = Enumerable.Range(0, 256).Where(code => decoded[code] != 0 || code == positiveZero).OrderBy(code => decoded[code]).ToArray();
        var table = new byte[16384];
        var at = 0;
        for (var step = -8192; step < 8192; step++)
        {
            var sample = (step * 4) + 2;
            while (at + 1 < order.Length && Math.Abs(decoded[order[at + 1]] - sample) <= Math.Abs(decoded[order[at]] - sample)) at++;
            table[(ushort)(step * 4) >> 2] = (byte)order[at];
        }
        return table;
    }

    private static byte[] BuildCross(short[] from, byte[] to)
    {
        var table = new byte[256];
        for (var code = 0; code < 256; code++) table[code] = to[(ushort)from[code] >> 2];
        return table;
    }
}
