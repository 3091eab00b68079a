using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using Pbx.Core.Access;

namespace Pbx.Web.Tests.Api;

/// <summary>
/// Every page, API route and hub that there is, asked for by a stranger, with what was a session or a token once, and with one that may
/// not. Whatever gives up a session does so by its age or in the database; nothing is waited for.
/// </summary>
public sealed class RouteWalkTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private static readonly TimeSpan TooLong = ConsoleSessions.Life + TimeSpan.FromDays(1);

    /// <summary>What anybody may ask for: nothing of it tells of the company.</summary>
    private static readonly string[] Open =
    [
        "/setup", "/signin", "/signin/passkey", "/signin/code", "/signout", "/language", "/denied", "/password", "/not-found", "/health/live", "/health/ready",
        "/health/certificate", "/certificates/root.pem", "/certificates/root.crt", "/sip",
    ];

    [Fact]
    public async Task Route_AskedByAStranger_ShowsNothing()
    {
        await ClaimedAsync();
        List<string> wrong = [];
        foreach (var route in Routes())
        {
            var answer = await AskAsync(route, null, null);
            var refused = answer.Status is HttpStatusCode.Redirect or HttpStatusCode.Unauthorized or HttpStatusCode.NotFound
                // A form without the token of its page.
                || (answer.Status == HttpStatusCode.BadRequest && route is { IsApi: false, Method: "POST" });
            if (route.IsOpen ? (int)answer.Status >= 500 : !refused) wrong.Add($"{route}: {answer}");
        }
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("expired cookie")]
    [InlineData("session unseen too long")]
    [InlineData("ended session")]
    [InlineData("signed-out session")]
    [InlineData("changed password")]
    [InlineData("disabled user")]
    [InlineData("deleted user")]
    public async Task Route_AskedWithASessionThatIsOver_AnswersAsAStranger(string over)
    {
        var cookie = await CookieAsync(over);
        List<string> wrong = [];
        foreach (var route in Routes())
        {
            var (stranger, answer) = (await AskAsync(route, null, null), await AskAsync(route, "Cookie", cookie));
            if (answer != stranger) wrong.Add($"{route}: {answer}, a stranger: {stranger}");
        }
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("expired")]
    [InlineData("revoked")]
    public async Task Route_AskedWithATokenThatIsOver_AnswersAsToOneThatNeverWas(string over)
    {
        await ClaimedAsync();
        var token = await TokenAsync(over);
        List<string> wrong = [];
        foreach (var route in Routes())
        {
            var (never, answer) = (await AskAsync(route, "Authorization", "Bearer pbx_never"), await AskAsync(route, "Authorization", token));
            if (answer != never) wrong.Add($"{route}: {answer}, one that never was: {never}");
            if (route.IsApi && answer.Status != HttpStatusCode.Unauthorized) wrong.Add($"{route}: {answer}");
        }
        Assert.Empty(wrong);
    }

    /// <summary>What the walks above would see if an end of a session or a token were not noticed.</summary>
    [Theory]
    [InlineData("Cookie")]
    [InlineData("Authorization")]
    public async Task Route_AskedWithWhatIsGood_AnswersOtherwise(string header)
    {
        var good = header == "Cookie" ? await CookieAsync("good") : await TokenAsync("good");
        List<string> same = [];
        foreach (var route in Routes().Where(route => !route.IsOpen && route.Method == "GET" && (route.IsApi || header == "Cookie")))
        {
            var (stranger, answer) = (await AskAsync(route, null, null), await AskAsync(route, header, good));
            if (answer == stranger) same.Add($"{route}: {answer}");
        }
        Assert.Empty(same);
    }

    [Theory]
    [InlineData(Roles.Receptionist)]
    [InlineData(Roles.User)]
    public async Task Route_AskedByARoleThatMayNot_IsRefused(string role)
    {
        await ClaimedAsync();
        var (user, principal) = await server.UserAsync($"{role.ToLowerInvariant()}-{Guid.NewGuid():N}@example.test", role);
        var cookie = server.Cookie(principal, await server.SessionAsync(user));
        var refused = Routes().Where(route => route.Needs.Any(permission => !Roles.PermissionsOf(role).Contains(permission))).ToList();
        Assert.NotEmpty(refused);
        List<string> wrong = [];
        foreach (var route in refused)
        {
            var answer = await AskAsync(route, "Cookie", cookie);
            if (route.IsApi ? answer.Status != HttpStatusCode.Forbidden : answer.Location?.StartsWith("/denied", StringComparison.Ordinal) != true) wrong.Add($"{route}: {answer}");
        }
        Assert.Empty(wrong);
    }

    private List<Route> Routes() =>
    [
        .. server.App.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"]).Select(method => Route.Of(endpoint, method)))
            .DistinctBy(route => (route.Method, route.Path)),
    ];

    private async Task ClaimedAsync() => await server.UserAsync("claimed@example.test", Roles.Administrator);

    private async Task<string> CookieAsync(string state)
    {
        await ClaimedAsync();
        var (user, principal) = await server.UserAsync($"{Guid.NewGuid():N}@example.test", Roles.Administrator);
        var session = await server.SessionAsync(user, state == "session unseen too long" ? TooLong : default);
        await EndAsync(state, user, session);
        return server.Cookie(principal, session, state == "expired cookie" ? TooLong : default);
    }

    private async Task EndAsync(string state, PbxUser user, Guid session)
    {
        var services = server.App.Services;
        var (sessions, users) = (services.GetRequiredService<ConsoleSessions>(), services.GetRequiredService<UserAdministration>());
        await (state switch
        {
            "ended session" => sessions.EndAllAsync(user.Id, Caller.System),
            "signed-out session" => sessions.SignedOutAsync(session),
            "changed password" => users.ResetPasswordAsync(user.Id, Caller.System),
            "disabled user" => users.SetDisabledAsync(user.Id, true, Caller.System),
            "deleted user" => users.DeleteAsync(user.Id, Caller.System),
            _ => Task.CompletedTask,
        });
    }

    private async Task<string> TokenAsync(string state)
    {
        await ClaimedAsync();
        var tokens = server.App.Services.GetRequiredService<ApiTokens>();
        var expires = state == "expired" ? TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(1) : (DateTimeOffset?)null;
        var created = (await tokens.CreateAsync(state, Roles.Administrator, expires, Caller.System)).Value!;
        if (state == "revoked") Assert.True((await tokens.RevokeAsync(created.Token.Id, Caller.System)).Value);
        return $"Bearer {created.Text.Reveal()}";
    }

    private async Task<Answer> AskAsync(Route route, string? header, string? value)
    {
        using var request = new HttpRequestMessage(new HttpMethod(route.Method), route.Path);
        if (header is not null) request.Headers.TryAddWithoutValidation(header, value);
        using var answer = await server.Anonymous.SendAsync(request);
        // A session that is over is not given a new cookie; that the old one is taken away is no answer.
        var renewed = answer.Headers.TryGetValues("Set-Cookie", out var set) && set.Any(cookie => cookie.StartsWith("pbx=CfDJ8", StringComparison.Ordinal));
        return new Answer(answer.StatusCode, answer.Headers.Location is { } to ? new Uri(server.Address, to).PathAndQuery : null, renewed);
    }

    private sealed record Answer(HttpStatusCode Status, string? Location, bool Renewed);

    private sealed record Route(string Method, string Path, bool IsOpen, IReadOnlyList<Permission> Needs)
    {
        public bool IsApi => Path.StartsWith("/api/", StringComparison.Ordinal);

        public static Route Of(RouteEndpoint endpoint, string method)
        {
            var pattern = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
            var path = Regex.Replace(Regex.Replace(pattern, @"\{[^}]*guid[^}]*\}", Guid.Empty.ToString()), @"\{[^}]*\}", "x");
            var needs = endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(data => data.Policy).OfType<string>().Select(Enum.Parse<Permission>);
            return new Route(method, path, Open.Contains(pattern), [.. needs]);
        }

        public override string ToString() => $"{Method} {Path}";
    }
}
