namespace Pbx.Sip.Sdp;

/// <summary>The transport profile of a media line.</summary>
internal enum SdpProfile : byte
{
    /// <summary>RTP/AVP: plain RTP (RFC 3551).</summary>
    Avp,
    /// <summary>RTP/AVPF: plain RTP with early feedback (RFC 4585).</summary>
    Avpf,
    /// <summary>RTP/SAVP: SRTP with keys in SDP (RFC 4568).</summary>
    Savp,
    /// <summary>RTP/SAVPF: the same with feedback (RFC 5124).</summary>
    Savpf,
    /// <summary>UDP/TLS/RTP/SAVP: SRTP keyed by DTLS (RFC 5764).</summary>
    DtlsSavp,
    /// <summary>UDP/TLS/RTP/SAVPF: the same with feedback, as browsers do.</summary>
    DtlsSavpf,
    /// <summary>Anything else, such as udptl or TCP.</summary>
    Other,
}

/// <summary>Names of profiles.</summary>
internal static class SdpProfiles
{
    /// <summary>The profile named; case does not matter to us although it should not vary.</summary>
    public static SdpProfile Parse(string text) => text.ToUpperInvariant() switch
    {
        "RTP/AVP" => SdpProfile.Avp,
        "RTP/AVPF" => SdpProfile.Avpf,
        "RTP/SAVP" => SdpProfile.Savp,
        "RTP/SAVPF" => SdpProfile.Savpf,
        "UDP/TLS/RTP/SAVP" => SdpProfile.DtlsSavp,
        "UDP/TLS/RTP/SAVPF" => SdpProfile.DtlsSavpf,
        _ => SdpProfile.Other,
    };

    /// <summary>True where keys come from DTLS and nowhere else.</summary>
    public static bool IsDtls(this SdpProfile profile) => profile is SdpProfile.DtlsSavp or SdpProfile.DtlsSavpf;

    /// <summary>True for RTP that need not be encrypted.</summary>
    public static bool IsPlain(this SdpProfile profile) => profile is SdpProfile.Avp or SdpProfile.Avpf;
}
