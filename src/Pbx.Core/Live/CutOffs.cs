using Pbx.Core.Common;
using Pbx.Core.Snapshot;

namespace Pbx.Core.Live;

/// <summary>Who is cut off by a change of the encryption that is required.</summary>
public static class CutOffs
{
    /// <summary>
    /// The devices that are registered over a transport in clear, whose extension may be so now and may not any more then.
    /// </summary>
    /// <param name="now">The configuration in force.</param>
    /// <param name="then">As it will be.</param>
    /// <param name="registrations">The live registrations.</param>
    public static IEnumerable<LiveRegistration> Of(PbxSnapshot now, PbxSnapshot then, IEnumerable<LiveRegistration> registrations) =>
        registrations.Where(each => each.Transport is not ("TLS" or "WSS") && !IsHeld(now, each.Extension) && IsHeld(then, each.Extension));

    private static bool IsHeld(PbxSnapshot snapshot, string extension) =>
        snapshot.Extensions.TryGetValue(extension, out var found) && snapshot.SecurityOf(found) == CallSecurity.EncryptedOnly;
}
