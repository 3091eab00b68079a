using System.Buffers.Binary;

namespace Pbx.Sip.Transport;

/// <summary>
/// What of a peer's first words in TLS (RFC 8446 section 4.1.2, RFC 5246 section 7.4.1.2) the choice of our certificate depends on. Pure; every byte is a
/// stranger's.
/// </summary>
internal static class ClientHello
{
    private const byte HandshakeRecord = 22, HelloMessage = 1;
    private const int RecordHeader = 5, MaxRecord = 16384 + 256;
    private const ushort GroupsExtension = 10, SignaturesExtension = 13, VersionsExtension = 43;
    private const ushort P256 = 0x0017, EcdsaP256Sha256 = 0x0403, Tls13 = 0x0304;

    /// <summary>
    /// Suites of TLS 1.2 with ECDSA that every runtime takes: AES in GCM (RFC 5289). Who has older ones alone gets RSA, for which the rest of its offer may suffice.
    /// </summary>
    private static ReadOnlySpan<ushort> EcdsaSuites => [0xC02B, 0xC02C];

    /// <summary>
    /// Whether the peer takes a certificate with a key on the curve P-256; false, too, when that cannot be read, which is then for TLS to judge. Null: it has not said
    /// enough yet.
    /// </summary>
    /// <param name="sent">All that it sent so far.</param>
    public static bool? TakesElliptic(ReadOnlySpan<byte> sent)
    {
        if (sent.IsEmpty) return null;
        if (sent[0] != HandshakeRecord) return false;
        if (sent.Length < RecordHeader) return null;
        int length = BinaryPrimitives.ReadUInt16BigEndian(sent[3..]);
        if (sent[1] != 3 || length is 0 or > MaxRecord) return false;
        if (sent.Length < RecordHeader + length) return null;
        // A message in several records is rare enough for the certificate that everybody takes.
        return Judge(new Reader(sent.Slice(RecordHeader, length)));
    }

    private static bool Judge(Reader record)
    {
        if (record.Byte() != HelloMessage) return false;
        var hello = record.Part(record.Byte() << 16 | record.Short());
        hello.Part(2 + 32);
        hello.Part(hello.Byte());
        var suites = hello.Part(hello.Short());
        hello.Part(hello.Byte());
        var extensions = hello.Part(hello.Short());
        bool groups = false, signatures = false, versions = false;
        while (extensions.HasMore)
        {
            var kind = extensions.Short();
            var content = extensions.Part(extensions.Short());
            if (kind == GroupsExtension) groups = content.Part(content.Short()).Contains([P256]);
            else if (kind == SignaturesExtension) signatures = content.Part(content.Short()).Contains([EcdsaP256Sha256]);
            else if (kind == VersionsExtension) versions = content.Part(content.Byte()).Contains([Tls13]);
            if (content.IsBroken) return false;
        }
        return !(record.IsBroken || hello.IsBroken || extensions.IsBroken) && groups && signatures && (versions || suites.Contains(EcdsaSuites));
    }

    /// <summary>Reads from the front; once something is missing, it is broken and gives zeros.</summary>
    private ref struct Reader(ReadOnlySpan<byte> rest)
    {
        private ReadOnlySpan<byte> rest = rest;

        public bool IsBroken { get; private set; }

        public readonly bool HasMore => !rest.IsEmpty;

        public int Byte() => Take(1) is { IsEmpty: false } taken ? taken[0] : 0;

        public int Short() => Take(2) is { IsEmpty: false } taken ? BinaryPrimitives.ReadUInt16BigEndian(taken) : 0;

        public Reader Part(int length)
        {
            var part = new Reader(Take(length));
            part.IsBroken = IsBroken;
            return part;
        }

        /// <summary>True when one of the values is in what is left, a list of numbers of two bytes.</summary>
        public readonly bool Contains(ReadOnlySpan<ushort> values)
        {
            for (var i = 0; i + 1 < rest.Length; i += 2)
                if (values.Contains(BinaryPrimitives.ReadUInt16BigEndian(rest[i..]))) return true;
            return false;
        }

        private ReadOnlySpan<byte> Take(int length)
        {
            if (length > rest.Length || IsBroken)
            {
                IsBroken = true;
                rest = default;
                return default;
            }
            var taken = rest[..length];
            rest = rest[length..];
            return taken;
        }
    }
}
