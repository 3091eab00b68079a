using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Pbx.Core.Access;

namespace Pbx.Web.Access;

/// <summary>Makes the cookie of a browser name a session that can be ended; one that names none, from an older version, is signed out.</summary>
internal static class SessionCookie
{
    /// <summary>The session that a ticket names, or null.</summary>
    public static Guid? Of(ClaimsPrincipal? user) => Guid.TryParse(user?.FindFirstValue(Caller.SessionClaim), out var session) ? session : null;

    /// <summary>Follows what happens to the cookie.</summary>
    public static void Follow(CookieAuthenticationEvents events)
    {
        events.OnSigningIn = SigningInAsync;
        events.OnSigningOut = SigningOutAsync;
        events.OnValidatePrincipal = ValidateAsync;
    }

    /// <summary>A ticket that is made anew for the same sign-in keeps its session.</summary>
    public static Task KeepAsync(SecurityStampRefreshingPrincipalContext context)
    {
        if (Of(context.CurrentPrincipal) is { } session) Name(context.NewPrincipal, session);
        return Task.CompletedTask;
    }

    private static async Task SigningInAsync(CookieSigningInContext context)
    {
        var (request, services) = (context.Request, context.HttpContext.RequestServices);
        var identity = services.GetRequiredService<Microsoft.Extensions.Options.IOptions<IdentityOptions>>().Value.ClaimsIdentity;
        var user = Guid.Parse(context.Principal!.FindFirstValue(identity.UserIdClaimType)!);
        var stamp = context.Principal!.FindFirstValue(identity.SecurityStampClaimType) ?? "";
        Name(context.Principal!, await services.GetRequiredService<ConsoleSessions>()
            .StartAsync(user, stamp, Of(context.HttpContext.User), request.Headers.UserAgent, AddressOf(context.HttpContext)));
    }

    private static Task SigningOutAsync(CookieSigningOutContext context) => Of(context.HttpContext.User) is { } session
        ? context.HttpContext.RequestServices.GetRequiredService<ConsoleSessions>().SignedOutAsync(session)
        : Task.CompletedTask;

    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var sessions = context.HttpContext.RequestServices.GetRequiredService<ConsoleSessions>();
        var state = Of(context.Principal) is { } session ? await sessions.StateAsync(session, AddressOf(context.HttpContext)) : SessionState.Ended;
        if (state == SessionState.Ended)
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(context.Scheme.Name);
        }
        else if (state == SessionState.Live)
        {
            await ValidateStampAsync(context);
        }
    }

    private static async Task ValidateStampAsync(CookieValidatePrincipalContext context)
    {
        try
        {
            await SecurityStampValidator.ValidatePrincipalAsync(context);
        }
        catch (Exception e) when (DatabaseAway.Explains(e))
        {
            // Nobody is signed out for that, and changes are refused by the store itself.
        }
    }

    private static void Name(ClaimsPrincipal? principal, Guid session)
    {
        if (principal?.Identity is ClaimsIdentity identity) identity.AddClaim(new Claim(Caller.SessionClaim, session.ToString()));
    }

    private static string AddressOf(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress;
        return (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString() ?? "";
    }
}
