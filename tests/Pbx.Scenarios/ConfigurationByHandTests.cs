using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Pbx.Scenarios;

/// <summary>The configuration as one document, by the command line and on its page in the console, and its schema.</summary>
[Collection(nameof(ConsoleHouse))]
public sealed class ConfigurationByHandTests(ConsoleHouse house)
{
    private const string SchemaCheck = """
        import json, sys, jsonschema
        schema, document = (json.load(open(name)) for name in sys.argv[1:])
        validator = jsonschema.validators.validator_for(schema)
        validator.check_schema(schema)
        for error in validator(schema).iter_errors(document): print("/".join(map(str, error.absolute_path)), error.message[:200])
        """;

    [Fact]
    public async Task CommandLine_ValidatesShowsAndAppliesADocument_AndItsExitCodeSaysHowItWent()
    {
        var name = $"Répondeur {Guid.NewGuid():n}";
        using var changed = await DocumentAsync(document => Closed(document)["name"] = name);
        using var wrong = await DocumentAsync(document => Closed(document)["prompt"] = "nowhere");

        foreach (var look in (string[][])[["validate", changed.Path], ["apply", changed.Path, "--dry-run"]])
        {
            var (code, output, _) = await PbxAsync(house.Token, ["config", .. look]);
            Assert.Equal(0, code);
            Assert.Equal("announcement:closed", (string?)Assert.Single(JsonNode.Parse(output)!["changed"]!.AsArray())!["name"]);
            Assert.NotEqual(name, (string?)Closed(await house.Pbx.ExportAsync())["name"]);
        }
        foreach (var command in (string[])["validate", "apply"])
        {
            var (code, _, errors) = await PbxAsync(house.Token, "config", command, wrong.Path);
            Assert.Equal(1, code);
            Assert.Contains("announcements/closed/prompt", errors, StringComparison.Ordinal);
        }
        Assert.Equal(1, (await PbxAsync("pbx_0123456789abcdef0123456789abcdef", "config", "apply", changed.Path)).Code);
        Assert.Equal(2, (await PbxAsync(house.Token, "config", "apply", changed.Path + ".gone")).Code);
        Assert.Equal(2, (await PbxAsync(null, "config", "apply", changed.Path)).Code);
        Assert.Equal(2, (await PbxAsync(house.Token, "config", "aply", changed.Path)).Code);
        Assert.NotEqual(name, (string?)Closed(await house.Pbx.ExportAsync())["name"]);

        Assert.Equal(0, (await PbxAsync(house.Token, "config", "apply", changed.Path)).Code);
        Assert.Equal(name, (string?)Closed(await house.Pbx.ExportAsync())["name"]);
    }

    [Fact]
    public async Task Page_DownloadsADocument_ShowsWhatAChangedOneWouldChange_AndAppliesIt()
    {
        await using var console = await house.OpenAsync("administrator", "fr");
        await console.GoAsync("configuration");
        var download = await console.Page.RunAndWaitForDownloadAsync(() => console.Test("export").ClickAsync());
        var document = JsonNode.Parse(await File.ReadAllTextAsync(await download.PathAsync()))!;
        Assert.Null(document["extensions"]![0]!["devices"]![0]!["password"]);
        var name = $"Répondeur {Guid.NewGuid():n}";

        Closed(document)["prompt"] = "nowhere";
        await UploadAsync(console, document);
        await Assertions.Expect(console.Test("errors")).ToContainTextAsync("announcements/closed/prompt");
        Assert.Equal(0, await console.Test("apply").CountAsync());

        Closed(document)["prompt"] = "closed";
        Closed(document)["name"] = name;
        await UploadAsync(console, document);
        await Assertions.Expect(console.Test("difference").Locator("li")).ToHaveCountAsync(1);
        await Assertions.Expect(console.Test("difference")).ToContainTextAsync("closed");
        await Assertions.Expect(console.Test("errors")).ToHaveCountAsync(0);
        Assert.NotEqual(name, (string?)Closed(await house.Pbx.ExportAsync())["name"]);
        await console.Test("apply").ClickAsync();
        await house.Pbx.EventuallyAsync(async () => (string?)Closed(await house.Pbx.ExportAsync())["name"] == name, "the document is applied");
        Assert.Equal(Company.Password, (string?)(await house.Pbx.ExportAsync())["extensions"]![0]!["devices"]![0]!["password"]);
    }

    [Fact]
    public async Task Document_AsExported_IsWhatTheSchemaDescribes_AndAWrongOneIsNot()
    {
        using var schema = new Document(await house.Pbx.Api.GetStringAsync("configuration/schema"));
        using var exported = await DocumentAsync(_ => { });
        using var wrong = await DocumentAsync(document => document["queues"]![0]!["ringSeconds"] = "twenty");

        Assert.Equal((0, ""), await ValidateAsync(schema, exported));
        Assert.StartsWith("queues/0/ringSeconds", (await ValidateAsync(schema, wrong)).Output, StringComparison.Ordinal);
    }

    private static JsonNode Closed(JsonNode document) => document["announcements"]!.AsArray().Single(item => (string?)item!["key"] == "closed")!;

    private static Task UploadAsync(ConsolePage console, JsonNode document) => console.Test("document").SetInputFilesAsync(
        new FilePayload { Name = "pbx.json", MimeType = "application/json", Buffer = System.Text.Encoding.UTF8.GetBytes(document.ToJsonString()) });

    private async Task<Document> DocumentAsync(Action<JsonNode> change)
    {
        var document = JsonNode.Parse(await house.Pbx.Api.GetStringAsync("configuration"))!;
        change(document);
        return new Document(document.ToJsonString());
    }

    private async Task<(int Code, string Output, string Errors)> PbxAsync(string? token, params string[] arguments)
    {
        var start = new ProcessStartInfo(PbxProcess.InCheckout("artifacts/pbx/pbx"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PBX_URL"] = house.Pbx.Http.ToString();
        if (token is not null) start.Environment["PBX_TOKEN"] = token;
        using var process = Process.Start(start)!;
        var texts = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, texts[0], texts[1]);
    }

    private static async Task<(int Code, string Output)> ValidateAsync(Document schema, Document document)
    {
        using var process = Process.Start(new ProcessStartInfo("python3", ["-c", SchemaCheck, schema.Path, document.Path]) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }

    /// <summary>A JSON text in a file of its own for as long as it is needed.</summary>
    private sealed class Document : IDisposable
    {
        public Document(string json) => File.WriteAllText(Path, json);

        public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"pbx-document-{Guid.NewGuid():n}.json");

        public void Dispose() => File.Delete(Path);
    }
}
