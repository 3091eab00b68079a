namespace Pbx.Core.Common;

/// <summary>How strictly the media of a call's leg is encrypted; ordered from lax to strict.</summary>
public enum CallSecurity
{
    /// <summary>Clear; encrypted when the far end wants it so.</summary>
    ClearAllowed,
    /// <summary>Encrypted where the far end can, clear where not (RFC 8643).</summary>
    Preferred,
    /// <summary>Encrypted or not at all.</summary>
    EncryptedOnly,
}
