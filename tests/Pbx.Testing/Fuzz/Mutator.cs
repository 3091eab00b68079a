using System.Text;

namespace Pbx.Testing.Fuzz;

/// <summary>Makes hostile inputs out of good ones: bytes changed, parts cut out, doubled and swapped with those of others, and what broke other parsers put in.</summary>
public sealed class Mutator(Random random, IReadOnlyList<byte[]> corpus, int mostChanges = 6)
{
    private const int Longest = 8000;

    // Ends of ranges, signs, empty and endless values, terminators and markup.
    private static readonly byte[][] Spices =
    [
        .. ((string[])["\r\n", "\r\n\r\n", "\n", "\r", "\0", " ", "\t", "\r\n ", ":", ";", ",", "<", ">", "\"", "\\", "%00", "%", "@", "=", "-1", "0", "4294967295", "4294967296", "2147483648",
            "18446744073709551616", "99999999999999999999999999", "[", "]", "[::1]", "[::", "z9hG4bK", ";tag=", ";branch=", ";lr", "sip:", "tel:+", "SIP/2.0", "Content-Length: 0\r\n",
            "Via: ", "l: -5\r\n", "a=crypto:1 ", "m=audio 0 ", "é", "\uFEFF", "\u202E", "%n%n%n", "<script>", "\\ud800", "\"\\udfff\":", "\\u0000", "1e999", "[[[[[[[[", "{\"a\":", "null", "' OR 1=1--", "${jndi:ldap://x}"]).Select(Encoding.UTF8.GetBytes),
        [0xFF, 0xFE], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0x80, 0xC8], [0xFF, 0xFF, 0xFF, 0xFF], [0x7F, 0xFF], [0x80, 0, 0, 0], [0, 0, 0, 0],
    ];

    /// <summary>The next input.</summary>
    public byte[] Next()
    {
        var input = new List<byte>(corpus[random.Next(corpus.Count)]);
        for (var changes = 1 + random.Next(mostChanges); changes > 0; changes--) Change(input);
        if (input.Count > Longest) input.RemoveRange(Longest, input.Count - Longest);
        return [.. input];
    }

    private void Change(List<byte> input)
    {
        var at = random.Next(input.Count + 1);
        var length = Math.Min(random.Next(random.Next(4) == 0 ? 400 : 12), input.Count - at);
        switch (random.Next(9))
        {
            case 0 when at < input.Count: input[at] ^= (byte)(1 << random.Next(8)); break;
            case 1 when at < input.Count: input[at] = (byte)random.Next(256); break;
            case 2: input.RemoveRange(at, length); break;
            case 3: input.InsertRange(random.Next(input.Count + 1), input.GetRange(at, length)); break;
            case 4: input.InsertRange(at, Spices[random.Next(Spices.Length)]); break;
            case 5: input.InsertRange(at, Enumerable.Repeat(input.Count > 0 ? input[random.Next(input.Count)] : (byte)'A', random.Next(random.Next(10) == 0 ? 5000 : 40))); break;
            case 6: Splice(input, at); break;
            case 7: DoubleLine(input); break;
            default: input.RemoveRange(at, random.Next(6) == 0 ? input.Count - at : 0); break;
        }
    }

    private void Splice(List<byte> input, int at)
    {
        var other = corpus[random.Next(corpus.Count)];
        var from = random.Next(other.Length + 1);
        input.InsertRange(at, other.AsSpan(from, random.Next(Math.Min(200, other.Length - from) + 1)).ToArray());
    }

    // A header twice, or a hundred times: counts have limits too.
    private void DoubleLine(List<byte> input)
    {
        var start = input.Count == 0 ? -1 : input.IndexOf((byte)'\n', random.Next(input.Count));
        var end = start < 0 || start + 1 >= input.Count ? -1 : input.IndexOf((byte)'\n', start + 1);
        if (end < 0) return;
        var line = input.GetRange(start + 1, end - start);
        for (var copies = random.Next(8) == 0 ? random.Next(120) : 1; copies > 0; copies--) input.InsertRange(start + 1, line);
    }
}
