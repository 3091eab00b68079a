using System.Security.Claims;
using Pbx.Core.Access;
using Pbx.Core.Configuration;

namespace Pbx.Web.Access;

/// <summary>Who a request or a circuit speaks for.</summary>
internal static class Callers
{
    /// <summary>The caller of a principal, whichever way it was authenticated.</summary>
    public static Caller Of(ClaimsPrincipal user, ChangeSource source) =>
        user.Identity is CallerIdentity identity ? identity.Caller : Caller.From(user, source);

    /// <summary>A principal that speaks for a caller (an API token).</summary>
    public static ClaimsPrincipal Principal(Caller caller, string scheme) => new(new CallerIdentity(caller, scheme));

    private sealed class CallerIdentity(Caller caller, string scheme) : ClaimsIdentity([new Claim(ClaimTypes.Name, caller.Actor.Name)], scheme)
    {
        public Caller Caller { get; } = caller;
    }
}
