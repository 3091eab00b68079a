using Pbx.Core.Common;

namespace Pbx.Web.Hosting;

/// <summary>
/// Reads the boot settings from, in rising precedence: <c>appsettings.json</c> beside the program, <c>/etc/pbx/appsettings.json</c>, the
/// environment (<c>PBX__Section__Name</c>) and the command line; reports every mistake at once, in words.
/// </summary>
internal static class BootOptionsReader
{
    /// <summary>The options read, and the mistakes found. The options are usable only when there is none.</summary>
    public static (BootOptions Options, IReadOnlyList<string> Mistakes) Read(IReadOnlyList<string> arguments) =>
        Read(arguments, builder => AddSources(builder, AppContext.BaseDirectory, "/etc/pbx"));

    /// <summary>The files in these folders, where there are any, the later ones over the earlier, and the environment over them.</summary>
    internal static void AddSources(IConfigurationBuilder builder, params IEnumerable<string> folders)
    {
        foreach (var folder in folders) builder.AddJsonFile(Path.Combine(folder, "appsettings.json"), optional: true);
        builder.AddEnvironmentVariables("PBX__");
    }

    internal static (BootOptions Options, IReadOnlyList<string> Mistakes) Read(
        IReadOnlyList<string> arguments, Action<IConfigurationBuilder> addSources)
    {
        var mistakes = new List<string>();
        var fromCommandLine = ReadArguments(arguments, mistakes);
        IConfigurationRoot configuration;
        try
        {
            var builder = new ConfigurationBuilder();
            addSources(builder);
            configuration = builder.AddInMemoryCollection(fromCommandLine).Build();
        }
        catch (InvalidDataException e)
        {
            return (new BootOptions(), [.. mistakes, e.Message]);
        }
        var options = Apply(configuration, mistakes);
        CheckTogether(options, mistakes);
        return (options, mistakes);
    }

    private static Dictionary<string, string?> ReadArguments(IReadOnlyList<string> arguments, List<string> mistakes)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (!argument.StartsWith("--", StringComparison.Ordinal))
            {
                mistakes.Add($"'{argument}' is neither a command nor an option: options begin with -- (pbx help lists them).");
                continue;
            }
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? argument[2..] : argument[2..equals];
            var setting = BootSetting.All.FirstOrDefault(s => IsNamed(s, name));
            var isSwitch = setting?.Name == "Demo" && equals < 0 && (i + 1 == arguments.Count || !bool.TryParse(arguments[i + 1], out _));
            var value = equals >= 0 ? argument[(equals + 1)..]
                : isSwitch ? "true"
                : i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal) ? arguments[++i]
                : null;
            if (setting is null) mistakes.Add($"--{name} is no setting (pbx help lists them).");
            else if (value is null) mistakes.Add($"--{name} needs a value.");
            else values[setting.Name] = value;
        }
        return values;
    }

    private static bool IsNamed(BootSetting setting, string name) =>
        setting.Name.Equals(name, StringComparison.OrdinalIgnoreCase) || setting.Option.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static BootOptions Apply(IConfigurationRoot configuration, List<string> mistakes)
    {
        var options = new BootOptions();
        foreach (var setting in BootSetting.All)
        {
            if (configuration[setting.Name] is not { Length: > 0 } text) continue;
            try
            {
                options = setting.Read(options, text);
            }
            catch (FormatException e)
            {
                var shown = setting.IsSecret ? "***" : text;
                mistakes.Add($"{setting.Name} {e.Message}, and is '{shown}'.");
            }
        }
        return options;
    }

    private static void CheckTogether(BootOptions options, List<string> mistakes)
    {
        if (options is { DatabaseProvider: DatabaseProvider.Postgres, ConnectionString: null })
            mistakes.Add("Database:Provider is postgres, so Database:ConnectionString must say where it is, such as Host=db;Database=pbx;Username=pbx;Password=...");
        mistakes.AddRange(RoomServices.SipOptionsOf(options).Mistakes());
        if (options.SetupAdminEmail is null != options.SetupAdminPassword is null)
            mistakes.Add("Setup:AdminEmail and Setup:AdminPassword (or Setup:AdminPasswordFile) go together: set both or none.");
        if (options.SetupApiToken is { } token && (token.Length < 32 || !token.StartsWith("pbx_", StringComparison.Ordinal)))
            mistakes.Add("Setup:ApiToken must begin with pbx_ and have at least 32 characters.");
        if (File.Exists(options.DataDirectory))
            mistakes.Add($"Data is '{options.DataDirectory}', which is a file: name a directory.");
    }
}
