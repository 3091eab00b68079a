using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Pbx.Core.Configuration;
using Pbx.Testing.Fuzz;

namespace Pbx.Web.Tests.Api;

/// <summary>Bodies of the API made hostile from a seed, over real HTTP: each is taken or refused, none is a 500, and the server goes on. For long runs see <see cref="FuzzSettings"/>.</summary>
public class ApiFuzzTests(ServerFixture server, ITestOutputHelper output) : IClassFixture<ServerFixture>
{
    private const string Company = """
        {
          "settings": { "companyName": "Fuzz" },
          "sites": [ { "key": "s", "name": "S", "officeHours": [ { "day": "monday", "start": "09:00:00", "end": "18:00:00" } ], "holidays": [ { "name": "H", "date": "2026-12-24", "everyYear": true } ] } ],
          "extensions": [ { "key": "e", "name": "E", "number": "101", "site": "s", "devices": [ { "key": "d", "userName": "101", "password": "a-password-1" } ] } ],
          "prompts": [ { "key": "p", "name": "P" } ],
          "mailboxes": [ { "key": "m", "name": "M", "number": "801", "site": "s", "pin": "271828" } ],
          "announcements": [ { "key": "a", "name": "A", "number": "301", "site": "s", "prompt": "p", "next": "mailbox:m" } ],
          "queues": [ { "key": "q", "name": "Q", "number": "501", "site": "s", "agents": [ { "extension": "e" } ], "onNoAnswer": "mailbox:m" } ]
        }
        """;

    [Fact]
    public async Task Bodies_ThatAreHostile_AreNeverA500()
    {
        using (var made = await server.Program.PutAsync("/api/v1/configuration", Json(Encoding.UTF8.GetBytes(Company))))
            Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
        var document = (JsonObject)JsonNode.Parse(await server.Program.GetStringAsync("/api/v1/configuration"))!;
        List<(string Path, byte[] Body)> good = [("configuration?dryRun=true", Encoding.UTF8.GetBytes(document.ToJsonString())), ("closures/s", """{ "on": false, "until": "2026-12-24T12:00:00Z" }"""u8.ToArray()),
            ("agents/e", """{ "loggedIn": true, "queue": "q" }"""u8.ToArray()), ("certificate", """{ "origin": "uploaded", "certificate": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----" }"""u8.ToArray())];
        foreach (var (section, _) in ObjectJson.Sections)
        {
            if (document[section] is JsonArray { Count: > 0 } items) good.Add(($"{section}/{(string)items[0]!["key"]!}", Encoding.UTF8.GetBytes(items[0]!.ToJsonString())));
            else if (document[section] is JsonObject settings) good.Add((section, Encoding.UTF8.GetBytes(settings.ToJsonString())));
        }
        var (seed, inputs) = (FuzzSettings.Seed, FuzzSettings.Inputs(2_000));
        var random = new Random(seed);
        var mutator = new Mutator(random, [.. good.Select(each => each.Body)], mostChanges: 2);
        var taken = 0;
        for (var i = 0; i < inputs; i++)
        {
            var path = good[random.Next(good.Count)].Path;
            var body = mutator.Next();
            using var answer = await server.Program.PutAsync($"/api/v1/{path}", Json(body)).WaitAsync(TimeSpan.FromSeconds(30));
            if ((int)answer.StatusCode >= 500) Assert.Fail($"PBX_SEED={seed}, input {i} to {path}: {(int)answer.StatusCode}\n{await answer.Content.ReadAsStringAsync()}\n{Encoding.UTF8.GetString(body)}\n{Convert.ToBase64String(body)}");
            if (answer.IsSuccessStatusCode) taken++;
        }
        Assert.Equal(HttpStatusCode.OK, (await server.Anonymous.GetAsync("/health/ready")).StatusCode);
        output.WriteLine($"{inputs} bodies from seed {seed}, {taken} of them taken");
    }

    [Theory]
    [InlineData("""{ "name": "X", "name": "Y" }""")]
    [InlineData("""{ "name": "\ud800" }""")]
    [InlineData("""{ "\udfff": 1 }""")]
    [InlineData("""{ "name": "\u0000" }""")]
    [InlineData("""{ "version": 1e999 }""")]
    [InlineData("null")]
    public async Task Body_ThatIsNoProperObject_IsRefused(string body)
    {
        foreach (var path in (string[])["sites/x", "extensions/x", "queues/x", "settings", "configuration", "configuration?dryRun=true"])
        {
            using var answer = await server.Program.PutAsync($"/api/v1/{path}", Json(Encoding.UTF8.GetBytes(body)));
            Assert.InRange((int)answer.StatusCode, 400, 499);
        }
    }

    private static ByteArrayContent Json(byte[] body) => new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
}
