using Pbx.Core.Trunks;
using Pbx.Sip.Engine.Calls;
using Pbx.Sip.Messages;
using Pbx.Sip.Transport;

namespace Pbx.Sip.Engine.Trunks;

/// <summary>
/// How a call through a trunk presents itself. Where we have an account, From is the account, which providers insist on, and the number
/// shown goes into P-Asserted-Identity (RFC 3325); a peer without an account is shown it in both. Pure.
/// </summary>
internal static class TrunkWay
{
    /// <summary>The way of one call.</summary>
    /// <param name="trunk">The trunk.</param>
    /// <param name="flow">The way to its server.</param>
    /// <param name="status">What its registration brought.</param>
    /// <param name="number">The number called.</param>
    /// <param name="presentedNumber">The number shown; empty: withheld.</param>
    public static Way Make(Trunk trunk, Flow flow, TrunkStatus status, string number, string presentedNumber)
    {
        var domain = TrunkAddress.DomainOf(trunk);
        var own = trunk.PresentedNumber ?? (trunk.Numbers.Count > 0 ? trunk.Numbers[0] : trunk.UserName ?? "");
        var withheld = presentedNumber.Length == 0;
        var vouched = withheld ? own : presentedNumber;
        var from = withheld ? new NameAddress("Anonymous", new SipUri("anonymous", "anonymous.invalid"))
            : new NameAddress(null, new SipUri(trunk.Registers && trunk.UserName is { Length: > 0 } account ? account : presentedNumber, domain));
        var headers = new List<(HeaderId, string)>();
        if (vouched.Length > 0) headers.Add((HeaderId.PAssertedIdentity, $"<{new SipUri(vouched, domain)}>"));
        if (withheld) headers.Add((HeaderId.Privacy, "id"));
        return new Way
        {
            Flow = flow,
            Target = TrunkAddress.Of(trunk, number),
            Routes = status.ServiceRoutes,
            By = trunk.Key,
            From = from,
            To = new NameAddress(null, new SipUri(number, domain)),
            Headers = headers,
        };
    }
}
