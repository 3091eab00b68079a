using Pbx.Sip.Media.Srtp;
using Pbx.Sip.Sdp;

namespace Pbx.Sip.Media;

/// <content>
/// SRTP at the leg's edge: the first thing that happens to a packet that came, and the last to one that goes. An encrypted leg without keys is
/// silent and deaf.
/// </content>
internal sealed partial class LegStream
{
    // What was on its way when the far end changed its key.
    private const long OldKeyFor = 2_000_000;

    private MediaKeying? keying;
    private SrtpContext? sealing;
    private SrtpContext? opening;
    private SrtpContext? fading;
    private long fadedAt;
    private SrtpSuite? suite;

    private bool HasKeys => keying is null || sealing is not null;

    private void Secure(MediaKeying? wanted, long now)
    {
        var before = keying;
        keying = wanted;
        switch (wanted)
        {
            case MediaKeying.Sdes sdes:
                EndDtls();
                UseKeys(sdes.Ours, sdes.Theirs, now);
                break;
            case MediaKeying.Dtls dtls when !dtls.Continues(before):
                DropKeys();
                suite = null;
                BeginDtls(dtls, now);
                break;
            case null:
                DropKeys();
                suite = null;
                break;
        }
    }

    // A key that stays keeps its roll-over counter and its window: a second start would repeat the key stream, and let packets be replayed.
    private void UseKeys(SrtpKey ours, SrtpKey theirs, long now)
    {
        suite = ours.Suite;
        if (sealing is null || !sealing.Key.Equals(ours))
        {
            sealing?.Dispose();
            sealing = new SrtpContext(ours);
        }
        if (opening is not null && opening.Key.Equals(theirs)) return;
        fading?.Dispose();
        (fading, fadedAt) = (opening, now + OldKeyFor);
        opening = new SrtpContext(theirs);
    }

    private void DropKeys()
    {
        EndDtls();
        sealing?.Dispose();
        opening?.Dispose();
        fading?.Dispose();
        sealing = opening = fading = null;
    }

    /// <summary>Checks and decrypts a packet in place and gives its length; -1 when it is not the far end's.</summary>
    private int Open(Span<byte> packet, bool rtcp, long now)
    {
        if (keying is null) return packet.Length;
        if (rtcp && HasRtcpKeysOfItsOwn) return rtcpOpening?.UnprotectRtcp(packet) ?? -1;
        if (opening is null) return -1;
        if (fading is not null && now > fadedAt)
        {
            fading.Dispose();
            fading = null;
        }
        if (fading is null) return rtcp ? opening.UnprotectRtcp(packet) : opening.Unprotect(packet);
        return OpenUnderEither(packet, rtcp);
    }

    private int OpenUnderEither(Span<byte> packet, bool rtcp)
    {
        // A cipher that finds a packet forged may leave nothing of it.
        var copy = loop.SealBuffer.AsSpan(0, packet.Length);
        packet.CopyTo(copy);
        var length = rtcp ? opening!.UnprotectRtcp(packet) : opening!.Unprotect(packet);
        if (length >= 0) return length;
        copy.CopyTo(packet);
        return rtcp ? fading!.UnprotectRtcp(packet) : fading!.Unprotect(packet);
    }

    private void SendSealed(int socket, ReadOnlySpan<byte> packet, in Net.PeerAddress to, bool rtcp)
    {
        if (keying is null)
        {
            loop.Send(socket, packet, to);
            return;
        }
        var context = rtcp && HasRtcpKeysOfItsOwn ? rtcpSealing : sealing;
        if (context is null) return;
        var buffer = loop.SealBuffer.AsSpan();
        packet.CopyTo(buffer);
        var length = rtcp ? context.ProtectRtcp(buffer, packet.Length) : context.Protect(buffer, packet.Length);
        if (length > 0) loop.Send(socket, buffer[..length], to);
    }
}
