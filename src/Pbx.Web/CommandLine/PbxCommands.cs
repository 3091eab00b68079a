using Pbx.Web.Hosting;

namespace Pbx.Web.CommandLine;

/// <summary>The verbs of the executable; without one it is the server.</summary>
internal static class PbxCommands
{
    /// <summary>Exit code for a wrong call or wrong settings.</summary>
    public const int BadUsage = 2;

    /// <summary>Runs what the arguments ask for; returns the exit code: 0 done, 1 failed, 2 wrongly asked.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var words = arguments.TakeWhile(a => !a.StartsWith('-')).ToArray();
        var options = arguments[words.Length..];
        return words switch
        {
            [] when options is ["--help" or "-h"] => await HelpAsync(Console.Out, 0),
            [] => await ServeAsync(options),
            ["help"] => await HelpAsync(Console.Out, 0),
            ["healthcheck"] => await ServerCommands.HealthcheckAsync(options),
            ["setup-code"] => await ServerCommands.SetupCodeAsync(options),
            ["admin", "reset", var email] => await ServerCommands.ResetAdministratorAsync(email, options),
            // Started by the server for itself, so help does not name it.
            [OwnProgram.MediaVerb] => OwnProgram.CarrySound(),
            ["config", "export"] => await ConfigCommands.ExportAsync(options),
            ["config", "apply", var file] => await ConfigCommands.ApplyAsync(file, options, dryRun: options.Contains("--dry-run")),
            ["config", "validate", var file] => await ConfigCommands.ApplyAsync(file, options, dryRun: true),
            _ => await HelpAsync(Console.Error, BadUsage, $"'{string.Join(' ', words)}' is no command."),
        };
    }

    /// <summary>Reads the boot settings of a command; null, with the mistakes printed, when they are wrong.</summary>
    public static async Task<BootOptions?> ReadBootOptionsAsync(IReadOnlyList<string> arguments)
    {
        var (options, mistakes) = BootOptionsReader.Read(arguments);
        if (mistakes.Count == 0) return options;
        await Console.Error.WriteLineAsync("The settings are wrong:");
        foreach (var mistake in mistakes) await Console.Error.WriteLineAsync($"  - {mistake}");
        return null;
    }

    private static async Task<int> ServeAsync(string[] arguments)
    {
        if (await ReadBootOptionsAsync(arguments) is not { } options) return BadUsage;
        try
        {
            await using var app = PbxHost.Build(options);
            await app.RunAsync();
            return 0;
        }
        catch (Exception e) when (e is Pbx.Core.Configuration.StorageRefusedException or IOException or UnauthorizedAccessException or System.Net.Sockets.SocketException or System.ComponentModel.Win32Exception)
        {
            // What an administrator can mend is said in words; a stack trace would hide it.
            await Console.Error.WriteLineAsync($"The server could not start: {e.Message}");
            return 1;
        }
    }

    private static async Task<int> HelpAsync(TextWriter to, int code, string? first = null)
    {
        if (first is not null) await to.WriteLineAsync(first);
        await to.WriteLineAsync("""
            pbx [settings]                        the server
            pbx healthcheck [settings]            asks the server of these settings whether it can answer calls
            pbx setup-code [settings]             prints the set-up code while nobody has claimed the system
            pbx admin reset EMAIL [settings]      gives an administrator a new password
            pbx config export                     prints the configuration as one document
            pbx config apply FILE [--dry-run]     makes the configuration what the document says
            pbx config validate FILE              lists what is wrong in a document, and what it would change

            The config commands ask a running server: --url http://localhost:8080 --token TOKEN (or PBX_URL, PBX_TOKEN); export takes --with-secrets
            and --with-audio. Settings, on the command line, in the environment or in appsettings.json:
            """);
        foreach (var setting in BootSetting.All) await to.WriteLineAsync($"  --{setting.Option,-34} {setting.Variable,-38} {setting.Help}");
        return code;
    }
}
