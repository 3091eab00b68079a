using Pbx.Core.Common;
using Pbx.Core.Hosting;
using Pbx.Sip.Hosting;
using Pbx.Web.CommandLine;

namespace Pbx.Web.Hosting;

/// <summary>Brings in the two rooms below: the configuration with its database, and the SIP engine.</summary>
internal static class RoomServices
{
    /// <summary>Adds both, with what the boot options say.</summary>
    public static void Add(IServiceCollection services, BootOptions options) =>
        services.AddPbxCore(CoreOptionsOf(options)).AddPbxSip(SipOptionsOf(options)).AddPbxSetup();

    /// <summary>What the core needs of the boot options.</summary>
    public static CoreOptions CoreOptionsOf(BootOptions options) => new()
    {
        DataDirectory = options.DataDirectory,
        Provider = options.DatabaseProvider,
        ConnectionString = options.ConnectionString,
        ServerNames = NamesOf(options),
        SetupAdminEmail = options.SetupAdminEmail,
        SetupAdminPassword = SecretOf(options.SetupAdminPassword),
        SetupApiToken = SecretOf(options.SetupApiToken),
    };

    /// <summary>What the SIP side needs of the boot options.</summary>
    public static SipOptions SipOptionsOf(BootOptions options) => new()
    {
        Bind = options.SipBind,
        Port = options.SipPort,
        TlsPort = options.SipTlsPort,
        AdvertisedAddress = options.AdvertisedAddress,
        LocalNetworks = options.LocalNetworks,
        DnsServers = options.DnsServers,
        RtpFirstPort = options.RtpFirstPort,
        RtpLastPort = options.RtpLastPort,
        Shards = options.SipShards,
        MediaCommand = options.MediaApart ? OwnProgram.MediaCommand : null,
        MaxCalls = options.MaxCalls,
        Limits = options.SipLimits,
        VerifyReplay = options.VerifyReplay,
    };

    /// <summary>The names in the boot options by which the server is reached.</summary>
    private static List<string> NamesOf(BootOptions options) =>
    [
        .. options.AdvertisedAddress is { } advertised ? [advertised] : Array.Empty<string>(),
        .. options.SipBind.Where(address => address is not ("0.0.0.0" or "::")),
    ];

    private static Secret? SecretOf(string? text) => text is null ? null : new Secret(text);
}
