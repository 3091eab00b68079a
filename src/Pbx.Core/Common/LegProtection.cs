namespace Pbx.Core.Common;

/// <summary>How one leg of a call is encrypted: its signalling by TLS, its sound by SRTP.</summary>
/// <param name="Transport">How its signalling travels, such as <c>TLS</c> or <c>UDP</c>.</param>
/// <param name="Tls">What TLS agreed on, version and cipher suite; empty in clear.</param>
/// <param name="Srtp">Where the keys of the sound come from and their suite; empty in clear.</param>
public sealed record LegProtection(string Transport, string Tls, string Srtp)
{
    /// <summary>True when nobody on the way can read the signalling or hear the sound.</summary>
    public bool IsWhole => Tls.Length > 0 && Srtp.Length > 0;
}
