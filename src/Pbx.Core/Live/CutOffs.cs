using Pbx.Core.Common;
using Pbx.Core.Snapshot;
using Pbx.Core.Trunks;

namespace Pbx.Core.Live;

/// <summary>Why a device or a trunk is cut off.</summary>
public enum CutOffCause
{
    /// <summary>A device is registered over a transport in clear, or a trunk's is one.</summary>
    InClear,
    /// <summary>The sound of its last call was not encrypted.</summary>
    ClearSound,
    /// <summary>Whether its sound would be encrypted is not known, for it has not talked since the server's start.</summary>
    SoundNotKnown,
}

/// <summary>A device, or a trunk, that is, or may be, cut off: one of the two.</summary>
public sealed record CutOff(CutOffCause Cause, LiveRegistration? Device = null, Trunk? Trunk = null);

/// <summary>Who is cut off by a change of the encryption that is required.</summary>
public static class CutOffs
{
    /// <summary>
    /// The devices that are registered or talk in clear, or of which that is not known, whose extension may be in clear now and may not any more then;
    /// and the trunks, likewise by their transport and their sound.
    /// </summary>
    /// <param name="now">The configuration in force.</param>
    /// <param name="then">As it will be.</param>
    /// <param name="live">Who is registered, and which trunks there are.</param>
    public static IEnumerable<CutOff> Of(PbxSnapshot now, PbxSnapshot then, ILiveView live) => Of(now, then, live.Registrations.Current, live.Trunks.Current);

    /// <inheritdoc cref="Of(PbxSnapshot, PbxSnapshot, ILiveView)"/>
    public static IEnumerable<CutOff> Of(PbxSnapshot now, PbxSnapshot then, IEnumerable<LiveRegistration> registrations, IEnumerable<LiveTrunk> trunks)
    {
        var devices =
            from each in registrations
            where !HoldsExtension(now, each.Extension) && HoldsExtension(then, each.Extension)
            let cause = CauseOf(each)
            where cause is not null
            select new CutOff(cause.Value, Device: each);
        var sounds = trunks.ToDictionary(each => each.Trunk, each => each.Srtp, StringComparer.Ordinal);
        var providers =
            from each in then.Trunks.Values.OrderBy(trunk => trunk.Key, StringComparer.Ordinal)
            where each.Enabled
            let cause = CauseOf(now, then, each, sounds.GetValueOrDefault(each.Key))
            where cause is not null
            select new CutOff(cause.Value, Trunk: each);
        return devices.Concat(providers).OrderBy(each => each.Cause);
    }

    private static CutOffCause? CauseOf(LiveRegistration device) => device.Transport is "TLS" or "WSS" ? CauseOf(device.Srtp) : CutOffCause.InClear;

    private static CutOffCause? CauseOf(string? srtp) => srtp switch
    {
        "" => CutOffCause.ClearSound,
        null => CutOffCause.SoundNotKnown,
        _ => null,
    };

    private static bool HoldsExtension(PbxSnapshot snapshot, string extension) =>
        snapshot.Extensions.TryGetValue(extension, out var found) && snapshot.SecurityOf(found) == CallSecurity.EncryptedOnly;

    private static CutOffCause? CauseOf(PbxSnapshot now, PbxSnapshot then, Trunk trunk, string? srtp)
    {
        var before = now.Trunks.GetValueOrDefault(trunk.Key);
        // A new one, too, would be of no use.
        if (!then.IsTransportAllowed(trunk)) return before is null || now.IsTransportAllowed(before) ? CutOffCause.InClear : null;
        var isHeldAnew = before is { Enabled: true } && now.SecurityOf(before) != CallSecurity.EncryptedOnly && then.SecurityOf(trunk) == CallSecurity.EncryptedOnly;
        return isHeldAnew ? CauseOf(srtp) : null;
    }
}
