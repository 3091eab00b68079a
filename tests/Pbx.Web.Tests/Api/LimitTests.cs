using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Pbx.Core.Live;

namespace Pbx.Web.Tests.Api;

/// <summary>What is too deep or too large is refused in words, and the server goes on.</summary>
public class LimitTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Theory]
    [InlineData("PUT", "/api/v1/configuration")]
    [InlineData("PUT", "/api/v1/queues/x")]
    [InlineData("POST", "/api/v1/queues")]
    [InlineData("PUT", "/api/v1/settings")]
    public async Task Json_NestedDeeply_IsRefused(string method, string path)
    {
        foreach (var text in new[] { new string('[', 100_000), $"{{\"queues\":{new string('[', 100_000)}", string.Concat(Enumerable.Repeat("{\"a\":", 50_000)) })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent(text, null, "application/json") };
            using var answer = await server.Program.SendAsync(request);
            Assert.InRange((int)answer.StatusCode, 400, 499);
        }
        await AssertAliveAsync();
    }

    [Theory]
    [InlineData("/api/v1/configuration", 31_000_000)]
    [InlineData("/api/v1/prompts/x/audio", 51_000_000)]
    public async Task Body_TooLarge_IsRefused(string path, int bytes)
    {
        try
        {
            using var answer = await server.Program.PutAsync(path, new ByteArrayContent(new byte[bytes]));
            Assert.InRange((int)answer.StatusCode, 400, 499);
        }
        catch (HttpRequestException)
        {
            // The server may close while the rest is still being sent.
        }
        await AssertAliveAsync();
    }

    [Fact]
    public async Task Form_TooLargeOrWithTooManyParts_IsRefused()
    {
        using var large = new FormUrlEncodedContent([new("email", new string('a', 5_000_000))]);
        Assert.InRange((int)(await server.Anonymous.PostAsync("/signin", large)).StatusCode, 300, 499);
        using var many = new FormUrlEncodedContent(Enumerable.Range(0, 5000).Select(i => KeyValuePair.Create($"f{i}", "x")));
        Assert.InRange((int)(await server.Anonymous.PostAsync("/signin", many)).StatusCode, 300, 499);
        using var parts = new MultipartFormDataContent();
        for (var i = 0; i < 5000; i++) parts.Add(new StringContent("x"), $"f{i}");
        Assert.InRange((int)(await server.Anonymous.PostAsync("/signin", parts)).StatusCode, 300, 499);
        await AssertAliveAsync();
    }

    [Fact]
    public async Task Protection_ListsBansAndAlerts_AndReleases()
    {
        server.App.Services.GetRequiredService<IAlerts>().Raise(AlertKind.AccountAttacked, "100", "");
        var alerts = await server.Program.GetFromJsonAsync<JsonObject>("/api/v1/protection/alerts");
        Assert.Equal("100", (string)alerts!["items"]![0]!["subject"]!);
        Assert.Empty((await server.Program.GetFromJsonAsync<JsonObject>("/api/v1/protection/bans"))!["items"]!.AsArray());
        Assert.Equal(HttpStatusCode.NotFound, (await server.Program.DeleteAsync("/api/v1/protection/bans?address=192.0.2.1")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Program.DeleteAsync("/api/v1/protection/bans?address=nonsense")).StatusCode);
    }

    private async Task AssertAliveAsync() => Assert.Equal(HttpStatusCode.OK, (await server.Anonymous.GetAsync("/health/ready")).StatusCode);
}
