using Pbx.Sip.Sdp;

namespace Pbx.Sip.Media.Srtp;

/// <summary>
/// Encrypts and authenticates packets under one session key: those of RTP or those of RTCP in one direction. Both are laid out alike to it: a
/// header in clear, a payload, and a word of four bytes, which is the roll-over counter of RTP and the index of RTCP.
/// </summary>
internal abstract class SrtpTransform : IDisposable
{
    /// <summary>Bytes of the tag.</summary>
    public abstract int TagLength { get; }

    /// <summary>The transform of a suite.</summary>
    public static SrtpTransform Create(SrtpKey master, bool rtcp)
    {
        var suite = master.Suite;
        var shift = rtcp ? SrtpKeyDerivation.Rtcp : (byte)0;
        Span<byte> key = stackalloc byte[suite.KeyLength()];
        Span<byte> salt = stackalloc byte[suite.SaltLength()];
        SrtpKeyDerivation.Derive(master, (byte)(SrtpKeyDerivation.RtpEncryption + shift), key);
        SrtpKeyDerivation.Derive(master, (byte)(SrtpKeyDerivation.RtpSalt + shift), salt);
        if (suite.IsGcm()) return new GcmTransform(key, salt, rtcp);
        Span<byte> authentication = stackalloc byte[CounterTransform.AuthenticationKeyLength];
        SrtpKeyDerivation.Derive(master, (byte)(SrtpKeyDerivation.RtpAuthentication + shift), authentication);
        return new CounterTransform(key, salt, authentication, rtcp ? suite.RtcpTagLength() : suite.TagLength());
    }

    /// <summary>Encrypts the payload in place, behind the header, and makes the tag.</summary>
    /// <param name="ssrc">Whose packet.</param>
    /// <param name="index">Its index, never the same twice.</param>
    /// <param name="packet">Header and payload.</param>
    /// <param name="header">Bytes of the header.</param>
    /// <param name="word">The word.</param>
    /// <param name="tag">Room for the tag.</param>
    public abstract void Seal(uint ssrc, ulong index, Span<byte> packet, int header, uint word, Span<byte> tag);

    /// <summary>Checks the tag and decrypts the payload in place; false when the tag is wrong. What is not encrypted is only checked.</summary>
    public abstract bool Open(uint ssrc, ulong index, Span<byte> packet, int header, uint word, bool encrypted, ReadOnlySpan<byte> tag);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of the keys.</summary>
    protected abstract void Dispose(bool disposing);
}
