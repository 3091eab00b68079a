using Pbx.Core.Common;

namespace Pbx.Sip.Sdp;

/// <summary>Where the keys of an encrypted leg come from. Says nothing of the keys in texts.</summary>
internal abstract record MediaKeying
{
    private MediaKeying()
    {
    }

    /// <summary>Keys in SDP (RFC 4568).</summary>
    /// <param name="Ours">What we send under.</param>
    /// <param name="Theirs">What the far end sends under.</param>
    internal sealed record Sdes(SrtpKey Ours, SrtpKey Theirs) : MediaKeying;

    /// <summary>Keys from a DTLS handshake (RFC 5763).</summary>
    /// <param name="Active">True: we are the client, and begin.</param>
    /// <param name="Theirs">Hashes of the certificate that the far end must show.</param>
    internal sealed record Dtls(bool Active, ValueList<SdpFingerprint> Theirs) : MediaKeying
    {
        /// <summary>True when the association goes on: another certificate begins a new one (RFC 8842 section 4).</summary>
        public bool Continues(MediaKeying? before) => before is Dtls other && other.Theirs.Equals(Theirs);
    }
}

/// <summary>What a leg brings to a negotiation of keys.</summary>
internal sealed record LocalSecurity
{
    /// <summary>Clear, without keys.</summary>
    public static LocalSecurity None { get; } = new();

    /// <summary>How strict it is.</summary>
    public CallSecurity Policy { get; init; }

    /// <summary>Its keys, one for each suite that it takes, the preferred first.</summary>
    public ValueList<SrtpKey> Keys { get; init; } = [];

    /// <summary>The hash of the certificate that it shows; null: no DTLS.</summary>
    public SdpFingerprint? Fingerprint { get; init; }

    /// <summary>True: the far end is a browser, which takes keys by DTLS alone (RFC 8827 section 6.5) and knows no clear sound.</summary>
    public bool IsForBrowser { get; init; }

    /// <summary>What was agreed before in the session; null: nothing, or clear.</summary>
    public MediaKeying? Agreed { get; init; }

    /// <summary>A key for each suite.</summary>
    public static ValueList<SrtpKey> NewKeys() => SrtpSuites.All.Select(SrtpKey.Create).ToValueList();
}
