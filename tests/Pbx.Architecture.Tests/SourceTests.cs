using System.Text.RegularExpressions;

namespace Pbx.Architecture.Tests;

public sealed partial class SourceTests
{
    private static readonly string Root = FindRoot();

    [Fact]
    public void Files_StayWithinTheirBudget()
    {
        var long_ = Sources("src").Where(f => !f.Contains("/Migrations/", StringComparison.Ordinal))
            .Select(f => (File: Path.GetRelativePath(Root, f), Lines: File.ReadLines(f).Count())).Where(f => f.Lines > 800);

        Assert.Empty(long_);
    }

    [Fact]
    public void Sources_ReadNoWallClock_AndNeverSleep()
    {
        var found = Sources("src").Where(f => !f.Contains("/Migrations/", StringComparison.Ordinal))
            .SelectMany(f => File.ReadLines(f).Select((line, i) => (File: Path.GetRelativePath(Root, f), Line: i + 1, Text: line)))
            .Where(l => Clock().IsMatch(l.Text) && !l.Text.TrimStart().StartsWith("//", StringComparison.Ordinal));

        Assert.Empty(found.Select(l => $"{l.File}:{l.Line}: {l.Text.Trim()}"));
    }

    [Fact]
    public void Documents_NameOnlyFilesThatExist()
    {
        var broken = Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Append(Path.Combine(Root, "README.md")).Append(Path.Combine(Root, "CONTRIBUTING.md"))
            .SelectMany(document => CodePath().Matches(File.ReadAllText(document)).Select(m => (document, Path: m.Groups[1].Value)))
            .Where(m => !Path.Exists(Path.Combine(Root, m.Path.TrimEnd('/'))))
            .Select(m => $"{Path.GetFileName(m.document)} names {m.Path}");

        Assert.Empty(broken);
    }

    [Fact]
    public void DockerComposeFile_IsValid()
    {
        var start = new System.Diagnostics.ProcessStartInfo("docker-compose", ["-f", Path.Combine(Root, "docker-compose.yml"), "config"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["PBX_DB_PASSWORD"] = "for-this-test" },
        };
        using var compose = System.Diagnostics.Process.Start(start)!;
        var output = compose.StandardOutput.ReadToEnd();
        compose.WaitForExit();

        Assert.True(compose.ExitCode == 0, compose.StandardError.ReadToEnd());
        // What is resolved has each service at two spaces, and its settings at four.
        var services = output[output.IndexOf("services:", StringComparison.Ordinal)..];
        foreach (var (service, asks) in ((string, string)[])[("pbx", "/usr/lib/pbx/pbx"), ("db", "pg_isready")])
        {
            var settings = Regex.Match(services, $@"^  {service}:\n((?:    .*\n)+)", RegexOptions.Multiline).Groups[1].Value;
            Assert.Contains(asks, Regex.Match(settings, @"^    healthcheck:\n((?:      .*\n)+)", RegexOptions.Multiline).Groups[1].Value, StringComparison.Ordinal);
        }
        Assert.Contains("condition: service_healthy", services, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Path.Combine(Root, folder), "*.razor", SearchOption.AllDirectories))
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Pbx.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }

    [GeneratedRegex(@"DateTime(Offset)?\.(Utc)?Now\b|Thread\.Sleep\(|async void|Stopwatch\.StartNew")]
    private static partial Regex Clock();

    [GeneratedRegex(@"`((?:src|tests|docs|deploy|scripts)/[^`*{}<> ]+)`")]
    private static partial Regex CodePath();
}
