namespace Pbx.Core.Live;

/// <summary>A device that wants to register and is not let in; shown until it is, or for a day.</summary>
/// <param name="Extension">Key of its extension.</param>
/// <param name="Device">Key of the device that its user name belongs to; empty when it gave only the extension's number.</param>
/// <param name="Source">The address that it is seen from, without port.</param>
/// <param name="Transport">How it came: UDP, TCP, TLS, WS or WSS.</param>
/// <param name="UserAgent">What it calls itself.</param>
/// <param name="Cause">Why it was refused the last time.</param>
/// <param name="At">When that was (UTC).</param>
/// <param name="Times">How often, for this cause and from there.</param>
public sealed record LiveRefusal(string Extension, string Device, string Source, string Transport, string UserAgent, RefusalCause Cause, DateTimeOffset At, int Times);

/// <summary>Why a device is not let in.</summary>
public enum RefusalCause
{
    /// <summary>It comes in clear, and its extension is held to encryption.</summary>
    InClear,
    /// <summary>Its password is wrong.</summary>
    WrongPassword,
    /// <summary>So many wrong passwords came from elsewhere that its account is closed to unknown addresses for a minute.</summary>
    AccountGuarded,
    /// <summary>Its user name and password are right, but it registers another number than its extension's.</summary>
    OtherNumber,
    /// <summary>Its extension has as many contacts as are allowed.</summary>
    TooManyContacts,
}
