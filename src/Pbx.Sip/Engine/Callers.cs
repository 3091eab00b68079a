using Pbx.Core.CallFlow;
using Pbx.Sip.Engine.Calls;
using Pbx.Sip.Transactions;

namespace Pbx.Sip.Engine;

/// <summary>
/// Identifies callers: a provider by where it comes from, anybody else as a device, which must authenticate.
/// </summary>
/// <param name="trunks">Knows the providers' addresses.</param>
/// <param name="devices">Knows the devices.</param>
internal sealed class Callers(ITrunkWays trunks, ICallers devices) : ICallers
{
    /// <inheritdoc/>
    public CallerIdentity Identify(IServerTransaction invite) => trunks.Identify(invite.Request, invite.Flow) is { } caller
        ? new CallerIdentity.Known(new CallOrigin.FromTrunk(caller.Trunk), caller.Called, caller.Number, caller.Name, caller.Security)
        : devices.Identify(invite);
}
