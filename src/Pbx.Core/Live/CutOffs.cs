using Pbx.Core.Common;
using Pbx.Core.Snapshot;

namespace Pbx.Core.Live;

/// <summary>Why a device is cut off.</summary>
public enum CutOffCause
{
    /// <summary>It is registered over a transport in clear.</summary>
    InClear,
    /// <summary>Its signalling is encrypted, but the sound of its last call was not.</summary>
    ClearSound,
    /// <summary>Its signalling is encrypted; whether its sound would be is not known, for it has not talked since the server's start.</summary>
    SoundNotKnown,
}

/// <summary>A device that is, or may be, cut off.</summary>
public sealed record CutOff(LiveRegistration Device, CutOffCause Cause);

/// <summary>Who is cut off by a change of the encryption that is required.</summary>
public static class CutOffs
{
    /// <summary>
    /// The devices that are registered or talk in clear, or of which that is not known, whose extension may be in clear now and may not any more then.
    /// </summary>
    /// <param name="now">The configuration in force.</param>
    /// <param name="then">As it will be.</param>
    /// <param name="registrations">The live registrations.</param>
    public static IEnumerable<CutOff> Of(PbxSnapshot now, PbxSnapshot then, IEnumerable<LiveRegistration> registrations) =>
        from each in registrations
        where !IsHeld(now, each.Extension) && IsHeld(then, each.Extension)
        let cause = CauseOf(each)
        where cause is not null
        orderby cause
        select new CutOff(each, cause.Value);

    private static CutOffCause? CauseOf(LiveRegistration device) => device switch
    {
        { Transport: not ("TLS" or "WSS") } => CutOffCause.InClear,
        { Srtp: "" } => CutOffCause.ClearSound,
        { Srtp: null } => CutOffCause.SoundNotKnown,
        _ => null,
    };

    private static bool IsHeld(PbxSnapshot snapshot, string extension) =>
        snapshot.Extensions.TryGetValue(extension, out var found) && snapshot.SecurityOf(found) == CallSecurity.EncryptedOnly;
}
