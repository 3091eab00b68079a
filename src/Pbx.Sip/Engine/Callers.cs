using Microsoft.Extensions.Logging;
using Pbx.Core.CallFlow;
using Pbx.Sip.Defence;
using Pbx.Sip.Diagnostics;
using Pbx.Sip.Engine.Calls;
using Pbx.Sip.Messages;
using Pbx.Sip.Transactions;

namespace Pbx.Sip.Engine;

/// <summary>
/// Identifies callers: a provider by where it comes from, anybody else as a device, which must authenticate. A provider whose trunk has as many
/// calls as it may is told that it is busy: 503 would have it take the whole trunk out of use.
/// </summary>
/// <param name="trunks">Knows the providers' addresses.</param>
/// <param name="devices">Knows the devices.</param>
/// <param name="logger">Is told of calls that are refused.</param>
internal sealed class Callers(ITrunkWays trunks, ICallers devices, ILogger<Callers> logger) : ICallers
{
    /// <inheritdoc/>
    public CallerIdentity Identify(IServerTransaction invite)
    {
        if (trunks.Identify(invite.Request, invite.Flow) is not { } caller) return devices.Identify(invite);
        if (caller.IsInClear)
        {
            logger.TrunkInClear(caller.Trunk, invite.Flow.Remote.ToString());
            return new CallerIdentity.Answered(ClearPolicy.EncryptionRequired(invite.Request, invite.LocalTag));
        }
        if (!caller.IsFull) return new CallerIdentity.Known(new CallOrigin.FromTrunk(caller.Trunk), caller.Called, caller.Number, caller.Name, caller.Security);
        logger.TrunkFull(caller.Trunk, PacketText.Printable(caller.Number));
        return new CallerIdentity.Answered(SipResponseBuilder.For(invite.Request, 486, invite.LocalTag).Build());
    }
}
