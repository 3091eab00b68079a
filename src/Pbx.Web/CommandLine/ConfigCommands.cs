using System.Net.Http.Headers;
using System.Text;

namespace Pbx.Web.CommandLine;

/// <summary>The configuration of a running server as a document, by its API.</summary>
internal static class ConfigCommands
{
    /// <summary>Prints the document.</summary>
    public static Task<int> ExportAsync(string[] options) => AskAsync(options, client => client.GetAsync(
        $"api/v1/configuration?withSecrets={options.Contains("--with-secrets")}&withAudio={options.Contains("--with-audio")}"));

    /// <summary>Applies a document, or with <paramref name="dryRun"/> prints what it would change.</summary>
    public static async Task<int> ApplyAsync(string file, string[] options, bool dryRun)
    {
        string json;
        try
        {
            json = await File.ReadAllTextAsync(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return PbxCommands.BadUsage;
        }
        return await AskAsync(options, client => client.PutAsync($"api/v1/configuration?dryRun={dryRun}", new StringContent(json, Encoding.UTF8, "application/json")));
    }

    private static async Task<int> AskAsync(string[] options, Func<HttpClient, Task<HttpResponseMessage>> ask)
    {
        var url = Value(options, "--url") ?? Environment.GetEnvironmentVariable("PBX_URL") ?? "http://localhost:8080";
        var token = Value(options, "--token") ?? Environment.GetEnvironmentVariable("PBX_TOKEN");
        if (token is null)
        {
            await Console.Error.WriteLineAsync("A token is needed: --token TOKEN, or PBX_TOKEN in the environment. Make one in the console under System > API tokens.");
            return PbxCommands.BadUsage;
        }
        if (!Uri.TryCreate(url.TrimEnd('/') + "/", UriKind.Absolute, out var address))
        {
            await Console.Error.WriteLineAsync($"'{url}' is no address such as http://localhost:8080.");
            return PbxCommands.BadUsage;
        }
        // Speaking the prompts of a large document takes minutes.
        using var client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(30) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            using var response = await ask(client);
            var text = await response.Content.ReadAsStringAsync();
            await (response.IsSuccessStatusCode ? Console.Out : Console.Error).WriteLineAsync(text.Length > 0 ? text : $"{(int)response.StatusCode} {response.ReasonPhrase}");
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (HttpRequestException e)
        {
            await Console.Error.WriteLineAsync($"No server answers at {address}: {e.Message}");
            return 1;
        }
    }

    private static string? Value(string[] options, string name)
    {
        var at = Array.IndexOf(options, name);
        return at >= 0 && at + 1 < options.Length ? options[at + 1] : null;
    }
}
