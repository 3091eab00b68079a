using System.Security.Cryptography;
using Pbx.Sip.Sdp;

namespace Pbx.Sip.Media.Srtp;

/// <summary>Makes session keys of a master key (RFC 3711 section 4.3, for a key derivation rate of 0).</summary>
internal static class SrtpKeyDerivation
{
    /// <summary>Label of the key that encrypts RTP.</summary>
    public const byte RtpEncryption = 0;

    /// <summary>Label of the key that authenticates RTP.</summary>
    public const byte RtpAuthentication = 1;

    /// <summary>Label of RTP's salt.</summary>
    public const byte RtpSalt = 2;

    /// <summary>How much further RTCP's labels are.</summary>
    public const byte Rtcp = 3;

    /// <summary>Fills a session key.</summary>
    public static void Derive(SrtpKey master, byte label, Span<byte> key)
    {
        // RFC 7714 section 11: a salt of 96 bits is filled up with zeros at its end.
        Span<byte> counter = stackalloc byte[16];
        counter.Clear();
        master.Salt.CopyTo(counter);
        counter[7] ^= label;
        using var aes = Aes.Create();
        aes.SetKey(master.Key);
        Span<byte> block = stackalloc byte[16];
        for (var at = 0; at < key.Length; at += 16)
        {
            aes.EncryptEcb(counter, block, PaddingMode.None);
            block[..Math.Min(16, key.Length - at)].CopyTo(key[at..]);
            counter[15]++;
        }
        CryptographicOperations.ZeroMemory(block);
    }
}
