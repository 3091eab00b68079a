using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Pbx.Core.CallRecords;

namespace Pbx.Web.Tests.Api;

public class ServerTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Health_OfARunningServer_IsLiveAndReady()
    {
        Assert.Equal(HttpStatusCode.OK, (await server.Anonymous.GetAsync("/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Anonymous.GetAsync("/health/ready")).StatusCode);
    }

    [Fact]
    public async Task Page_OfAnUnclaimedSystem_LeadsToSetup()
    {
        var answer = await server.Anonymous.GetAsync("/queues");
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/setup", answer.Headers.Location!.OriginalString);
        var setup = await server.Anonymous.GetAsync("/setup");
        Assert.Equal(HttpStatusCode.OK, setup.StatusCode);
        Assert.Contains("default-src 'self'", setup.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asset_OfAPackage_IsServedFromBuildOutput() =>
        Assert.Equal(HttpStatusCode.OK, (await server.Anonymous.GetAsync("/_framework/blazor.web.js")).StatusCode);

    [Fact]
    public async Task Post_FromAnotherSite_IsRefused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/signout");
        request.Headers.Add("Origin", "https://evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, (await server.Anonymous.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task CallRecords_OfCallsThatNoRuleKnew_AreMarkedAndAskedFor()
    {
        var journal = server.App.Services.GetRequiredService<ICallJournal>();
        foreach (var unmatched in new[] { true, false })
        {
            var record = new CallRecord { Id = Guid.NewGuid(), StartedAt = DateTimeOffset.UtcNow, Called = "+33199999999", Unmatched = unmatched };
            journal.Started(record);
            journal.Ended(record with { EndedAt = record.StartedAt.AddSeconds(1), Outcome = CallOutcome.Failed });
        }

        foreach (var unmatched in new[] { true, false })
        {
            var found = await server.Program.GetFromJsonAsync<JsonObject>($"/api/v1/call-records?text=199999999&unmatched={unmatched}");
            Assert.Equal(unmatched, (bool)Assert.Single(found!["items"]!.AsArray())!["unmatched"]!);
        }
    }

    [Fact]
    public async Task CallRecords_Exported_AreATableOfAllThatMatch()
    {
        var journal = server.App.Services.GetRequiredService<ICallJournal>();
        var record = new CallRecord { Id = Guid.NewGuid(), StartedAt = new(2026, 7, 1, 8, 0, 0, TimeSpan.Zero), Called = "+33188888888", Caller = "+33612345678", CallerName = "Élodie, \"chef\"" };
        journal.Started(record);
        journal.Ended(record with { EndedAt = record.StartedAt.AddSeconds(61.5), Outcome = CallOutcome.Message });

        using var answer = await server.Program.GetAsync("/api/v1/call-records/export?text=188888888&from=2026-07-01T00:00:00Z&outcome=Message");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/csv; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.EndsWith(".csv", answer.Content.Headers.ContentDisposition!.FileName, StringComparison.Ordinal);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal([0xEF, 0xBB, 0xBF], bytes[..3]);
        var lines = System.Text.Encoding.UTF8.GetString(bytes[3..]).Split("\r\n");
        Assert.Equal([CallRecordCsv.Header.TrimEnd(), lines[1], ""], lines);
        Assert.StartsWith($"{record.Id},2026-07-01T", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(",61,inbound,+33612345678,\"Élodie, \"\"chef\"\"\",+33188888888,,,message,false", lines[1], StringComparison.Ordinal);
        using var wrong = await server.Program.GetAsync("/api/v1/call-records/export?from=yesterday");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    /// <summary>The page of the tokens leads to it.</summary>
    [Fact]
    public async Task Api_IsDescribed()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "../../../../../src/Pbx.Web/Features/Tokens/TokensPage.razor"));
        var link = System.Text.RegularExpressions.Regex.Match(page, "href=\"([^\"]*)\"[^>]*>OpenAPI").Groups[1].Value;
        var described = await server.Program.GetFromJsonAsync<JsonObject>(link);
        Assert.True(described!["paths"]!.AsObject().ContainsKey("/api/v1/call-records/export"));
        Assert.Equal(HttpStatusCode.Redirect, (await server.Anonymous.GetAsync(link)).StatusCode);
    }

    [Fact]
    public async Task Document_ExportedAndAppliedAgain_ChangesNothing()
    {
        var text = await server.Program.GetStringAsync("/api/v1/configuration");
        var answer = await server.Program.PutAsync("/api/v1/configuration?dryRun=true", new StringContent(text));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var difference = await answer.Content.ReadFromJsonAsync<JsonObject>();
        Assert.Empty(difference!["created"]!.AsArray());
        Assert.Empty(difference["removed"]!.AsArray());
    }

    [Fact]
    public async Task Document_Wrong_Is422WithEachPathAndChangesNothing()
    {
        var answer = await server.Program.PutAsync("/api/v1/configuration", new StringContent(
            """{"settings":{},"queues":[{"key":"support","name":"","site":"nowhere","ringSeconds":1}]}"""));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var errors = (await answer.Content.ReadFromJsonAsync<JsonArray>())!.Select(e => (string)e!["path"]!).ToList();
        Assert.Contains("queues/support/name", errors);
        Assert.Contains(errors, p => p.StartsWith("queues/support/ringSeconds", StringComparison.Ordinal));
        Assert.DoesNotContain("support", await server.Program.GetStringAsync("/api/v1/configuration"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_Unknown_Is401()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/configuration");
        request.Headers.Authorization = new("Bearer", "pbx_nothing");
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Anonymous.SendAsync(request)).StatusCode);
    }
}
