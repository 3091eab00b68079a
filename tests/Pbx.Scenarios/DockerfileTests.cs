using System.Diagnostics;
using Pbx.Testing.Peers;

namespace Pbx.Scenarios;

/// <summary>The Dockerfile's steps, run as commands on this machine: no engine is needed to know that they work.</summary>
public sealed class DockerfileTests
{
    [Fact]
    public async Task DockerfileSteps_RunAsAScript_GiveAServerWhoseHealthcheckPasses()
    {
        var work = Directory.CreateTempSubdirectory("image").FullName;
        try
        {
            var lines = await File.ReadAllLinesAsync(Path.Combine(Root, "deploy/Dockerfile"));
            string Step(string start) => lines.Single(line => line.StartsWith(start, StringComparison.Ordinal))[start.Length..];

            // COPY . . with what .dockerignore leaves out; git knows the files of a checkout.
            await ShellAsync($"git ls-files -z --cached --others --exclude-standard | grep -zv ^tests/ | xargs -0 cp --parents -t '{work}'", Root);
            await ShellAsync(Step("RUN dotnet ").Insert(0, "nice -n 19 dotnet ").Replace("/out", $"{work}/out", StringComparison.Ordinal), work);
            await ShellAsync("apt-get install --dry-run -y " + Step("RUN apt-get update && ").Split("install -y ")[1].Split("&&")[0], work);

            var data = Array.FindIndex(lines, line => line.StartsWith("RUN mkdir -p /data", StringComparison.Ordinal));
            Assert.InRange(data, 0, Array.FindIndex(lines, line => line.StartsWith("VOLUME /data", StringComparison.Ordinal)));
            // Who is not root cannot give a directory away, nor become the image's user.
            var asUser = Environment.UserName == "root" ? BecomeUser(Step("USER ")) : [];
            await ShellAsync(asUser.Length > 0 ? lines[data]["RUN ".Length..].Replace("/data", $"{work}/data", StringComparison.Ordinal) : $"mkdir '{work}/data'", work);
            await ShellAsync($"chmod 0755 '{work}'", work);

            string[] executable = [.. asUser, $"{work}/out/pbx"];
            int http = FreePorts.Take(), rtp = FreePorts.TakeRange(40);
            var environment = new Dictionary<string, string>
            {
                ["PBX__Data"] = $"{work}/data", ["PBX__Http__Urls"] = $"http://127.0.0.1:{http}", ["PBX__Sip__Port"] = $"{FreePorts.Take()}", ["PBX__Sip__TlsPort"] = $"{FreePorts.Take()}",
                ["PBX__Rtp__PortRange"] = $"{rtp}-{rtp + 39}", ["HOME"] = "/nonexistent",
            };
            Assert.NotEqual(0, await RunAsync(executable, "healthcheck", environment));
            using var server = Start(executable, environment);
            try
            {
                var code = 1;
                for (var attempt = 0; attempt < 200 && code != 0; attempt++) code = await RunAsync(executable, "healthcheck", environment);
                Assert.Equal(0, code);
                Assert.True(File.Exists($"{work}/data/db/pbx.db"), "the database lies in the volume");
            }
            finally
            {
                server.Kill();
                await server.WaitForExitAsync();
            }
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    // As the composition starts it: that user, no group, no capability, no way to another.
    private static string[] BecomeUser(string user)
    {
        var ids = user.Split(':');
        return ["setpriv", "--reuid", ids[0], "--regid", ids[1], "--clear-groups", "--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"];
    }

    private static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "Pbx.sln"))) folder = folder.Parent!;
            return folder.FullName;
        }
    }

    private static async Task ShellAsync(string command, string folder)
    {
        var start = new ProcessStartInfo("/bin/bash", ["-euo", "pipefail", "-c", command]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using var shell = Process.Start(start)!;
        var output = await Task.WhenAll(shell.StandardOutput.ReadToEndAsync(), shell.StandardError.ReadToEndAsync());
        await shell.WaitForExitAsync();
        Assert.True(shell.ExitCode == 0, $"{command}\n{string.Concat(output)}");
    }

    private static async Task<int> RunAsync(string[] program, string argument, Dictionary<string, string> environment)
    {
        using var process = Start([.. program, argument], environment);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private static Process Start(string[] command, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("/bin/bash", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1", .. command]);
        foreach (var (key, value) in environment) start.Environment[key] = value;
        return Process.Start(start)!;
    }
}
