using System.Net;
using Pbx.Core.Common;

namespace Pbx.Sip.Sdp;

/// <summary>What this side wants for the one audio stream of a leg: the input for making offers and answers.</summary>
internal sealed record LocalDescription
{
    /// <summary>The address and port where RTP is received, as the far end must see it.</summary>
    public required IPEndPoint Rtp { get; init; }

    /// <summary>The origin; <see cref="SdpVersions"/> counts its version.</summary>
    public required SdpOrigin Origin { get; init; }

    /// <summary>The codecs, the preferred first.</summary>
    public ValueList<SdpCodec> Codecs { get; init; } = [SdpCodec.Pcma, SdpCodec.Pcmu, SdpCodec.G722];

    /// <summary>An encoding to put first when it is common: that of the other leg, so that nothing needs transcoding.</summary>
    public string? Prefer { get; init; }

    /// <summary>Which way sound may go as far as this side is concerned; holding the far end is <see cref="MediaDirection.SendOnly"/>.</summary>
    public MediaDirection Direction { get; init; }

    /// <summary>Payload type of telephone-event in offers; null: not offered and not accepted.</summary>
    public int? TelephoneEvent { get; init; } = 101;

    /// <summary>Length of the packets that this side asks for, in ms.</summary>
    public int PacketMilliseconds { get; init; } = 20;

    /// <summary>True: offers RTP and RTCP on one port, and accepts it when offered (RFC 5761).</summary>
    public bool RtcpMux { get; init; } = true;

    /// <summary>How it is encrypted, and its keys.</summary>
    public LocalSecurity Security { get; init; } = LocalSecurity.None;

    /// <summary>Codecs with the preferred one first.</summary>
    public IEnumerable<SdpCodec> OrderedCodecs => Prefer is null
        ? Codecs
        : Codecs.OrderBy(codec => codec.Name.Equals(Prefer, StringComparison.OrdinalIgnoreCase) ? 0 : 1);
}

/// <summary>
/// Counts the versions of one leg's descriptions: the same content keeps its version, any change gets the next (RFC 3264 §8).
/// Belongs to the leg.
/// </summary>
internal sealed class SdpVersions
{
    private string? _last;

    /// <summary>Begins at version 0 with a session number of its own.</summary>
    public SdpVersions(string sessionId, IPAddress address) => Origin = new SdpOrigin("-", sessionId, 0, address.ToString());

    /// <summary>The origin of what was sent last.</summary>
    public SdpOrigin Origin { get; private set; }

    /// <summary>What was sent last; null before the first.</summary>
    public SdpSession? Last { get; private set; }

    /// <summary>Gives the description its version, remembers it, and writes it.</summary>
    public string Write(SdpSession session)
    {
        var content = SdpWriter.Write(session with { Origin = Origin with { Version = 0 } });
        if (_last is null || content != _last)
            Origin = Origin with { Version = Origin.Version + 1 };
        _last = content;
        Last = session with { Origin = Origin };
        return SdpWriter.Write(Last);
    }
}
