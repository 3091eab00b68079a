using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Pbx.Core.Access;

namespace Pbx.Web.Tests.Api;

public class SessionCookieTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Cookie_IsGoodForItsSession_AlsoRenewed_UntilThatIsEnded()
    {
        var (user, principal) = await server.UserAsync("anne@example.test", Roles.Administrator);
        var sessions = server.App.Services.GetRequiredService<ConsoleSessions>();
        var session = await sessions.StartAsync(user.Id, user.SecurityStamp!, current: null, userAgent: null, "192.0.2.1");

        var (status, renewed) = await AskAsync(server.Cookie(principal, session, age: TimeSpan.FromMinutes(2)));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.NotNull(renewed);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(renewed)).Status);

        await sessions.EndAllAsync(user.Id, Caller.System);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(renewed)).Status);
    }

    [Fact]
    public async Task Cookie_OfAnOlderVersion_ThatNamesNoSession_IsSignedOut()
    {
        var (_, principal) = await server.UserAsync("bruno@example.test", Roles.Administrator);

        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(server.Cookie(principal, session: null))).Status);
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
