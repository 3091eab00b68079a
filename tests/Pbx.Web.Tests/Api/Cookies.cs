using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Pbx.Core.Access;

namespace Pbx.Web.Tests.Api;

/// <summary>Cookies as the server itself gives them to browsers, of any age.</summary>
internal static class Cookies
{
    /// <summary>Creates a user, and what a ticket says of it.</summary>
    public static async Task<(PbxUser User, ClaimsPrincipal Principal)> UserAsync(this ServerFixture server, string email, string role)
    {
        await server.App.Services.GetRequiredService<UserAdministration>().CreateAsync(new(email, "", role), "a long enough one", Caller.System);
        await using var scope = server.App.Services.CreateAsyncScope();
        var user = (await scope.ServiceProvider.GetRequiredService<UserManager<PbxUser>>().FindByEmailAsync(email))!;
        return (user, await scope.ServiceProvider.GetRequiredService<IUserClaimsPrincipalFactory<PbxUser>>().CreateAsync(user));
    }

    /// <summary>A session that was last seen so long ago, in the database only: nothing of it is remembered in the process.</summary>
    public static async Task<Guid> SessionAsync(this ServerFixture server, PbxUser user, TimeSpan unseen = default)
    {
        var seen = TimeProvider.System.GetUtcNow() - unseen;
        var session = new ConsoleSession(Guid.CreateVersion7(), user.Id, "", "192.0.2.1", seen, seen);
        await server.App.Services.GetRequiredService<IConsoleSessionStorage>().AddAsync(session, user.SecurityStamp!);
        return session.Id;
    }

    /// <summary>The cookie header of a ticket that was given so long ago.</summary>
    public static string Cookie(this ServerFixture server, ClaimsPrincipal principal, Guid? session, TimeSpan age = default)
    {
        if (session is { } id) principal.Identities.First().AddClaim(new Claim(Caller.SessionClaim, id.ToString()));
        var cookies = server.App.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(IdentityConstants.ApplicationScheme);
        var issued = TimeProvider.System.GetUtcNow() - age;
        var properties = new AuthenticationProperties { IsPersistent = true, IssuedUtc = issued, ExpiresUtc = issued + cookies.ExpireTimeSpan };
        return $"{cookies.Cookie.Name}={cookies.TicketDataFormat.Protect(new(principal, properties, IdentityConstants.ApplicationScheme))}";
    }
}
