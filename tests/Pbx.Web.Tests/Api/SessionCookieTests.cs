using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Pbx.Core.Access;

namespace Pbx.Web.Tests.Api;

public class SessionCookieTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Cookie_IsGoodForItsSession_AlsoRenewed_UntilThatIsEnded()
    {
        var (user, principal) = await AdministratorAsync("anne@example.test");
        var sessions = server.App.Services.GetRequiredService<ConsoleSessions>();
        var session = await sessions.StartAsync(user.Id, user.SecurityStamp!, current: null, userAgent: null, "192.0.2.1");
        principal.Identities.First().AddClaim(new Claim(Caller.SessionClaim, session.ToString()));

        var (status, renewed) = await AskAsync(Cookie(principal, age: TimeSpan.FromMinutes(2)));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.NotNull(renewed);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(renewed)).Status);

        await sessions.EndAllAsync(user.Id, Caller.System);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(renewed)).Status);
    }

    [Fact]
    public async Task Cookie_OfAnOlderVersion_ThatNamesNoSession_IsSignedOut()
    {
        var (_, principal) = await AdministratorAsync("bruno@example.test");

        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(Cookie(principal, age: TimeSpan.Zero))).Status);
    }

    private async Task<(PbxUser User, ClaimsPrincipal Principal)> AdministratorAsync(string email)
    {
        await server.App.Services.GetRequiredService<UserAdministration>().CreateAsync(new(email, "", Roles.Administrator), "a long enough one", Caller.System);
        await using var scope = server.App.Services.CreateAsyncScope();
        var user = (await scope.ServiceProvider.GetRequiredService<UserManager<PbxUser>>().FindByEmailAsync(email))!;
        return (user, await scope.ServiceProvider.GetRequiredService<IUserClaimsPrincipalFactory<PbxUser>>().CreateAsync(user));
    }

    private string Cookie(ClaimsPrincipal principal, TimeSpan age)
    {
        var cookies = server.App.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(IdentityConstants.ApplicationScheme);
        var issued = TimeProvider.System.GetUtcNow() - age;
        var properties = new AuthenticationProperties { IsPersistent = true, IssuedUtc = issued, ExpiresUtc = issued + cookies.ExpireTimeSpan };
        return $"{cookies.Cookie.Name}={cookies.TicketDataFormat.Protect(new(principal, properties, IdentityConstants.ApplicationScheme))}";
    }

    private async Task<(HttpStatusCode Status, string? Renewed)> AskAsync(string cookie)
    {
        using var client = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Add("Cookie", cookie);
        using var answer = await client.GetAsync("/api/v1/configuration");
        var set = answer.Headers.TryGetValues("Set-Cookie", out var values) ? values.FirstOrDefault(v => v.StartsWith("pbx=CfDJ8", StringComparison.Ordinal)) : null;
        return (answer.StatusCode, set?.Split(';')[0]);
    }
}
