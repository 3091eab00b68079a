using Pbx.Core.CallFlow;
using Pbx.Sip.Transactions;

namespace Pbx.Sip.Engine.Registrar;

/// <summary>
/// Tells which extension an INVITE is from: the one whose device has authenticated, whatever From says. What comes from trunks must be
/// recognised before.
/// </summary>
internal sealed class DeviceCallers(DeviceAuthenticator authenticator) : ICallers
{
    /// <inheritdoc/>
    public CallerIdentity Identify(IServerTransaction invite)
    {
        var identity = authenticator.Identify(invite);
        if (identity.Answer is { } answer)
            return new CallerIdentity.Answered(answer);
        var extension = identity.Extension!;
        return new CallerIdentity.Known(new CallOrigin.FromExtension(extension.Key), invite.Request.RequestUri.User, extension.Number, extension.Name,
            authenticator.SecurityOf(extension), (extension.Key, identity.Device!.Key));
    }
}
