using Pbx.Core.Access;
using Pbx.Core.Common;
using Pbx.Core.Hosting;
using Pbx.Web.Hosting;

namespace Pbx.Web.CommandLine;

/// <summary>What a supervisor or an administrator on the host asks.</summary>
internal static class ServerCommands
{
    /// <summary>0 when the server of these settings can answer calls.</summary>
    public static async Task<int> HealthcheckAsync(string[] arguments)
    {
        if (await PbxCommands.ReadBootOptionsAsync(arguments) is not { } options) return PbxCommands.BadUsage;
        var url = options.HttpUrls.FirstOrDefault(u => u.StartsWith("http:", StringComparison.Ordinal)) ?? options.HttpUrls[0];
        foreach (var any in (string[])["//*", "//+", "//0.0.0.0", "//[::]"]) url = url.Replace(any, "//localhost", StringComparison.Ordinal);
        // It asks this machine whether it lives: by what certificate is of no interest here.
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
        using var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(4) };
        try
        {
            using var response = await client.GetAsync(new Uri(new Uri(url), "/health/ready"));
            await Console.Out.WriteAsync(await response.Content.ReadAsStringAsync());
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync($"No server answers at {url}: {e.Message}");
            return 1;
        }
    }

    /// <summary>Prints the set-up code of the running server.</summary>
    public static async Task<int> SetupCodeAsync(string[] arguments)
    {
        if (await PbxCommands.ReadBootOptionsAsync(arguments) is not { } options) return PbxCommands.BadUsage;
        var file = new DataDirectory(options.DataDirectory).SetupCodeFile;
        if (!File.Exists(file))
        {
            await Console.Error.WriteLineAsync($"There is no set-up code in {options.DataDirectory}: the system is claimed, or its server has not started yet.");
            return 1;
        }
        await Console.Out.WriteAsync(await File.ReadAllTextAsync(file));
        return 0;
    }

    /// <summary>Gives an administrator a new password, printed once, to be changed at the next sign-in, and turns the second factor off and removes the passkeys.</summary>
    public static async Task<int> ResetAdministratorAsync(string email, string[] arguments)
    {
        if (await PbxCommands.ReadBootOptionsAsync(arguments) is not { } options) return PbxCommands.BadUsage;
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddPbxCore(RoomServices.CoreOptionsOf(options));
        using var host = builder.Build();
        var users = host.Services.GetRequiredService<UserAdministration>();
        var listed = await users.ListAsync(Caller.System);
        if (!listed.Succeeded || listed.Value.FirstOrDefault(u => string.Equals(u.Email, email, StringComparison.OrdinalIgnoreCase)) is not { } user)
        {
            await Console.Error.WriteLineAsync($"There is no user {email}.");
            return 1;
        }
        var reset = await users.ResetPasswordAsync(user.Id, Caller.System);
        if (reset.Succeeded && await host.Services.GetRequiredService<SecondFactor>().ResetAsync(user.Id, Caller.System) is { Succeeded: true, Value: true })
            await Console.Out.WriteLineAsync($"The second factor of {email} is off, and its passkeys are removed.");
        await (reset.Succeeded ? Console.Out : Console.Error).WriteLineAsync(reset.Succeeded
            ? $"New password of {email}: {reset.Value.GeneratedPassword?.Reveal()}   (to be changed at the next sign-in)"
            : string.Join(" ", reset.Errors.Select(e => e.Message)));
        return reset.Succeeded ? 0 : 1;
    }
}
