using System.Text.Json.Nodes;
using CsCheck;
using Pbx.Core.Common;
using Pbx.Core.Configuration;
using Pbx.Core.Snapshot;
using Pbx.Core.Tests.Data;
using Pbx.Core.Tests.Databases;
using static Pbx.Core.Tests.Data.Samples;

namespace Pbx.Core.Tests.Configuration;

public sealed class ConfigurationDocumentTests
{
    private const string Emptied = """{ "settings": {} }""";

    [Theory, DatabaseData]
    public async Task Export_AppliedToAnEmptySystem_GivesTheSameDocument(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        var document = core.Get<ConfigurationDocument>();

        await RandomCompany.Gen.SampleAsync(async items =>
        {
            Assert.Empty((await document.ApplyAsync(Emptied, TestCore.Tester)).Errors);
            var made = await core.Configuration.ApplyAsync([.. items.Select(i => Put(i.WithVersion(core.Configuration.Current.Find(new ObjectRef(i.Kind, i.Key))?.Version ?? 0)))], TestCore.Tester);
            Assert.Empty(made.Errors);
            var exported = await document.ExportAsync(new DocumentOptions(Secrets: true));
            var contents = made.Value.Contents();

            Assert.Empty((await document.ApplyAsync(Emptied, TestCore.Tester)).Errors);
            Assert.Single(core.Configuration.Current.All());
            var applied = await document.ApplyAsync(exported, TestCore.Tester);

            Assert.Empty(applied.Errors);
            Assert.Equal(exported, await document.ExportAsync(new DocumentOptions(Secrets: true)));
            Assert.Equal(contents, core.Configuration.Current.Contents());
        }, iter: 8, threads: 1);
    }

    [Theory, DatabaseData]
    public async Task Export_WithoutSecrets_NamesNone_AndApplyingItKeepsThem(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        var document = core.Get<ConfigurationDocument>();
        await core.Configuration.ApplyAsync(DemoChanges(), TestCore.Tester);
        var before = core.Configuration.Current;

        var exported = await document.ExportAsync(new DocumentOptions());
        var applied = await document.ApplyAsync(exported, TestCore.Tester);

        var secrets = before.Extensions.Values.SelectMany(e => e.Devices).Select(d => d.Password!.Reveal()).Concat(before.Mailboxes.Values.Select(m => m.Pin!.Reveal()));
        Assert.All(secrets, s => Assert.DoesNotContain($"\"{s}\"", exported, StringComparison.Ordinal));
        Assert.True(applied.Value.IsEmpty);
        Assert.Same(before, core.Configuration.Current);
    }

    [Theory, DatabaseData]
    public async Task Check_SaysWhatWouldChange_AndChangesNothing(DatabaseProvider provider)
    {
        await using var core = await TestCore.StartAsync(provider);
        var document = core.Get<ConfigurationDocument>();
        await core.Configuration.ApplyAsync([Put(Site()), Put(Mailbox()), Put(Extension())], TestCore.Tester);
        var before = core.Configuration.Current;
        var json = (JsonObject)JsonNode.Parse(await document.ExportAsync(new DocumentOptions()))!;
        json["extensions"]![0]!["name"] = "Renamed";
        json["extensions"]![0]!["ringSeconds"] = 30;
        json["mailboxes"] = new JsonArray();
        json["sites"]!.AsArray().Add(JsonNode.Parse("""{ "key": "lyon", "name": "Lyon" }"""));

        var difference = (await document.CheckAsync(json.ToJsonString())).Value;

        Assert.Equal(new ObjectRef(ObjectKind.Site, "lyon"), Assert.Single(difference.Created));
        Assert.Equal(new ObjectRef(ObjectKind.Mailbox, "box"), Assert.Single(difference.Removed));
        Assert.Equal(new ChangedObject(new ObjectRef(ObjectKind.Extension, "e101"), ["name", "ringSeconds"]), Assert.Single(difference.Changed));
        Assert.Same(before, difference.Before);
        Assert.Equal(["lyon", "paris"], difference.Then.Sites.Keys.Order());
        Assert.Empty(difference.Then.Mailboxes);
        Assert.Equal("Renamed", difference.Then.Extensions["e101"].Name);
        Assert.Same(before, core.Configuration.Current);
    }

    [Fact]
    public async Task Apply_DocumentWithManyMistakes_ListsEachWithItsPath_AndChangesNothing()
    {
        await using var core = await TestCore.StartAsync(DatabaseProvider.Sqlite);
        const string json = """
            {
              "settings": { "drainSeconds": "soon", "mail": { "security": "rot13" } },
              "sites": [ { "key": "paris", "name": "Paris", "officeHours": [ { "day": "monday", "start": "nine", "end": "18:00" } ], "colour": "red" } ],
              "queues": [
                { "key": "support", "name": "Support", "site": "paris", "agents": [ { "tier": 1 } ], "onNoAnswer": "somewhere" },
                { "key": "support", "site": "paris" }
              ],
              "extensions": {},
              "trunks": [ null ]
            }
            """;

        var refused = await core.Get<ConfigurationDocument>().ApplyAsync(json, TestCore.Tester);

        Assert.Equal(
            [
                "extensions", "queues/support", "queues/support/agents/0/extension", "queues/support/name", "queues/support/onNoAnswer",
                "settings/drainSeconds", "settings/mail/security", "sites/paris/colour", "sites/paris/officeHours/0/start", "trunks/0",
            ],
            refused.Errors.Select(e => e.Path).Order(StringComparer.Ordinal));
        Assert.Equal(0, core.Configuration.Current.Revision);
    }

    [Theory]
    [InlineData("", "document-syntax")]
    [InlineData("[]", "document-wrong")]
    [InlineData("{ \"sites\": [ }", "document-syntax")]
    [InlineData("{ \"sites\": [], \"sites\": [] }", "document-syntax")]
    public async Task Apply_WhatIsNoDocument_SaysSo(string json, string code)
    {
        await using var core = await TestCore.StartAsync(DatabaseProvider.Sqlite);

        var refused = await core.Get<ConfigurationDocument>().ApplyAsync(json, TestCore.Tester);

        Assert.Equal(code, Assert.Single(refused.Errors).Code);
    }

    [Fact]
    public async Task Apply_SoundOfAnUploadedPrompt_IsImported()
    {
        await using var core = await TestCore.StartAsync(DatabaseProvider.Sqlite);
        const string json = """{ "prompts": [ { "key": "jingle", "name": "Jingle", "sound": "UklGRg==" } ] }""";

        var applied = await core.Get<ConfigurationDocument>().ApplyAsync(json, TestCore.Tester);

        Assert.Empty(applied.Errors);
        Assert.Equal(("imported", 500), (core.Configuration.Current.Prompts["jingle"].Audio, core.Configuration.Current.Prompts["jingle"].DurationMilliseconds));
    }

    [Fact]
    public void Schema_DescribesEverySection_InTheWordsOfTheRecords()
    {
        var schema = JsonNode.Parse(ConfigurationDocument.Schema)!;

        var queue = schema["properties"]!["queues"]!["items"]!["properties"]!;
        Assert.Equal("How long one agent rings. 5 to 300 s.", queue["ringSeconds"]!["description"]!.GetValue<string>());
        Assert.Contains("unique among its kind", queue["key"]!["description"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("ringAll", queue["strategy"]!["enum"]!.AsArray().Select(n => n!.GetValue<string>()));
        Assert.StartsWith("^(extension|queue", queue["onNoAnswer"]!["pattern"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("base64", schema["properties"]!["prompts"]!["items"]!["properties"]!["sound"]!["contentEncoding"]!.GetValue<string>());
        Assert.Null(queue["version"]);
    }
}
