using System.Globalization;
using Pbx.Core.Common;

namespace Pbx.Web.Hosting;

/// <summary>One boot setting: its name, what it means, and how its text is read into the options.</summary>
/// <param name="Name">Name in configuration form, <c>Sip:Port</c>; in the environment <c>PBX__Sip__Port</c>, on the command line <c>--Sip:Port</c> or <c>--sip-port</c>.</param>
/// <param name="Help">One sentence for the help text.</param>
/// <param name="Read">Returns the changed options, or throws <see cref="FormatException"/> with what is expected.</param>
internal sealed record BootSetting(string Name, string Help, Func<BootOptions, string, BootOptions> Read)
{
    /// <summary>Every boot setting there is.</summary>
    public static IReadOnlyList<BootSetting> All { get; } =
    [
        new("Http:Urls", "Addresses of the console, separated by semicolons (http://*:8080;https://*:8443).",
            (options, text) => options with { HttpUrls = ReadUrls(text) }),
        new("Http:Connections", "Most connections to the console at once (20000).", (options, text) => options with { HttpConnections = ReadInteger(text, 10, 1_000_000) }),
        new("Http:ConnectionsPerAddress", "Of these, most from one address (1000); behind a reverse proxy all come from its address.",
            (options, text) => options with { HttpConnectionsPerAddress = ReadInteger(text, 10, 1_000_000) }),
        new("Sip:Bind", "Local addresses of SIP and RTP, separated by commas (0.0.0.0).", (options, text) => options with { SipBind = ReadList(text) }),
        new("Sip:Port", "UDP and TCP port of SIP (5060).", (options, text) => options with { SipPort = ReadInteger(text, 0, 65535) }),
        new("Sip:TlsPort", "TCP port of SIP over TLS (5061).", (options, text) => options with { SipTlsPort = ReadInteger(text, 0, 65535) }),
        new("Sip:AdvertisedAddress", "Address or name told to peers outside the local networks.",
            (options, text) => options with { AdvertisedAddress = text }),
        new("Sip:LocalNetworks", "Networks besides the private ranges that reach the local address, separated by commas.",
            (options, text) => options with { LocalNetworks = ReadList(text) }),
        new("Sip:Shards", "Threads of the SIP engine; 0: one per core (0).", (options, text) => options with { SipShards = ReadInteger(text, 0, 256) }),
        new("Sip:MaxCalls", "Most calls at once (4000).", (options, text) => options with { MaxCalls = ReadInteger(text, 1, 1_000_000) }),
        .. LimitSettings.All,
        new("Sip:VerifyReplay", "Runs the log of each ended call through its machine again and counts differences (false).",
            (options, text) => options with { VerifyReplay = ReadBoolean(text) }),
        new("Media:Apart", "Carries the sound of calls in a process of its own, so that it is never halted for garbage (true).",
            (options, text) => options with { MediaApart = ReadBoolean(text) }),
        new("Rtp:PortRange", "First and last RTP port (10000-19999).", ReadPortRange),
        new("Dns:Servers", "Name servers asked for providers, such as 192.0.2.53 or 127.0.0.1:5353, separated by commas (those of the system).",
            (options, text) => options with { DnsServers = ReadList(text) }),
        new("Data", "Data directory (./data).", (options, text) => options with { DataDirectory = Path.GetFullPath(text) }),
        new("Database:Provider", "sqlite or postgres (sqlite).", (options, text) => options with { DatabaseProvider = ReadProvider(text) }),
        new("Database:ConnectionString", "Connection string of the database.", (options, text) => options with { ConnectionString = text }),
        new("Database:ConnectionStringFile", "File that holds the connection string.",
            (options, text) => options with { ConnectionString = ReadSecretFile(text) }),
        new("Setup:AdminEmail", "Address of the first administrator, for a set-up without browser.",
            (options, text) => options with { SetupAdminEmail = ReadEmail(text) }),
        new("Setup:AdminPassword", "Password of the first administrator.", (options, text) => options with { SetupAdminPassword = text }),
        new("Setup:AdminPasswordFile", "File that holds that password.",
            (options, text) => options with { SetupAdminPassword = ReadSecretFile(text) }),
        new("Setup:ApiToken", "Text of a first API token: pbx_ and at least 28 characters more.", (options, text) => options with { SetupApiToken = text }),
        new("Setup:ApiTokenFile", "File that holds that token.", (options, text) => options with { SetupApiToken = ReadSecretFile(text) }),
        new("Demo", "Make the demo company when the data directory is empty (false).", (options, text) => options with { Demo = ReadBoolean(text) }),
    ];

    /// <summary>The command-line form with hyphens: <c>Sip:AdvertisedAddress</c> is <c>sip-advertised-address</c>.</summary>
    public string Option => string.Concat(Name.Select((c, i) => c switch
    {
        ':' => "-",
        _ when char.IsUpper(c) && i > 0 && Name[i - 1] != ':' => "-" + char.ToLowerInvariant(c),
        _ => char.ToLowerInvariant(c).ToString(),
    }));

    /// <summary>Its text is a secret: never shown.</summary>
    public bool IsSecret => Name is "Setup:AdminPassword" or "Setup:ApiToken" or "Database:ConnectionString";

    /// <summary>The environment form.</summary>
    public string Variable => "PBX__" + Name.Replace(":", "__", StringComparison.Ordinal);

    private static string[] ReadUrls(string text)
    {
        var urls = text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var usable = urls.Length > 0 && urls.All(url =>
            (url.StartsWith("http://", StringComparison.Ordinal) || url.StartsWith("https://", StringComparison.Ordinal))
            && Uri.TryCreate(url.Replace("*", "any", StringComparison.Ordinal).Replace("+", "any", StringComparison.Ordinal), UriKind.Absolute, out _));
        return usable ? urls : throw new FormatException("expects http or https addresses such as http://*:8080;https://*:8443, separated by semicolons");
    }

    private static string[] ReadList(string text) => text.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static int ReadInteger(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw new FormatException($"expects a whole number from {least} to {most}");

    private static BootOptions ReadPortRange(BootOptions options, string text)
    {
        var ends = text.Split('-', StringSplitOptions.TrimEntries);
        if (ends.Length != 2) throw new FormatException("expects two ports such as 10000-19999");
        var (first, last) = (ReadInteger(ends[0], 1024, 65535), ReadInteger(ends[1], 1024, 65535));
        return last - first >= 3
            ? options with { RtpFirstPort = first, RtpLastPort = last }
            : throw new FormatException("expects at least four ports, the lower one first, such as 10000-19999");
    }

    private static DatabaseProvider ReadProvider(string text) => text.ToUpperInvariant() switch
    {
        "SQLITE" => DatabaseProvider.Sqlite,
        "POSTGRES" or "POSTGRESQL" => DatabaseProvider.Postgres,
        _ => throw new FormatException("expects sqlite or postgres"),
    };

    private static string ReadEmail(string text) =>
        text.IndexOf('@', StringComparison.Ordinal) > 0 && !text.EndsWith('@') ? text : throw new FormatException("expects a mail address");

    private static bool ReadBoolean(string text) => bool.TryParse(text, out var value) ? value : throw new FormatException("expects true or false");

    private static string ReadSecretFile(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"names a file that cannot be read ({e.Message})", e);
        }
    }
}
